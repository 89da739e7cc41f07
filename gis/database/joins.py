"""The stored joins of sites: made again, and compared with ST_Covers."""

from typing import NamedTuple

from gis.database.connection import Connection
from gis.database.statements import load
from gis.domain.regions import Level


class JoinDifference(NamedTuple):
    """A stored join that contradicts ST_Covers; `covering_code` is None where no region covers the site."""

    site_id: int
    level: Level
    stored_code: str | None
    method: str | None
    covering_code: str | None


def rejoin_all(connection: Connection) -> int:
    """Join every site again, as after a change of the boundaries.

    Parameters
    ----------
    connection : in a transaction whose statement timeout fits the number of sites: a minute for a million

    Returns
    -------
    How many sites changed their primary regions, methods or provinces.
    """
    row = connection.execute(load("join_again")).fetchone()
    return int(row[0]) if row and row[0] is not None else 0


def find_wrong_joins(connection: Connection, limit: int) -> list[JoinDifference]:
    """Sites whose stored region is not the one of today that ST_Covers names, by id and level; at best none.

    It shares no code with the join itself, so that it finds a wrong rule as well as a stale row.

    Parameters
    ----------
    connection : in a transaction
    limit : differences at most
    """
    return [JoinDifference(*row) for row in connection.execute(load("join_check"), {"limit": limit})]
