"""The one place where the database driver's errors become ours."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import errors
from psycopg_pool import PoolTimeout

from gis.errors import (
    AtlasError,
    ConflictError,
    DatabaseError,
    ForbiddenError,
    InvalidInputError,
    MigrationError,
    NotFoundError,
    RuleError,
    UnavailableError,
)

# What a later attempt may well survive although PostgreSQL does not file it under "operational".
_PASSING = (psycopg.OperationalError, errors.IdleInTransactionSessionTimeout)
_BROKEN_INPUT = (errors.CheckViolation, errors.NotNullViolation, errors.ForeignKeyViolation)

_OLD_SCHEMA = (
    errors.UndefinedTable,
    errors.UndefinedColumn,
    errors.UndefinedFunction,
    errors.InvalidSchemaName,
)

# What functions of ours raise, in words for people.
_SAID: dict[type[psycopg.Error], type[AtlasError]] = {
    errors.InsufficientPrivilege: ForbiddenError,
    errors.NoDataFound: NotFoundError,
    errors.ObjectNotInPrerequisiteState: ConflictError,
    errors.UniqueViolation: ConflictError,
}


@contextmanager
def translated_errors() -> Iterator[None]:
    """Let nothing of psycopg out of the block; the original error is chained for the log.

    Raises
    ------
    UnavailableError : the server is away, has no room or no time, or asks to try again
    ConflictError : a uniqueness or exclusion constraint is violated, or a row's state allows no such step
    ForbiddenError : whoever acts may not do that
    NotFoundError : a function of ours found no such row
    InvalidInputError : a check, not-null or foreign-key constraint is violated
    MigrationError : what a statement names is not there, so the schema is older than the program
    DatabaseError : anything else
    """
    try:
        yield
    except psycopg.Error as error:
        raise translate(error) from error


def translate(error: psycopg.Error) -> AtlasError:
    """The error of ours that says the same as the driver's, without the row's values.

    Parameters
    ----------
    error : any error of psycopg or its pool
    """
    if (said := _said(error)) and type(error) in _SAID:
        return _SAID[type(error)](said)
    for kinds, translated in _TRANSLATED:
        if isinstance(error, kinds):
            return translated(error)
    state = f" (SQLSTATE {error.sqlstate})" if error.sqlstate else ""
    return DatabaseError(f"the database refused a statement{state}: {error.diag.message_primary or error}")


def _said(error: psycopg.Error) -> str:
    """What a function of ours raised; nothing for PostgreSQL's own messages, which name objects."""
    raised = error.diag.source_function == "exec_stmt_raise"
    return (error.diag.message_primary or "") if raised else ""


def _unavailable(error: psycopg.Error) -> UnavailableError:
    if isinstance(error, errors.QueryCanceled):
        return UnavailableError("the database took too long over this; ask for less, or try again", 10)
    if isinstance(error, errors.DiskFull):
        return UnavailableError("the database's disk is full; free some space, then try again", 60)
    if isinstance(error, PoolTimeout):
        return UnavailableError("the database is away or has no connection free; try again in a moment")
    return UnavailableError("the database cannot be reached at the moment; try again in a moment")


def _conflict(error: psycopg.Error) -> ConflictError:
    diag = error.diag
    detail = f": {diag.message_detail}" if diag.message_detail else ""
    return ConflictError(f"{diag.table_name}: contradicts what is stored, by {diag.constraint_name}{detail}")


def _broken_input(error: psycopg.Error) -> InvalidInputError:
    diag = error.diag
    if isinstance(error, errors.NotNullViolation):
        return InvalidInputError(
            f"{diag.table_name}.{diag.column_name}", None, "a value, it may not be left out"
        )
    field = ".".join(part for part in (diag.table_name, diag.column_name) if part) or "the database"
    if said := _said(error):
        return RuleError(field, said, diag.constraint_name)
    if isinstance(error, errors.ForeignKeyViolation):
        return InvalidInputError(
            field, diag.message_detail, f"a reference that exists ({diag.constraint_name})"
        )
    # A check's detail holds the whole row; who may see the message is not known here, so it stays out.
    found = diag.message_primary or "a refused value"
    return InvalidInputError(field, found, f"what the constraint {diag.constraint_name} lets through")


def _forbidden(_: psycopg.Error) -> ForbiddenError:
    return ForbiddenError("this account may not do that")


def _old_schema(_: psycopg.Error) -> MigrationError:
    return MigrationError(
        "the schema of the database is missing or older than this program: atlas db migrate"
    )


_TRANSLATED: tuple[tuple[tuple[type[psycopg.Error], ...], Callable[[Any], AtlasError]], ...] = (
    (_PASSING, _unavailable),
    ((errors.UniqueViolation, errors.ExclusionViolation), _conflict),
    (_BROKEN_INPUT, _broken_input),
    ((errors.InsufficientPrivilege,), _forbidden),
    (_OLD_SCHEMA, _old_schema),
)
