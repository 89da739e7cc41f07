"""What may be entered about aid, and what follows from its figures."""

import csv
import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from gis.config import PROJECT_DIRECTORY
from gis.domain.aid import NOTHING, AidFigures, AidType, Payer, is_overdue
from gis.domain.records.aid import LARGEST_AMOUNT, LARGEST_NUMBER, AidContent, AidRateRow

RIGHT: dict[str, Any] = {
    "item_key": "uep 2018",
    "aid_type": "uep",
    "payer": "kemensos",
    "planned_n": 10,
    "paid_n": 4,
    "period_from": "2018-01-01",
    "period_to": "2018-12-31",
    "stated_on": "2018-06-30",
    "source": "a report",
}
numbers = st.integers(0, LARGEST_NUMBER)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("paid_n", 11),
        ("period_to", "2017-12-31"),
        ("amount_rupiah", 3_000_000.0),
        ("amount_rupiah", "3.000.000"),
        ("amount_rupiah", 0),
        ("amount_rupiah", LARGEST_AMOUNT + 1),
        ("planned_n", -1),
        ("planned_n", LARGEST_NUMBER + 1),
        ("aid_type", "UEP"),
        ("payer", "world bank"),
        ("region_code", "6403"),
        ("region_code", "64.03\n"),
        ("item_key", ""),
        ("source", ""),
        ("source_url", "javascript:alert(1)"),
        ("retracted", True),
        ("surprise", 1),
    ],
)
def test_what_is_wrong_is_refused(field: str, value: object) -> None:
    with pytest.raises(ValidationError):
        AidContent.model_validate({**RIGHT, field: value})


def test_what_is_right_is_taken_and_dumped_as_it_was() -> None:
    content = AidContent.model_validate({**RIGHT, "region_code": "", "amount_rupiah": "2500000"})
    assert (content.region_code, content.amount_rupiah) == (None, 2_500_000)
    assert AidContent.model_validate(content.model_dump(mode="json")) == content
    assert all(field.description for field in AidContent.model_fields.values())


def test_a_rate_holds_from_its_first_to_its_last_day() -> None:
    rate = AidRateRow.model_validate(
        {
            "aid_type": "uep",
            "amount_rupiah": "1000",
            "valid_from": "2015-01-01",
            "valid_to": "2016-12-31",
            "source": "a decree",
        }
    )
    days = [date(2014, 12, 31), date(2015, 1, 1), date(2016, 12, 31), date(2017, 1, 1)]
    assert [rate.holds_on(day) for day in days] == [False, True, True, False]


@given(promised=numbers, share=st.fractions(0, 1), amount=st.integers(1, LARGEST_AMOUNT))
def test_money_is_whole_rupiah_up_to_ten_to_the_fifteenth(promised: int, share: Any, amount: int) -> None:
    paid = int(promised * share)
    figures = AidFigures(None, promised, paid, 0, promised, promised * amount, paid * amount, 0)
    record = figures.to_record()
    assert record["unpaid_rupiah"] == (promised - paid) * amount
    assert type(record["unpaid_rupiah"]) is int
    assert record["unpaid"] == promised - paid
    share_paid = record["paid_share"]
    assert share_paid is None if promised == 0 else 0 <= share_paid <= 1


def test_nothing_is_no_share() -> None:
    assert NOTHING.paid_share is None
    assert NOTHING.eligible is None


def test_who_still_waits_after_the_period_is_overdue() -> None:
    last = date(2018, 12, 31)
    assert is_overdue(last, 10, 4, date(2019, 1, 1))
    assert not is_overdue(last, 10, 4, last)
    assert not is_overdue(last, 10, 10, date(2020, 1, 1))


def test_the_database_knows_the_same_kinds_and_payers() -> None:
    text = (PROJECT_DIRECTORY / "gis/database/sql/migrations/0014_aid.sql").read_text(encoding="utf-8")
    kinds = re.findall(r"aid_type IN \(([^)]+)\)", text)
    payers = re.findall(r"payer IN \(([^)]+)\)", text)
    assert len(kinds) == 2
    assert all(set(re.findall(r"'(\w+)'", found)) == set(AidType) for found in kinds)
    assert [set(re.findall(r"'(\w+)'", found)) for found in payers] == [set(Payer)]


def test_no_amount_of_aid_stands_in_the_code() -> None:
    """domain.md: what a person gets varies with the year and the payer; it is data."""
    with (PROJECT_DIRECTORY / "data" / "demo" / "aid_rates.csv").open(encoding="utf-8") as rates:
        amounts = {row["amount_rupiah"] for row in csv.DictReader(rates)}
    assert len(amounts) == 3
    written = "|".join(r"[_.,\s]?".join((text[:-6], text[-6:-3], text[-3:])) for text in sorted(amounts))
    pattern = re.compile(rf"(?<!\d)({written})(?!\d)")
    looked_at = 0
    for package in ("gis", "webmap"):
        for path in (PROJECT_DIRECTORY / package).rglob("*"):
            if path.suffix not in (".py", ".sql", ".html", ".js", ".mjs") or "vendor" in path.parts:
                continue
            looked_at += 1
            words = path.read_text(encoding="utf-8")
            # A docstring of the filter that writes rupiah shows how it does so.
            words = words.replace(
                '"""Rp 3.000.000 in Indonesian, Rp 3,000,000 in English; whole rupiah."""', ""
            )
            assert pattern.search(words) is None, path
    assert looked_at > 100
