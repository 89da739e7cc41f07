"""Which events of a site are told, and from which day it is told to be closed."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gis.domain import lifecycle
from gis.domain.lifecycle import DatePrecision, Stage, StatusGroup
from gis.domain.published_events import Event, published_events, told_closing

DAY = date(2016, 6, 1)
YEAR = DatePrecision.year


def on(kind: str, day: date) -> Event:
    return Event(kind, day, day)


def in_2014(kind: str, effective_on: date) -> Event:
    return Event(kind, effective_on, date(2014, 1, 1), YEAR)


LOG = [
    on("recorded", date(2010, 1, 1)),
    on("decreed", date(2016, 5, 1)),
    on("closed", DAY),
    on("assisted", date(2016, 7, 1)),
    on("monitored", date(2017, 7, 1)),
    on("reactivated", date(2018, 1, 1)),
    on("decreed", date(2019, 1, 1)),
    on("sealed", date(2019, 2, 1)),
    on("assisted", date(2019, 3, 1)),
]


def test_what_is_told_of_a_closing_ends_with_a_reactivation() -> None:
    assert published_events(DAY, LOG) == [1, 2, 3]


def test_a_seal_is_told_as_a_closing() -> None:
    log = [on("reactivated", date(2012, 1, 1)), on("sealed", DAY)]
    assert published_events(DAY, log) == [1]
    assert log[1].told_kind == "closed"


def test_help_that_was_told_stays_when_a_reactivation_before_it_is_learned() -> None:
    before = [event for event in LOG if event.kind != "reactivated"]
    told = [before[at].dated for at in published_events(DAY, before)]
    assert [kind for kind, _, _ in told] == ["decreed", "closed", "assisted", "assisted"]
    assert [LOG[at].dated for at in published_events(DAY, LOG, told)] == told


def test_a_second_closing_of_the_same_year_is_not_the_one_that_was_told() -> None:
    log = [
        in_2014("closed", date(2014, 5, 31)),
        on("reactivated", date(2014, 6, 1)),
        in_2014("sealed", date(2014, 12, 31)),
    ]
    assert published_events(date(2014, 12, 31), log) == [0]
    assert published_events(date(2014, 12, 31), log, [log[0].dated]) == [0]


def test_the_day_of_a_closing_tells_of_no_reactivation() -> None:
    quiet = [in_2014("closed", date(2014, 12, 31))]
    assert told_closing(quiet) == date(2014, 12, 31)
    # The register counts it from the day before; the public does not learn of that day.
    reopened = [in_2014("closed", date(2014, 5, 31)), on("reactivated", date(2014, 6, 1))]
    assert told_closing(reopened) == date(2014, 12, 31)
    helped = [in_2014("closed", date(2014, 5, 31)), on("assisted", date(2014, 6, 1))]
    assert told_closing(helped) == date(2014, 5, 31)
    both = [
        in_2014("closed", date(2014, 5, 31)),
        on("monitored", date(2014, 6, 1)),
        on("assisted", date(2014, 9, 1)),
    ]
    assert told_closing(both) == date(2014, 5, 31)


def test_a_day_that_is_known_is_told() -> None:
    assert told_closing(LOG) == DAY


KINDS = st.sampled_from([stage.name for stage in Stage])
LOGS = st.lists(
    st.tuples(KINDS, st.dates(date(2014, 1, 1), date(2016, 12, 31)), st.sampled_from(DatePrecision)),
    min_size=1,
    max_size=8,
)


@given(LOGS)
def test_what_is_told_is_the_same_without_what_follows_a_reactivation(
    entered: list[tuple[str, date, DatePrecision]],
) -> None:
    log = counting(entered)
    told_on = told_closing(log)
    if told_on is None:
        return
    told = tell(log, told_on)
    assert not {kind for kind, _, _ in told[1]} - {"decreed", "closed", "assisted", "repurposed"}
    closed_on = next(day for day, status in states(log) if status is StatusGroup.closed)
    assert closed_on <= told_on
    # The site of which nothing is known from its reactivation on looks the same.
    end = next(
        (
            at
            for at, event in enumerate(log)
            if event.kind == "reactivated" and event.effective_on > closed_on
        ),
        len(log),
    )
    quiet = counting([(event.kind, event.occurred_on, event.date_precision) for event in log[:end]])
    quiet_closing = told_closing(quiet)
    assert quiet_closing is not None
    assert tell(quiet, quiet_closing) == told


def states(log: list[Event]) -> list[tuple[date, StatusGroup]]:
    """The group at the end of each day on which something happened."""
    last_of_day = {event.effective_on: event.kind for event in log}
    return [(day, lifecycle.GROUP_OF_STAGE[Stage[kind]]) for day, kind in sorted(last_of_day.items())]


def counting(entered: list[tuple[str, date, DatePrecision]]) -> list[Event]:
    """The log in its order, each event with the day from which it counts."""
    first = lifecycle.datetime(2020, 1, 1)
    entries = [
        lifecycle.Event(number, kind, day, first + timedelta(minutes=number), day, precision)
        for number, (kind, day, precision) in enumerate(entered)
    ]
    return [
        Event(entry.kind, day, entry.occurred_on, entry.date_precision)
        for day, entry in lifecycle.effective_days(entries)
    ]


def tell(log: list[Event], told_on: date) -> tuple[date, list[tuple[str, date, DatePrecision]]]:
    return told_on, [log[at].dated for at in published_events(told_on, log)]
