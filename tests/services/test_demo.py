"""Loading data/demo into PostGIS: all of it, once, and as the files say."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from psycopg import sql

from gis.config import PROJECT_DIRECTORY
from gis.database import Database
from gis.database.health import is_empty
from gis.errors import AtlasError
from gis.services import demo
from gis.services.boundaries import read_regions
from gis.services.demo_files import read_register, write_register
from gis.services.demo_generator.at_scale import synthetic_register

DEMO = PROJECT_DIRECTORY / "data" / "demo"
TABLES = (
    "site",
    "site_region",
    "event",
    "headcount",
    "site_state",
    "claim",
    "plan",
    "centre",
    "occupancy",
    "aid",
)


def _everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """All rows of the tables that a load writes, times of entry included."""
    with database.transaction() as connection:
        return {
            table: connection.execute(
                sql.SQL("SELECT t::text FROM {} t ORDER BY 1").format(sql.Identifier(table))
            ).fetchall()
            for table in TABLES
        }


def test_every_row_of_the_files_is_in_the_register(demo_database: Database) -> None:
    register = read_register(DEMO)
    with demo_database.transaction() as connection:
        sites = connection.execute("SELECT count(*) FROM site").fetchone()
        headcounts = connection.execute("SELECT count(*) FROM headcount").fetchone()
        keys = connection.execute("SELECT external_id FROM event ORDER BY id").fetchall()
        corrections = connection.execute(
            "SELECT e.external_id, c.external_id FROM event e JOIN event c ON c.id = e.corrects_id"
        ).fetchall()
    assert sites == (len(register.sites),)
    assert [key for (key,) in keys] == [event.external_id for event in register.events]
    assert headcounts == (len(register.headcounts),)
    assert set(corrections) == {
        (event.external_id, event.corrects_external_id)
        for event in register.events
        if event.corrects_external_id
    }


def test_loading_twice_changes_nothing(demo_database: Database) -> None:
    before = _everything(demo_database)
    report = demo.load(demo_database, DEMO)
    assert (report.sites.inserted, report.events.inserted, report.headcounts.inserted) == (0, 0, 0)
    assert report.events.present == len(before["event"])
    assert (report.claims.inserted, report.claims.present) == (0, len(before["claim"]))
    assert (report.plans.inserted, report.plans.present) == (0, len(before["plan"]))
    assert _everything(demo_database) == before


@pytest.mark.parametrize(
    ("as_of", "closed_of_total"),
    [("2016-02-22", (68, 168)), ("2018-10-31", (125, 169)), ("2019-11-19", (162, 169))],
)
def test_the_database_derives_the_anchors(
    demo_database: Database, as_of: str, closed_of_total: tuple[int, int]
) -> None:
    with demo_database.transaction() as connection:
        found = connection.execute(
            """SELECT count(*) FILTER (WHERE status_group = 'closed'), count(*)
               FROM site JOIN site_state ON site_id = id
               WHERE site_type = 'lokalisasi' AND valid @> %s::date""",
            [as_of],
        ).fetchone()
    assert found == closed_of_total


def test_every_site_is_joined_with_the_regencies_that_it_claims(demo_database: Database) -> None:
    with demo_database.transaction() as connection:
        found = connection.execute(
            """SELECT s.id, array_agg(r.region_code ORDER BY r.is_primary DESC, r.share DESC)
               FROM site s JOIN site_region r ON r.site_id = s.id AND r.level = 'regency' GROUP BY s.id"""
        ).fetchall()
    claimed = {site.id: list(site.declared_region_codes) for site in read_register(DEMO).sites}
    assert dict(found) == claimed


def test_what_is_loaded_is_approved_and_known_from_its_report(demo_database: Database) -> None:
    with demo_database.transaction() as connection:
        rows = connection.execute("SELECT external_id, known_on FROM event").fetchall()
        unapproved = connection.execute("SELECT count(*) FROM event WHERE approved_at IS NULL").fetchone()
    assert unapproved == (0,)
    assert dict(rows) == {event.external_id: event.reported_on for event in read_register(DEMO).events}


def test_a_file_that_grew_adds_only_what_is_new(demo_database: Database, tmp_path: Path) -> None:
    register = read_register(DEMO)
    last = register.events[-1]
    more = last.model_copy(
        update={
            "external_id": "test:more",
            "kind": "monitored",
            "occurred_on": date(2026, 6, 1),
            "corrects_external_id": last.external_id,
        }
    )
    write_register(tmp_path, register.sites, [*register.events, more], register.headcounts)
    report = demo.load(demo_database, tmp_path)
    assert (report.sites.inserted, report.events.inserted, report.headcounts.inserted) == (0, 1, 0)
    with demo_database.transaction() as connection:
        corrected = connection.execute(
            "SELECT c.external_id FROM event e JOIN event c ON c.id = e.corrects_id WHERE e.external_id = %s",
            ["test:more"],
        ).fetchone()
    assert corrected == (last.external_id,)


def test_a_load_that_fails_leaves_nothing(database: Database, tmp_path: Path) -> None:
    # A blank name passes the row's own check and is refused by the table, after other rows went in.
    shutil.copytree(DEMO, tmp_path, dirs_exist_ok=True)
    register = read_register(DEMO)
    blank = register.sites[-1].model_copy(update={"name": " "})
    write_register(tmp_path, [*register.sites[:-1], blank], register.events, register.headcounts)
    with pytest.raises(AtlasError):
        demo.load(database, tmp_path)
    with database.transaction() as connection:
        assert is_empty(connection)


def test_a_large_register_is_repeatable_on_land_and_loads(database: Database, tmp_path: Path) -> None:
    boundaries = read_regions(PROJECT_DIRECTORY / "data" / "boundaries")
    register = synthetic_register(boundaries, 500, seed=3)
    assert register == synthetic_register(boundaries, 500, seed=3)
    write_register(tmp_path, register.sites, register.events, register.headcounts)
    assert demo.load(database, tmp_path).sites.inserted == 500
    with database.transaction() as connection:
        elsewhere = connection.execute(
            "SELECT count(*) FROM site WHERE regency_code IS DISTINCT FROM declared_region_codes[1]"
        ).fetchone()
        events = connection.execute(
            "SELECT min(n), max(n) FROM (SELECT count(*) AS n FROM event GROUP BY site_id) e"
        ).fetchone()
    assert elsewhere == (0,)
    assert events == (2, 5)
