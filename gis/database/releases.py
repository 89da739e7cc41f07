"""Releases as they are stored in schema `published`: written once, whole, and read."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any, NamedTuple

from psycopg import sql
from psycopg.rows import dict_row

from gis.database.connection import Connection
from gis.database.statements import load
from gis.domain.complementary_suppression import PublishedPeople
from gis.domain.releases import TABLES, Release, Rows
from gis.errors import ConflictError

_INSERT = sql.SQL(
    "INSERT INTO published.{table}"
    " SELECT r.* FROM jsonb_populate_recordset(NULL::published.{table}, %(rows)s::jsonb) r"
)


class PublishedSite(NamedTuple):
    """What tells a published site from itself in another release; the place is EWKT."""

    id: int
    name: str
    place: str | None
    regency_code: str | None


#: Which series a number of people belongs to: the type of the sites and the definition.
Series = tuple[str, str]


def find_releases(connection: Connection) -> list[Release]:
    """All releases, the newest first."""
    return [Release(*row) for row in connection.execute(load("release_list"))]


def hold_publication(connection: Connection) -> None:
    """Let nobody else make a release until the transaction ends.

    Raises
    ------
    ConflictError : somebody makes one just now
    """
    row = connection.execute(load("release_lock")).fetchone()
    if row is None or not row[0]:
        raise ConflictError("no release was made: another one is being made just now")


def keep_boundaries(connection: Connection) -> str:
    """Keep the regions as they are for releases.

    Returns
    -------
    the id under which they are kept, the checksum of their files

    Raises
    ------
    ConflictError : no boundaries are loaded
    """
    row = connection.execute(load("release_boundaries_copy")).fetchone()
    if row is None:
        raise ConflictError("a release needs the boundaries: atlas boundaries load")
    kept: str = row[0]
    return kept


def insert_release(connection: Connection, release: Release, contents: Mapping[str, Rows]) -> None:
    """Write a release, whole.

    Parameters
    ----------
    connection : in a transaction that holds the publication
    release : what it is
    contents : its rows by table, without the id of the release; a point is EWKT

    Raises
    ------
    ForbiddenError : whoever acts is not an admin
    """
    _insert(connection, "release", [asdict(release)])
    for table in TABLES:
        _insert(connection, table, [{"release_id": release.id, **row} for row in contents[table]])
    connection.execute(load("release_analyze"))


def find_published_sites(connection: Connection) -> dict[int, date]:
    """The day of closing with which each site was published first."""
    return dict(connection.execute(load("release_published_sites")).fetchall())


def find_published_events(connection: Connection) -> list[dict[str, Any]]:
    """The events of sites that the newest release tells, by site and in their order."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(load("release_events")).fetchall()


def find_day(connection: Connection, release: Release) -> dict[str, Rows]:
    """What a release says of its own day: rows of figure and of people.

    Parameters
    ----------
    connection : in a transaction
    release : the release
    """
    values = {"release_id": release.id, "on": release.published_on}
    row = connection.execute(load("release_day"), values).fetchone()
    figures, people = row if row else (None, None)
    told = {"figure": figures or [], "people": people or []}
    return {
        table: [{**each, "figure_on": release.published_on} for each in rows] for table, rows in told.items()
    }


def find_sites(connection: Connection, release: Release) -> list[PublishedSite]:
    """The sites of a release, by id."""
    rows = connection.execute(load("release_sites"), {"release_id": release.id})
    return [PublishedSite(*row) for row in rows]


def find_published_people(connection: Connection) -> dict[Series, list[dict[date, PublishedPeople]]]:
    """Everything that was published of people: by series, of each release, oldest first, its figure days."""
    told: dict[str, PublishedPeople] = {}
    found: dict[Series, dict[int, dict[date, PublishedPeople]]] = {}
    for site_type, definition, number, on, numbers in connection.execute(load("release_people")):
        if numbers not in told:
            told[numbers] = _people_of(numbers)
        days = found.setdefault((site_type, definition), {}).setdefault(number, {})
        days[on] = told[numbers]
    return {series: list(by_release.values()) for series, by_release in found.items()}


def _people_of(numbers: str) -> PublishedPeople:
    pairs = [each.partition("=") for each in numbers.split(",")]
    by_code = {code: int(n) if n else None for code, _, n in pairs}
    nation = by_code.pop("nation")
    return PublishedPeople(tuple(by_code.items()), nation)


def _insert(connection: Connection, table: str, rows: Rows) -> None:
    if rows:
        document = json.dumps(rows, default=str, ensure_ascii=False)
        connection.execute(_INSERT.format(table=sql.Identifier(table)), {"rows": document})
