"""A backup or a restore that is killed in the middle leaves nothing that looks like one."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from gis.config import PROJECT_DIRECTORY
from gis.database.cluster import Cluster
from gis.database.connection import Database
from gis.services.backups import back_up, restore
from tests.faults.test_kill import kill_server

PROGRAM = Path(__file__).with_name("kill_restore.py")
STEPS = ('processing data for table "register.event"', "creating INDEX", "creating TRIGGER", "checksums")


@pytest.fixture(scope="module")
def file(demo_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("backup") / "register.atlas"
    back_up(demo_database, path, lambda *_: None)
    return path


def begun(action: str, conninfo: str, path: Path, step: str) -> subprocess.Popen[str]:
    """The program, when it has said that it is at a step."""
    process = subprocess.Popen(
        [sys.executable, str(PROGRAM), action, conninfo, str(path)],
        env={**os.environ, "PYTHONPATH": str(PROJECT_DIRECTORY)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if step in line:
            return process
    raise AssertionError(f"never came to {step!r}")


def is_empty(cluster: Cluster) -> bool:
    with psycopg.connect(cluster.conninfo()) as connection:
        row = connection.execute(
            "SELECT to_regnamespace('register') IS NULL AND to_regclass('public.atlas_migration') IS NULL"
        ).fetchone()
    return row == (True,)


def test_a_killed_restore_leaves_nothing_and_does_not_block_the_next(
    file: Path, own_cluster: Cluster
) -> None:
    for step in STEPS:
        with begun("restore", own_cluster.conninfo(), file, step) as process:
            process.send_signal(signal.SIGKILL)
        assert process.returncode == -signal.SIGKILL
        assert is_empty(own_cluster)
    with Database(own_cluster.conninfo()) as database:
        assert restore(database, file, lambda *_: None).pending == ()


def test_a_server_that_dies_under_a_restore_holds_nothing(file: Path, own_cluster: Cluster) -> None:
    with begun("restore", own_cluster.conninfo(), file, STEPS[0]) as process:
        kill_server(own_cluster)
        assert process.stdout is not None
        told = process.stdout.read().splitlines()
    assert process.returncode == 0
    assert [line for line in told if line.startswith("refused: ")] == told[-1:]
    assert told[-1].startswith("refused: nothing was restored: ")
    assert own_cluster.start() is True
    assert is_empty(own_cluster)
    with Database(own_cluster.conninfo()) as database:
        assert restore(database, file, lambda *_: None).pending == ()


def test_a_killed_backup_leaves_the_older_one(demo_database: Database, tmp_path: Path) -> None:
    path = tmp_path / "register.atlas"
    path.write_text("the older one")
    with begun("backup", demo_database.conninfo, path, "register.event") as process:
        process.send_signal(signal.SIGKILL)
    assert path.read_text() == "the older one"
    back_up(demo_database, path, lambda *_: None)
    assert path.read_bytes().startswith(b"PGDMP")
