"""Claims as both clocks see them, and what the register derives for their days."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from psycopg.types.json import Jsonb

from gis.database.connection import Connection
from gis.database.statements import load
from gis.domain.queries import Boundaries, Moment
from gis.domain.regional_summary import RegionSummary

Row = dict[str, Any]
CLAIM_COLUMNS = (
    "id",
    "report",
    "region_code",
    "region_code_then",
    "region_name",
    "definition",
    "site_type",
    "value",
    "as_of",
    "as_of_precision",
    "holds_on",
    "counted_from",
    "speaker",
    "source",
    "source_url",
    "note",
    "uncertain",
    "synthetic",
    "known_on",
    "reported",
    "corrects_id",
)
NATION = ""


class Day(NamedTuple):
    """A day that the register is asked for, as known at a time, with the regions of a day."""

    on: date
    known_at: date | None
    regions_on: date


def insert_claims(connection: Connection, rows: Sequence[Row]) -> int:
    """Insert the rows whose external id is not there yet, approved now; returns how many those were.

    Parameters
    ----------
    connection : in a transaction
    rows : what `ClaimContent` dumps as JSON
    """
    return connection.execute(load("claim_insert"), {"rows": Jsonb(list(rows))}).rowcount


def find_claims(
    connection: Connection, moment: Moment, codes: Sequence[str] | None, *, within: bool, limit: int
) -> tuple[list[Row], int]:
    """The claims that stand at a moment, newest report first.

    Parameters
    ----------
    connection : in a transaction
    moment : claims on a day up to `as_of`, as known at `known_at`; regions of each claim's day, or today's
    codes : Kemendagri's of today, `NATION` for the nation; none for all
    within : also the regencies of those provinces
    limit : rows at most

    Returns
    -------
    dictionaries of `CLAIM_COLUMNS`, and how many there are without the limit
    """
    values = {
        "as_of": moment.as_of,
        "known_at": moment.known_at,
        "regions_on": None if moment.boundaries is Boundaries.then else moment.regions_on,
        "codes": None if codes is None else list(codes),
        "within": within,
        "row_limit": limit,
    }
    rows = connection.execute(load("claim_find"), values).fetchall()
    total = rows[0][-1] if rows else 0
    return [dict(zip(CLAIM_COLUMNS, row[:-1], strict=True)) for row in rows], total


def find_claimed_regions(connection: Connection, moment: Moment) -> list[tuple[str, str]]:
    """Code and name, of today, of each region that a claim stands for at a moment, by code."""
    values = {"as_of": moment.as_of, "known_at": moment.known_at}
    return [(code, name) for code, name in connection.execute(load("claim_regions"), values)]


def summarise_days(
    connection: Connection, days: Sequence[Day], codes: Sequence[str]
) -> dict[Day, dict[str, RegionSummary]]:
    """The summaries of all provinces and of some other regions on several days, by code, in one statement.

    Parameters
    ----------
    connection : in a transaction
    days : the days
    codes : the regions that are wanted, as they were called then; `NATION` for the nation

    Returns
    -------
    by day and code; what whoever acts does not see wholly is not in it
    """
    levels = ["nation", "province", *(["regency"] if any("." in code for code in codes) else [])]
    values = {**_columns(days), "levels": levels, "codes": list(codes)}
    found: dict[Day, dict[str, RegionSummary]] = {day: {} for day in days}
    for position, *row in connection.execute(load("claim_derive"), values):
        summary = RegionSummary(*row)
        found[days[position - 1]][summary.code or NATION] = summary
    return found


def count_people(
    connection: Connection, definition: str, days: Sequence[Day], codes: Sequence[str]
) -> dict[tuple[Day, str], tuple[int | None, int | None]]:
    """People of a definition on several days, in lokalisasi and in lokasi, by day and code.

    Parameters
    ----------
    connection : in a transaction
    definition : resident, beneficiary or returned
    days, codes : as for `summarise_days`
    """
    values = {**_columns(days), "definition": definition, "codes": list(codes)}
    rows = connection.execute(load("claim_people"), values)
    return {(days[position - 1], code): (sites, lokasi) for position, code, sites, lokasi in rows}


def _columns(days: Sequence[Day]) -> Row:
    return {
        "days": [day.on for day in days],
        "known_ats": [day.known_at for day in days],
        "regions_ons": [day.regions_on for day in days],
    }
