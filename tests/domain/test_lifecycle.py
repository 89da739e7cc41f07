"""The rule of status, by examples from the domain and by properties."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given

from gis.domain.lifecycle import (
    GROUP_OF_STAGE,
    DatePrecision,
    Event,
    Stage,
    StatusGroup,
    derive_status,
    effective_days,
    period,
)
from tests.strategies import days, histories

ENTERED = datetime(2026, 1, 1, tzinfo=UTC)
KNOWN = date(2026, 1, 1)


def event(number: int, kind: str, day: str, precision: str = "day", **more: object) -> Event:
    values = {"recorded_at": ENTERED, "known_on": KNOWN, **more}
    return Event(number, kind, date.fromisoformat(day), date_precision=DatePrecision(precision), **values)  # type: ignore[arg-type]


LOA_HUI = [
    event(1, "recorded", "2008-05-01"),
    event(2, "closed", "2014-01-01", "year"),
    event(3, "reactivated", "2025-11-01", "month"),
    event(4, "sealed", "2025-12-02"),
]


@pytest.mark.parametrize(
    ("as_of", "status", "group", "closed_on"),
    [
        ("2014-12-30", "recorded", "active", None),
        ("2014-12-31", "closed", "closed", "2014-12-31"),
        ("2025-11-29", "closed", "closed", "2014-12-31"),
        ("2025-11-30", "reactivated", "reactivated", None),
        ("2025-12-02", "sealed", "closed", "2025-12-02"),
    ],
)
def test_a_closing_reverses_and_returns(as_of: str, status: str, group: str, closed_on: str | None) -> None:
    found = derive_status(LOA_HUI, date.fromisoformat(as_of))
    assert found is not None
    assert (found.status, found.group) == (status, group)
    assert found.closed_on == (date.fromisoformat(closed_on) if closed_on else None)


def test_before_its_first_event_a_site_does_not_exist() -> None:
    assert derive_status(LOA_HUI, date(2008, 4, 30)) is None


def test_an_imprecise_event_gives_way_to_a_later_stage_inside_its_period() -> None:
    history = [event(1, "decreed", "2014-01-01", "year"), event(2, "closed", "2014-06-18")]
    assert [day for day, _ in effective_days(history)] == [date(2014, 6, 17), date(2014, 6, 18)]


def test_an_imprecise_event_does_not_give_way_to_an_earlier_stage() -> None:
    history = [event(1, "closed", "2014-01-01", "year"), event(2, "socialised", "2014-06-18")]
    assert [each.kind for _, each in effective_days(history)] == ["socialised", "closed"]


def test_on_one_day_the_later_stage_wins_whatever_the_order_of_entry() -> None:
    decreed, closed = event(1, "decreed", "2019-01-01"), event(2, "closed", "2019-01-01")
    for history in ([decreed, closed], [closed, decreed]):
        found = derive_status(history, date(2019, 1, 1))
        assert found is not None
        assert found.status == "closed"


def test_a_retracted_event_is_out_from_the_day_its_retraction_is_known() -> None:
    history = [
        event(1, "recorded", "2010-01-01", known_on=date(2010, 1, 5)),
        event(2, "closed", "2015-03-01", known_on=date(2015, 3, 4)),
        event(3, "retraction", "2016-01-01", known_on=date(2016, 1, 1), corrects_id=2),
    ]
    before = derive_status(history, date(2015, 6, 1), known_at=date(2015, 12, 31))
    after = derive_status(history, date(2015, 6, 1), known_at=date(2016, 1, 1))
    assert before is not None
    assert after is not None
    assert (before.status, after.status) == ("closed", "recorded")


def test_a_plan_changes_no_status() -> None:
    history = [event(1, "recorded", "2010-01-01"), event(2, "closed", "2012-01-01", planned=True)]
    found = derive_status(history, date(2013, 1, 1))
    assert found is not None
    assert found.status == "recorded"


def test_a_dispute_is_a_flag_until_the_site_is_verified() -> None:
    history = [event(1, "closed", "2010-01-01"), event(2, "disputed", "2011-01-01")]
    found = derive_status(history, date(2012, 1, 1))
    assert found is not None
    assert (found.group, found.disputed) == (StatusGroup.closed, True)
    verified = derive_status([*history, event(3, "verified", "2012-01-01")], date(2012, 1, 1))
    assert verified is not None
    assert not verified.disputed


def test_status_since_is_the_start_of_the_run_and_closed_on_its_last_closing() -> None:
    history = [
        event(1, "closed", "2012-01-01"),
        event(2, "closed", "2013-01-01"),
        event(3, "monitored", "2014-01-01"),
        event(4, "monitored", "2015-01-01"),
    ]
    found = derive_status(history, date(2016, 1, 1))
    assert found is not None
    assert (found.status_since, found.closed_on) == (date(2014, 1, 1), date(2013, 1, 1))


def test_every_stage_has_a_group() -> None:
    assert set(GROUP_OF_STAGE) == set(Stage)


def test_period_of_a_leap_february() -> None:
    assert period(date(2016, 2, 10), DatePrecision.month) == (date(2016, 2, 1), date(2016, 2, 29))


@given(histories(), days)
def test_the_order_of_entry_does_not_matter(history: list[Event], as_of: date) -> None:
    assert derive_status(history, as_of) == derive_status(reversed(history), as_of)


@given(histories(), days)
def test_what_happens_later_does_not_change_an_earlier_status(history: list[Event], as_of: date) -> None:
    # But for imprecise events, which a later stage may pull forward, and for corrections.
    exact = [e for e in history if e.date_precision is DatePrecision.day and e.corrects_id is None]
    past = [e for e in exact if e.occurred_on <= as_of]
    assert derive_status(exact, as_of) == derive_status(past, as_of)


@given(histories(), days)
def test_closed_on_stands_exactly_with_the_closed_group(history: list[Event], as_of: date) -> None:
    found = derive_status(history, as_of)
    if found is not None:
        assert (found.closed_on is not None) == (found.group is StatusGroup.closed)
        assert found.status_since <= found.last_event_on <= as_of


@given(histories(), days, days)
def test_what_becomes_known_later_does_not_change_an_earlier_belief(
    history: list[Event], as_of: date, known_at: date
) -> None:
    known = [e for e in history if e.known_on is not None and e.known_on <= known_at]
    assert derive_status(history, as_of, known_at) == derive_status(
        known, as_of, known_at + timedelta(days=9)
    )
