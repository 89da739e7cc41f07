"""What other pages say of plans, visits and reactivations: a part of their view, from their snapshot."""

from typing import Any

from gis.database import plans
from gis.database.connection import Connection
from gis.domain.plans import PlanState
from gis.domain.queries import Moment

View = dict[str, Any]
MAX_OVERDUE = 30
_OF_VISIT = ("closed_on", "year", "due_on", "state", "done_on", "days")


def overdue_of(connection: Connection, moment: Moment, region: str | None) -> View:
    """What an overview says of plans: the longest overdue ones, and how many there are."""
    found = plans.find_plans(
        connection, moment, region, states=(PlanState.overdue, PlanState.coming), limit=MAX_OVERDUE
    )
    rows = [row for row in found.rows if row["state"] == PlanState.overdue]
    return {"overdue": rows, "overdue_total": found.counts.get(PlanState.overdue, 0)}


def reactivations_of(connection: Connection, moment: Moment, region: str | None) -> View:
    """Lokalisasi that became active again after a closing, by year and in all, and what they are now."""
    *by_year, total = plans.count_reactivations(connection, moment, region)
    return {**{name: total[name] for name in ("sites", "sealed", "closed", "open")}, "by_year": by_year}


def of_site(connection: Connection, site_id: int, moment: Moment) -> View:
    """What a site's page says: its plans and documents, and the visits that are due while it is closed."""
    visits = plans.find_visits(connection, moment, site_id=site_id)
    return {
        "plans": plans.find_plans(connection, moment, site_id=site_id).rows,
        "visits": [{name: visit[name] for name in _OF_VISIT} for visit in visits],
    }
