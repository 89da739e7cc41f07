"""Plans and letters, and visits to closed sites: what their pages and data twins show, from one snapshot."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from gis.database import plans, regions, sites
from gis.database.connection import Connection, Database
from gis.domain.lifecycle import StatusGroup
from gis.domain.monitoring import TOLERANCE_DAYS, VISIT_YEARS, VisitState
from gis.domain.plans import PlanState
from gis.domain.queries import Moment, SiteQuery
from gis.services.catalogue import View, state_of
from gis.services.plan_sections import reactivations_of
from gis.services.scope import moment_within, own_moment

MAX_REACTIVATED = 500
_OF_SITE = ("site_id", "site_name", "site_type", "regency_code", "regency_name", "closed_on", "synthetic")
_OF_VISIT = ("year", "due_on", "state", "done_on", "days")


def plans_view(
    database: Database,
    moment: Moment,
    region: str | None = None,
    states: Sequence[PlanState] = plans.ALL_STATES,
) -> View:
    """Plans and documents: what each says, and what became of it by the end of a day.

    Parameters
    ----------
    database : the register, or a part of it as an account sees it
    moment : both clocks and whose boundaries
    region : a province or regency code of those boundaries; none for all
    states : only plans of these states; the counts are of all

    Raises
    ------
    NotFoundError : no region bears that code on that day, or it is not for this account
    """
    moment = _asked(database, moment, region)
    with database.transaction(snapshot=True) as connection:
        frame = _frame(connection, moment, region)
        found = plans.find_plans(connection, moment, region)
    rows = [row for row in found.rows if row["state"] in states]
    return {
        **frame,
        "states": [state for state in PlanState if state in states],
        "counts": {state.value: found.counts.get(state, 0) for state in PlanState},
        "plans": rows,
        "synthetic": any(row["synthetic"] for row in rows),
    }


def monitoring_view(
    database: Database,
    moment: Moment,
    region: str | None = None,
    states: Sequence[VisitState] = tuple(VisitState),
) -> View:
    """Visits to closed sites, and what is known of sites that became active again.

    Parameters
    ----------
    database : the register, or a part of it as an account sees it
    moment : both clocks and whose boundaries
    region : a province or regency code of those boundaries; none for all
    states : only sites with a visit in one of these states; the counts are of all

    Returns
    -------
    `sites`, each with its `visits`, the longest overdue first; a site that is active again has none, it
    stands in `reactivated`

    Raises
    ------
    NotFoundError : no region bears that code on that day, or it is not for this account
    """
    moment = _asked(database, moment, region)
    again = SiteQuery(moment, region=region, with_shared=True, groups=(StatusGroup.reactivated,))
    with database.transaction(snapshot=True) as connection:
        frame = _frame(connection, moment, region)
        visits = plans.find_visits(connection, moment, region)
        reactivated = sites.find_sites(connection, again, MAX_REACTIVATED)
        by_year = reactivations_of(connection, moment, region)
    counts = Counter(visit["state"] for visit in visits)
    listed = [site for site in _by_site(visits) if {v["state"] for v in site["visits"]} & {*states}]
    return {
        **frame,
        "states": [state for state in VisitState if state in states],
        "rule": {"years": list(VISIT_YEARS), "tolerance_days": TOLERANCE_DAYS},
        "counts": {state.value: counts[state] for state in VisitState},
        "sites": listed,
        "reactivated": reactivated,
        "reactivations": by_year,
        "synthetic": any(site["synthetic"] for site in (*listed, *reactivated)),
    }


def _asked(database: Database, moment: Moment, region: str | None) -> Moment:
    return own_moment(database, moment) if region is None else moment_within(database, moment, region)


def _frame(connection: Connection, moment: Moment, region: str | None) -> View:
    on = moment.regions_on
    named = regions.get_region(connection, region, on) if region else None
    provinces = regions.list_regions(connection, "province", on)
    return {
        **state_of(moment),
        "region": {"code": named.code, "name": named.name, "level": named.level} if named else None,
        "provinces": [{"code": each.code, "name": each.name} for each in provinces],
    }


def _by_site(visits: list[dict[str, Any]]) -> list[View]:
    return [
        {
            **{name: first[name] for name in _OF_SITE},
            "visits": [{name: visit[name] for name in _OF_VISIT} for visit in (first, *rest)],
        }
        for first, *rest in (list(group) for _, group in groupby(visits, key=lambda v: v["site_id"]))
    ]
