"""The lifecycle of a site: which events there are, and which status follows from them.

The rule stands once in words here and once in SQL (`register.derive_states`, migration 0005); a property test
holds the two against each other. Days are days in Asia/Jakarta, and "as of" means the end of that day.
"""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum
from itertools import groupby


class Stage(IntEnum):
    """Kinds of event that set a status; the number orders events of one day (the later stage wins).

    Side states stand where they interrupt the sequence: a postponement comes before the decree that it
    delays, a halt after it, and a reactivation and its sealing after everything that follows a closing.
    """

    recorded = 10
    verified = 20
    socialised = 30
    postponed = 35
    decreed = 40
    halted = 45
    closed = 50
    assisted = 60
    repurposed = 70
    monitored = 80
    reactivated = 90
    sealed = 95


class StatusGroup(StrEnum):
    """The four groups that a map shows."""

    active = "active"
    planned = "planned"
    closed = "closed"
    reactivated = "reactivated"


DISPUTED = "disputed"
RETRACTION = "retraction"
MILESTONES = (
    "recorded",
    "verified",
    "socialised",
    "decreed",
    "closed",
    "assisted",
    "repurposed",
    "monitored",
)
EVENT_KINDS = (*(stage.name for stage in Stage), DISPUTED, RETRACTION)

_GROUPS = {
    StatusGroup.active: (Stage.recorded, Stage.verified),
    StatusGroup.planned: (Stage.socialised, Stage.postponed, Stage.decreed, Stage.halted),
    StatusGroup.closed: (Stage.closed, Stage.assisted, Stage.repurposed, Stage.monitored, Stage.sealed),
    StatusGroup.reactivated: (Stage.reactivated,),
}
GROUP_OF_STAGE = {stage: group for group, stages in _GROUPS.items() for stage in stages}


class DatePrecision(StrEnum):
    """How exactly a date is known."""

    day = "day"
    month = "month"
    year = "year"


@dataclass(frozen=True)
class Event:
    """One entry of the append-only log.

    Parameters
    ----------
    id : the number of the entry; later entries have higher ones
    kind : one of `EVENT_KINDS`
    occurred_on : what the entry says; any day of the period when imprecise
    recorded_at : when it was entered (UTC)
    known_on : the day from which it counts as known; none while it is not approved
    date_precision : of `occurred_on`
    planned : a date that was announced; it changes no status
    corrects_id : the entry that this one retracts or replaces
    """

    id: int
    kind: str
    occurred_on: date
    recorded_at: datetime
    known_on: date | None
    date_precision: DatePrecision = DatePrecision.day
    planned: bool = False
    corrects_id: int | None = None


@dataclass(frozen=True)
class SiteStatus:
    """What is believed of a site at the end of a day."""

    status: str
    group: StatusGroup
    status_since: date
    closed_on: date | None
    disputed: bool
    last_event_on: date


@dataclass(frozen=True)
class Spell:
    """Consecutive days on which a site is closed, or is not; it ends the day before the next one begins."""

    since: date
    closed: bool


def period(occurred_on: date, precision: DatePrecision) -> tuple[date, date]:
    """First and last day of the period that an imprecise date stands for.

    Parameters
    ----------
    occurred_on : a day inside the period
    precision : day, month or year

    Returns
    -------
    the first and the last day, both included
    """
    if precision is DatePrecision.year:
        return date(occurred_on.year, 1, 1), date(occurred_on.year, 12, 31)
    if precision is DatePrecision.month:
        last = calendar.monthrange(occurred_on.year, occurred_on.month)[1]
        return occurred_on.replace(day=1), occurred_on.replace(day=last)
    return occurred_on, occurred_on


def effective_days(events: Iterable[Event], known_at: date | None = None) -> list[tuple[date, Event]]:
    """The events that count, each with the day on which it counts, in their order.

    An imprecise event counts from the last day of its period, but no later than the day before an event of a
    later stage inside that period; ties go by stage, then `recorded_at`, then `id` (domain.md, "Lifecycle").

    Parameters
    ----------
    events : all entries of one site, in any order
    known_at : only what was known at the end of that day; none for today's belief

    Returns
    -------
    pairs of day and event: what is planned, unapproved, not yet known, retracted or replaced is left out
    """
    known = [
        event
        for event in events
        if event.known_on is not None and (known_at is None or event.known_on <= known_at)
    ]
    corrected = {event.corrects_id for event in known}
    counting = [e for e in known if e.id not in corrected and e.kind != RETRACTION and not e.planned]
    days = [(_effective_day(event, counting), event) for event in counting]
    return sorted(days, key=lambda pair: (pair[0], _rank(pair[1]), pair[1].recorded_at, pair[1].id))


def derive_status(events: Iterable[Event], as_of: date, known_at: date | None = None) -> SiteStatus | None:
    """The status of one site at the end of a day, as far as it was known at another.

    Parameters
    ----------
    events : all entries of one site, in any order
    as_of : the day that is asked about
    known_at : only what was known at the end of that day; none for today's belief

    Returns
    -------
    the status, or nothing where no event has set one by then
    """
    status: SiteStatus | None = None
    disputed = False
    for day, event in effective_days(events, known_at):
        if day > as_of:
            break
        if event.kind == DISPUTED:
            disputed = True
            continue
        disputed = disputed and event.kind != Stage.verified.name
        status = _advance(status, Stage[event.kind], day)
    return replace(status, disputed=disputed) if status else None


def spells(events: Iterable[Event], known_at: date | None = None) -> list[Spell]:
    """When a site was closed and when it was not, by the state at the end of each day.

    Parameters
    ----------
    events : all entries of one site, in any order
    known_at : only what was known at the end of that day; none for today's belief

    Returns
    -------
    closed and open spells in turns, from the first day on which the site exists
    """
    found: list[Spell] = []
    staged = [pair for pair in effective_days(events, known_at) if pair[1].kind != DISPUTED]
    for day, entries in groupby(staged, key=lambda pair: pair[0]):
        *_, (_, last) = entries
        closed = GROUP_OF_STAGE[Stage[last.kind]] is StatusGroup.closed
        if not found or found[-1].closed != closed:
            found.append(Spell(day, closed))
    return found


def _advance(before: SiteStatus | None, stage: Stage, day: date) -> SiteStatus:
    group = GROUP_OF_STAGE[stage]
    since, closed_on = day, None
    if before and before.status == stage.name:
        since = before.status_since
    if group is StatusGroup.closed:
        goes_on = before is not None and before.group is group and stage is not Stage.closed
        closed_on = before.closed_on if before and goes_on else day
    return SiteStatus(stage.name, group, since, closed_on, disputed=False, last_event_on=day)


def _effective_day(event: Event, others: list[Event]) -> date:
    first, last = period(event.occurred_on, event.date_precision)
    if first == last:
        return last
    later = (
        period(other.occurred_on, other.date_precision)[1]
        for other in others
        if _rank(other) > _rank(event) and DISPUTED not in {event.kind, other.kind}
    )
    return min([last, *(day - timedelta(days=1) for day in later if first <= day <= last)])


def _rank(event: Event) -> int:
    return Stage[event.kind] if event.kind in Stage.__members__ else 0
