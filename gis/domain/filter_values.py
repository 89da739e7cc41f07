"""The values of a filter: texts, numbers and times, so that PostgreSQL takes each as it is meant."""

import re
from datetime import UTC, date, datetime

from gis.domain.filter_nodes import Constant, DayOf, Folded, Property, Scalar
from gis.errors import InvalidInputError

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)?", re.ASCII | re.IGNORECASE
)
_INTEGER = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})([eE][+-]?\d{1,3})?", re.ASCII)
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
#: Which types can be compared with each other.
KINDS = {
    "string": "text",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "date": "time",
    "date-time": "time",
}
TIMES = "a date like 2024-05-31 or a time like 2024-05-31T12:00:00Z"
_WORDS = {
    "string": "text",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "date": TIMES,
    "date-time": TIMES,
}


def checked_text(text: str, field: str = "filter") -> str:
    """The text, if PostgreSQL can hold it.

    Raises
    ------
    InvalidInputError : it holds a NUL character or half of a surrogate pair
    """
    if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise InvalidInputError(field, text, "text without NUL characters and halves of characters")
    return text


def read_day(text: str, field: str = "filter") -> Constant:
    """A date (RFC 3339)."""
    try:
        if _DAY.fullmatch(text):
            return Constant(date.fromisoformat(text), "date")
    except ValueError:
        pass  # no day of the calendar
    raise InvalidInputError(field, text, "a date like 2024-05-31")


def read_moment(text: str, field: str = "filter") -> Constant:
    """A time (RFC 3339), in UTC where it names no offset."""
    try:
        if _MOMENT.fullmatch(text):
            moment = datetime.fromisoformat(text.upper())
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            moment.astimezone(UTC)
            return Constant(moment, "date-time")
    except (ValueError, OverflowError):
        pass  # no time of the calendar, or none in UTC
    raise InvalidInputError(field, text, "a time like 2024-05-31T12:00:00Z")


def read_time(text: str, field: str = "filter") -> Constant:
    """A date or a time, whichever it is."""
    return read_moment(text, field) if len(text) > 10 else read_day(text, field)


def read_as(kind: str, text: str, field: str) -> Constant:
    """What a text means as a value of a type, as in `status=closed`.

    Raises
    ------
    InvalidInputError : it means none
    """
    if kind == "string":
        return Constant(checked_text(text, field), kind)
    if kind == "boolean" and text.lower() in _BOOLEANS:
        return Constant(_BOOLEANS[text.lower()], kind)
    if kind in ("date", "date-time"):
        return read_time(text, field)
    if kind == "integer" and _INTEGER.fullmatch(text):
        return Constant(int(text), kind)
    if kind == "number" and _NUMBER.fullmatch(text) and abs(float(text)) < float("inf"):
        return Constant(float(text), kind)
    raise InvalidInputError(field, text, _WORDS.get(kind, "nothing: it is a geometry"))


def matched(left: Scalar, right: Scalar) -> tuple[Scalar, Scalar]:
    """Two values as they can be compared.

    A text beside a time is read as one. Where a date meets a moment, that counts as its day: of a value that
    the filter holds the day that it names, of a property that in Jakarta.

    Raises
    ------
    InvalidInputError : they are of different kinds
    """
    left, right = _as_time(left, right), _as_time(right, left)
    if KINDS[type_of(left)] != KINDS[type_of(right)]:
        words = " and ".join(f"{_told(value)} ({type_of(value)})" for value in (left, right))
        raise InvalidInputError("filter", _told(right), f"a comparison of values of one type, not {words}")
    if type_of(left) == type_of(right) or KINDS[type_of(left)] != "time":
        return left, right
    return as_day(left), as_day(right)


def as_day(value: Scalar) -> Scalar:
    """A time as its day."""
    if isinstance(value, Property) and value.type == "date-time":
        return DayOf(value)
    if isinstance(value, Constant) and isinstance(value.value, datetime):
        return Constant(value.value.date(), "date")
    return value


def type_of(value: Scalar) -> str:
    """The type of a value."""
    if isinstance(value, Folded):
        return "string"
    return "date" if isinstance(value, DayOf) else value.type


def _as_time(value: Scalar, other: Scalar) -> Scalar:
    if isinstance(value, Constant) and isinstance(value.value, str) and KINDS[type_of(other)] == "time":
        return read_time(value.value)
    return value


def _told(value: Scalar) -> str:
    if isinstance(value, Folded | DayOf):
        return _told(value.of)
    return value.name if isinstance(value, Property) else str(value.value)[:40]
