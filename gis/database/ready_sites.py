"""Sites that are made ready at each write, compared with those that are derived when they are asked for."""

from collections.abc import Sequence
from datetime import date

from gis.database.connection import Connection
from gis.database.statements import load


def find_wrong_ready(
    connection: Connection, days: Sequence[date], limit: int
) -> list[tuple[int | None, date]]:
    """Sites that are not ready as they are derived, by id and day; at best none.

    Parameters
    ----------
    connection : in a transaction of the owner
    days : of today or later
    limit : sites at most

    Returns
    -------
    id and day of each; no id where sites are counted wrongly
    """
    rows = connection.execute(load("ready_wrong"), {"days": list(days), "limit": limit})
    return [(site_id, day) for site_id, day in rows]
