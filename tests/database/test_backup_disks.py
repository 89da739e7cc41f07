"""A disk that is full: of the backup, and of the server that restores."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gis.database.cluster import Cluster
from gis.database.connection import Database
from gis.errors import AtlasError, DatabaseError, InvalidInputError
from gis.services.backups import back_up, restore

Disk = Callable[[str], Path]


def silent(*_: object) -> None:
    """Nobody looks at the progress."""


@pytest.fixture
def disk(home: Path) -> Iterator[Disk]:
    """Makes a file system of a size."""
    path = home / "disk"
    path.mkdir()

    def make(size: str) -> Path:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0755", "tmpfs", str(path)]
        if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
            pytest.skip("no permission to mount a file system here")
        return path

    yield make
    if path.is_mount():
        Cluster(path).stop()
        subprocess.run(["umount", str(path)], check=True)


def test_a_disk_without_room_keeps_the_older_backup(demo_database: Database, disk: Disk) -> None:
    folder = disk("3m")
    path = folder / "register.atlas"
    path.write_text("the older one")
    with pytest.raises(InvalidInputError, match=r"^FILE: .* \(No space left on device\)$"):
        back_up(demo_database, path, silent)
    assert list(folder.iterdir()) == [path]
    assert path.read_text() == "the older one"


def test_a_server_without_room_restores_nothing_and_then_all(
    demo_database: Database, disk: Disk, pristine: Path, tmp_path: Path
) -> None:
    path = tmp_path / "register.atlas"
    back_up(demo_database, path, silent)
    folder = disk("1g")
    subprocess.run(["cp", "--archive", str(pristine), str(folder)], check=True)
    cluster = Cluster(folder, durable=False)
    cluster.start()
    filler = folder / "filler"
    with filler.open("wb") as file:
        file.truncate(0)
        os.posix_fallocate(file.fileno(), 0, shutil.disk_usage(folder).free - 8_000_000)
    with Database(cluster.conninfo()) as database:
        with pytest.raises(DatabaseError, match=r"^nothing was restored: the database's disk is full"):
            restore(database, path, silent)
        filler.unlink()
        with database.transaction() as connection:
            assert connection.execute("SELECT to_regnamespace('register')").fetchone() == (None,)
        assert restore(database, path, silent).pending == ()


def test_a_folder_that_nobody_may_write_is_named(demo_database: Database) -> None:
    with pytest.raises(
        AtlasError, match=r"^FILE: found '/proc/register\.atlas'; allowed is a file in a folder"
    ):
        back_up(demo_database, Path("/proc/register.atlas"), silent)
