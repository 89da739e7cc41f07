"""A cluster of its own for each test that harms it."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gis.database.cluster import Cluster


@pytest.fixture(scope="session")
def pristine() -> Iterator[Path]:
    """A cluster that was made and stopped in an orderly way: copying it is quicker than making one."""
    with _folder() as folder:
        cluster = Cluster(folder, durable=False)
        cluster.start()
        cluster.stop()
        yield cluster.files.directory


@pytest.fixture
def home() -> Iterator[Path]:
    """An empty folder that the server's user can enter."""
    with _folder() as folder:
        yield folder
        Cluster(folder).stop()


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="atlas-fault-"))
    try:
        folder.chmod(0o755)
        yield folder
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def stopped_cluster(home: Path, pristine: Path) -> Cluster:
    """A cluster that was made but does not run."""
    subprocess.run(["cp", "--archive", str(pristine), str(home)], check=True)
    return Cluster(home, durable=False)


@pytest.fixture
def own_cluster(stopped_cluster: Cluster) -> Cluster:
    """A running cluster that a test may break."""
    stopped_cluster.start()
    return stopped_cluster
