"""The server comes back by itself, whatever it died of."""

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest

from gis.database import server_processes
from gis.database.cluster import Cluster
from gis.database.server_user import server_user


def query(cluster: Cluster) -> int:
    with psycopg.connect(cluster.conninfo()) as connection:
        row = connection.execute("SELECT count(*) FROM kept").fetchone()
    assert row is not None
    return int(row[0])


@pytest.fixture
def filled(own_cluster: Cluster) -> Cluster:
    with psycopg.connect(own_cluster.conninfo()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 7)")
    return own_cluster


def postmaster(cluster: Cluster) -> int:
    pid = cluster.status().pid
    assert pid is not None
    return pid


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"  # ended, and only its parent has not asked yet


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)


def as_server_user(cluster: Cluster) -> dict[str, object]:
    user = server_user(cluster.files.directory)
    return {"user": user.uid, "group": user.gid} if os.geteuid() == 0 else {}


def test_a_second_start_does_nothing(filled: Cluster) -> None:
    pid = postmaster(filled)
    assert filled.start() is False
    assert postmaster(filled) == pid


def test_a_killed_server_comes_back_with_its_data(filled: Cluster) -> None:
    kill(postmaster(filled))
    assert filled.start() is True
    assert query(filled) == 7


def test_a_surviving_backend_of_our_folder_is_ended(filled: Cluster) -> None:
    with psycopg.connect(filled.conninfo()) as connection:
        backend = connection.info.backend_pid
        os.kill(backend, signal.SIGSTOP)  # a backend that is stuck notices neither the death nor SIGTERM
        kill(postmaster(filled))
        assert is_alive(backend)
        assert filled.start() is True
        assert not is_alive(backend)
        assert query(filled) == 7
        connection.close()


def test_a_server_of_another_folder_is_left_alone(filled: Cluster, cluster: Any) -> None:
    other = cluster.cluster.status().pid
    user = server_user(filled.files.directory)
    own = server_processes.find_own(user, filled.files.data)
    assert postmaster(filled) in own
    assert other not in own
    filled.stop()
    server_processes.end_orphans(user, filled.files.data)
    assert other is None or is_alive(other)


def test_a_program_that_only_stands_in_the_folder_is_left_alone(filled: Cluster) -> None:
    sleeper = subprocess.Popen(["sleep", "60"], cwd=filled.files.data)
    try:
        kill(postmaster(filled))
        assert filled.start() is True
        assert sleeper.poll() is None
    finally:
        sleeper.kill()
        sleeper.wait()


def test_a_lock_file_with_the_id_of_a_stranger_does_not_block(filled: Cluster) -> None:
    text = (filled.files.data / "postmaster.pid").read_text()
    filled.stop()
    # Of the same user, which is what PostgreSQL itself takes for a living server.
    sleeper = subprocess.Popen(["sleep", "60"], **as_server_user(filled))
    try:
        stale = text.replace(text.splitlines()[0], str(sleeper.pid), 1)
        (filled.files.data / "postmaster.pid").write_text(stale)
        assert filled.start() is True
        assert query(filled) == 7
        assert sleeper.poll() is None
    finally:
        sleeper.kill()
        sleeper.wait()


@pytest.mark.parametrize("text", ["", "no number\n", "4194303\n/nowhere\n"])
def test_a_broken_lock_file_does_not_block(filled: Cluster, text: str) -> None:
    filled.stop()
    (filled.files.data / "postmaster.pid").write_text(text)
    assert filled.start() is True
    assert query(filled) == 7


def test_a_broken_off_initdb_is_begun_anew(home: Path) -> None:
    cluster = Cluster(home, durable=False)
    cluster.start()
    cluster.stop()
    cluster.files.data.rename(cluster.files.directory / "data.partial")
    assert cluster.start() is True
    assert not (cluster.files.directory / "data.partial").exists()


def test_two_starts_at_once_take_turns(home: Path) -> None:
    barrier = threading.Barrier(4)

    def start(_: int) -> bool:
        barrier.wait()
        return Cluster(home, durable=False).start()

    with ThreadPoolExecutor(4) as pool:
        started = list(pool.map(start, range(4)))
    assert sorted(started) == [False, False, False, True]


def test_the_server_outlives_the_process_that_started_it(home: Path) -> None:
    code = "import sys, pathlib, gis.database.cluster as c; c.Cluster(pathlib.Path(sys.argv[1])).start()"
    subprocess.run([sys.executable, "-c", code, str(home)], check=True, start_new_session=True)
    cluster = Cluster(home)
    pid = postmaster(cluster)
    assert os.getsid(pid) != os.getsid(0)
    assert cluster.start() is False


def test_stop_is_orderly_and_idempotent(filled: Cluster) -> None:
    assert filled.stop() is True
    assert filled.stop() is False
    assert not filled.status().running
    offset = filled.files.log.stat().st_size
    filled.start()
    assert "not properly shut down" not in filled.files.log.read_text()[offset:]
