"""A release as a whole: what a program needs to tell any of its days by itself."""

from typing import Any

from psycopg.rows import dict_row

from gis.database.connection import Connection
from gis.database.statements import load
from gis.domain.releases import Release

#: What is read, by the names that it has in the document.
PARTS = ("figure", "people", "region", "place", "site", "event")


def read(connection: Connection, release: Release) -> dict[str, list[dict[str, Any]]]:
    """The rows of each part of a release.

    Parameters
    ----------
    connection : in a transaction
    release : that is read
    """
    values = {"release_id": release.id, "boundaries_id": release.boundaries_id}
    with connection.cursor(row_factory=dict_row) as cursor:
        return {part: cursor.execute(load(f"published_whole_{part}"), values).fetchall() for part in PARTS}
