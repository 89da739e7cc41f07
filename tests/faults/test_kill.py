"""Killed in the middle of imports, twenty times: what was acknowledged is there, and nothing by half."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest

from gis.config import PROJECT_DIRECTORY, Settings
from gis.database import server_processes
from gis.database.cluster import Cluster
from gis.database.connection import Database
from gis.database.server_user import server_user
from gis.services.backups import back_up, restore
from gis.services.folders import remove_abandoned
from gis.services.imports import importing
from tests.faults import kill_writer

WRITER = Path(__file__).with_name("kill_writer.py")
KILLS = 20
# Of a list of 40 rows: sites, events, headcounts, states, joins, and rows of the audit trail about them.
WHOLE = (40, 80, 40, 40, 80, 160)

FACTS = """
WITH part (list, noun) AS (
    SELECT location_source, 0 FROM register.site
    UNION ALL SELECT source, 1 FROM register.event
    UNION ALL SELECT source, 2 FROM register.headcount
    UNION ALL SELECT s.location_source, 3 FROM register.site s JOIN register.site_state t ON t.site_id = s.id
    UNION ALL SELECT s.location_source, 4 FROM register.site s JOIN register.site_region r ON r.site_id = s.id
    UNION ALL SELECT coalesce(after ->> 'location_source', after ->> 'source'), 5 FROM register.audit
              WHERE table_name IN ('site', 'event', 'headcount')
)
SELECT split_part(list, ' ', 2)::integer, count(*) FILTER (WHERE noun = 0), count(*) FILTER (WHERE noun = 1),
       count(*) FILTER (WHERE noun = 2), count(*) FILTER (WHERE noun = 3), count(*) FILTER (WHERE noun = 4),
       count(*) FILTER (WHERE noun = 5)
FROM part GROUP BY 1
"""
BATCHES = """
SELECT split_part(b.idempotency_key, ' ', 2)::integer, b.state, b.receipt,
       (SELECT count(*) FROM register.draft d WHERE d.batch_id = b.id),
       (SELECT count(*) FROM register.batch_file f WHERE f.batch_id = b.id)
FROM register.batch b
"""
Facts = dict[int, tuple[int, ...]]
Receipt = dict[str, Any]


class Writer:
    """The worker's program; what it says is kept by its reader's thread."""

    def __init__(self, register: "Register", folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(WRITER), register.conninfo, *map(str, register.accounts)],
            env={
                **os.environ,
                "PYTHONPATH": str(PROJECT_DIRECTORY),
                "TMPDIR": str(folder),
                "ATLAS_HOME": str(register.cluster.home),
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.done: dict[int, Receipt] = {}
        self.seconds = 0.5
        self.away = 0
        self._pid = 0
        self._statuses: list[int] = []
        self._heard = threading.Condition()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def begin(self, number: int) -> None:
        """Let a new worker begin with a list."""
        assert self.process.stdin is not None
        last = self._pid
        self.process.stdin.write(f"{number}\n")
        self.process.stdin.flush()
        with self._heard:
            assert self._heard.wait_for(lambda: self._pid != last, 60)

    def wait_for_one(self) -> None:
        """Wait until one more list is acknowledged."""
        known, ended = len(self.done), len(self._statuses)
        with self._heard:
            assert self._heard.wait_for(lambda: len(self.done) > known or len(self._statuses) > ended, 60)
        assert len(self._statuses) == ended, "the worker has ended by itself"

    def kill(self) -> None:
        """Kill the worker, and hear what it had still said."""
        ended = len(self._statuses)
        os.kill(self._pid, signal.SIGKILL)
        with self._heard:
            assert self._heard.wait_for(lambda: len(self._statuses) > ended, 60)
        assert self._statuses[-1] == signal.SIGKILL

    def end(self) -> None:
        """End the program, its worker, and what that had begun."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        assert self.process.stdin is not None
        self.process.stdin.close()
        self._reader.join()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                word, first, *rest = line.split(maxsplit=3)
                with self._heard:
                    if word == "begun":
                        self._pid = int(first)
                    elif word == "ended":
                        self._statuses.append(int(first))
                    elif word == "away":
                        self.away += 1
                    else:
                        self.seconds = float(rest[0])
                        self.done[int(first)] = json.loads(rest[1])
                    self._heard.notify_all()


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


class Register(NamedTuple):
    """A register of one's own, with an author and an approver."""

    cluster: Cluster
    accounts: tuple[int, int]

    @property
    def conninfo(self) -> str:
        return self.cluster.conninfo()

    def facts(self) -> Facts:
        with psycopg.connect(self.conninfo) as connection:
            return {number: tuple(map(int, counts)) for number, *counts in connection.execute(FACTS)}

    def batches(self) -> dict[int, tuple[Any, ...]]:
        with psycopg.connect(self.conninfo) as connection:
            return {number: tuple(found) for number, *found in connection.execute(BATCHES)}

    def check(self, acknowledged: dict[int, Receipt]) -> Facts:
        """What was acknowledged is there, and whatever is there is there whole."""
        facts = self.facts()
        assert acknowledged.keys() <= facts.keys()
        assert set(facts.values()) <= {WHOLE}
        batches = self.batches()
        for number, (state, receipt, drafts, files) in batches.items():
            assert files == 1
            assert drafts in (0, 160)
            assert drafts == 160 or state == "draft"
            assert number in facts or receipt is None or number > max(facts)  # read a moment later
        for number, told in acknowledged.items():
            assert batches[number][:2] == ("approved", told)
        return facts


@pytest.fixture
def register(stopped_cluster: Cluster, empty_register: Path) -> Register:
    """In a running cluster, with boundaries, as durable as a real one."""
    cluster = Cluster(stopped_cluster.home)
    cluster.start()
    with Database(cluster.conninfo()) as database:
        restore(database, empty_register, lambda *_: None)
        with database.transaction() as connection:
            rows = connection.execute(
                "INSERT INTO register.account (name, role, region_code)"
                " VALUES ('author', 'province', '64'), ('approver', 'approver', NULL) RETURNING id"
            ).fetchall()
    return Register(cluster, (rows[0][0], rows[1][0]))


@pytest.fixture
def writer(register: Register, tmp_path: Path) -> Iterator[Writer]:
    writer = Writer(register, tmp_path)
    yield writer
    writer.end()


def folders(register: Register) -> list[Path]:
    """Those in which files are being read, or were when their reader was killed."""
    return list(register.cluster.home.glob("reading-*/file-*"))


def test_killed_imports_leave_whole_ones_only(register: Register, writer: Writer, tmp_path: Path) -> None:
    dice = random.Random(20)
    cut = left = 0
    writer.begin(0)
    for kill in range(KILLS):
        writer.wait_for_one()
        time.sleep(dice.uniform(0, writer.seconds))
        if kill % 2:
            kill_server(register.cluster)
            assert register.cluster.start() is True
        else:
            writer.kill()
            left += len(folders(register))
            begun = max(writer.done) + 1
            cut += begun not in register.facts()
            writer.begin(begun)  # as a sender does who got no receipt
        register.check(dict(writer.done))
    assert writer.away > 0, "no writer met the dead server"
    assert cut > 0, "no kill came in the middle of an import"
    assert len(writer.done) >= KILLS
    writer.kill()
    remove_abandoned(Settings(home=register.cluster.home))
    assert left > 0, "no kill came while a file was being read"
    assert folders(register) == list(tmp_path.iterdir()) == []


def test_the_same_key_gives_the_same_receipt_after_a_kill(register: Register, writer: Writer) -> None:
    writer.begin(0)
    writer.wait_for_one()
    kill_server(register.cluster)
    writer.kill()
    assert register.cluster.start() is True
    found = register.check(writer.done)
    with Database(register.conninfo) as database:
        again = importing.import_at_once(database, kill_writer.listed(0), {})
    assert again == writer.done[0]
    assert register.facts() == found
