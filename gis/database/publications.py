"""What is true and has to be known before anything of it is published: read as the owner or an admin."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from psycopg.rows import dict_row

from gis.database.connection import Connection
from gis.database.statements import load

Row = dict[str, Any]


class PeopleChange(NamedTuple):
    """By how much the number of people changes on a day."""

    on: date
    province_code: str
    site_type: str
    definition: str
    change: int


def find_site_ids(connection: Connection) -> set[int]:
    """The ids of all sites."""
    return {site_id for (site_id,) in connection.execute(load("publication_site_ids"))}


def find_sites(connection: Connection, as_of: date) -> list[Row]:
    """Every site with its states up to a day, by id."""
    return _rows(connection, "publication_sites", as_of)


def find_events(connection: Connection, site_ids: Sequence[int], as_of: date) -> list[Row]:
    """The events of some sites that count and have happened, by site and in their order."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            load("publication_events"), {"site_ids": list(site_ids), "as_of": as_of}
        ).fetchall()


def find_people_changes(connection: Connection, as_of: date) -> list[PeopleChange]:
    """The changes of the latest counts, by day."""
    return [PeopleChange(*row) for row in connection.execute(load("publication_people"), {"as_of": as_of})]


def find_aid(connection: Connection, as_of: date) -> list[Row]:
    """People behind each amount of aid."""
    return _rows(connection, "publication_aid", as_of)


def find_claims(connection: Connection, as_of: date) -> list[Row]:
    """Claims on the nation and on provinces that stand."""
    return _rows(connection, "publication_claims", as_of)


def find_decrees(connection: Connection, as_of: date) -> list[Row]:
    """Decrees and by-laws that stand."""
    return _rows(connection, "publication_decrees", as_of)


def find_centres(connection: Connection, as_of: date) -> list[Row]:
    """Rehabilitation centres by city."""
    return _rows(connection, "publication_centres", as_of)


def find_reactivations(connection: Connection, as_of: date) -> dict[int, list[date]]:
    """The days on which lokalisasi became active again, by site."""
    found: dict[int, list[date]] = {}
    for site_id, day in connection.execute(load("publication_reactivations"), {"as_of": as_of}):
        found.setdefault(site_id, []).append(day)
    return found


def _rows(connection: Connection, statement: str, as_of: date) -> list[Row]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(load(statement), {"as_of": as_of}).fetchall()
