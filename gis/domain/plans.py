"""Plans to close: which closing date counts, and whether it was kept, is to come, or has passed.

A date may stand in a document (a letter, a decree) or in a planned event of a site; both are promises of one
list. The rule stands once here and once in SQL (`register.plans_at`, migration 0012); a property test holds
the two against each other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import zip_longest

from gis.domain.lifecycle import DatePrecision, Spell, period

# Surat gubernur; surat bupati or wali kota; SK; Perda; surat edaran; instruksi; a plan without such a form.
DOCUMENT_KINDS = (
    "governor_letter",
    "regent_letter",
    "decree",
    "by_law",
    "circular",
    "instruction",
    "plan",
)
#: Of a promise that stands in the log of a site and in no document.
EVENT_KIND = "event"


class PlanState(StrEnum):
    """What became of a plan, in the order in which a list shows them."""

    overdue = "overdue"
    coming = "coming"
    fulfilled = "fulfilled"
    no_sites = "no_sites"  # nothing that it could close is on record, and its date has passed
    undated = "undated"  # a document that names no closing date
    replaced = "replaced"


@dataclass(frozen=True)
class Promise:
    """A closing date that somebody stated, for one site or for all lokalisasi of a region.

    Parameters
    ----------
    said_on : the day from which it stood
    due_on : the last day of the period that it names
    """

    said_on: date
    due_on: date


@dataclass(frozen=True)
class Outcome:
    """What became of a promise by the end of a day.

    Parameters
    ----------
    state : overdue, coming, fulfilled or no_sites
    sites, open : how many sites it is about, and how many of them are not closed
    fulfilled_on : the day on which the last of them was closed
    days : after the due date; negative before it. Of an overdue promise as many as its longest open site has
        been open past the due date, not counting the time for which it was closed in between.
    """

    state: PlanState
    sites: int
    open: int
    fulfilled_on: date | None
    days: int | None


def said_on(dated: date, precision: DatePrecision, due_on: date | None) -> date:
    """The day from which a document stood: the last of its period, but no later than the date it plans for.

    Parameters
    ----------
    dated : any day of the period
    precision : of `dated`; a document that is dated to the day stood from that day
    due_on : the last day of what it plans; none where it names no date
    """
    first, last = period(dated, precision)
    return last if due_on is None or first == last else max(first, min(last, due_on))


def judge(promise: Promise, sites: Iterable[Sequence[Spell]], as_of: date) -> Outcome:
    """What became of a promise.

    Parameters
    ----------
    promise : the one that counts for its site or region
    sites : for each site that it is about, its spells (`gis.domain.lifecycle.spells`)
    as_of : the day at whose end it is judged
    """
    lives = [[spell for spell in spells if spell.since <= as_of] for spells in sites]
    existing = [life for life in lives if life]
    still_open = [life[-1] for life in existing if not life[-1].closed]
    late = promise.due_on < as_of
    if still_open:
        last_closed_days = (max(promise.due_on, spell.since - timedelta(days=1)) for spell in still_open)
        since = min(last_closed_days) if late else promise.due_on
        state = PlanState.overdue if late else PlanState.coming
        return Outcome(state, len(existing), len(still_open), None, (as_of - since).days)
    if not existing:
        state = PlanState.no_sites if late else PlanState.coming
        return Outcome(state, 0, 0, None, None if late else (as_of - promise.due_on).days)
    kept_on = max(_kept_on(promise, life) for life in existing)
    return Outcome(PlanState.fulfilled, len(existing), 0, kept_on, (kept_on - promise.due_on).days)


def _kept_on(promise: Promise, life: Sequence[Spell]) -> date:
    """When a site that is closed now was closed as promised: first, after the promise or already at it."""
    following = (spell.since for spell in life[1:])
    return next(
        spell.since
        for spell, until in zip_longest(life, following)
        if spell.closed and (until is None or until > promise.said_on)
    )
