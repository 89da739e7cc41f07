"""Numbers as people in Indonesia write them: a decimal comma and points between thousands, or reversed."""

import math
import re

from gis.errors import InvalidInputError

WHOLE_ALLOWED = "a whole number, such as 1207 or 1.207"
DECIMAL_ALLOWED = "a number, such as 117,1536 or 117.1536"
# Thousands first: 1.000 is a thousand. What follows the whole number may only be zeros.
_WHOLE = re.compile(r"([+-]?)(?:(\d{1,3}(?:([. ,'])\d{3})(?:\3\d{3}){0,4})|(\d{1,16}))(?:[.,]0{1,9})?")
_LARGEST = 2**53  # from there on a sheet's numbers are not exact
_UNIT = re.compile(
    r"(?<=\d) ?(?:orang|jiwa|org|people|persons?|unit)\.?$|^(?:rp\.?|idr) ?(?=\d)", re.IGNORECASE
)


def parse_whole(value: object) -> int:
    """A whole number: of people, of rupiah. `1.207` and `1,207` are one thousand two hundred and seven.

    Parameters
    ----------
    value : a text, which may end with "orang" or begin with "Rp", or the number of a typed cell

    Raises
    ------
    InvalidInputError : no number, or not a whole one
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < _LARGEST:
        return int(value)
    if isinstance(value, str):
        text = _UNIT.sub("", _plain(value)).removesuffix(",-")
        found = _WHOLE.fullmatch(text)
        if found:
            number = int(found[1] + re.sub(r"\D", "", found[2] or found[4]))
            if abs(number) < _LARGEST:
                return number
    raise InvalidInputError("number", value, WHOLE_ALLOWED)


def parse_decimal(value: object) -> float:
    """A number that may have decimals: a coordinate, a length. `117.153` has three decimals.

    Of two different marks the last is the decimal one; one mark that stands twice separates thousands.

    Parameters
    ----------
    value : a text, or the number of a typed cell

    Raises
    ------
    InvalidInputError : no finite number
    """
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    if isinstance(value, str):
        text = _plain(value).replace(" ", "").replace("'", "")
        points, commas = text.count("."), text.count(",")
        if points and commas:
            grouping = "." if text.rfind(",") > text.rfind(".") else ","
            text = text.replace(grouping, "")
        elif points > 1 or commas > 1:
            text = text.replace("." if points else ",", "")
        text = text.replace(",", ".")
        if re.fullmatch(r"[+-]?(?:\d{1,15}(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,2})?", text, re.IGNORECASE):
            return float(text)
    raise InvalidInputError("number", value, DECIMAL_ALLOWED)


def _plain(text: str) -> str:
    """With ordinary spaces and an ordinary minus."""
    return " ".join(text.replace("\u2212", "-").replace("\u2013", "-").replace("\u00a0", " ").split())
