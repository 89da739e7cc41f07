"""Sites that are made ready and counted at each write; compared with those that are derived on demand."""

from collections.abc import Sequence
from datetime import date

from gis.database.connection import Connection
from gis.database.features import Source
from gis.database.statements import load
from gis.domain.feature_query import FeatureQuery


def are_counted(source: Source, query: FeatureQuery) -> bool:
    """Whether what a query finds is counted by region, type and group, which a filter or a box is not."""
    values = source.values
    is_of_regions = source.is_ready and values["west"] is None and not values["with_shared"]
    return is_of_regions and query.where is None and not query.boxes


def count_ready(connection: Connection, source: Source) -> int:
    """How many sites there are, without reading one.

    Parameters
    ----------
    connection : in a transaction
    source : of sites that are counted
    """
    row = connection.execute(load("ready_count"), source.values).fetchone()
    return int(row[0]) if row else 0


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
