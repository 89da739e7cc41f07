"""The register's revision: another one after every commit that wrote, and never the same for other data."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any

import psycopg
import pytest

from gis.database.connection import Database
from gis.database.revisions import read_revision
from gis.domain.access import Identity, Role
from gis.errors import ForbiddenError
from tests.conftest import TestServer

# Nothing that is kept under the revision depends on these; every other table counts.
UNCOUNTED = {
    *("account", "session", "sign_in_attempt", "token"),  # who asks; answers are kept by their scope
    *("audit", "batch", "batch_file", "collection", "column_mapping", "draft"),  # approval writes facts
    *("revision_base", "revision_step"),
    *("ready_site", "ready_count"),  # made of the tables that count, in the same transaction
}
ADDED = (
    "INSERT INTO register.site (name, site_type, location_accuracy, location_source, geom)"
    " VALUES ('Contoh', 'lokalisasi', 'exact', 'test', ST_Point(117.15, -0.5, 4326)) RETURNING id"
)


def revision(database: Database) -> str:
    with database.transaction() as connection:
        return read_revision(connection)


def number(database: Database) -> int:
    return int(revision(database).partition(".")[2])


def steps(database: Database) -> int:
    return int(scalar(database, "SELECT count(*) FROM register.revision_step"))


def scalar(database: Database, statement: str) -> Any:
    with database.transaction() as connection:
        row = connection.execute(statement.encode()).fetchone()
    assert row is not None
    return row[0]


@contextmanager
def connected(database: Database) -> Iterator[psycopg.Connection]:
    """A connection of its own, whose transaction the test ends."""
    with psycopg.connect(database.conninfo) as connection:
        yield connection
        connection.rollback()


def test_a_commit_steps_once_and_a_rollback_not(database: Database) -> None:
    before = number(database)
    with connected(database) as writer:
        writer.execute(ADDED)
        writer.execute("UPDATE register.site SET name = 'Lain'")
        assert number(database) == before
        writer.rollback()
        assert number(database) == before
        writer.execute(ADDED)
        writer.execute("UPDATE register.site SET name = 'Lain'")
        writer.commit()
    assert number(database) == before + 1


def test_what_a_savepoint_took_back_leaves_the_step_of_what_stayed(database: Database) -> None:
    before = number(database)
    with connected(database) as writer:
        with writer.transaction(force_rollback=True):
            writer.execute(ADDED)
        writer.execute(ADDED)
        writer.commit()
    assert number(database) == before + 1


def test_writers_at_the_same_time_neither_wait_nor_lose_a_step(database: Database) -> None:
    before = number(database)
    with ExitStack() as stack:
        writers = [stack.enter_context(connected(database)) for _ in range(4)]
        for writer in writers:  # one thread: a writer that waited for another would wait for ever
            writer.execute("SET lock_timeout = '2s'")
            writer.execute(ADDED)
        seen = []
        for writer in reversed(writers):
            writer.commit()
            seen.append(number(database))
    assert seen == [before + n for n in (1, 2, 3, 4)]


def test_steps_are_summed_up_while_many_write_and_the_number_stays_right(database: Database) -> None:
    before = number(database)

    def write(_: int) -> None:
        with connected(database) as writer:
            for _n in range(40):
                writer.execute("UPDATE register.neighbour SET name = name WHERE false")
                writer.commit()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(write, range(4)))
    assert number(database) == before + 160
    assert steps(database) <= 60


def test_a_writer_with_one_snapshot_leaves_summing_up_to_others(database: Database) -> None:
    with connected(database) as old:
        old.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        old.execute("SELECT 1")
        before = number(database)
        with connected(database) as writer:
            for _ in range(60):
                writer.execute("UPDATE register.neighbour SET name = name WHERE false")
                writer.commit()
        old.execute(ADDED)
        old.commit()
    assert number(database) == before + 61


def test_a_snapshot_keeps_its_revision(database: Database) -> None:
    with connected(database) as reader, connected(database) as writer:
        reader.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        before = read_revision(reader)
        writer.execute(ADDED)
        writer.commit()
        assert read_revision(reader) == before
        reader.rollback()
        assert read_revision(reader) != before


def test_many_rows_are_one_step(database: Database) -> None:
    before = number(database)
    with connected(database) as writer:
        writer.execute(
            "INSERT INTO register.site (name, site_type, location_accuracy, location_source, geom)"
            " SELECT 'Contoh ' || n, 'lokalisasi', 'exact', 'test', ST_Point(117.15, -0.5, 4326)"
            " FROM generate_series(1, 500) n"
        )
        writer.commit()
    assert number(database) == before + 1


def test_every_table_that_is_read_counts(database: Database) -> None:
    with database.transaction() as connection:
        rows = connection.execute(
            "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'register'::regnamespace"
            " AND c.relkind = 'r' AND NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid"
            " AND t.tgname = 'zz_revision' AND t.tgtype & 60 = 60)"  # on all four kinds of write
        )
        assert {name for (name,) in rows} <= UNCOUNTED


@pytest.mark.parametrize(("role", "code"), [(Role.planner, None), (Role.province, "64")])
def test_who_reads_the_register_reads_its_revision_and_nothing_of_how_it_is_made(
    database: Database, actor: Callable[..., Identity], role: Role, code: str | None
) -> None:
    acting = database.acting_as(actor(database, role, code))
    assert revision(acting) == revision(database)
    with pytest.raises(ForbiddenError):
        steps(acting)


def test_another_database_counts_under_another_name(
    cluster: TestServer, template_database: str, database: Database
) -> None:
    name = cluster.clone(f"{template_database}_twin"[:63], template_database)
    try:
        with Database(cluster.conninfo(name)) as twin:
            assert revision(twin).partition(".")[0] != revision(database).partition(".")[0]
    finally:
        cluster.drop(name)
