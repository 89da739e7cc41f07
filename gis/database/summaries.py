"""Counts by region, and how they came about month by month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gis.database.connection import Connection
from gis.database.sites import moment_values
from gis.database.statements import load
from gis.domain.queries import Moment, SummaryLevel
from gis.domain.regional_summary import RegionSummary


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
    """The summary of every region of one level, zeros included, by code; see `summarise_levels`."""
    return summarise_levels(connection, (level,), moment, region)[level]


def summarise_levels(
    connection: Connection, levels: Sequence[SummaryLevel], moment: Moment, region: str | None = None
) -> dict[SummaryLevel, list[RegionSummary]]:
    """The summaries of every region of some levels from one pass over the sites, zeros included, by code.

    Parameters
    ----------
    connection : in a transaction
    levels : of the regions that are listed
    moment : both clocks and whose boundaries
    region : only that region, and the regencies of that province; none for all
    """
    values = {**moment_values(moment), "levels": list(levels), "region": region}
    found: dict[SummaryLevel, list[RegionSummary]] = {level: [] for level in levels}
    for row in connection.execute(load("summary_by_region"), values):
        found[row[0]].append(RegionSummary(*row))
    return found


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
