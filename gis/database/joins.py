"""The stored joins of sites: made again, and compared with what the rule finds now."""

from typing import NamedTuple

from gis.database.connection import Connection
from gis.database.statements import load


class Difference(NamedTuple):
    """A region of a site whose stored and found share differ; None for what is not stored or not found."""

    site_id: int
    level: str
    region_code: str
    stored_share: float | None
    found_share: float | None
    stored_primary: bool | None
    found_primary: bool | None


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


def find_differences(connection: Connection, limit: int = 100) -> list[Difference]:
    """Stored joins that differ from what `register.find_regions` makes of today's regions, by site.

    Wider than a comparison with ST_Covers: shares, nearest regions and declared ones are compared too.
    """
    return [Difference(*row) for row in connection.execute(load("join_differences"), {"limit": limit})]
