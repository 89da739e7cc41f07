"""Claims as both clocks see them, and what the register derives for their days."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from psycopg.types.json import Jsonb

from gis.database.connection import Connection
from gis.database.statements import load
from gis.domain.queries import Boundaries, Moment

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
    "other_boundaries",
)
NATION = ""


class Span(NamedTuple):
    """Days that the register is asked for, sorted and each once.

    Parameters
    ----------
    days : at the end of which
    known_at : as known at the end of that day; none for what is known today
    regions_on : the day whose regions are meant; none for each day's own
    """

    days: tuple[date, ...]
    known_at: date | None
    regions_on: date | None


class SiteCount(NamedTuple):
    """Sites of one type in a region on a day; `late` events up to that day became known after it."""

    on: date
    code: str
    level: str
    site_type: str
    total: int
    closed: int
    reactivated: int
    late: int


class PeopleCount(NamedTuple):
    """People at sites of one type in a region on a day; `late` counts up to it became known after it."""

    on: date
    code: str
    site_type: str
    n: int | None
    late: int


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


def count_sites(connection: Connection, span: Span, codes: Sequence[str]) -> list[SiteCount]:
    """Sites on several days in one statement, as the regional summary counts them on one.

    Parameters
    ----------
    connection : in a transaction
    span : the days, and what was known
    codes : the regions that are wanted, as they were called on their day; `NATION` brings all provinces

    Returns
    -------
    a row a day, region and type of site, zeros included; what whoever acts does not see wholly is not in it
    """
    rows = connection.execute(load("claim_derive"), {**_values(span), "codes": list(codes)})
    return [SiteCount(span.days[position - 1], *row) for position, *row in rows]


def count_people(
    connection: Connection, definition: str, span: Span, codes: Sequence[str]
) -> list[PeopleCount]:
    """People of a definition on several days in one statement, where any were counted.

    Parameters
    ----------
    connection : in a transaction
    definition : resident, beneficiary or returned
    span, codes : as for `count_sites`, without the provinces that nobody asked for
    """
    values = {**_values(span), "codes": list(codes), "definition": definition}
    rows = connection.execute(load("claim_people"), values)
    return [PeopleCount(span.days[position - 1], *row) for position, *row in rows]


def _values(span: Span) -> Row:
    return {"days": list(span.days), "known_at": span.known_at, "regions_on": span.regions_on}
