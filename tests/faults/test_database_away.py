"""While the database is away callers are told so quickly; when it is back, the same pool works again."""

import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest

from gis.database import server_processes
from gis.database.cluster import Cluster
from gis.database.connection import Database
from gis.database.server_user import server_user
from gis.errors import UnavailableError

QUICKLY_S = 5.0


@pytest.fixture
def database(own_cluster: Cluster) -> Iterator[Database]:
    with Database(own_cluster.conninfo()) as database:
        ask(database)
        yield database


def ask(database: Database) -> int:
    with database.transaction() as connection:
        row = connection.execute("SELECT 42").fetchone()
    assert row is not None
    return int(row[0])


def assert_quickly_unavailable(database: Database) -> None:
    begin = time.monotonic()
    with pytest.raises(UnavailableError) as caught:
        ask(database)
    assert time.monotonic() - begin < QUICKLY_S
    assert caught.value.retry_after_s > 0


def wait_for_recovery(database: Database, limit_s: float) -> None:
    deadline = time.monotonic() + limit_s
    while True:
        try:
            assert ask(database) == 42
        except UnavailableError:
            assert time.monotonic() < deadline, "the pool did not come back"
        else:
            return


def test_the_same_pool_survives_a_stop_and_a_start(database: Database, own_cluster: Cluster) -> None:
    own_cluster.stop()
    for _ in range(2):  # long enough for the pool's own attempts to be given up
        assert_quickly_unavailable(database)
    own_cluster.start()
    wait_for_recovery(database, limit_s=10)


def test_the_same_pool_survives_a_crash(database: Database, own_cluster: Cluster) -> None:
    pid = own_cluster.status().pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    user = server_user(own_cluster.files.directory)
    while server_processes.find_own(user, own_cluster.files.data):  # a backend answers until it notices
        time.sleep(0.02)
    assert_quickly_unavailable(database)
    own_cluster.start()
    wait_for_recovery(database, limit_s=10)


def test_a_statement_that_is_under_way_is_told_too(database: Database, own_cluster: Cluster) -> None:
    caught: list[BaseException] = []

    def sleep() -> None:
        try:
            with database.transaction() as connection:
                connection.execute("SELECT pg_sleep(30)")
        except UnavailableError as error:
            caught.append(error)

    thread = threading.Thread(target=sleep)
    thread.start()
    time.sleep(0.3)
    own_cluster.stop()
    thread.join(timeout=10)
    assert len(caught) == 1


def test_a_pool_that_was_made_while_the_server_was_away_works_later(stopped_cluster: Cluster) -> None:
    with Database(stopped_cluster.conninfo()) as database:
        assert_quickly_unavailable(database)
        stopped_cluster.start()
        wait_for_recovery(database, limit_s=10)
