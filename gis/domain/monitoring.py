"""Visits to closed sites: when each is due, and whether it was made."""

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

#: The programme's requirement for the register: a closed site is visited 1, 3 and 5 years after its closing.
VISIT_YEARS = (1, 3, 5)
#: A visit so many days early is the one that was due. Our choice: agencies plan by quarters.
TOLERANCE_DAYS = 90


class VisitState(StrEnum):
    """What became of a visit, in the order in which a list shows them."""

    overdue = "overdue"
    due = "due"  # it may be made from now on, and its day has not passed
    coming = "coming"
    done = "done"


@dataclass(frozen=True)
class Visit:
    """One visit of a closed site.

    Parameters
    ----------
    year : how many years after the closing
    due_on : the day
    done_on : the first visit from the tolerance before that day on
    days : of the visit, or of the day that is asked about, after the due date; negative before it
    """

    year: int
    due_on: date
    state: VisitState
    done_on: date | None
    days: int


def visits(
    closed_on: date,
    monitored_on: Iterable[date],
    as_of: date,
    years: Sequence[int] = VISIT_YEARS,
    tolerance_days: int = TOLERANCE_DAYS,
) -> list[Visit]:
    """The visits of a site that is closed, by the end of a day.

    Parameters
    ----------
    closed_on : the last closing that was not reversed
    monitored_on : the days of its `monitored` events, in any order
    as_of : the day that is asked about
    years, tolerance_days : the rule
    """
    made = sorted(day for day in monitored_on if day <= as_of)
    found = []
    for year in years:
        due_on = _anniversary(closed_on, year)
        opens = due_on - timedelta(days=tolerance_days)
        done_on = next((day for day in made if day >= opens), None)
        if done_on:
            state = VisitState.done
        elif due_on < as_of:
            state = VisitState.overdue
        else:
            state = VisitState.due if opens <= as_of else VisitState.coming
        found.append(Visit(year, due_on, state, done_on, ((done_on or as_of) - due_on).days))
    return found


def _anniversary(day: date, years: int) -> date:
    year = day.year + years
    return date(year, day.month, min(day.day, calendar.monthrange(year, day.month)[1]))
