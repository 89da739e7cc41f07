"""Which events of a site are told with its closing, and from which day it is closed (rule 1 of `disclosure`).

What is told is made of the log up to its first reactivation, as if nothing had been known of what came then:
the decree, the closing, and the help that followed. So neither a day nor an order tells of it; a closing of
which only the year is known, and which the register counts from the day before the reactivation, is told from
the end of its year.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from gis.domain import lifecycle
from gis.domain.lifecycle import DatePrecision, Stage, period

DECREED, CLOSING = ("decreed",), ("closed", "sealed")
AFTER_CLOSING = ("assisted", "repurposed")
#: As what a closing is told: a seal is put on what was open again, more often than not.
TOLD_CLOSING = "closed"
_EPOCH = datetime(1970, 1, 1)


@dataclass(frozen=True)
class Event:
    """An event of a site that counts and has happened.

    Parameters
    ----------
    kind : of `gis.domain.lifecycle`
    effective_on : the day from which it counts
    occurred_on, date_precision : as it is dated
    """

    kind: str
    effective_on: date
    occurred_on: date
    date_precision: DatePrecision = DatePrecision.day

    @property
    def told_kind(self) -> str:
        """Its kind as it is told."""
        return TOLD_CLOSING if self.kind in CLOSING else self.kind

    @property
    def dated(self) -> tuple[str, date, DatePrecision]:
        """What tells it from the others of its site, as it is published."""
        return self.told_kind, self.occurred_on, self.date_precision

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day that its date may stand for."""
        return period(self.occurred_on, self.date_precision)


def told_closing(events: Sequence[Event]) -> date | None:
    """The day from which a site is told to be closed; none where it was closed at the end of no day.

    Parameters
    ----------
    events : of the site, in their order
    """
    return _first_closing(_until_reopened(events))


def published_events(
    closed_on: date, events: Sequence[Event], told: Iterable[tuple[str, date, DatePrecision]] = ()
) -> list[int]:
    """Which events of a site are told.

    Parameters
    ----------
    closed_on : its public closing
    events : those that happened, in their order
    told : what an earlier release told of it, as `Event.dated`; it stays as long as it holds, since its end
        would tell of a reactivation that was learned later

    Returns
    -------
    their positions, in the order of what they are told to be
    """
    chosen = {at for at, event in enumerate(_until_reopened(events)) if _belongs(event, closed_on)}
    before = set(told) - {events[at].dated for at in chosen}
    for at, event in enumerate(events):
        if event.dated in before:
            chosen.add(at)
            before.remove(event.dated)  # once: a later closing of the same year is another one
    return sorted(chosen, key=lambda at: (events[at].days[1], Stage[events[at].told_kind], at))


def _belongs(event: Event, closed_on: date) -> bool:
    first, last = event.days
    if event.kind in CLOSING:
        return first <= closed_on <= last
    if event.kind in DECREED:
        return first <= closed_on
    return event.kind in AFTER_CLOSING and last >= closed_on


def _until_reopened(events: Sequence[Event]) -> Sequence[Event]:
    closed_on = _first_closing(events) or date.max
    reopened = (
        at
        for at, event in enumerate(events)
        if event.kind == "reactivated" and event.effective_on > closed_on
    )
    return events[: next(reopened, len(events))]


def _first_closing(events: Sequence[Event]) -> date | None:
    entries = (
        lifecycle.Event(
            id=at,
            kind=event.kind,
            occurred_on=event.occurred_on,
            date_precision=event.date_precision,
            recorded_at=_EPOCH + timedelta(seconds=at),
            known_on=event.occurred_on,
        )
        for at, event in enumerate(events)
    )
    return next((spell.since for spell in lifecycle.spells(entries) if spell.closed), None)
