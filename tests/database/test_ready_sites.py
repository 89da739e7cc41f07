"""Sites that are made ready at each write: the same as those that are derived when they are asked for."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings

from gis.database import features, tiles
from gis.database.collection_sources import register_source
from gis.database.connection import Connection, Database
from gis.database.ready_sites import are_counted, count_ready, find_wrong_ready
from gis.domain import filters
from gis.domain.access import Identity, Role
from gis.domain.collections import REGISTER
from gis.domain.crs import EPSG_3857
from gis.domain.feature_query import FeatureQuery, Sorting
from gis.domain.lifecycle import Event, StatusGroup
from gis.domain.queries import Boundaries, BoundingBox, Moment, SiteQuery, today
from gis.domain.sites import SiteType
from gis.domain.tiles import Tile
from gis.errors import ForbiddenError
from tests.strategies import FIRST_DAY, histories

from .test_lifecycle import insert_event, insert_site, undone

YESTERDAY = datetime.now(UTC).date() - timedelta(days=1)
DAYS = [YESTERDAY + timedelta(days=n) for n in (1, 2, 3, 10, 50, 100, 200, 400, 4000)]
MOMENT = Moment()
TYPES = REGISTER["sites"].types


def difference(connection: Connection) -> list[tuple[int | None, date]]:
    return find_wrong_ready(connection, DAYS, 10)


def ready(connection: Connection) -> int:
    row = connection.execute("SELECT count(*) FROM register.ready_site").fetchone()
    assert row is not None
    return int(row[0])


@given(history=histories())
@hypothesis_settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_a_history_around_today_is_ready_for_each_day_to_come(
    database: Database, history: list[Event]
) -> None:
    shift = YESTERDAY - FIRST_DAY - timedelta(days=60)
    with undone(database) as connection:
        site = insert_site(connection)
        for event in history:
            shifted = replace(event, occurred_on=event.occurred_on and event.occurred_on + shift)
            insert_event(connection, site, shifted, 1_000_000)
        assert difference(connection) == []


def test_all_demonstration_sites_are_ready(demo_database: Database) -> None:
    with demo_database.transaction() as connection:
        assert ready(connection) > 150
        assert difference(connection) == []


CHANGES = {
    "a name": "UPDATE site SET name = name || ' lama'",
    "a place": "UPDATE site SET geom = ST_Translate(geom, 0.4, 0.2) WHERE geom IS NOT NULL",
    "no place any more": "UPDATE site SET geom = NULL, location_accuracy = 'regency',"
    " declared_region_codes = '{64.72}' WHERE geom IS NOT NULL",
    "people": "INSERT INTO headcount (site_id, counted_on, n, definition, source)"
    " SELECT id, current_date - (id % 3)::int, 7, 'resident', 'test' FROM site",
    "people from a later day on": "INSERT INTO headcount (site_id, counted_on, n, definition, source)"
    " SELECT id, current_date + 30, 9, 'resident', 'test' FROM site",
    "an event": "INSERT INTO event (site_id, kind, occurred_on, source)"
    " SELECT id, 'closed', current_date, 'test' FROM site",
    "a draft that is approved": "INSERT INTO event (site_id, kind, occurred_on, source, approved_at)"
    " SELECT id, 'reactivated', current_date, 'test', NULL FROM site;"
    " UPDATE event SET approved_at = now() WHERE approved_at IS NULL",
    "people who are taken back": "INSERT INTO headcount (site_id, region_code, counted_on, n, definition,"
    " source, corrects_id, retracted)"
    " SELECT site_id, region_code, counted_on, n, definition, 'test', id, true"
    " FROM headcount h WHERE NOT EXISTS (SELECT FROM headcount c WHERE c.corrects_id = h.id)",
    "a region's name": "UPDATE region SET name = 'Nama Baru' WHERE level = 'regency' AND upper_inf(valid)",
    "a region's name from a later day on": "UPDATE region SET"
    " valid = daterange(lower(valid), current_date + 20) WHERE code = '64.72' AND upper_inf(valid);"
    " INSERT INTO region (level, code, code_today, parent_code, name, kind, valid, geom, geom_map,"
    " geom_overview, label_point, area_km2) SELECT level, code, code_today, parent_code, 'Kota Nanti', kind,"
    " daterange(current_date + 20, NULL), geom, geom_map, geom_overview, label_point, area_km2 FROM region"
    " WHERE code = '64.72' AND upper(valid) = current_date + 20",
    "a site that goes": "ALTER TABLE site_state DISABLE TRIGGER zz_revision; DELETE FROM site_state"
    " WHERE site_id % 2 = 0",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_write_makes_what_it_changes(demo_database: Database, change: str) -> None:
    with undone(demo_database) as connection:
        before = connection.execute("SELECT r::text FROM register.ready_site r ORDER BY 1").fetchall()
        connection.execute(change)
        assert difference(connection) == []
        assert connection.execute("SELECT r::text FROM register.ready_site r ORDER BY 1").fetchall() != before


IDLE = {
    "regions that stay as they are": "UPDATE region SET name = name",
    "regions that are replaced by the same": "CREATE TEMP TABLE same AS SELECT * FROM region;"
    " DELETE FROM region; INSERT INTO region OVERRIDING SYSTEM VALUE SELECT * FROM same; DROP TABLE same",
    "people who are no residents": "INSERT INTO headcount (site_id, counted_on, n, definition, source)"
    " SELECT id, current_date, 7, 'beneficiary', 'test' FROM site",
    "a draft of people": "INSERT INTO headcount (site_id, counted_on, n, definition, source, approved_at)"
    " SELECT id, current_date, 7, 'resident', 'test', NULL FROM site",
}


@pytest.mark.parametrize("change", IDLE.values(), ids=IDLE.keys())
def test_what_is_not_seen_of_sites_makes_none_again(demo_database: Database, change: str) -> None:
    with undone(demo_database) as connection:
        before = connection.execute("SELECT ctid, id FROM register.ready_site").fetchall()
        connection.execute(change.encode())
        assert connection.execute("SELECT ctid, id FROM register.ready_site").fetchall() == before
        assert difference(connection) == []


def test_whoever_writes_the_time_is_told_in_utc(demo_database: Database) -> None:
    with undone(demo_database) as connection:
        connection.execute("SET LOCAL TimeZone = 'Asia/Jakarta'")
        connection.execute("UPDATE site SET name = name || ' lama'")
        rows = connection.execute("SELECT feature FROM register.ready_site WHERE feature LIKE '%%+07:00%%'")
        assert rows.fetchall() == []


def test_counts_are_summed_up_before_they_become_many(demo_database: Database) -> None:
    with undone(demo_database) as connection:
        made = "SELECT register.make_ready(ARRAY(SELECT id FROM site)) FROM generate_series(1, 60)"
        connection.execute(made)
        row = connection.execute("SELECT count(*) FROM register.ready_count").fetchone()
        assert row is not None
        assert 0 < row[0] < 8_500
        assert difference(connection) == []


def test_what_is_seen_from_afar_is_counted_and_not_read(demo_database: Database) -> None:
    asked = {
        "all": SiteQuery(MOMENT),
        "a province": SiteQuery(MOMENT, region="64"),
        "a regency": SiteQuery(MOMENT, region="64.72"),
        "groups": SiteQuery(MOMENT, groups=(StatusGroup.planned, StatusGroup.closed)),
        "a type": SiteQuery(MOMENT, site_type=SiteType.lokasi),
    }
    in_a_box = register_source("sites", SiteQuery(MOMENT, bbox=BoundingBox(110, -8, 118, 2)), sees_all=True)
    everywhere = register_source("sites", SiteQuery(MOMENT), sees_all=True)
    assert not are_counted(in_a_box, FeatureQuery())
    assert not are_counted(everywhere, FeatureQuery(boxes=(BoundingBox(110, -8, 118, 2),)))
    assert not are_counted(everywhere, FeatureQuery(where=filters.equals("status", "closed", TYPES)))
    with undone(demo_database) as connection:
        connection.execute(
            "UPDATE site SET geom = ST_Point(95.5, -8.5, 4326) WHERE id IN ("
            "SELECT id FROM site WHERE geom IS NOT NULL ORDER BY id LIMIT 3)"
        )
        for name, query in asked.items():
            derived = register_source("sites", query)
            kept = register_source("sites", query, sees_all=True)
            assert are_counted(kept, FeatureQuery())
            assert not are_counted(derived, FeatureQuery())
            found = [
                it for it in tiles.find_clusters(connection, derived, FeatureQuery()) if it.lon is not None
            ]
            assert found, name
            assert count_ready(connection, kept) == features.count_features(
                connection, derived, FeatureQuery()
            )
            for square in (Tile(0, 0, 0), Tile(1, 1, 0), Tile(5, 16, 26), Tile(5, 16, 25)):
                drawn = [it for it in found if square.holds(it.lon or 0, it.lat or 0)]
                assert sorted(tiles.find_counted(connection, kept, square)) == sorted(drawn), name


def test_two_writers_of_a_site_both_count(database: Database) -> None:
    """The second waits for the first, and makes the site of what both wrote."""
    with database.transaction() as connection:
        site = insert_site(connection, "Dua penulis")
        connection.execute(
            "INSERT INTO event (site_id, kind, occurred_on, source)"
            " VALUES (%s, 'recorded', '2010-01-01', 't')",
            [site],
        )

    def waits() -> bool:
        with database.transaction() as connection:
            row = connection.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                " AND datname = current_database()"
            ).fetchone()
            return row is not None and row[0] > 0

    def write(statement: str) -> None:
        with psycopg.connect(database.conninfo, options="-c search_path=register,public") as connection:
            connection.execute(statement, [site])

    count = (
        "INSERT INTO headcount (site_id, counted_on, n, definition, source) VALUES (%s, '2020-01-01', 5,"
        " 'resident', 't')"
    )
    with psycopg.connect(database.conninfo, options="-c search_path=register,public") as first:
        first.execute("UPDATE site SET name = 'Nama pertama' WHERE id = %s", [site])
        with ThreadPoolExecutor(1) as threads:
            second = threads.submit(write, count)
            while not (waits() or second.done()):
                pass
            assert not second.done()
            first.commit()
            second.result()
    with database.transaction() as connection:
        row = connection.execute("SELECT name, people FROM register.ready_site WHERE id = %s", [site])
        assert row.fetchall() == [("Nama pertama", 5)]
        assert difference(connection) == []


QUERIES: dict[str, tuple[SiteQuery, FeatureQuery]] = {
    "all": (SiteQuery(MOMENT), FeatureQuery()),
    "a page": (SiteQuery(MOMENT), FeatureQuery(limit=20, offset=30)),
    "in another order": (
        SiteQuery(MOMENT),
        FeatureQuery(order=(Sorting("people", descending=True), Sorting("name"))),
    ),
    "some properties": (SiteQuery(MOMENT), FeatureQuery(properties=("name", "status"))),
    "in metres": (SiteQuery(MOMENT), FeatureQuery(crs=EPSG_3857)),
    "a box": (SiteQuery(MOMENT), FeatureQuery(boxes=(BoundingBox(110, -8, 118, 2),))),
    "a box of places": (SiteQuery(MOMENT, bbox=BoundingBox(110, -8, 118, 2)), FeatureQuery()),
    "a filter": (SiteQuery(MOMENT), FeatureQuery(where=filters.equals("status_group", "closed", TYPES))),
    "a region": (SiteQuery(MOMENT, region="64"), FeatureQuery()),
    "a region with what it shares": (SiteQuery(MOMENT, region="33.24", with_shared=True), FeatureQuery()),
    "groups": (SiteQuery(MOMENT, groups=(StatusGroup.planned, StatusGroup.active)), FeatureQuery()),
    "a type": (SiteQuery(MOMENT, site_type=SiteType.lokasi), FeatureQuery()),
}


@pytest.mark.parametrize(("query", "asked"), QUERIES.values(), ids=QUERIES.keys())
def test_what_is_read_ready_is_what_is_derived(
    demo_database: Database, query: SiteQuery, asked: FeatureQuery
) -> None:
    with demo_database.transaction() as connection:
        derived, kept = (register_source("sites", query, sees_all=sees_all) for sees_all in (False, True))
        assert kept.is_ready
        assert not derived.is_ready
        found = [
            [bytes(it) for it in features.stream_features(connection, each, asked)]
            for each in (derived, kept)
        ]
        assert found[0] == found[1]
        assert found[0]
        count = features.count_features(connection, derived, asked)
        assert count == features.count_features(connection, kept, asked)


@pytest.mark.parametrize(
    "moment",
    [
        Moment(as_of=date(2019, 1, 1)),
        Moment(known_at=today()),
        Moment(as_of=today() + timedelta(days=9), boundaries=Boundaries.today),
    ],
    ids=["the past", "a belief", "other regions"],
)
def test_what_is_not_of_now_is_derived(moment: Moment) -> None:
    assert not register_source("sites", SiteQuery(moment), sees_all=True).is_ready


def test_a_scoped_role_reads_no_ready_site(demo_database: Database, actor: Callable[..., Identity]) -> None:
    for role, code in ((Role.province, "64"), (Role.regency, "64.72")):
        acting = demo_database.acting_as(actor(demo_database, role, code))
        with pytest.raises(ForbiddenError), acting.transaction() as connection:
            ready(connection)
    with demo_database.acting_as(actor(demo_database, Role.planner)).transaction() as connection:
        assert ready(connection) > 150
