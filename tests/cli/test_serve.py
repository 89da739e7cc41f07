"""atlas serve: from nothing to an answer, and back to nothing that runs."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from gis.cli.serve import is_loopback
from gis.config import PROJECT_DIRECTORY
from gis.database.cluster import Cluster
from tests.conftest import own_folder

Atlas = Callable[..., CompletedProcess[str]]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Serving:
    """`atlas serve` in a process of its own.

    Parameters
    ----------
    home : its `ATLAS_HOME`
    port : where it listens
    """

    def __init__(self, home: Path, port: int) -> None:
        self.begin = time.monotonic()
        self.address = f"http://127.0.0.1:{port}"
        kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "HOST")}
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from gis.cli import main; main()", "serve", "--workers", "1"],
            env={**kept, "ATLAS_HOME": str(home), "PORT": str(port), "PYTHONPATH": str(PROJECT_DIRECTORY)},
            stderr=subprocess.PIPE,
            text=True,
        )

    def get(self, path: str) -> int:
        deadline = self.begin + 90
        while True:
            try:
                with urllib.request.urlopen(self.address + path, timeout=30) as response:
                    return int(response.status)
            except (ConnectionError, urllib.error.URLError):
                assert self.process.poll() is None, self.process.communicate()[1]
                assert time.monotonic() < deadline
                time.sleep(0.1)

    def end(self, number: signal.Signals) -> tuple[int, str]:
        self.process.send_signal(number)
        _, said = self.process.communicate(timeout=60)
        return self.process.returncode, said


@pytest.fixture(scope="module")
def begun_once() -> Iterator[tuple[Path, str]]:
    """A home in which `atlas serve` began with nothing and was ended, and what it said."""
    with own_folder() as folder:
        first = Serving(folder, free_port())
        try:
            assert first.get("/") == 200
            assert Cluster(folder).status().running
            code, said = first.end(signal.SIGINT)
            assert code == 0
            yield folder, said
        finally:
            if first.process.poll() is None:
                first.end(signal.SIGTERM)
            Cluster(folder).stop()


@pytest.fixture
def serving(begun_once: tuple[Path, str]) -> Iterator[Callable[[], Serving]]:
    """Begins to serve there again."""
    begun: list[Serving] = []

    def start() -> Serving:
        begun.append(Serving(begun_once[0], free_port()))
        return begun[-1]

    yield start
    for each in begun:
        if each.process.poll() is None:
            each.end(signal.SIGTERM)
    Cluster(begun_once[0]).stop()


def test_from_nothing_to_a_page(begun_once: tuple[Path, str]) -> None:
    folder, said = begun_once
    steps = (
        "starting the private PostGIS",
        "applied 0001_foundation",
        "loading demonstration data",
        "making the first release",
        "serving http",
    )
    assert all(step in said for step in steps), said
    assert not Cluster(folder).status().running


def test_again_in_seconds(begun_once: tuple[Path, str], serving: Callable[[], Serving]) -> None:
    second = serving()
    assert second.get("/") == 200
    assert time.monotonic() - second.begin < 20
    code, said = second.end(signal.SIGTERM)
    assert code == 0
    assert "applied" not in said
    assert "demonstration data" not in said
    assert "release" not in said
    assert not Cluster(begun_once[0]).status().running


def test_a_database_that_ran_before_is_left_running(
    begun_once: tuple[Path, str], serving: Callable[[], Serving]
) -> None:
    cluster = Cluster(begun_once[0])
    cluster.start()
    again = serving()
    assert again.get("/health") == 200
    assert again.end(signal.SIGINT)[0] == 0
    assert cluster.status().running


def test_a_port_that_is_taken_is_one_line_and_starts_nothing(home: Path, atlas: Atlas) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = atlas("serve", PORT=port)
    assert result.returncode == 1
    assert re.fullmatch(rf"atlas: port {port} cannot be used \(Address already in use\): .*\n", result.stderr)
    assert not (home / "postgres").exists()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "atlas.example", "8.8.8.8", ""])
def test_an_address_that_others_reach_is_told(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "localhost"])
def test_loopback_is_known(host: str) -> None:
    assert is_loopback(host)
