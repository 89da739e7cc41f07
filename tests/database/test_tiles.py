"""Tiles as PostgreSQL makes them: by the index of places, and polygons that never vanish."""

from collections.abc import Callable
from datetime import date
from typing import Any

import mapbox_vector_tile
import pytest
from psycopg import ClientCursor, sql
from psycopg.rows import scalar_row

from benchmarks.many_sites import make_sites
from gis.database import tiles
from gis.database.collection_sources import register_source
from gis.database.connection import Connection, Database
from gis.domain.access import Identity, Role
from gis.domain.feature_query import FeatureQuery
from gis.domain.queries import Moment, SiteQuery
from gis.domain.tiles import Tile

SITES = 8_000
SOURCE = register_source("sites", SiteQuery(Moment(date(2020, 1, 1))))
SAMARINDA = Tile(10, 513, 845)


@pytest.fixture(scope="module")
def planner(database: Database, actor: Callable[..., Identity]) -> Database:
    """A register of many sites, as a planner sees it."""
    make_sites(database, SITES)
    return database.acting_as(actor(database, Role.planner))


def within(tile: Tile, limit: int | None = 5_001) -> FeatureQuery:
    return FeatureQuery(boxes=(tile.box,), is_placed=True, limit=limit)


def readings(node: dict[str, Any]) -> dict[str, set[str]]:
    """How each table is read, and by which index."""
    found: dict[str, set[str]] = {}
    if "Index Name" in node or "Relation Name" in node:
        told = node.get("Index Name", node["Node Type"])
        found[node.get("Relation Name", node.get("Index Name"))] = {told}
    for part in node.get("Plans", ()):
        for table, how in readings(part).items():
            found.setdefault(table, set()).update(how)
    return found


def test_a_tile_is_read_by_the_index_of_places(planner: Database) -> None:
    statement = tiles.single_sites(SOURCE, within(SAMARINDA), SAMARINDA)
    with planner.transaction() as connection:
        cursor = ClientCursor(connection, row_factory=scalar_row)
        text = sql.SQL("EXPLAIN (FORMAT JSON) {}").format(statement.text)
        plan = cursor.execute(text, statement.values).fetchone()
    found = readings(plan[0]["Plan"])
    every = set().union(*found.values())
    assert "site_geom_idx" in every
    assert "Seq Scan" not in found["site"] | found["site_state"]


@pytest.mark.parametrize("zoom", [8, 10, 14])
def test_a_grid_counts_what_single_sites_are(planner: Database, zoom: int) -> None:
    side = 2 ** (zoom - 8)
    tile = Tile(zoom, 128 * side, 211 * side)
    with planner.transaction() as connection:
        single = tiles.write_sites(connection, SOURCE, within(tile), tile, 5_000)
        grid = tiles.write_grid(connection, SOURCE, within(tile, None), tile)
    assert single is not None
    count, body = single
    alone = mapbox_vector_tile.decode(body).get("sites", {"features": []})["features"]
    assert count == len(alone)
    cells = mapbox_vector_tile.decode(grid).get("clusters", {"features": []})["features"]
    assert sum(each["properties"]["n"] for each in cells) == len(alone)
    assert len(cells) <= tiles.CELLS**2
    assert all(0 <= n <= 4096 for each in cells for n in each["geometry"]["coordinates"])


def test_clusters_of_all_are_small(planner: Database) -> None:
    with planner.transaction() as connection:
        clusters = tiles.find_clusters(connection, SOURCE, FeatureQuery())
        body = tiles.write_clusters(connection, clusters, Tile(0, 0, 0))
    assert sum(each.n for each in clusters) == SITES
    assert len(clusters) == 514
    assert len(body) < 60_000


def test_what_lies_in_no_region_is_summed_up_where_it_is(planner: Database, database: Database) -> None:
    with database.transaction() as connection:
        connection.execute(
            "UPDATE register.site SET province_code = NULL, regency_code = NULL WHERE id IN"
            " (SELECT id FROM register.site ORDER BY id LIMIT 3)"
        )
        clusters = tiles.find_clusters(connection, SOURCE, FeatureQuery())
        connection.rollback()
    alone = [each for each in clusters if each.code is None]
    assert sum(each.n for each in alone) == 3
    assert sum(each.n for each in clusters) == SITES
    assert all(each.lon is not None and each.lat is not None and each.id > 999_999 for each in alone)


def test_a_small_polygon_is_a_point_and_a_near_one_an_area_as_well(
    planner: Database, database: Database
) -> None:
    def drawn(connection: Connection, tile: Tile) -> dict[str, Any]:
        written = tiles.write_sites(connection, SOURCE, within(tile), tile, 5_000)
        assert written is not None
        decoded = mapbox_vector_tile.decode(written[1])
        return {
            name: {each["id"]: each["geometry"]["type"] for each in layer["features"]}
            for name, layer in decoded.items()
        }

    with database.transaction() as connection:
        row = connection.execute(
            "UPDATE register.site SET geom = ST_MakeEnvelope(117.15, -0.5, 117.1501, -0.4999, 4326)"
            " WHERE id = (SELECT min(id) FROM register.site) RETURNING id"
        ).fetchone()
        assert row is not None
        far = drawn(connection, Tile(8, 128, 211))
        near = drawn(connection, Tile(18, 131436, 216378))
        connection.rollback()
    assert far["sites"][row[0]] == "Point"
    assert row[0] not in far.get("areas", {})
    assert near["sites"][row[0]] == "Point"
    assert near["areas"][row[0]] == "Polygon"
