"""Features in pages: a total order, no row lost or doubled, and the same work however many there are."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from psycopg import ClientCursor, sql
from psycopg.rows import scalar_row

from benchmarks.many_sites import FIRST_ID, make_sites
from gis.database import features
from gis.database.collection_sources import register_source
from gis.database.connection import Connection, Database
from gis.domain import filters
from gis.domain.access import Identity, Role
from gis.domain.crs import EPSG_3857, EPSG_4326
from gis.domain.feature_query import FeatureQuery, Sorting
from gis.domain.queries import BoundingBox, Moment, SiteQuery

SITES = 20_000
SOURCE = register_source("sites", SiteQuery(Moment(date(2020, 1, 1))))


@pytest.fixture(scope="module")
def planner(database: Database, actor: Callable[..., Identity]) -> Database:
    """A register of many sites, as a planner sees it."""
    make_sites(database, SITES)
    return database.acting_as(actor(database, Role.planner))


def plan(connection: Connection, query: FeatureQuery) -> Any:
    """How a page is read."""
    statement = features.select(SOURCE, query, sql.SQL("f.id"))
    text = sql.SQL("EXPLAIN (ANALYZE, FORMAT JSON) {}").format(statement.text)
    return ClientCursor(connection, row_factory=scalar_row).execute(text, statement.values).fetchone()[0]


def rows_read(node: dict[str, Any]) -> float:
    """How many rows a plan reads of tables."""
    own = node["Actual Rows"] * node["Actual Loops"] if "Relation Name" in node else 0
    return own + sum(rows_read(part) for part in node.get("Plans", ()))


@pytest.mark.parametrize(
    "query",
    [
        FeatureQuery(limit=100),
        FeatureQuery(limit=100, after=FIRST_ID + SITES - 500),
        FeatureQuery(limit=100, boxes=(BoundingBox(116.8, -0.8, 117.4, -0.2),)),
        FeatureQuery(limit=100, where=filters.equals("status", "recorded", SOURCE.collection.types)),
    ],
    ids=["first page", "last page", "box", "status"],
)
def test_a_page_reads_no_more_than_it_shows(planner: Database, query: FeatureQuery) -> None:
    with planner.transaction() as connection:
        read = rows_read(plan(connection, query)["Plan"])
    assert 0 < read < 1_500  # a site with its state and names, and not those of all 20,000


def test_pages_lose_and_double_nothing(planner: Database) -> None:
    def page(connection: Connection, after: int | None) -> list[int]:
        lines = features.stream_features(
            connection, SOURCE, FeatureQuery(properties=(), limit=3_000, after=after)
        )
        return [json.loads(bytes(line))["id"] for line in lines]

    found: list[int] = []
    with planner.transaction() as connection:
        while more := page(connection, found[-1] if found else None):
            found += more
        counted = features.count_features(connection, SOURCE, FeatureQuery())
    assert found == sorted(set(found))
    assert len(found) == counted == SITES


@pytest.mark.parametrize("sees_all", [False, True])
def test_without_geometries_the_rest_is_the_same(planner: Database, sees_all: bool) -> None:
    source = register_source("sites", SiteQuery(), sees_all=sees_all)
    query = FeatureQuery(limit=50)
    with planner.transaction() as connection:
        whole, without = (
            [json.loads(bytes(line)) for line in features.stream_features(connection, source, each)]
            for each in (query, replace(query, with_geometry=False))
        )
    assert all(line["geometry"] for line in whole)
    assert without == [{**line, "geometry": None} for line in whole]


def test_an_order_is_total(planner: Database) -> None:
    by_province = (Sorting("province_code", descending=True),)
    with planner.transaction() as connection:
        pages = [
            json.loads(bytes(line))
            for offset in (0, 500)
            for line in features.stream_features(
                connection, SOURCE, FeatureQuery(order=by_province, limit=500, offset=offset)
            )
        ]
    keys = [(-int(page["properties"]["province_code"]), page["id"]) for page in pages]
    assert keys == sorted(set(keys))


def test_one_feature_in_each_system(planner: Database) -> None:
    with planner.transaction() as connection:
        lon_lat, lat_lon, metres = (
            json.loads(features.find_feature(connection, SOURCE, FIRST_ID + 7, query) or "")["geometry"]
            for query in (FeatureQuery(), FeatureQuery(crs=EPSG_4326), FeatureQuery(crs=EPSG_3857))
        )
        nothing = features.find_feature(connection, SOURCE, 1, FeatureQuery())
    assert lat_lon["coordinates"] == lon_lat["coordinates"][::-1]
    assert metres["coordinates"][0] == pytest.approx(lon_lat["coordinates"][0] * 111_319.490793, abs=0.01)
    assert nothing is None


def test_one_feature_is_planned_once(planner: Database) -> None:
    with planner.transaction() as connection:
        for number in range(8):
            assert features.find_feature(connection, SOURCE, FIRST_ID + 7 + number, FeatureQuery())
        plans = connection.execute(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE '%Feature%'"
        ).fetchall()
    generic, custom = map(sum, zip(*plans, strict=True))
    assert generic >= 8
    assert custom == 0
