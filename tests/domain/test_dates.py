"""Days as people write them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.domain.dates import parse_day
from gis.errors import InvalidInputError

MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
DAY = date(2016, 6, 1)


@pytest.mark.parametrize(
    "text",
    [
        "2016-06-01",
        "2016/6/1",
        "1/6/2016",
        "01-06-2016",
        "1.6.2016",
        "1/6/16",
        "1 Juni 2016",
        "01 JUNI 2016",
        "1 Jun 16",
        "1-Jun-16",
        "Rabu, 1 Juni 2016",
        "tgl. 1 Juni 2016",
        "June 1, 2016",
        "2016-06-01 00:00:00",
        "2016-06-01T06:59:00+07:00",
        "2016-05-31T17:30:00Z",
        "42522",
        42522,
        42522.75,
        DAY,
        datetime(2016, 6, 1, 23, 59),
        datetime(2016, 5, 31, 18, tzinfo=UTC),
    ],
)
def test_one_day_in_many_words(text: object) -> None:
    assert parse_day(text) == (DAY, "day")


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("Juni 2016", DAY, "month"),
        ("Jun-16", DAY, "month"),
        ("6/2016", DAY, "month"),
        ("2016-06", DAY, "month"),
        ("2016", date(2016, 1, 1), "year"),
        ("Tahun 2016", date(2016, 1, 1), "year"),
        (2016, date(2016, 1, 1), "year"),
        (2016.0, date(2016, 1, 1), "year"),
        ("Jum\u2019at, 3 Juni 2016", date(2016, 6, 3), "day"),
        ("1 Nopember 2014", date(2014, 11, 1), "day"),
        ("17 Ags 2015", date(2015, 8, 17), "day"),
    ],
)
def test_what_is_less_precise_says_so(text: object, day: date, precision: str) -> None:
    assert parse_day(text) == (day, precision)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "6/13/2016",
            "30 Februari 2016",
            "31/12/1899",
            "2200",
            "1 Juni",
            "Juni",
            "",
            "-",
            "ditutup",
            "0/0/0",
        ),
        *("1/6-2016", "2016-06-01T25:00:00Z", "99999", "1 2 3 2016"),
        *(3, 1e300, float("nan"), True, None),
    ],
)
def test_what_is_no_date_is_refused(text: object) -> None:
    with pytest.raises(InvalidInputError, match="allowed is a date"):
        parse_day(text)


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_every_day_comes_back_from_every_form(day: date) -> None:
    forms: list[object] = [
        day.isoformat(),
        f"{day.day}/{day.month}/{day.year}",
        f"{day.day} {MONTHS[day.month - 1]} {day.year}",
        (day - date(1899, 12, 30)).days,
        datetime.combine(day, datetime.min.time()) + timedelta(hours=13),
    ]
    assert [parse_day(form) for form in forms] == [(day, "day")] * len(forms)


@given(st.text(max_size=30))
def test_no_text_does_worse_than_be_refused(text: str) -> None:
    try:
        year = parse_day(text)[0].year
    except InvalidInputError:
        year = 1900
    assert 1900 <= year <= 2199
