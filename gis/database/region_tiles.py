"""Vector tiles of regions, as PostgreSQL writes them."""

import json
from collections.abc import Sequence
from typing import Any

from psycopg import sql

from gis.database import features
from gis.database.connection import Connection
from gis.database.features import Source
from gis.database.statements import load
from gis.domain.feature_query import FeatureQuery
from gis.domain.tiles import Tile

Row = dict[str, Any]
#: Of the side of a tile: how far shapes reach beyond it, so that no border is drawn along its edge.
MARGIN = 1 / 64
#: What is told of a region in a tile, as far as the collection has it.
REGION_PROPERTIES = (
    *("code", "name", "parent_code", "sites_total", "lokasi_total", "active", "planned", "closed"),
    *("reactivated", "lokasi_closed", "closed_share"),
)


def find_regions(connection: Connection, source: Source, query: FeatureQuery) -> list[Row]:
    """What is told of the regions that a query finds, without their shapes.

    Parameters
    ----------
    connection : in a transaction
    source : of provinces or regencies
    query : which of them
    """
    names = [name for name in REGION_PROPERTIES if name in source.collection.types]
    output = sql.SQL(", ").join(sql.Identifier("f", name) for name in names)
    statement = features.matching(source, query, output)
    rows = connection.execute(statement.text, statement.values)
    return [dict(zip(names, row, strict=True)) for row in rows]


def write_regions(connection: Connection, source: Source, regions: Sequence[Row], tile: Tile) -> bytes:
    """A tile of regions, in shapes of its zoom.

    Parameters
    ----------
    connection : in a transaction
    source : of provinces or regencies
    regions : what is told of each, by code
    tile : the square
    """
    is_register = "release_id" not in source.values
    west, south, east, north = tile.square
    around = tile.box_around(MARGIN)
    values = {
        **source.values,
        "layer": source.collection.id,
        "level": source.collection.item,
        "rows": json.dumps(regions, default=float),
        "zoom": tile.z,
        **{"west": west, "south": south, "east": east, "north": north},
        **{"box_west": around.west, "box_south": around.south},
        **{"box_east": around.east, "box_north": around.north},
    }
    name = "tile_regions" if is_register else "published_tile_regions"
    row = connection.execute(load(name), values).fetchone()
    return bytes(row[0]) if row and row[0] is not None else b""
