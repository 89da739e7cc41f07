"""A scoped account against the places and numbers of centres: nothing that it is told depends on them."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import psycopg
import pytest
from psycopg import sql

from gis.database import centres
from gis.database.connection import Connection, Database
from gis.domain.access import Identity, Role
from gis.domain.queries import Moment

Actor = Callable[..., Identity]
SCOPED = [(Role.province, "64"), (Role.regency, "64.72"), (Role.regency, "35.78")]
DAYS = [date(2016, 2, 22), date(2019, 12, 31), date(2026, 1, 1)]
TABLES = ("centre", "centre_name", "centre_place", "centre_contact", "occupancy", "centre_entry")
COUNT = sql.SQL("SELECT count(*) FROM {}")
BECOME = sql.SQL("SET LOCAL ROLE {}")

# What somebody with a connection of his own would try; each is told by its rows, its error and its plan.
QUESTIONS = [
    *(f"SELECT * FROM register.{table} t ORDER BY t::text" for table in TABLES),
    "SELECT count(*) FROM register.centre_place WHERE geom && ST_MakeEnvelope(117, -1, 117.2, 0, 4326)",
    "SELECT id FROM register.centre_place ORDER BY geom::geography <-> ST_Point(117.1, -0.5)::geography",
    "SELECT id FROM register.centre_place"
    " WHERE ST_DWithin(geom::geography, ST_Point(117.1, -0.5)::geography, 9000)",
    "SELECT id FROM register.centre_place WHERE 1 / (ST_X(geom) * 0)::int = 1",
    "SELECT id FROM register.occupancy WHERE 1 / (occupied - occupied) = 1",
    "SELECT c.id FROM register.centre c JOIN register.centre_place p ON p.id = c.id"
    " ORDER BY ST_Distance(p.geom::geography, ST_Point(117.1, -0.5)::geography)",
    "SELECT * FROM register.occupancies_at('2019-12-31', NULL)",
    "SELECT c.id, register.free_places(c.id, '2019-12-31', NULL) FROM register.centre c ORDER BY 1",
    "SELECT * FROM register.centre_bands('2016-06-01', NULL) ORDER BY 1",
    "SELECT * FROM register.centre_bands('2019-12-31', '2018-01-01') ORDER BY 1",
    "SELECT tablename, attname, histogram_bounds::text, most_common_vals::text, n_distinct FROM pg_stats"
    " WHERE schemaname = 'register' AND tablename IN ('centre_place', 'occupancy', 'centre_contact')",
    "SELECT table_name, row_key, before, after FROM register.audit ORDER BY id",
    "SELECT ST_Extent(geom) FROM register.centre_place",
    "SELECT sum(capacity), sum(occupied), count(*) FROM register.occupancy",
]


def answer(connection: Connection, question: str) -> list[str]:
    try:
        with connection.transaction():
            return [str(row) for row in connection.execute(question)]  # type: ignore[call-overload]
    except psycopg.Error as error:
        return [type(error).__name__, str(error)]


def everything(database: Database, identity: Identity) -> str:
    """All that an account can get about centres, as one text."""
    with database.acting_as(identity).transaction() as connection:
        said: list[Any] = [answer(connection, question) for question in QUESTIONS]
        # What reading the catalogue costs changes with every statistics run, of whichever table.
        said += [answer(connection, f"EXPLAIN {each}") for each in QUESTIONS if "pg_stats" not in each]
        own = [row[0] for row in connection.execute("SELECT id FROM site ORDER BY id LIMIT 5")]
        for day in DAYS:
            moment = Moment(day)
            said.append(centres.find_centres(connection, moment))
            for region in ("64", "64.72", "35", "31.75", "94.04"):
                said.append(centres.find_centres(connection, moment, region))
                said.append(centres.find_nearest(connection, moment, region=region, limit=40))
            said.extend(
                centres.find_nearest(connection, moment, site_id=site, region="64", limit=40) for site in own
            )
            said.append(centres.count_people_to_serve(connection, moment, "province"))
    return json.dumps(said, default=str)


@pytest.fixture
def disarmed(demo_database: Database) -> Iterator[Database]:
    """The register with its guards against change taken off, as only its owner can."""
    armed = "ALTER TABLE centre_place {0} TRIGGER USER; ALTER TABLE occupancy {0} TRIGGER USER"
    change(demo_database, armed.format("DISABLE"))
    yield demo_database
    change(demo_database, armed.format("ENABLE"))


def change(database: Database, statement: str) -> int:
    """Change rows as the owner, and leave tables of the same size: what a plan costs tells of pages."""
    size = "SELECT pg_relation_size('register.centre_place') + pg_relation_size('register.occupancy')"
    with database.session() as session:
        session.execute("VACUUM (FULL, ANALYZE) register.centre_place, register.occupancy")
        before = session.execute(size).fetchone()
    with database.transaction() as connection:
        rows = connection.execute(statement).rowcount  # type: ignore[call-overload]
    with database.session() as session:
        for _ in range(50):
            session.execute("VACUUM (FULL, ANALYZE) register.centre_place, register.occupancy")
            if session.execute(size).fetchone() == before:
                break
            time.sleep(0.2)  # something on the server, such as autovacuum, still sees what was there
    return int(rows)


@pytest.mark.parametrize(("role", "code"), SCOPED)
def test_moving_every_compound_within_its_city_changes_no_answer(
    disarmed: Database, actor: Actor, role: Role, code: str
) -> None:
    identity, planner = actor(disarmed, role, code), actor(disarmed, Role.planner)
    before, planned = everything(disarmed, identity), everything(disarmed, planner)
    moved = change(
        disarmed,
        "UPDATE centre_place p"
        f" SET geom = ST_GeometryN(ST_GeneratePoints(r.geom, 9, {len(code) + int(code[:2])}), 1)"
        " FROM centre c JOIN region r ON r.level = 'regency' AND r.code = c.region_code"
        " WHERE c.id = p.id AND upper_inf(r.valid)",
    )
    assert moved > 20
    assert everything(disarmed, identity) == before
    assert everything(disarmed, planner) != planned


@pytest.mark.parametrize(("role", "code"), SCOPED)
def test_other_numbers_within_their_bands_change_no_answer(
    disarmed: Database, actor: Actor, role: Role, code: str
) -> None:
    identity, planner = actor(disarmed, role, code), actor(disarmed, Role.planner)
    before, planned = everything(disarmed, identity), everything(disarmed, planner)
    # One place more where the band of capacity and those of the counts that rest on it stay what they are.
    changed = change(
        disarmed,
        "UPDATE occupancy o SET capacity = capacity + 1 WHERE capacity IS NOT NULL"
        " AND register.capacity_band(capacity) = register.capacity_band(capacity + 1)"
        " AND NOT EXISTS (SELECT FROM occupancy n WHERE n.centre_id = o.centre_id"
        " AND register.occupancy_band(n.occupied, o.capacity)"
        " <> register.occupancy_band(n.occupied, o.capacity + 1))",
    )
    assert changed > 5
    assert everything(disarmed, identity) == before
    assert everything(disarmed, planner) != planned


@pytest.mark.parametrize(("role", "code"), SCOPED)
def test_a_scoped_account_has_no_row_of_places_and_numbers(
    demo_database: Database, actor: Actor, role: Role, code: str
) -> None:
    with demo_database.acting_as(actor(demo_database, role, code)).transaction() as connection:
        counts = {
            table: connection.execute(COUNT.format(sql.Identifier(table))).fetchall()[0][0]
            for table in TABLES
        }
        rows = centres.find_centres(connection, Moment(DAYS[1]))
        found = centres.find_nearest(connection, Moment(DAYS[1]), region="64", limit=50)
        plan = "".join(line for (line,) in connection.execute("EXPLAIN SELECT geom FROM centre_place"))
        trail = json.dumps(
            connection.execute("SELECT after FROM audit WHERE table_name ~ '^(centre|occup)'").fetchall()
        )
    assert (counts["centre_place"], counts["occupancy"]) == (0, 0)
    assert (counts["centre_contact"] > 0) == (role is Role.regency)
    assert counts["centre"] == counts["centre_entry"] > 20
    for name in ("capacity", "occupied", "place", "location_accuracy"):
        assert {row[name] for row in rows} == {None}
    assert {row["contact_office"] is None for row in rows} >= {role is Role.province}
    assert {row["capacity_band"] for row in rows} >= {"0-50", "101-200"}
    assert found
    assert not any(near.to_place for near in found)
    assert "One-Time Filter: false" in plan
    for word in ("geom", "occupied", "capacity", "office", "phone"):
        assert f'"{word}"' not in trail


def test_a_planner_has_them(demo_database: Database, actor: Actor) -> None:
    with demo_database.acting_as(actor(demo_database, Role.planner)).transaction() as connection:
        rows = centres.find_centres(connection, Moment(DAYS[1]))
        found = centres.find_nearest(connection, Moment(DAYS[1]), region="64", limit=5)
    assert any(row["place"] and row["capacity"] and row["contact_office"] for row in rows)
    assert any(near.to_place for near in found)


def test_nobody_has_anything(demo_database: Database) -> None:
    for role in ("atlas_app", "atlas_scoped"):
        with demo_database.transaction() as connection:
            connection.execute(BECOME.format(sql.Identifier(role)))
            for table in TABLES:
                rows = connection.execute(COUNT.format(sql.Identifier(table)))
                assert rows.fetchone() == (0,), (role, table)
            said = answer(connection, "SELECT * FROM register.centre_bands('2019-12-31', NULL)")
            assert said == [] or said[0] == "InsufficientPrivilege"


@pytest.mark.parametrize("role", ["atlas_app", "atlas_national", "atlas_scoped"])
def test_no_account_writes(demo_database: Database, role: str) -> None:
    with demo_database.transaction() as connection:
        connection.execute(BECOME.format(sql.Identifier(role)))
        for statement in (
            *(
                sql.SQL(change).format(sql.Identifier("register", table)).as_string(connection)
                for change in ("DELETE FROM {}", "UPDATE {} SET id = id", "TRUNCATE {}")
                for table in TABLES[:-1]
            ),
            "INSERT INTO register.centre (region_code, services, operator, source)"
            " VALUES ('64.72', '{}', 'ministry', 'x')",
            "SELECT register.insert_centres('[]')",
            "SELECT register.insert_occupancies('[]')",
            "SELECT register.apply_centres('{}')",
            "SELECT register.apply_occupancies('{}')",
        ):
            assert answer(connection, statement)[0] == "InsufficientPrivilege", statement


def test_the_one_definer_function_is_pinned(demo_database: Database, actor: Actor) -> None:
    with demo_database.transaction() as connection:
        definers = connection.execute(
            "SELECT proname, proconfig FROM pg_proc"
            " WHERE pronamespace = 'register'::regnamespace AND prosecdef"
            " AND proname ~ '(centre|occupanc|place|band|nearest)'"
        ).fetchall()
    assert definers == [("centre_bands", ["search_path=pg_catalog, pg_temp"])]
    acting = demo_database.acting_as(actor(demo_database, Role.province, "64"), read_only=False)
    with acting.transaction() as connection:
        before = answer(connection, "SELECT * FROM register.centre_bands('2019-12-31', NULL) ORDER BY 1")
        # Tables of his own of the same names, in the schema that is looked at first.
        connection.execute(
            "CREATE TEMP TABLE occupancy (centre_id bigint, occupied integer, capacity integer)"
        )
        connection.execute(
            "CREATE FUNCTION pg_temp.capacity_band(integer) RETURNS text LANGUAGE sql"
            " AS $$ SELECT $1::text $$"
        )
        connection.execute("SET LOCAL search_path = pg_temp, register, public")
        after = answer(connection, "SELECT * FROM register.centre_bands('2019-12-31', NULL) ORDER BY 1")
    assert before == after != []


def test_three_distances_meet_in_the_city_and_not_in_the_compound(
    demo_database: Database, actor: Actor
) -> None:
    """What could be measured from anywhere leads to the label point of the city, which everybody knows."""
    with demo_database.transaction() as connection:
        ((centre_id, lon, lat),) = connection.execute(
            "SELECT c.centre_id, ST_X(r.label_point), ST_Y(r.label_point) FROM centre c"
            " JOIN region r ON r.code = c.region_code AND upper_inf(r.valid)"
            " WHERE c.region_code = '64.72'"
        ).fetchall()
        labels = dict(
            connection.execute(
                "SELECT o.code, ST_Distance(o.label_point::geography, ST_Point(%s, %s)::geography)"
                " FROM region o WHERE o.level = 'regency' AND o.parent_code = '64' AND upper_inf(o.valid)",
                [lon, lat],
            ).fetchall()
        )
    with demo_database.acting_as(actor(demo_database, Role.province, "64")).transaction() as connection:
        for code, distance in labels.items():
            found = centres.find_nearest(connection, Moment(date(2016, 12, 31)), region=code, limit=50)
            told = [near.distance_m for near in found if near.centre_id == centre_id]
            assert told == pytest.approx([distance], abs=0.001), code
