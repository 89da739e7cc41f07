"""Releases over the demonstration register: what is in them, who makes them, that nothing falls back."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from gis.database import releases
from gis.database.audit import AuditQuery
from gis.database.connection import Database
from gis.domain.access import Identity, Role
from gis.domain.complementary_suppression import PublishedPeople
from gis.domain.disclosure import rounded
from gis.domain.disclosure_attack import attack
from gis.domain.lifecycle import DatePrecision
from gis.domain.queries import Boundaries, Moment, today
from gis.domain.releases import TABLES, Release
from gis.errors import ConflictError, ForbiddenError, InvalidInputError
from gis.services import audit, catalogue, publication
from tests.conftest import undone

Actor = Callable[..., Identity]
Row = dict[str, Any]
ANCHORS = [(date(2016, 2, 22), 68, 168), (date(2018, 10, 31), 125, 169), (date(2019, 11, 19), 162, 169)]
ALL_TABLES = ("boundaries", "region", "place", "release", *TABLES)


@pytest.fixture(scope="module")
def release(demo_database: Database) -> Release:
    return publication.publish(demo_database, "Yang pertama")


@pytest.fixture
def scratch(demo_database: Database, release: Release) -> Iterator[Database]:
    """The register with its first release; what a test does to it is undone."""
    assert release.number == 1
    with undone(demo_database) as database:
        yield database


def rows(database: Database, table: str, release: Release) -> list[Row]:
    statement = sql.SQL("SELECT * FROM published.{} WHERE release_id = %s ORDER BY 1, 2, 3").format(
        sql.Identifier(table)
    )
    with database.transaction() as connection, connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(statement, [release.id]).fetchall()


def ask(database: Database, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with database.transaction() as connection:
        cursor = connection.execute(statement.encode(), values)
        return cursor.fetchall() if cursor.description else []


@pytest.mark.parametrize(("on", "closed", "total"), ANCHORS)
def test_the_anchors_hold_in_public(
    demo_database: Database, release: Release, on: date, closed: int, total: int
) -> None:
    counted = [
        row
        for row in rows(demo_database, "figure", release)
        if row["figure_on"] == on and row["site_type"] == "lokalisasi"
    ]
    assert sum(row["closed"] for row in counted) == closed
    assert sum(row["active"] + row["planned"] + row["closed"] for row in counted) == total
    by_code = {row["province_code"]: row for row in counted}
    for known in catalogue.regional_summary(demo_database, "province", Moment(on, None, Boundaries.today)):
        told = by_code.get(known.code, {"active": 0, "planned": 0, "closed": 0})
        assert told["active"] + told["planned"] + told["closed"] == known.sites_total


def test_closed_counts_are_the_published_sites_on_every_day(
    demo_database: Database, release: Release
) -> None:
    differing = ask(
        demo_database,
        "SELECT f.figure_on, f.province_code, f.site_type FROM published.figure f WHERE f.release_id = %s"
        " AND f.closed <> (SELECT count(*) FROM published.site s WHERE s.release_id = f.release_id"
        " AND coalesce(s.province_code, '') = f.province_code AND s.site_type = f.site_type"
        " AND s.closed_on <= f.figure_on)",
        release.id,
    )
    assert differing == []
    assert len(rows(demo_database, "site", release)) > 150


def test_people_are_those_of_the_register_rounded(demo_database: Database, release: Release) -> None:
    told = {
        (row["province_code"], row["figure_on"]): row["n"]
        for row in rows(demo_database, "people", release)
        if (row["site_type"], row["definition"]) == ("lokalisasi", "resident")
    }
    compared = 0
    for on in (date(2016, 2, 22), release.published_on):
        for known in catalogue.regional_summary(
            demo_database, "province", Moment(on, None, Boundaries.today)
        ):
            if (known.code, on) in told:
                assert told[known.code, on] == rounded(known.people or 0), (known.code, on)
                compared += 1
    assert compared > 30


def test_no_hidden_site_is_named_or_placed(demo_database: Database, release: Release) -> None:
    hidden = ask(
        demo_database,
        "SELECT s.id::text, s.name, round(ST_X(p)::numeric, 3)::text, round(ST_Y(p)::numeric, 3)::text"
        " FROM register.site s CROSS JOIN ST_PointOnSurface(s.geom) p WHERE NOT EXISTS"
        " (SELECT FROM published.site t WHERE t.release_id = %s AND t.id = s.id)",
        release.id,
    )
    assert len(hidden) == 10
    told = json.dumps(
        [rows(demo_database, table, release) for table in TABLES], default=str, ensure_ascii=False
    )
    place = "SELECT ST_AsText(geom) FROM published.site WHERE release_id = %s AND geom IS NOT NULL"
    cells = " ".join(text for (text,) in ask(demo_database, place, release.id))
    for site_id, name, lon, lat in hidden:
        assert site_id not in told
        assert name not in told
        assert not (lon and f"{lon} {lat}" in cells)
    assert ask(demo_database, "SELECT name FROM published.site LIMIT 1")[0][0] in told


def test_a_place_is_the_centre_of_its_cell(demo_database: Database, release: Release) -> None:
    off = ask(
        demo_database,
        "SELECT s.id FROM published.site s WHERE s.release_id = %s AND (location_accuracy <> 'cell'"
        " OR abs(round(ST_X(s.geom)::numeric, 6)) %% 0.01 <> 0.005"
        " OR abs(round(ST_Y(s.geom)::numeric, 6)) %% 0.01 <> 0.005)"
        " AND s.geom IS NOT NULL",
        release.id,
    )
    assert off == []


def test_the_attacker_finds_nothing_in_what_is_stored(demo_database: Database, release: Release) -> None:
    with demo_database.transaction() as connection:
        stored = releases.find_published_people(connection)
    assert len(stored) >= 4
    assert [attack(of_series) for of_series in stored.values()] == [[]] * len(stored)
    assert any(
        n is None
        for of_series in stored.values()
        for days in of_series
        for day in days.values()
        for _, n in day.provinces
    )
    assert release.id


def test_a_release_that_tells_a_withheld_number_is_not_made(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def naive(people: dict[str, int]) -> PublishedPeople:
        numbers = tuple((code, rounded(n)) for code, n in sorted(people.items()))
        return PublishedPeople(numbers, rounded(sum(people.values())))

    with undone(database) as scratch:
        # 9 and 8 people, whose rounded sum leaves neither below 6.
        for region, n in (("64.72", 9), ("65.71", 8)):
            counted(scratch, new_site(scratch, region), "2016-01-01", n)
        monkeypatch.setattr("gis.services.publication_rows.publish_people", naive)
        for make in (publication.publish, publication.preview):
            with pytest.raises(ConflictError, match="withheld number"):
                make(scratch)
        assert publication.find_releases(scratch) == []
        monkeypatch.undo()
        assert publication.publish(scratch).number == 1


def test_the_same_register_has_the_same_checksum(scratch: Database, release: Release) -> None:
    again = publication.publish(scratch, "Yang kedua")
    assert again.checksum == release.checksum
    assert (again.id, again.number) == (f"{release.id}.2", 2)
    ask(scratch, "UPDATE register.site SET name = name || ' (baru)' WHERE name = 'Bayur'")
    assert publication.publish(scratch).checksum != release.checksum


def test_releases_never_go_back(scratch: Database) -> None:
    with pytest.raises(ConflictError, match="never go back"):
        publication.publish(scratch, on=date(2020, 1, 1))
    with pytest.raises(InvalidInputError):
        publication.publish(scratch, "x" * 2001)


@pytest.mark.parametrize("table", ALL_TABLES)
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "TRUNCATE {} CASCADE", "UPDATE {} SET {} = {}"])
def test_a_release_never_changes_for_its_owner_either(
    scratch: Database, release: Release, table: str, statement: str
) -> None:
    with scratch.transaction() as connection:
        row = connection.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'published'"
            " AND table_name = %s LIMIT 1",
            [table],
        ).fetchone()
        assert row is not None
        parts = [sql.Identifier("published", table), *[sql.Identifier(row[0])] * 2]
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation), connection.transaction():
            connection.execute(sql.SQL(statement).format(*parts[: statement.count("{}")]))
    assert [each.id for each in publication.find_releases(scratch)] == [release.id]


ANOTHER = {  # what makes a row of a table another one
    **{table: {"figure_on": "1990-01-01"} for table in ("figure", "people")},
    **{table: {"id": 1} for table in ("site", "decree", "claim", "centre")},
    "event": {"number": 99},
    "aid": {"payer": "nobody"},
    "reactivation": {"year": 1990},
    "region": {"code": "00"},
    "place": {"regency_today": "00.00"},
}


@pytest.mark.parametrize("table", ANOTHER)
def test_nothing_is_added_to_what_is_out(scratch: Database, release: Release, table: str) -> None:
    statement = sql.SQL(
        "INSERT INTO published.{0} SELECT t.* FROM published.{0} o, jsonb_populate_record(o, %s) t LIMIT 1"
    )
    with (
        scratch.transaction() as connection,
        pytest.raises(psycopg.errors.IntegrityConstraintViolation),
        connection.transaction(),
    ):
        connection.execute(statement.format(sql.Identifier(table)), [Jsonb(ANOTHER[table])])
    assert set(TABLES) < ANOTHER.keys()
    assert publication.find_releases(scratch) == [release]


def test_one_release_is_made_at_a_time(demo_database: Database, release: Release) -> None:
    with demo_database.transaction() as connection:
        releases.hold_publication(connection)
        with pytest.raises(ConflictError, match="just now"):
            publication.publish(demo_database)
    assert publication.find_releases(demo_database) == [release]


@pytest.mark.parametrize("role", [Role.planner, Role.approver, Role.province])
def test_who_is_no_admin_makes_none(
    demo_database: Database,
    as_app: Callable[[Database], Database],
    actor: Actor,
    release: Release,
    role: Role,
) -> None:
    identity = actor(demo_database, role, "64" if role is Role.province else None)
    app = as_app(demo_database)
    with pytest.raises(ForbiddenError):
        publication.publish(app.acting_as(identity, read_only=False))
    assert publication.find_releases(demo_database) == [release]
    if role is not Role.province:
        assert publication.preview(app.acting_as(identity)).contents["site"]


def test_an_admin_makes_one_and_the_trail_says_so(
    demo_database: Database, as_app: Callable[[Database], Database], actor: Actor, release: Release
) -> None:
    admin = actor(demo_database, Role.admin)
    app = as_app(demo_database)
    assert publication.preview(app.acting_as(admin)).contents["site"]
    made = publication.publish(app.acting_as(admin, read_only=False), "Oleh admin")
    assert made.checksum == release.checksum
    trail = audit.find_audit(app.acting_as(admin), AuditQuery(table="release"))
    assert [(row.account_name, row.row_key) for row in trail] == [
        (admin.name, made.id),
        ("operator", release.id),
    ]
    assert (trail[0].after or {})["note"] == "Oleh admin"
    assert made.published_on == today()


def new_site(database: Database, regency: str, site_type: str = "lokalisasi") -> int:
    """Enter a site of which the regency alone is known, on record since 2012."""
    ((site_id,),) = ask(
        database,
        "INSERT INTO register.site (name, site_type, location_accuracy, location_source,"
        " declared_region_codes) VALUES ('Uji', %s, 'regency', 'uji', ARRAY[%s]) RETURNING id",
        *(site_type, regency),
    )
    found: int = site_id
    entered(database, found, "recorded", "2012-01-01")
    return found


def counted(database: Database, site_id: int, on: str, n: int) -> None:
    """Enter a number of residents."""
    ask(
        database,
        "INSERT INTO register.headcount (site_id, counted_on, n, definition, source)"
        " VALUES (%s, %s, %s, 'resident', 'uji')",
        *(site_id, on, n),
    )


def entered(database: Database, site_id: int, kind: str, on: str, **more: Any) -> int:
    """Enter an event, and return its id."""
    values = {"precision": "day", "corrects": None, **more}
    ((event_id,),) = ask(
        database,
        "INSERT INTO register.event (site_id, kind, occurred_on, date_precision, corrects_id, source)"
        " VALUES (%s, %s, %s, %s, %s, 'uji') RETURNING id",
        *(site_id, kind, on, values["precision"], values["corrects"]),
    )
    found: int = event_id
    return found


def published(database: Database) -> tuple[dict[int, Row], dict[int, list[Row]]]:
    """A new release: its sites, and their events, without the id of the release."""
    made = publication.publish(database)
    sites = {row["id"]: row for row in rows(database, "site", made)}
    events: dict[int, list[Row]] = {}
    for row in rows(database, "event", made):
        events.setdefault(row["site_id"], []).append({**row, "release_id": None})
    return {site_id: {**row, "release_id": None} for site_id, row in sites.items()}, events


def test_nothing_that_was_published_falls_back(scratch: Database) -> None:
    sites, events = published(scratch)
    helped = [site for site, log in events.items() if {"closed", "assisted"} <= {e["kind"] for e in log}]
    forgotten, unclosed, reopened, helped_after, moved, seen_late = helped[:6]
    log = "SELECT id, kind, occurred_on FROM register.event WHERE site_id = %s AND NOT planned ORDER BY id"
    for event_id, _, _ in ask(scratch, log, forgotten):
        entered(scratch, forgotten, "retraction", "2026-01-01", corrects=event_id)
    for event_id, kind, _ in ask(scratch, log, unclosed):
        if kind == "closed":
            entered(scratch, unclosed, "retraction", "2026-01-01", corrects=event_id)
    entered(scratch, reopened, "reactivated", "2025-06-01")
    # A reactivation between the closing and the help that was told: learned too late.
    closed_on = sites[helped_after]["closed_on"]
    entered(scratch, helped_after, "reactivated", str(closed_on.replace(day=28)))
    ask(
        scratch,
        "UPDATE register.site SET name = 'Nama lain', location_accuracy = 'exact',"
        " geom = ST_SetSRID(ST_MakePoint(117.1536, -0.5022), 4326),"
        " source_url = 'https://example.org/aktif-kembali' WHERE id = %s",
        moved,
    )
    entered(scratch, seen_late, "closed", "2009-05-05")

    later_sites, later_events = published(scratch)
    assert later_sites.keys() == sites.keys()
    for site_id, row in sites.items():
        assert later_sites[site_id]["closed_on"] == row["closed_on"]
        if site_id != moved:
            assert later_sites[site_id] == row
    for site_id in (unclosed, reopened, helped_after, moved, seen_late):
        assert later_events[site_id] == events[site_id]
    closing = [row for row in events[forgotten] if row["kind"] == "closed"]
    assert [{**row, "number": number} for number, row in enumerate(closing, 1)] == later_events[forgotten]
    assert later_sites[moved]["name"] == "Nama lain"
    assert later_sites[moved]["source_url"] == sites[moved]["source_url"]
    assert published(scratch) == (later_sites, later_events)


def test_a_site_that_is_open_again_looks_like_the_others(scratch: Database) -> None:
    before, events = published(scratch)
    first = publication.find_releases(scratch)[0]
    reopened = next(iter(before))
    entered(scratch, reopened, "reactivated", "2026-02-01")
    entered(scratch, reopened, "sealed", "2026-03-01")
    entered(scratch, reopened, "assisted", "2026-04-01")
    assert published(scratch) == (before, events)
    second = publication.find_releases(scratch)[0]
    for table in set(TABLES) - {"reactivation"}:
        same = [
            [{**row, "release_id": None} for row in rows(scratch, table, made)] for made in (first, second)
        ]
        assert same[0] == same[1], table
    years = [
        {row["year"]: row["sites"] for row in rows(scratch, "reactivation", made)} for made in (first, second)
    ]
    assert years[1] == {**years[0], 2026: years[0].get(2026, 0) + 1}


def test_a_closing_by_its_year_is_told_from_its_end_when_it_was_reversed(scratch: Database) -> None:
    site_id = new_site(scratch, "64.72")
    entered(scratch, site_id, "closed", "2014-01-01", precision="year")
    entered(scratch, site_id, "reactivated", "2014-06-01")
    sites, events = published(scratch)
    assert sites[site_id]["closed_on"] == date(2014, 12, 31)
    assert [(row["kind"], row["occurred_on"]) for row in events[site_id]] == [("closed", date(2014, 1, 1))]


def test_a_release_of_an_empty_register_has_nothing_in_it(database: Database) -> None:
    made = publication.publish(database)
    assert {table: rows(database, table, made) for table in TABLES} == {table: [] for table in TABLES}
    assert (made.synthetic, made.number) == (False, 1)


KINDS = ("verified", "decreed", "closed", "assisted", "monitored", "reactivated", "sealed")
REGENCIES = ("64.72", "64.71", "65.71", "33.74", "21.71")
DAYS = st.dates(date(2012, 2, 1), date(2020, 12, 31))
SITE = st.integers(0, 7)
ENTRIES = st.lists(
    st.one_of(
        st.tuples(st.just("event"), SITE, st.sampled_from(KINDS), DAYS, st.sampled_from(DatePrecision)),
        st.tuples(st.just("count"), SITE, st.integers(0, 25), DAYS),
        st.tuples(st.just("retraction"), st.integers(0, 40)),
    ),
    max_size=12,
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ENTRIES, min_size=2, max_size=3))
def test_random_registers_are_published_again_and_again(
    database: Database, chapters: list[list[tuple[Any, ...]]]
) -> None:
    with undone(database) as scratch:
        places = [*REGENCIES, *REGENCIES[:3]]
        ids = [new_site(scratch, code, "lokalisasi" if n < 6 else "lokasi") for n, code in enumerate(places)]
        log: list[int] = []
        closed: dict[int, date] = {}
        for chapter in chapters:
            for what, number, *more in chapter:
                if what == "event":
                    kind, on, precision = more
                    log.append(entered(scratch, ids[number], kind, str(on), precision=precision))
                elif what == "count":
                    counted(scratch, ids[number], str(more[1]), more[0])
                elif number < len(log):
                    retract(scratch, log.pop(number))
            told = {site_id: row["closed_on"] for site_id, row in published(scratch)[0].items()}
            assert closed.items() <= told.items()
            closed = told
            by_region: dict[tuple[str, str], list[int]] = {}
            for row in rows(scratch, "figure", publication.find_releases(scratch)[0]):
                by_region.setdefault((row["province_code"], row["site_type"]), []).append(row["closed"])
            assert all(counts == sorted(counts) for counts in by_region.values())
        with scratch.transaction() as connection:
            stored = releases.find_published_people(connection)
        assert all(attack(of_series) == [] for of_series in stored.values())


def retract(database: Database, event_id: int) -> None:
    """Take an event back."""
    ((site_id,),) = ask(database, "SELECT site_id FROM register.event WHERE id = %s", event_id)
    entered(database, site_id, "retraction", "2026-01-01", corrects=event_id)
