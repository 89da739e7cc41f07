"""Plans and other documents, visits to closed sites, and reactivations, as both clocks see them."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from gis.database.connection import Connection
from gis.database.sites import moment_values
from gis.database.statements import load
from gis.domain.monitoring import TOLERANCE_DAYS, VISIT_YEARS
from gis.domain.plans import PlanState
from gis.domain.queries import Moment

Row = dict[str, Any]
MAX_PLANS = 100_000
ALL_STATES = tuple(PlanState)
PLAN_COLUMNS = (
    *("id", "kind", "issuer", "number", "dated", "dated_precision", "text_reference"),
    *("site_id", "site_name", "site_type", "region_code", "region_name"),
    *("planned_on", "planned_precision", "due_on", "state", "days", "fulfilled_on", "sites", "sites_open"),
    *("replaced_by", "source", "source_url", "note", "synthetic", "known_on"),
)
VISIT_COLUMNS = (
    *("site_id", "site_name", "site_type", "regency_code", "regency_name"),
    *("closed_on", "year", "due_on", "state", "done_on", "days", "synthetic"),
)
REACTIVATION_COLUMNS = ("year", "sites", "sealed", "closed", "open")


class PlanRecord(NamedTuple):
    """A document as it is staged; what it corrects or replaces stands before it, or is stored."""

    external_id: str
    kind: str
    issuer: str
    number: str | None
    dated: date
    dated_precision: str
    text_reference: str | None
    region_code: str | None
    site_id: int | None
    planned_on: date | None
    planned_precision: str
    replaces_external_id: str | None
    source: str
    source_url: str | None
    note: str | None
    reported_on: date | None
    corrects_external_id: str | None
    retracted: bool
    synthetic: bool


class FoundPlans(NamedTuple):
    """Plans, and how many there are of each state that was asked for and found."""

    rows: list[Row]
    counts: dict[str, int]


def find_plans(
    connection: Connection,
    moment: Moment,
    region: str | None = None,
    *,
    site_id: int | None = None,
    states: Sequence[PlanState] = ALL_STATES,
    limit: int = MAX_PLANS,
) -> FoundPlans:
    """Plans and documents with what became of each, state by state; the longest overdue first.

    Parameters
    ----------
    connection : in a transaction
    moment : both clocks and whose boundaries
    region : a province or regency code of the moment's boundaries: what lies in it, and it itself
    site_id : only those of one site
    states : only those, in that order
    limit : rows at most; the counts are of all rows, of the states that are among those returned

    Returns
    -------
    dictionaries of `PLAN_COLUMNS`; a planned event of the log is a plan of the kind `event`
    """
    values = {
        **moment_values(moment),
        "region": region,
        "site_id": site_id,
        "states": [state.value for state in states],
        "row_limit": limit,
    }
    rows = [*connection.execute(load("plan_list"), values)]
    found = [dict(zip(PLAN_COLUMNS, row[:-1], strict=True)) for row in rows]
    return FoundPlans(found, {plan["state"]: row[-1] for plan, row in zip(found, rows, strict=True)})


def find_visits(
    connection: Connection, moment: Moment, region: str | None = None, site_id: int | None = None
) -> list[Row]:
    """Every visit of every site that is closed at the moment: dictionaries of `VISIT_COLUMNS`.

    Returns
    -------
    the visits of one site together, sites with the longest overdue visit first
    """
    values = {
        **moment_values(moment),
        "region": region,
        "site_id": site_id,
        "years": list(VISIT_YEARS),
        "tolerance_days": TOLERANCE_DAYS,
    }
    rows = connection.execute(load("visit_list"), values)
    return [dict(zip(VISIT_COLUMNS, row, strict=True)) for row in rows]


def count_reactivations(connection: Connection, moment: Moment, region: str | None = None) -> list[Row]:
    """Lokalisasi that became active again after a closing, by year: dictionaries of `REACTIVATION_COLUMNS`.

    Returns
    -------
    a row a year with any, then one without a year, which counts each site once
    """
    rows = connection.execute(load("reactivation_by_year"), {**moment_values(moment), "region": region})
    return [dict(zip(REACTIVATION_COLUMNS, row, strict=True)) for row in rows]
