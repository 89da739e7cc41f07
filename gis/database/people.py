"""Numbers of people by region and definition, as both clocks see them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from gis.database.connection import Connection
from gis.database.sites import moment_values
from gis.database.statements import load
from gis.domain.queries import Moment, SummaryLevel

Row = dict[str, Any]
COUNT_COLUMNS = (
    *("id", "site_id", "site_name", "site_type", "province_code", "province_name", "regency_code"),
    *("regency_name", "definition", "counted_on", "n", "source", "source_url", "synthetic"),
)


@dataclass(frozen=True)
class RegionPeople:
    """People of a region by definition, in lokalisasi and, beside them, in lokasi; none: nobody counted.

    The numbers of one column may be added up over regions; those of two columns are never added.
    """

    level: SummaryLevel
    code: str | None
    name: str | None
    parent_code: str | None
    resident: int | None
    beneficiary: int | None
    returned: int | None
    lokasi_resident: int | None
    lokasi_beneficiary: int | None
    lokasi_returned: int | None
    latest_on: date
    synthetic: bool


def sum_by_region(connection: Connection, moment: Moment, region: str | None = None) -> list[RegionPeople]:
    """The nation (or the region that was asked for), its provinces and regencies, where anybody counted."""
    values = {**moment_values(moment), "region": region}
    return [RegionPeople(*row) for row in connection.execute(load("headcount_by_region"), values)]


def list_counts(
    connection: Connection,
    moment: Moment,
    region: str | None = None,
    definition: str | None = None,
    limit: int | None = None,
) -> list[Row]:
    """The counts that these sums rest on, by region and site: dictionaries of `COUNT_COLUMNS`."""
    values = {**moment_values(moment), "region": region, "definition": definition, "row_limit": limit}
    rows = connection.execute(load("headcount_list"), values)
    return [dict(zip(COUNT_COLUMNS, row, strict=True)) for row in rows]
