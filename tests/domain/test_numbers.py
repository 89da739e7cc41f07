"""Numbers as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.domain.numbers import parse_decimal, parse_whole
from gis.errors import InvalidInputError


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1207", 1207),
        ("1.207", 1207),
        ("1,207", 1207),
        ("1 207", 1207),
        ("1.207,00", 1207),
        ("1.000", 1000),
        ("12.0", 12),
        ("-3", -3),
        ("1.207 orang", 1207),
        ("Rp 3.000.000,-", 3_000_000),
        ("Rp3.000.000", 3_000_000),
        (1207, 1207),
        (1207.0, 1207),
        ("6249866178179308", 6_249_866_178_179_308),
        ("\u22123", -3),
    ],
)
def test_whole_numbers(text: object, number: int) -> None:
    assert parse_whole(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "1.5",
        "1.20",
        "1.2.3",
        "",
        "banyak",
        "1207a",
        "9" * 30,
        "9" * 16,
        3.5,
        True,
        None,
        float("inf"),
        "1.207,5",
    ],
)
def test_what_is_no_whole_number_is_refused(text: object) -> None:
    with pytest.raises(InvalidInputError):
        parse_whole(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("117.153", 117.153),
        ("117,153", 117.153),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1.234.567", 1234567.0),
        ("-0,5", -0.5),
        (".5", 0.5),
        ("1e-3", 0.001),
        (2, 2.0),
    ],
)
def test_decimals(text: object, number: float) -> None:
    assert parse_decimal(text) == number


@pytest.mark.parametrize("text", ["", "x", "--1", "1-2", None, False, float("nan"), "nan", "inf"])
def test_what_is_no_decimal_is_refused(text: object) -> None:
    with pytest.raises(InvalidInputError):
        parse_decimal(text)


@given(st.integers(0, 999_999_999))
def test_grouped_in_thousands_or_not_it_is_the_same(number: int) -> None:
    forms = [str(number), f"{number:,}", f"{number:,}".replace(",", "."), f"{number:,}".replace(",", " ")]
    assert [parse_whole(form) for form in forms] == [number] * 4


@given(st.floats(-180, 180).map(lambda x: round(x, 7)))
def test_point_and_comma_are_the_same(number: float) -> None:
    text = f"{number:.7f}"
    assert parse_decimal(text) == parse_decimal(text.replace(".", ",")) == number
