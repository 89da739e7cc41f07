"""Claims, people, aid, centres and decrees of a release, read as a role that can read nothing else."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from psycopg.rows import dict_row

from gis.database.connection import Connection
from gis.database.published import PublicMoment, Row
from gis.database.statements import load
from gis.domain.aid import AidQuery
from gis.domain.published_aid import AidCell
from gis.domain.queries import Boundaries

CLAIM_COLUMNS = (
    *("id", "report", "region_code", "region_code_then", "region_name", "definition", "site_type"),
    *("value", "withheld", "as_of", "as_of_precision", "holds_on", "counted_from"),
    *("speaker", "source", "source_url", "uncertain", "synthetic", "other_boundaries"),
)
NATION = ""


class SiteCount(NamedTuple):
    """Sites of one type in the nation (`NATION`) or a province on a day."""

    on: date
    code: str
    site_type: str
    total: int
    closed: int


class PeopleNumber(NamedTuple):
    """People of one definition on a day.

    Parameters
    ----------
    level : nation or province
    code, name : of the province on the day whose boundaries are meant; none where it lies in none
    n : rounded to 10; none is withheld
    parts : of how many provinces of today it is the sum
    """

    on: date
    level: str
    code: str | None
    name: str | None
    site_type: str
    definition: str
    n: int | None
    parts: int


def find_claims(
    connection: Connection,
    moment: PublicMoment,
    boundaries: Boundaries,
    codes: Sequence[str] | None,
    limit: int | None = None,
) -> tuple[list[Row], int]:
    """Claims on a day up to the moment's, newest report first.

    Parameters
    ----------
    connection : in a transaction
    moment : the release and its day
    boundaries : regions of each claim's day, or of the day of the release
    codes : provinces of today, `NATION` for the nation; none for all
    limit : rows at most

    Returns
    -------
    dictionaries of `CLAIM_COLUMNS`, and how many there are without the limit
    """
    wanted = {"codes": None if codes is None else list(codes), "row_limit": limit}
    values = {**_values(moment, boundaries), **wanted}
    rows = connection.execute(load("published_claim_find"), values).fetchall()
    total = rows[0][-1] if rows else 0
    return [dict(zip(CLAIM_COLUMNS, row[:-1], strict=True)) for row in rows], total


def find_claimed_provinces(connection: Connection, moment: PublicMoment) -> list[Row]:
    """Code and name, of today, of each province that a claim speaks of."""
    return _rows(connection, "published_claim_regions", moment.values)


def count_sites(
    connection: Connection, moment: PublicMoment, boundaries: Boundaries, days: Sequence[date]
) -> list[SiteCount]:
    """Sites of the nation and of every province on several days, zeros included."""
    values = {**_values(moment, boundaries), "days": list(days)}
    return [SiteCount(*row) for row in connection.execute(load("published_claim_count"), values)]


def count_people(
    connection: Connection, moment: PublicMoment, boundaries: Boundaries, days: Sequence[date]
) -> list[PeopleNumber]:
    """People of the nation and of provinces on several days, of every definition, where any were counted."""
    values = {**_values(moment, boundaries), "days": list(days)}
    return [PeopleNumber(*row) for row in connection.execute(load("published_people_find"), values)]


def find_aid(connection: Connection, moment: PublicMoment, query: AidQuery) -> list[AidCell]:
    """People behind each amount of aid on the day of the release."""
    asked = {"region": query.region, "payer": query.payer, "aid_type": query.aid_type}
    rows = connection.execute(load("published_aid_find"), {**moment.values, **asked})
    return [AidCell(*row) for row in rows]


def find_centres(connection: Connection, moment: PublicMoment, region: str | None) -> list[Row]:
    """Rehabilitation centres by province and city; all, or those of a province or city."""
    return _rows(connection, "published_centre_find", {**moment.values, "region": region})


def find_decrees(connection: Connection, moment: PublicMoment, region: str | None) -> list[Row]:
    """Decrees and by-laws up to the moment's day, newest first; all, or those of a region."""
    return _rows(connection, "published_decree_find", {**moment.values, "region": region})


def list_provinces(connection: Connection, moment: PublicMoment) -> list[Row]:
    """Code and name of each province on the day whose boundaries are meant."""
    return _rows(connection, "published_province_list", moment.values)


def _values(moment: PublicMoment, boundaries: Boundaries) -> dict[str, Any]:
    own = boundaries is Boundaries.then
    return {**moment.values, "regions_on": None if own else moment.release.published_on}


def _rows(connection: Connection, statement: str, values: dict[str, Any]) -> list[Row]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(load(statement), values).fetchall()
