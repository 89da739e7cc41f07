"""Centres in PostGIS: entries with two clocks, what is refused, and the nearest ones against brute force."""

import random
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from pyproj import Geod

from gis.database import batches, centres
from gis.database.connection import Connection, Database
from gis.database.error_mapping import translated_errors
from gis.database.statements import load
from gis.domain.access import Identity, Role
from gis.domain.batches import BatchOrigin, Draft, new_fact_id
from gis.domain.centres import CAPACITY_BANDS, OCCUPANCY_BANDS
from gis.domain.queries import Moment
from gis.domain.records.centres import CentreContent, OccupancyContent
from gis.errors import AtlasError, ConflictError, DatabaseError, InvalidInputError

from ..domain.test_centres import HARMLESS, PLACED, SAFE_HOUSES, given

Actor = Callable[..., Identity]
ON = Moment(date(2019, 12, 31))


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.transaction() as opened:
        yield opened
        opened.rollback()


def entry(connection: Connection, **more: Any) -> int:
    number = new_fact_id()
    content = CentreContent.model_validate(given(**more)).model_dump(mode="json")
    assert centres.insert_centres(connection, [(number, content)]) == 1
    return number


def counted(connection: Connection, centre_id: int, on: str, **more: Any) -> int:
    number = new_fact_id()
    values = {"centre_id": centre_id, "counted_on": on, "source": "Dinsos", **more}
    content = OccupancyContent.model_validate(values).model_dump(mode="json")
    assert centres.insert_occupancies(connection, [(number, content)]) == 1
    return number


def shown(connection: Connection, as_of: str, known_at: str | None = None) -> list[dict[str, Any]]:
    known = date.fromisoformat(known_at) if known_at else None
    return centres.find_centres(connection, Moment(date.fromisoformat(as_of), known))


def test_a_centre_bears_the_name_of_the_day(connection: Connection) -> None:
    made = entry(connection, names="PSKW A[2010-01-01/2018-09-01];PRTS A[2018-09-01/2020-01-01]")
    names = {
        day: [row["name"] for row in shown(connection, day)]
        for day in ("2009-12-31", "2018-08-31", "2018-09-01", "2020-01-01")
    }
    assert names == {"2009-12-31": [], "2018-08-31": ["PSKW A"], "2018-09-01": ["PRTS A"], "2020-01-01": []}
    (row,) = shown(connection, "2015-01-01")
    assert (row["id"], row["regency_code"], row["province_code"]) == (made, "64.72", "64")
    assert row["services"] == ["doctor", "counsellor", "cake_making"]
    assert [each["name"] for each in row["names"]] == ["PSKW A", "PRTS A"]


def test_region_codes_are_those_of_the_day(connection: Connection) -> None:
    entry(connection, region_code="65.71", names="PSKW B")
    (then,) = centres.find_centres(connection, Moment(date(2012, 1, 1)), "64")
    assert (then["regency_code"], then["province_name"]) == ("64.73", "Kalimantan Timur")
    assert centres.find_centres(connection, Moment(date(2016, 1, 1)), "64") == []


def test_a_correction_counts_from_the_day_on_which_it_is_known(connection: Connection) -> None:
    made = entry(connection, names="PSKW C", reported_on="2015-01-01", **PLACED)
    changed = entry(
        connection, names="PSKW C baru", corrects_id=made, reported_on="2017-01-01", services="doctor"
    )
    assert shown(connection, "2016-01-01", "2014-12-31") == []
    (before,) = shown(connection, "2016-01-01", "2016-12-31")
    (after,) = shown(connection, "2016-01-01", "2017-01-01")
    assert (before["name"], after["name"]) == ("PSKW C", "PSKW C baru")
    assert before["id"] == after["id"] == made
    assert after["entry_id"] == changed
    # Whoever corrects may not see the place: it stays.
    assert after["place"] == before["place"] is not None
    entry(connection, names="PSKW C baru", corrects_id=changed, reported_on="2018-01-01", retracted="true")
    assert shown(connection, "2016-01-01") == []
    assert len(shown(connection, "2016-01-01", "2017-12-31")) == 1


def test_an_entry_is_corrected_once(connection: Connection) -> None:
    made = entry(connection)
    entry(connection, corrects_id=made)
    with pytest.raises(ConflictError), connection.transaction():
        mapped(lambda: entry(connection, corrects_id=made))


def mapped(work: Callable[[], object]) -> None:
    with translated_errors():
        work()


def refused(connection: Connection, work: Callable[[], object]) -> str:
    with pytest.raises(AtlasError) as caught, connection.transaction():
        mapped(work)
    assert isinstance(caught.value, InvalidInputError)
    return str(caught.value)


def test_a_place_that_moves_to_another_city_is_not_kept(connection: Connection) -> None:
    made = entry(connection, **PLACED)
    entry(connection, corrects_id=made, region_code="64.71")
    (row,) = shown(connection, "2016-01-01")
    assert (row["regency_code"], row["place"]) == ("64.71", None)


def test_what_does_not_fit_is_refused(connection: Connection) -> None:
    made = entry(connection)
    number = counted(connection, made, "2016-01-01", capacity=40)
    changed = entry(connection, corrects_id=made)
    other = entry(connection, region_code="33.74")
    unknown = new_fact_id()
    for work in (
        lambda: entry(connection, region_code="64.99"),
        lambda: entry(connection, corrects_id=unknown),
        lambda: entry(connection, **{**PLACED, "wkt": "POINT (110.4 -7)"}),
        lambda: counted(connection, unknown, "2016-01-01", occupied=3),
        lambda: counted(connection, changed, "2016-01-01", occupied=3),
        lambda: counted(connection, other, "2016-01-01", occupied=3, corrects_id=number),
    ):
        said = refused(connection, work)
        assert "110.4" not in said


@pytest.mark.parametrize("table", ["centre", "centre_name", "centre_place", "centre_contact", "occupancy"])
def test_nothing_is_changed_or_deleted(connection: Connection, table: str) -> None:
    made = entry(connection, contact_office="Dinas Sosial", **PLACED)
    counted(connection, made, "2016-01-01", occupied=3)
    for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
        with pytest.raises(DatabaseError, match="append-only"), connection.transaction():
            mapped(lambda text=statement: connection.execute(text))


@pytest.mark.parametrize("said", SAFE_HOUSES)
def test_the_database_itself_refuses_to_name_a_safe_house(connection: Connection, said: str) -> None:
    made = entry(connection, names="PSKW D")
    values = {"id": made, "said": said, "office": f"Dinas Sosial {said}"}
    for statement in (
        "INSERT INTO centre_name (entry_id, name, valid)"
        " VALUES (%(id)s, %(said)s, '[1900-01-01,1900-01-02)')",
        "INSERT INTO centre_contact (id, office) VALUES (%(id)s, %(office)s)",
        "INSERT INTO centre_place (id, geom, location_accuracy, location_source)"
        " VALUES (%(id)s, 'SRID=4326;POINT(117.1 -0.5)', 'exact', %(said)s)",
        "INSERT INTO centre (region_code, services, operator, source)"
        " VALUES ('64.72', '{}', 'ministry', %(said)s)",
        "INSERT INTO centre (region_code, services, operator, source)"
        " VALUES ('64.72', '{safe_house}', 'ministry', 'x')",
        "INSERT INTO occupancy (centre_id, counted_on, occupied, source)"
        " VALUES (%(id)s, '2016-01-01', 1, %(said)s)",
        "INSERT INTO occupancy (centre_id, counted_on, occupied, source, note)"
        " VALUES (%(id)s, '2016-01-01', 1, 'x', %(said)s)",
    ):
        assert refused(connection, lambda text=statement: connection.execute(text, values)), statement


def test_both_rules_know_the_same_safe_houses(connection: Connection) -> None:
    rows = connection.execute(
        "SELECT said FROM unnest(%s::text[]) AS s(said) WHERE register.names_safe_house(said)",
        [[*SAFE_HOUSES, *HARMLESS]],
    )
    assert {said for (said,) in rows} == set(SAFE_HOUSES)


def test_no_column_is_for_a_safe_house(connection: Connection) -> None:
    rows = connection.execute(
        "SELECT attrelid::regclass::text, attname FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid"
        " WHERE relnamespace = 'register'::regnamespace AND attname ~* '(safe|aman|rptc|shelter)'"
    )
    assert rows.fetchall() == []


def test_the_latest_numbers_count_each_by_itself(connection: Connection) -> None:
    made = entry(connection)
    counted(connection, made, "2015-01-01", capacity=100, reported_on="2015-01-01")
    wrong = counted(connection, made, "2016-01-01", occupied=90, reported_on="2016-01-05")
    counted(
        connection, made, "2016-01-01", occupied=45, reported_on="2016-03-01", corrects_id=wrong, note="typo"
    )
    counted(connection, made, "2017-01-01", capacity=60, reported_on="2017-01-01")

    def at(as_of: str, known_at: str | None = None) -> tuple[Any, ...]:
        (row,) = shown(connection, as_of, known_at) or [{}]
        return tuple(row.get(name) for name in ("capacity", "occupied", "capacity_band", "occupancy_band"))

    assert at("2016-06-01") == (100, 45, "51-100", "0-49")
    assert at("2015-06-01") == (100, None, "51-100", None)
    assert at("2017-06-01") == (60, 45, "51-100", "50-79")
    with pytest.raises(AssertionError):
        assert at("2016-06-01", "2016-02-01") == ()  # the centre itself became known only now


def test_a_count_that_is_taken_back_counts_no_more(connection: Connection) -> None:
    made = entry(connection, reported_on="2010-01-01")
    number = counted(connection, made, "2015-01-01", capacity=100, occupied=100, reported_on="2015-01-01")
    (row,) = shown(connection, "2016-01-01")
    assert row["occupancy_band"] == "full"
    counted(
        connection,
        made,
        "2015-01-01",
        capacity=1,
        reported_on="2016-01-01",
        corrects_id=number,
        retracted="true",
    )
    (row,) = shown(connection, "2016-01-01")
    assert (row["capacity"], row["occupied"], row["occupancy_band"]) == (None, None, None)
    (row,) = shown(connection, "2016-01-01", "2015-12-31")
    assert row["capacity"] == 100


def test_bands_are_those_of_python(connection: Connection) -> None:
    for capacity in (0, 1, 50, 51, 100, 101, 200, 201, 100_000):
        row = connection.execute("SELECT register.capacity_band(%s)", [capacity]).fetchone()
        assert row is not None
        least, most = CAPACITY_BANDS[row[0]]
        assert least <= capacity <= (most or capacity)
    for occupied, capacity, band in (
        *((0, 100, "0-49"), (49, 100, "0-49"), (50, 100, "50-79"), (79, 100, "50-79"), (80, 100, "80-99")),
        *((99, 100, "80-99"), (100, 100, "full"), (120, 100, "full"), (0, 0, "full"), (1, 3, "0-49")),
        *((None, 100, None), (3, None, None)),
    ):
        row = connection.execute("SELECT register.occupancy_band(%s, %s)", [occupied, capacity]).fetchone()
        assert row == (band,), (occupied, capacity)
        assert band is None or band in OCCUPANCY_BANDS


CITIES = {
    "64.72": (117.15, -0.5), "35.78": (112.73, -7.27), "33.74": (110.4, -7.0), "12.71": (98.67, 3.6),
    "73.71": (119.45, -5.15), "53.71": (123.6, -10.18), "65.71": (117.6, 3.32), "31.75": (106.88, -6.22),
}  # fmt: skip


def scattered(connection: Connection, seed: int, each: int) -> dict[int, tuple[float, float]]:
    """Centres around some cities, of which every third is full, every fourth has no numbers."""
    dice = random.Random(seed)
    entries, counts, free = [], [], {}
    for n, (code, (lon, lat)) in enumerate(CITIES.items()):
        for i in range(each):
            number = new_fact_id()
            point = (round(lon + dice.uniform(-0.03, 0.03), 6), round(lat + dice.uniform(-0.03, 0.03), 6))
            placed = {**PLACED, "wkt": f"POINT ({point[0]} {point[1]})"}
            content = given(region_code=code, names=f"PSKW {n} {i}", **placed)
            entries.append((number, CentreContent.model_validate(content).model_dump(mode="json")))
            if i % 4 == 3:
                continue
            full = i % 3 == 2
            count = {"centre_id": number, "counted_on": "2016-01-01", "capacity": 40, "source": "x"}
            record = OccupancyContent.model_validate({**count, "occupied": 40 if full else 10})
            counts.append((new_fact_id(), record.model_dump(mode="json")))
            if not full:
                free[number] = point
    centres.insert_centres(connection, entries)
    centres.insert_occupancies(connection, counts)
    # As autovacuum would within a minute: plans for empty tables would visit each row for each other one.
    connection.execute("ANALYZE centre, centre_name, centre_place, occupancy")
    return free


@pytest.mark.parametrize("seed", range(5))
def test_the_nearest_are_those_of_brute_force(connection: Connection, seed: int) -> None:
    free = scattered(connection, seed, 24)
    geod = Geod(ellps="WGS84")
    labels = connection.execute(
        "SELECT code, ST_X(label_point), ST_Y(label_point) FROM region"
        " WHERE valid @> %s::date ORDER BY md5(code || %s) LIMIT 25",
        [ON.as_of, str(seed)],
    ).fetchall()
    for code, lon, lat in labels:
        wanted = sorted((geod.inv(lon, lat, *point)[2], centre_id) for centre_id, point in free.items())[:7]
        found = centres.find_nearest(connection, ON, region=code, limit=7)
        assert [near.centre_id for near in found] == [centre_id for _, centre_id in wanted], code
        for near, (distance, _) in zip(found, wanted, strict=True):
            assert near.to_place
            assert near.distance_m == pytest.approx(distance, abs=0.001)


def test_the_sphere_alone_would_choose_others(connection: Connection) -> None:
    """Two centres, of which the sphere takes the wrong one for the nearer."""
    geod = Geod(ellps="WGS84")
    ((lon, lat),) = connection.execute(
        "SELECT ST_X(label_point), ST_Y(label_point) FROM region WHERE code = '64' AND upper_inf(valid)"
    ).fetchall()
    north, east = 2.99, 3.0  # in degrees: a degree of latitude is the shorter one near the equator
    points = {}
    for azimuth, reach in ((0, north), (90, east)):
        x, y, _ = geod.fwd(lon, lat, azimuth, reach * 111_000)
        points[azimuth] = (x, y, geod.inv(lon, lat, x, y)[2])
    row = connection.execute(
        "SELECT ST_Distance(ST_Point(%s, %s)::geography, ST_Point(%s, %s)::geography, false),"
        " ST_Distance(ST_Point(%s, %s)::geography, ST_Point(%s, %s)::geography, false)",
        [lon, lat, *points[0][:2], lon, lat, *points[90][:2]],
    ).fetchone()
    assert row is not None
    assert points[0][2] < points[90][2]
    assert row[0] > row[1]


def test_the_index_walks_to_the_nearest(connection: Connection) -> None:
    connection.execute(
        "INSERT INTO centre (id, region_code, services, operator, source)"
        " SELECT i, '64.72', '{}', 'ministry', 'x' FROM generate_series(1, 20000) i"
    )
    connection.execute(
        "INSERT INTO centre_name (entry_id, name, valid)"
        " SELECT i, 'PSKW ' || i, '(,)' FROM generate_series(1, 20000) i"
    )
    connection.execute("ALTER TABLE centre_place DISABLE TRIGGER centre_place_before_insert")
    connection.execute(
        "INSERT INTO centre_place (id, geom, location_accuracy, location_source)"
        " SELECT i, ST_Point(95 + 46 * random(), -11 + 17 * random(), 4326), 'exact', 'x'"
        " FROM generate_series(1, 20000) i"
    )
    connection.execute(
        "INSERT INTO occupancy (centre_id, counted_on, occupied, capacity, source)"
        " SELECT i, '2016-01-01', 10, 20, 'x' FROM generate_series(1, 20000) i"
    )
    connection.execute("ANALYZE centre, centre_name, centre_place, occupancy")
    values = {"as_of": ON.as_of, "known_at": None, "regions_on": ON.regions_on, "site_id": None}
    rows = connection.execute(
        "EXPLAIN ANALYZE " + load("centre_nearest_place"), {**values, "region": "64", "row_limit": 5}
    )
    plan = "\n".join(line for (line,) in rows)
    assert plan.count("Index Scan using centre_place_geog_idx") == 2, plan
    assert "Seq Scan" not in plan, plan


def draft(collection: str, content: dict[str, Any], fact_id: int) -> Draft:
    return Draft(1, 1, collection, content, None, None, "new", fact_id)  # type: ignore[arg-type]


def approve(database: Database, actor: Actor, author: Identity, *rows: Draft) -> None:
    with database.acting_as(author, read_only=False).transaction() as connection:
        batch_id = batches.open_batch(connection, rows[0].collection, BatchOrigin())
        batches.add_drafts(connection, batch_id, rows)
        batches.submit(connection, batch_id)
    approver = actor(database, Role.approver)
    with database.acting_as(approver, read_only=False).transaction() as connection:
        batches.approve(connection, batch_id)


def test_drafts_of_centres_and_counts_become_facts(database: Database, actor: Actor) -> None:
    samarinda = actor(database, Role.regency, "64.72")
    made = new_fact_id()
    content = CentreContent.model_validate(given(names="PSKW Rancangan", **PLACED)).model_dump(mode="json")
    approve(database, actor, samarinda, draft("centres", content, made))
    count = {
        "centre_id": made,
        "counted_on": "2016-01-01",
        "occupied": 12,
        "capacity": 80,
        "source": "Dinsos",
    }
    number = OccupancyContent.model_validate(count).model_dump(mode="json")
    approve(database, actor, samarinda, draft("occupancies", number, new_fact_id()))
    with database.transaction() as connection:
        (row,) = centres.find_centres(connection, ON, centre_ids=[made])
        trail = connection.execute(
            "SELECT DISTINCT table_name, region_codes FROM audit WHERE row_key = %s ORDER BY 1", [str(made)]
        ).fetchall()
        entries = connection.execute("SELECT names, wkt FROM centre_entry WHERE id = %s", [made]).fetchone()
    assert (row["name"], row["occupied"], row["capacity"]) == ("PSKW Rancangan", 12, 80)
    assert trail == [("centre", ["64", "64.72"]), ("centre_place", [])]
    assert entries is not None
    assert CentreContent.model_validate({**content, "names": entries[0], "wkt": entries[1]}).names


def test_a_draft_outside_of_the_scope_is_refused(database: Database, actor: Actor) -> None:
    tarakan = actor(database, Role.regency, "65.71")
    content = CentreContent.model_validate(given(names="PSKW Luar")).model_dump(mode="json")
    with pytest.raises(InvalidInputError, match="row 1"):
        approve(database, actor, tarakan, draft("centres", content, new_fact_id()))
    made = new_fact_id()
    approve(database, actor, actor(database, Role.planner), draft("centres", content, made))
    count = {"centre_id": made, "counted_on": "2016-01-01", "occupied": 12, "source": "Dinsos"}
    number = OccupancyContent.model_validate(count).model_dump(mode="json")
    with pytest.raises(InvalidInputError, match="row 1"):
        approve(database, actor, tarakan, draft("occupancies", number, new_fact_id()))
    moved = CentreContent.model_validate(given(region_code="65.71", corrects_id=made)).model_dump(mode="json")
    with pytest.raises(InvalidInputError, match="row 1"):
        approve(database, actor, tarakan, draft("centres", moved, new_fact_id()))
