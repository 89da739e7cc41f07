"""The error tree; every message is written for the person who reads it, and imports nothing."""


class AtlasError(Exception):
    """Anything that the atlas refuses or cannot do; `str()` of it is fit for a user."""


class InvalidInputError(AtlasError):
    """A value from outside that is not allowed.

    Parameters
    ----------
    field : the parameter, column or option that holds the value
    found : the value as it was given
    allowed : what would have been accepted, in words
    row : the row in a file, counted from 1 without the header, where there is one
    """

    def __init__(self, field: str, found: object, allowed: str, row: int | None = None) -> None:
        self.field, self.found, self.allowed, self.row = field, found, allowed, row
        where = f"row {row}, {field}" if row is not None else field
        super().__init__(f"{where}: found {_short(found)}; allowed is {allowed}")


class CrsMismatchError(InvalidInputError):
    """Coordinates in a reference system other than the one that was expected or stated."""


class RuleError(InvalidInputError):
    """What a rule of the register refuses, told by the rule in a sentence.

    Parameters
    ----------
    field : the table and column that it is about
    sentence : why it is refused
    rule : the name of the constraint
    """

    def __init__(self, field: str, sentence: str, rule: str | None) -> None:
        super().__init__(field, None, sentence)
        self.rule = rule
        self.args = (sentence,)


class ImportRefusedError(InvalidInputError):
    """A file that is not read, or not further.

    Parameters
    ----------
    code : the stable name of the reason, by which it is said in another language
    message : the reason in English, complete
    details : what the message holds beside its words, by name
    """

    def __init__(self, code: str, message: str, details: dict[str, str | int]) -> None:
        super().__init__("file", code, message)
        self.code, self.details = code, details
        self.args = (message,)


class NotFoundError(AtlasError):
    """What was asked for does not exist, or may not be known to exist."""


class ForbiddenError(AtlasError):
    """Whoever acts may not do that; the message says what it needs and tells nothing of what is stored."""


class ConflictError(AtlasError):
    """A write that contradicts what is already stored."""


class BusyError(AtlasError):
    """Too much of one kind is under way; nothing is lost, and trying again will help.

    Parameters
    ----------
    message : what is under way
    retry_after_s : seconds after which a new try makes sense
    """

    def __init__(self, message: str, retry_after_s: int = 60) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(message)


class BoundaryError(AtlasError):
    """A boundary file or the coverage that it makes is broken."""


class DatabaseError(AtlasError):
    """The database refused a statement; the cause is chained and goes to the log only."""


class UnavailableError(DatabaseError):
    """The database cannot be reached, or had no time; trying again may help.

    Parameters
    ----------
    message : what happened and what to do
    retry_after_s : seconds after which a new try makes sense
    """

    def __init__(self, message: str, retry_after_s: int = 5) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(message)


class ClusterError(DatabaseError):
    """The private PostgreSQL cannot be made, started or stopped; the message says what to do."""


class MigrationError(DatabaseError):
    """The schema and the migration files contradict each other."""


def _short(value: object, limit: int = 80) -> str:
    text = repr(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"
