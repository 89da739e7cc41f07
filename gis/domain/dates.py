"""Days as people in Indonesia write them: ISO, d/m/Y, `1 Juni 2016`, `Juni 2016`, `2016`, Excel's numbers.

A day comes before its month, always: `6/13/2016` is refused, not turned round. An imprecise date is the first
day of its period, with the precision beside it.
"""

import functools
import re
from datetime import UTC, date, datetime, timedelta, timezone

from gis.domain.lifecycle import DatePrecision
from gis.errors import InvalidInputError

ALLOWED = "a date such as 2016-06-01, 1/6/2016, 1 Juni 2016, Juni 2016 or 2016, between 1900 and 2199"
JAKARTA = timezone(timedelta(hours=7))
_EXCEL_ZERO = date(1899, 12, 30)
_EXCEL_DAYS = range(18264, 73051)  # 1950-01-01 to 2099-12-31
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan",
            "februari pebruari february feb peb",
            "maret march mar mrt",
            "april apr",
            "mei may",
            "juni june jun",
            "juli july jul",
            "agustus august agu agt ags agst aug",
            "september sept sep",
            "oktober october okt oct",
            "november nopember nov nop",
            "desember december des dec",
        ),
        start=1,
    )
    for name in names.split()
}
_WEEKDAYS = (
    r"senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|ahad"
    r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday"
)
_MONTH = f"(?P<name>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})"
_TIME = r"(?:[t ]\d\d?[:.]\d\d(?:[:.]\d\d(?:[.,]\d+)?)?(?: ?(?:wib|z))?)?"
_FORMS = tuple(
    (re.compile(pattern), precision)
    for pattern, precision in (
        (rf"(?P<y>\d{{4}})[-/.](?P<m>\d\d?)[-/.](?P<d>\d\d?){_TIME}", DatePrecision.day),
        (rf"(?P<d>\d\d?)([-/. ])(?P<m>\d\d?)\2(?P<y>\d{{4}}|\d\d){_TIME}", DatePrecision.day),
        (rf"(?P<d>\d\d?)[-/. ]*{_MONTH}\.?[-/. ,]*(?P<y>\d{{4}}|(?<=[-/. ])\d\d){_TIME}", DatePrecision.day),
        (rf"{_MONTH} (?P<d>\d\d?),? (?P<y>\d{{4}})", DatePrecision.day),
        (r"(?P<y>\d{4})-(?P<m>\d\d)", DatePrecision.month),
        (r"(?P<m>\d\d?)[-/](?P<y>\d{4})", DatePrecision.month),
        (rf"{_MONTH}\.?[-/. ]*(?P<y>\d{{4}}|(?<=[-/. ])\d\d)", DatePrecision.month),
        (r"(?:tahun |th\.? ?)?(?P<y>\d{4})", DatePrecision.year),
    )
)


def parse_day(value: object) -> tuple[date, DatePrecision]:
    """The day that a cell says, and how precise it is.

    Parameters
    ----------
    value : a text, a date or time of a typed cell, or a number: a year, or days since 1899-12-30 as in Excel

    Returns
    -------
    the day, or the first one of the month or year; the precision

    Raises
    ------
    InvalidInputError : no date, one that no calendar has, or one outside of 1900 to 2199
    """
    if isinstance(value, datetime):
        local = value.astimezone(JAKARTA) if value.tzinfo else value
        return _within(local.date(), DatePrecision.day, value)
    if isinstance(value, date):
        return _within(value, DatePrecision.day, value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _of_number(value)
    if isinstance(value, str):
        return _of_text(value)
    raise InvalidInputError("date", value, ALLOWED)


def _of_number(value: float) -> tuple[date, DatePrecision]:
    whole = int(value) if value == value and abs(value) < 1e6 else 0  # noqa: PLR0124 NaN is not itself
    if whole in _EXCEL_DAYS:
        return _EXCEL_ZERO + timedelta(days=whole), DatePrecision.day
    if whole == value and 1900 <= whole <= 2199:
        return date(whole, 1, 1), DatePrecision.year
    raise InvalidInputError("date", value, ALLOWED)


@functools.lru_cache(maxsize=10_000)
def _of_text(value: str) -> tuple[date, DatePrecision]:
    text = " ".join(value.replace("\u2019", "'").lower().split())
    text = re.sub(rf"^(?:{_WEEKDAYS})\b,? ?|^(?:tanggal|tgl\.?) ", "", text)
    if re.fullmatch(r"\d{5}(?:\.\d+)?", text):
        return _of_number(float(text))
    if re.fullmatch(r"\d{4}-\d\d-\d\d[t ].*(?:z|[+-]\d\d:?\d\d)", text):
        return _of_instant(value, text)
    for form, precision in _FORMS:
        if found := form.fullmatch(text):
            parts = found.groupdict()
            month = _MONTHS[parts["name"]] if "name" in parts else int(parts.get("m") or 1)
            year = int(parts["y"]) + (2000 if len(parts["y"]) == 2 else 0)
            try:
                day = date(year, month, int(parts.get("d") or 1))
            except ValueError as error:
                raise InvalidInputError("date", value, ALLOWED) from error
            return _within(day, precision, value)
    raise InvalidInputError("date", value, ALLOWED)


def _of_instant(value: str, text: str) -> tuple[date, DatePrecision]:
    try:
        moment = datetime.fromisoformat(text.replace("z", "+00:00"))
        return _within(moment.astimezone(UTC).astimezone(JAKARTA).date(), DatePrecision.day, value)
    except (ValueError, OverflowError) as error:
        raise InvalidInputError("date", value, ALLOWED) from error


def _within(day: date, precision: DatePrecision, found: object) -> tuple[date, DatePrecision]:
    if not 1900 <= day.year <= 2199:
        raise InvalidInputError("date", found, ALLOWED)
    return day, precision
