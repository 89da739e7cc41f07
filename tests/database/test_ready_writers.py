"""Many writers of the same sites at once: none waits for ever, none loses what another wrote."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg import IsolationLevel

from gis.database.connection import Connection, Database
from gis.database.ready_sites import find_wrong_ready

from .test_lifecycle import insert_site

TODAY = datetime.now(UTC).date()
DAYS = [TODAY + timedelta(days=n) for n in (0, 1, 30, 4000)]
WRITERS, TURNS, SITES = 6, 12, 8

# Of one site or of all; each statement finds its sites in an order of its own.
WRITES = {
    "an event": "INSERT INTO event (site_id, kind, occurred_on, source)"
    " VALUES (%(site)s, %(kind)s, current_date - %(days)s::int, 't')",
    "events of all": "INSERT INTO event (site_id, kind, occurred_on, source)"
    " SELECT id, %(kind)s, current_date - %(days)s::int, 't' FROM site ORDER BY random()",
    "people": "INSERT INTO headcount (site_id, counted_on, n, definition, source)"
    " VALUES (%(site)s, current_date + %(days)s::int, %(days)s::int + 40, 'resident', 't')",
    "people of all": "INSERT INTO headcount (site_id, counted_on, n, definition, source)"
    " SELECT id, current_date + %(days)s::int, %(days)s::int + 40, 'resident', 't' FROM site"
    " ORDER BY random()",
    "a name": "UPDATE site SET name = 'Situs ' || %(days)s::int WHERE id = %(site)s",
    "a place": "UPDATE site SET declared_region_codes = ARRAY[%(code)s] WHERE id = %(site)s",
}
KINDS = ("recorded", "socialised", "closed", "reactivated")
CODES = ("64.72", "64.71", "35.76", "33.24")


@contextmanager
def connected(database: Database) -> Iterator[Connection]:
    options = "-c search_path=register,public -c statement_timeout=60000"
    with psycopg.connect(database.conninfo, options=options) as connection:
        yield connection


@pytest.fixture
def sites(database: Database) -> list[int]:
    """Sites of which counts are summed up at each write."""
    with database.transaction() as connection:
        row = connection.execute(
            "SELECT pg_get_functiondef('register.sum_up_ready()'::regprocedure)"
        ).fetchone()
        assert row is not None
        assert "> 8000" in row[0]
        connection.execute(row[0].replace("> 8000", "> 0").encode())
        made = [insert_site(connection, f"Situs {n}") for n in range(SITES)]
        connection.execute(
            "INSERT INTO event (site_id, kind, occurred_on, source)"
            " SELECT id, 'recorded', '2005-01-01', 't' FROM site"
        )
        return made


def write(connection: Connection, sites: list[int], dice: random.Random) -> None:
    values = {
        "site": dice.choice(sites),
        "kind": dice.choice(KINDS),
        "days": dice.randint(-30, 30),
        "code": dice.choice(CODES),
    }
    connection.execute(WRITES[dice.choice(list(WRITES))], values)


def take_turns(database: Database, sites: list[int], seed: int) -> None:
    """Transactions of one write. Some are undone; some have one snapshot, and may be refused."""
    dice = random.Random(seed)
    with connected(database) as connection:
        for turn in range(TURNS):
            holds = turn % 4 == 3
            connection.isolation_level = IsolationLevel.REPEATABLE_READ if holds else None
            try:
                with connection.transaction(force_rollback=turn % 5 == 4):
                    with connection.transaction(force_rollback=True):
                        write(connection, sites, dice)
                    write(connection, sites, dice)
            except psycopg.errors.SerializationFailure:
                assert holds


def test_many_writers_of_the_same_sites(database: Database, sites: list[int]) -> None:
    with ThreadPoolExecutor(WRITERS) as threads:
        for done in [threads.submit(take_turns, database, sites, seed) for seed in range(WRITERS)]:
            done.result()
    with database.transaction() as connection:
        assert find_wrong_ready(connection, DAYS, 10) == []
        connection.execute("SELECT register.sum_up_ready()")
        assert find_wrong_ready(connection, DAYS, 10) == []
        row = connection.execute(
            "SELECT count(*), count(DISTINCT (province_code, regency_code, site_type, status_group,"
            " first_day, end_day)) FROM register.ready_count"
        ).fetchone()
        assert row is not None
        assert row[0] == row[1] > 0


def test_a_site_that_is_entered_while_its_region_is_renamed(database: Database) -> None:
    """Whoever renames waits for it, since he does not see it yet."""
    with (
        connected(database) as entering,
        connected(database) as renaming,
        connected(database) as watching,
        ThreadPoolExecutor(1) as threads,
    ):
        watching.autocommit = True
        site = insert_site(entering, "Baru")
        entering.execute(
            "INSERT INTO event (site_id, kind, occurred_on, source)"
            " VALUES (%s, 'recorded', '2010-01-01', 't')",
            [site],
        )
        rename = "UPDATE region SET name = 'Nama Lain' WHERE code = '64.72' AND upper_inf(valid)"
        renamed = threads.submit(renaming.execute, rename)
        waits = "SELECT count(*) FROM pg_locks WHERE pid = %s AND NOT granted"
        while not renamed.done() and watching.execute(waits, [renaming.info.backend_pid]).fetchone() == (0,):
            pass
        assert not renamed.done()
        entering.commit()
        renamed.result()
        renaming.commit()
        named = watching.execute("SELECT regency_name FROM register.ready_site WHERE id = %s", [site])
        assert named.fetchall() == [("Nama Lain",)]
    with database.transaction() as connection:
        assert find_wrong_ready(connection, DAYS, 10) == []
