"""Counts by region, and how they came about month by month."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from gis.database.connection import Connection
from gis.database.sites import moment_values
from gis.database.statements import load
from gis.domain.queries import Moment, SummaryLevel
from gis.domain.regional_summary import RegionSummary

BUBBLE_COLUMNS = (
    "code",
    "name",
    "parent_code",
    "lon",
    "lat",
    "sites_total",
    "lokasi_total",
    "active",
    "planned",
    "closed",
    "reactivated",
)


@dataclass(frozen=True)
class MonthCounts:
    """Lokalisasi by status group at the end of a month."""

    on: date
    total: int
    active: int
    planned: int
    closed: int
    reactivated: int


def summarise(
    connection: Connection, level: SummaryLevel, moment: Moment, region: str | None = None
) -> list[RegionSummary]:
    """The summary of every region of a level, zeros included, in the order of their codes.

    Parameters
    ----------
    connection : in a transaction
    level : of the regions that are listed
    moment : both clocks and whose boundaries
    region : only that region, and the regencies of that province; none for all
    """
    values = {**moment_values(moment), "level": level, "region": region}
    return [RegionSummary(*row) for row in connection.execute(load("summary_by_level"), values)]


def monthly_series(connection: Connection, moment: Moment, region: str | None = None) -> list[MonthCounts]:
    """Counts at the end of every month from the first event to the current month.

    Parameters
    ----------
    connection : in a transaction
    moment : `known_at`, and the day whose regions are meant; `as_of` itself plays no part
    region : a province or regency code of that day; none for the nation

    Returns
    -------
    one entry a month without gaps; empty when there are no sites
    """
    values = {"known_at": moment.known_at, "regions_on": moment.regions_on, "region": region}
    return [MonthCounts(*row) for row in connection.execute(load("summary_by_month"), values)]


def find_bubbles(connection: Connection, moment: Moment, region: str | None = None) -> list[dict[str, Any]]:
    """Regencies with at least one site, by code: `BUBBLE_COLUMNS`, with a point (degrees) inside each."""
    rows = connection.execute(load("summary_bubbles"), {**moment_values(moment), "region": region})
    return [dict(zip(BUBBLE_COLUMNS, row, strict=True)) for row in rows]
