"""What cannot be done is refused with the line that says what to do."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from gis.database import binaries
from gis.database.binaries import Binaries
from gis.database.cluster import Cluster
from gis.errors import ClusterError

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root has a second user to run the server as")


def test_a_folder_of_another_major_version_is_refused_and_kept(stopped_cluster: Cluster) -> None:
    version = stopped_cluster.files.data / "PG_VERSION"
    version.write_text("9\n")
    with pytest.raises(
        ClusterError, match=r"made by PostgreSQL 9, installed with PostGIS is \d+.*postgresql-9"
    ):
        stopped_cluster.start()
    assert version.read_text() == "9\n"


def test_missing_postgresql_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "find_installed", list)
    with pytest.raises(ClusterError, match="PostgreSQL is not installed: apt-get install"):
        Cluster(home).start()


def test_missing_postgis_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bare = Binaries(16, Path("/nowhere"), has_postgis=False)
    monkeypatch.setattr(binaries, "find_installed", lambda: [bare])
    with pytest.raises(ClusterError, match="without PostGIS: apt-get install postgresql-16-postgis-3"):
        Cluster(home).start()


@root_only
def test_a_closed_folder_on_the_way_is_named(home: Path) -> None:
    home.chmod(0o700)
    with pytest.raises(ClusterError, match=f"user postgres.*cannot enter {home}: chmod o\\+x {home}"):
        Cluster(home / "deeper").start()


def test_a_file_in_place_of_the_home_is_refused(home: Path) -> None:
    (home / "file").write_text("")
    with pytest.raises(ClusterError, match="file"):
        Cluster(home / "file").start()


def test_a_socket_folder_of_somebody_else_is_refused(home: Path, stopped_cluster: Cluster) -> None:
    socket = stopped_cluster.files.socket
    if socket.exists():
        socket.rmdir()
    socket.mkdir(mode=0o755)
    with pytest.raises(ClusterError, match=r"must be a folder of user .* with mode 0700"):
        stopped_cluster.start()


def test_a_long_home_gets_a_short_socket_folder(home: Path) -> None:
    cluster = Cluster(home / ("long" * 30), durable=False)
    assert len(os.fsencode(cluster.files.socket)) < 90
    assert cluster.files.socket == Cluster(home / ("long" * 30)).files.socket
    try:
        assert cluster.start() is True
        assert cluster.files.socket.stat().st_mode & 0o777 == 0o700
    finally:
        cluster.stop()
        cluster.files.socket.rmdir()


@pytest.mark.parametrize("name", ["with space", "quo'te", "com,ma", "ünï"])
def test_a_home_with_odd_characters_works(home: Path, stopped_cluster: Cluster, name: str) -> None:
    (home / name).mkdir()
    stopped_cluster.files.directory.rename(home / name / "postgres")
    cluster = Cluster(home / name, durable=False)
    try:
        assert cluster.start() is True
        assert cluster.start() is False
    finally:
        cluster.stop()
        if home not in cluster.files.socket.parents:
            cluster.files.socket.rmdir()


@pytest.fixture
def tiny_disk(home: Path) -> Iterator[Path]:
    """A file system with room for nothing."""
    disk = home / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m,mode=0755", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("no permission to mount a file system here")
    yield disk
    Cluster(disk).stop()
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_is_named_and_the_next_try_goes_on(tiny_disk: Path) -> None:
    cluster = Cluster(tiny_disk, durable=False)
    with pytest.raises(ClusterError, match=r"disk of .* is full: free some space"):
        cluster.start()
    subprocess.run(["mount", "-o", "remount,size=1g", str(tiny_disk)], check=True)
    assert cluster.start() is True
    cluster.stop()
    filler = tiny_disk / "filler"
    subprocess.run(["dd", "if=/dev/zero", f"of={filler}", "bs=1M"], capture_output=True, check=False)
    with pytest.raises(
        ClusterError, match=r"is full: free some space|No space left on device; free some space"
    ):
        cluster.start()
    filler.unlink()
    assert cluster.start() is True


@root_only
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_an_ordinary_user_runs_his_own(home: Path) -> None:
    nobody = 65534
    os.chown(home, nobody, nobody)
    cluster = Cluster(home, durable=False)
    pid = os.fork()  # not a new program: root's Python may lie where others cannot read
    if pid == 0:
        failed = True
        try:
            os.setgroups([])
            os.setgid(nobody)
            os.setuid(nobody)
            failed = not cluster.start() or cluster.start()
        finally:
            os._exit(failed)  # the child must never go on with the tests
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    # And root, who comes later, goes on as that user.
    assert cluster.start() is False
    assert cluster.files.data.stat().st_uid == nobody
    assert cluster.stop() is True
    assert cluster.start() is True
