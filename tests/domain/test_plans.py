"""What becomes of a promise to close: kept, to come, or past its date."""

from datetime import date

import pytest
from hypothesis import given

from gis.domain.lifecycle import DatePrecision, Event, Spell, StatusGroup, derive_status, spells
from gis.domain.plans import DOCUMENT_KINDS, Outcome, PlanState, Promise, judge, said_on
from gis.domain.records.plans import PlanContent
from tests.strategies import days, histories

SAID, DUE = date(2016, 1, 10), date(2016, 6, 1)
PROMISE = Promise(SAID, DUE)
OPEN = [Spell(date(2010, 1, 1), closed=False)]


def closed(*since: str) -> list[Spell]:
    """A site that is open from 2010, then closed and open in turns from the given days on."""
    turns = [Spell(date.fromisoformat(day), closed=n % 2 == 0) for n, day in enumerate(since)]
    return [*OPEN, *turns]


@pytest.mark.parametrize(
    ("site", "as_of", "expected"),
    [
        (OPEN, "2016-05-31", Outcome(PlanState.coming, 1, 1, None, -1)),
        (OPEN, "2016-06-01", Outcome(PlanState.coming, 1, 1, None, 0)),
        (OPEN, "2016-06-02", Outcome(PlanState.overdue, 1, 1, None, 1)),
        (closed("2016-05-30"), "2016-05-31", Outcome(PlanState.fulfilled, 1, 0, date(2016, 5, 30), -2)),
        (closed("2016-07-01"), "2016-06-30", Outcome(PlanState.overdue, 1, 1, None, 29)),
        (closed("2016-07-01"), "2016-07-01", Outcome(PlanState.fulfilled, 1, 0, date(2016, 7, 1), 30)),
        # Kept, broken for ten days, and kept again: on time, for that is when it was first kept.
        (closed("2016-05-30", "2018-01-01"), "2018-01-10", Outcome(PlanState.overdue, 1, 1, None, 10)),
        (
            closed("2016-05-30", "2018-01-01", "2018-02-01"),
            "2018-03-01",
            Outcome(PlanState.fulfilled, 1, 0, date(2016, 5, 30), -2),
        ),
        # A closing that was over before the promise does not keep it.
        (
            closed("2014-01-01", "2015-01-01", "2016-08-01"),
            "2016-09-01",
            Outcome(PlanState.fulfilled, 1, 0, date(2016, 8, 1), 61),
        ),
        ([Spell(date(2020, 1, 1), closed=False)], "2016-05-31", Outcome(PlanState.coming, 0, 0, None, -1)),
        (
            [Spell(date(2020, 1, 1), closed=False)],
            "2017-01-01",
            Outcome(PlanState.no_sites, 0, 0, None, None),
        ),
    ],
)
def test_a_promise_about_one_site(site: list[Spell], as_of: str, expected: Outcome) -> None:
    assert judge(PROMISE, [site], date.fromisoformat(as_of)) == expected


def test_a_region_keeps_its_promise_with_its_last_site() -> None:
    sites = [closed("2016-05-01"), closed("2016-07-01")]
    assert judge(PROMISE, sites, date(2016, 6, 30)) == Outcome(PlanState.overdue, 2, 1, None, 29)
    assert judge(PROMISE, sites, date(2016, 7, 1)) == Outcome(PlanState.fulfilled, 2, 0, date(2016, 7, 1), 30)
    # Overdue as long as its longest site, not as the one that opened again.
    again = [closed("2016-05-01", "2016-08-01"), OPEN]
    assert judge(PROMISE, again, date(2016, 8, 31)).days == 91


@pytest.mark.parametrize(
    ("dated", "precision", "due_on", "expected"),
    [
        ("2016-03-03", DatePrecision.day, None, "2016-03-03"),
        ("2016-03-03", DatePrecision.day, date(2016, 1, 1), "2016-03-03"),
        ("2016-03-03", DatePrecision.month, None, "2016-03-31"),
        ("2016-03-03", DatePrecision.year, date(2016, 6, 1), "2016-06-01"),
        ("2016-03-03", DatePrecision.year, date(2015, 6, 1), "2016-01-01"),
    ],
)
def test_an_imprecise_document_stood_by_what_it_plans_for(
    dated: str, precision: DatePrecision, due_on: date | None, expected: str
) -> None:
    assert said_on(date.fromisoformat(dated), precision, due_on) == date.fromisoformat(expected)


@given(history=histories(), as_of=days, known_at=days)
def test_spells_say_what_the_status_says(history: list[Event], as_of: date, known_at: date) -> None:
    status = derive_status(history, as_of, known_at)
    until_then = [spell for spell in spells(history, known_at) if spell.since <= as_of]
    assert (status is not None) == bool(until_then)
    if status:
        assert until_then[-1].closed == (status.group is StatusGroup.closed)
    assert [spell.closed for spell in until_then[1:]] == [not spell.closed for spell in until_then[:-1]]


def test_kinds_are_those_that_may_be_entered() -> None:
    content = {"issuer": "x", "dated": "2016-01-01", "source": "x"}
    for kind in DOCUMENT_KINDS:
        assert PlanContent.model_validate({**content, "kind": kind}).kind == kind
    assert set(PlanContent.model_fields["kind"].annotation.__args__) == set(DOCUMENT_KINDS)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "letter"},
        {"issuer": ""},
        {"number": "x" * 201},
        {"region_code": "64.7"},
        {"dated": "2016"},
        {"planned_precision": "week"},
        {"retracted": "true"},
        {"source_url": "http://example.org"},
        {"nothing": "like this"},
    ],
)
def test_what_the_table_refuses_is_refused_before(wrong: dict[str, str]) -> None:
    content = {"kind": "plan", "issuer": "x", "dated": "2016-01-01", "source": "x"}
    with pytest.raises(ValueError):
        PlanContent.model_validate({**content, **wrong})
