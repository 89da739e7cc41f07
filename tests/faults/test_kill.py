"""Killed in the middle of writing, twenty times: what was acknowledged is there, and nothing by half."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from gis.config import PROJECT_DIRECTORY
from gis.database import server_processes
from gis.database.cluster import Cluster
from gis.database.connection import Database
from gis.database.server_user import server_user
from gis.services.backups import back_up, restore

WRITER = Path(__file__).with_name("kill_writer.py")
KILLS = 20
WHOLE = (
    40,
    80,
    40,
    80,
    80,
    160,
)  # of a load: sites, events, headcounts, states, joins, rows of the audit trail

LOADS = """
WITH part (load, noun) AS (
    SELECT location_source, 0 FROM register.site
    UNION ALL SELECT source, 1 FROM register.event
    UNION ALL SELECT source, 2 FROM register.headcount
    UNION ALL SELECT s.location_source, 3 FROM register.site s JOIN register.site_state t ON t.site_id = s.id
    UNION ALL SELECT s.location_source, 4 FROM register.site s JOIN register.site_region r ON r.site_id = s.id
    UNION ALL SELECT coalesce(after ->> 'location_source', after ->> 'source'), 5 FROM register.audit
)
SELECT split_part(load, ' ', 2)::integer, count(*) FILTER (WHERE noun = 0), count(*) FILTER (WHERE noun = 1),
       count(*) FILTER (WHERE noun = 2), count(*) FILTER (WHERE noun = 3), count(*) FILTER (WHERE noun = 4),
       count(*) FILTER (WHERE noun = 5)
FROM part GROUP BY 1
"""


class Writer:
    """The worker, in a process of its own; what it said is kept by its reader's thread."""

    def __init__(self, conninfo: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(WRITER), conninfo],
            env={**os.environ, "PYTHONPATH": str(PROJECT_DIRECTORY)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.done: list[int] = []
        self.away = 0
        self.acknowledged = threading.Event()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def begin(self, load: int) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{load}\n")
        self.process.stdin.flush()

    def kill(self) -> str:
        """Kill it, hear what it had still said, and return what it complained about until then."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self._reader.join()
        assert self.process.stdin is not None
        assert self.process.stderr is not None
        self.process.stdin.close()
        with self.process.stderr as complaints:
            return complaints.read()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                word, number = line.split()
                if word == "done":
                    self.done.append(int(number))
                    self.acknowledged.set()
                else:
                    self.away += 1


def kill_server(cluster: Cluster) -> None:
    """Kill the postmaster and every process of the server, all at once as far as it goes."""
    user = server_user(cluster.files.directory)
    pids = server_processes.find_own(user, cluster.files.data)
    assert pids
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue  # it followed the postmaster by itself


@pytest.fixture(scope="module")
def empty_register(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of a register with boundaries and without sites."""
    path = tmp_path_factory.mktemp("backup") / "empty.atlas"
    back_up(database, path, lambda *_: None)
    return path


@pytest.fixture
def register(stopped_cluster: Cluster, empty_register: Path) -> Cluster:
    """A running cluster with boundaries, as durable as a real one."""
    cluster = Cluster(stopped_cluster.home)
    cluster.start()
    with Database(cluster.conninfo()) as database:
        restore(database, empty_register, lambda *_: None)
    return cluster


@contextmanager
def spare(conninfo: str) -> Iterator[list[Writer]]:
    """Writers that wait for their turn; all are gone at the end."""
    writers: list[Writer] = []
    try:
        yield writers
    finally:
        for writer in writers:
            writer.kill()


def loads(cluster: Cluster) -> dict[int, tuple[int, ...]]:
    with psycopg.connect(cluster.conninfo()) as connection:
        return {load: tuple(map(int, counts)) for load, *counts in connection.execute(LOADS)}


def test_killed_writers_and_servers_leave_whole_loads_only(register: Cluster) -> None:
    dice = random.Random(20)
    acknowledged: set[int] = set()
    cut = away = 0
    with spare(register.conninfo()) as writers:
        writers += [Writer(register.conninfo()), Writer(register.conninfo())]
        writers[0].begin(0)
        for kill in range(KILLS):
            writers[0].acknowledged.clear()
            assert writers[0].acknowledged.wait(60)
            time.sleep(dice.uniform(0, 0.15))
            if kill % 2:
                kill_server(register)
                assert register.start() is True
                acknowledged.update(writers[0].done)
            else:
                killed = writers.pop(0)
                assert "Traceback" not in killed.kill()
                assert killed.process.returncode == -signal.SIGKILL
                acknowledged.update(killed.done)
                away += killed.away
                before = loads(register)
                begun = max(acknowledged, default=-1) + 1
                cut += begun not in before
                writers.append(Writer(register.conninfo()))
                writers[0].begin(begun)  # as a sender does who got no receipt
            found = loads(register)
            assert acknowledged <= set(found)
            assert set(found.values()) <= {WHOLE}
        last = max(found)
    assert set(loads(register)) >= set(range(last + 1)), "each load once, none left out"
    assert cut > 0, "no kill came in the middle of a load"
    assert away > 0, "no writer met the dead server"
    assert len(acknowledged) >= KILLS
