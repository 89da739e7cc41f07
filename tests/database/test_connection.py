"""The pool: how connections are set up, and what becomes of the driver's errors."""

import threading

import psycopg
import pytest

from gis.database.connection import Database
from gis.errors import ConflictError, DatabaseError, InvalidInputError, MigrationError, UnavailableError


@pytest.fixture(scope="module")
def scratch(database: Database) -> Database:
    with database.transaction() as connection:
        connection.execute(
            "CREATE TABLE register.scratch (id int PRIMARY KEY,"
            " n int NOT NULL CONSTRAINT n_small CHECK (n < 10),"
            " parent int CONSTRAINT has_parent REFERENCES register.scratch, span int4range,"
            " CONSTRAINT no_overlap EXCLUDE USING gist (span WITH &&))"
        )
        connection.execute("INSERT INTO scratch VALUES (1, 1, NULL, '[1,5)')")
    return database


def test_creating_one_neither_connects_nor_blocks() -> None:
    database = Database("postgresql://nobody@192.0.2.1/nowhere")
    assert database.conninfo
    database.close()


def test_every_connection_is_set_up_alike(database: Database) -> None:
    with database.transaction() as connection:
        row = connection.execute(
            "SELECT current_setting('search_path'), current_setting('TimeZone'),"
            " current_setting('statement_timeout'),"
            " current_setting('idle_in_transaction_session_timeout')"
        ).fetchone()
    assert row == ("register, public", "UTC", "30s", "1min")


def test_a_block_is_one_transaction(scratch: Database) -> None:
    with pytest.raises(ZeroDivisionError), scratch.transaction() as connection:  # noqa: PT012 - the block is it
        connection.execute("INSERT INTO scratch VALUES (50, 1)")
        raise ZeroDivisionError
    with scratch.transaction() as connection:
        assert connection.execute("SELECT FROM scratch WHERE id = 50").fetchone() is None
        connection.execute("INSERT INTO scratch VALUES (51, 1)")
    with scratch.transaction() as connection:
        assert connection.execute("SELECT FROM scratch WHERE id = 51").fetchone() is not None


def test_a_read_only_database_refuses_to_write(scratch: Database) -> None:
    with Database(scratch.conninfo, read_only=True) as reader:
        with pytest.raises(DatabaseError, match="read-only"), reader.transaction() as connection:
            connection.execute("INSERT INTO scratch VALUES (60, 1)")
        with reader.transaction() as connection:
            connection.execute("TABLE scratch")


def test_a_session_has_no_statement_timeout_and_commits_by_itself(scratch: Database) -> None:
    with scratch.session() as connection:
        row = connection.execute("SELECT current_setting('statement_timeout')").fetchone()
        assert row == ("0",)
        connection.execute("VACUUM scratch")


@pytest.mark.parametrize(
    ("statement", "expected", "words"),
    [
        ("INSERT INTO scratch VALUES (1, 1)", ConflictError, ["scratch", "scratch_pkey", "(id)=(1)"]),
        ("INSERT INTO scratch VALUES (2, 1, NULL, '[4,6)')", ConflictError, ["no_overlap"]),
        ("INSERT INTO scratch VALUES (2, 10)", InvalidInputError, ["scratch", "n_small"]),
        ("INSERT INTO scratch VALUES (2, NULL)", InvalidInputError, ["scratch.n"]),
        ("INSERT INTO scratch VALUES (2, 1, 77)", InvalidInputError, ["scratch", "has_parent", "77"]),
        ("SELECT 1 / 0", DatabaseError, ["22012", "division by zero"]),
        ("SELECT nonsense", MigrationError, ["atlas db migrate"]),
        ("SET LOCAL statement_timeout = 20; SELECT pg_sleep(5)", UnavailableError, ["too long"]),
        ("SELECT pg_terminate_backend(pg_backend_pid())", UnavailableError, ["try again"]),
    ],
)
def test_the_drivers_errors_become_ours(
    scratch: Database, statement: str, expected: type[Exception], words: list[str]
) -> None:
    with pytest.raises(expected) as caught, scratch.transaction() as connection:
        connection.execute(statement.encode())
    assert type(caught.value) is expected
    assert all(word in str(caught.value) for word in words), str(caught.value)
    assert isinstance(caught.value.__cause__, psycopg.Error)


def test_the_row_of_a_refused_check_stays_out_of_the_message(scratch: Database) -> None:
    with pytest.raises(InvalidInputError) as caught, scratch.transaction() as connection:
        connection.execute("INSERT INTO scratch VALUES (424242, 10)")
    assert "424242" not in str(caught.value)


def test_a_full_pool_says_so_quickly(scratch: Database) -> None:
    with Database(scratch.conninfo, max_size=1) as small, small.transaction():
        with pytest.raises(UnavailableError) as caught, small.transaction():
            pass
        assert caught.value.retry_after_s > 0


def test_a_connection_is_kept_apart_for_what_stands_by_itself(scratch: Database) -> None:
    with Database(scratch.conninfo, max_size=1) as small, small.transaction():
        with small.apart().transaction() as other:
            other.execute("INSERT INTO scratch VALUES (77, 1)")
        with scratch.transaction() as connection:  # while the first one is still open
            assert connection.execute("DELETE FROM scratch WHERE id = 77").rowcount == 1


def test_a_connection_that_was_cut_is_replaced_unseen(scratch: Database) -> None:
    with Database(scratch.conninfo, max_size=1) as small:
        with small.transaction() as connection:
            pid = connection.info.backend_pid
        with scratch.transaction() as connection:
            connection.execute("SELECT pg_terminate_backend(%(pid)s, 5000)", {"pid": pid})
        with small.transaction() as connection:
            assert connection.info.backend_pid != pid


def test_threads_share_one_pool(scratch: Database) -> None:
    found: list[int] = []

    def ask() -> None:
        with scratch.transaction() as connection:
            row = connection.execute("SELECT count(*) FROM scratch WHERE id = 1").fetchone()
            assert row is not None
            found.append(row[0])

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [1] * 20


def test_a_broken_address_is_refused_without_its_password() -> None:
    with pytest.raises(InvalidInputError, match="DATABASE_URL") as caught:
        Database("password=hunter2 junk")
    assert "hunter2" not in str(caught.value)
