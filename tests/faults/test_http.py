"""A file over a real socket is whole or visibly broken, whoever dies; slow readers keep nobody waiting.

Each case is tried with a file that leaves while it grows, one that is whole first, and one under way.
"""

import hashlib
import http.client
import json
import select
import subprocess
import time
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.conftest import own_folder
from tests.faults.http_server import AT_THE_GATE, BUSY, SITES, WAITING, Register, Served, wait_until
from webmap.sending import FOLLOW_AFTER_S

# Of a day that has passed, whose features are made when they are asked for.
DAY = "as_of=2020-01-01"
GROWING = f"/exports/sites.geojson?{DAY}"
SMALL = "/exports/centres.csv"
LINES = f"/exports/sites.geojsonl?{DAY}"
SEEKING = f"/exports/sites.fgb?{DAY}"
ITEMS = f"/ogc/collections/sites/items?limit={SITES}&{DAY}"
TILE = f"/ogc/collections/sites/tiles/WebMercatorQuad/9/260/424?{DAY}"
BROKEN = (http.client.HTTPException, ConnectionError)


@pytest.fixture(scope="module")
def register() -> Iterator[Register]:
    with own_folder() as folder:
        made = Register(folder)
        yield made
        made.cluster.stop()


@pytest.fixture(scope="module")
def running(register: Register) -> Iterator[Served]:
    served = Served(register)
    yield served
    served.end()


@pytest.fixture
def served(register: Register, running: Served) -> Iterator[Served]:
    """The server, well before the test and again after it."""
    yield running
    register.cluster.start()
    wait_until(running.is_well)
    register.wait_for(BUSY, 0)
    assert can_be_had(running, SMALL)  # with it goes what a killed worker has left
    assert not running.unfinished()


def backend(served: Served) -> None:
    served.register.end_readers()


def cluster(served: Served) -> None:
    served.register.kill()


def worker(served: Served) -> None:
    served.kill_worker()


FAULTS = [backend, cluster, worker]


def matches(answer: http.client.HTTPResponse, body: bytes) -> bool:
    """Whether it is what its headers promise; a refusal promises nothing."""
    if answer.status != 200:
        assert answer.status == 503
        assert answer.headers["Retry-After"]
        return False
    assert answer.headers["X-Feature-Count"] == str(SITES)
    assert hashlib.sha256(body).digest() == b64decode(answer.headers["Digest"].removeprefix("sha-256="))
    assert len(body) == int(answer.headers["Content-Length"])
    return True


@pytest.mark.parametrize(("path", "fault"), [*((GROWING, fault) for fault in FAULTS), (LINES, backend)])
def test_a_file_that_grows_is_cut_off(served: Served, path: str, fault: Callable[[Served], None]) -> None:
    with served.register.gate(), served.ask(path) as answer:
        assert answer.status == 200
        assert answer.headers["Transfer-Encoding"] == "chunked"
        assert answer.headers["X-Feature-Count"] == str(SITES)
        assert "Content-Length" not in answer.headers
        assert len(answer.read(100_000)) == 100_000
        served.register.wait_for(AT_THE_GATE, 1)
        fault(served)
        with pytest.raises(BROKEN):
            answer.read()


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(("path", "version"), [(GROWING, "1.0"), (SEEKING, "1.0"), (SEEKING, "1.1")])
def test_of_a_file_that_is_whole_first_nothing_leaves(
    served: Served, path: str, version: str, fault: Callable[[Served], None]
) -> None:
    with served.register.gate(), closing(served.send(path, version)) as connection:
        served.register.wait_for(AT_THE_GATE, 1)
        fault(served)
        try:
            answer = connection.getresponse()
        except BROKEN:
            assert fault is worker
        else:
            with answer:
                assert not matches(answer, answer.read())
            assert not served.unfinished()


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_a_file_under_way_outlives_the_database(served: Served, version: str) -> None:
    with served.ask(GROWING, version) as answer:
        begun = answer.read(1)
        served.register.kill()
        assert matches(answer, begun + answer.read())


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_a_file_under_way_is_broken_with_its_worker(served: Served, version: str) -> None:
    with served.ask(GROWING, version) as answer:
        assert answer.headers["Content-Length"]
        answer.read(1)
        served.kill_worker()
        with pytest.raises(BROKEN):
            answer.read()


def test_programs_are_told_that_a_file_is_cut_off(served: Served, tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{served.port}{GROWING}"
    cookie = f"atlas_session={served.register.token}"
    headers = tmp_path / "headers"
    headers.write_text(f"Cookie: {cookie}\n")
    kept = tmp_path / "kept"
    programs = [
        ["curl", "--silent", "--fail", "--cookie", cookie, "--output", str(kept), url],
        ["ogrinfo", "--config", "GDAL_HTTP_HEADER_FILE", str(headers), "-ro", "-al", "-so", url],
    ]
    with served.register.gate(), closing(served.send(GROWING)) as raw:
        begun = [
            subprocess.Popen(each, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) for each in programs
        ]
        served.register.wait_for(AT_THE_GATE, 3)
        wait_until(lambda: kept.exists() and kept.stat().st_size > 100_000)
        sent = raw.sock.recv(100_000)
        served.register.end_readers()
        ended = [each.communicate(timeout=30)[0] for each in begun]
        assert all(each.returncode for each in begun), ended
        while more := raw.sock.recv(1 << 16):
            sent += more
    assert b"Transfer-Encoding: chunked" in sent
    assert not sent.endswith(b"\r\n0\r\n\r\n")


def test_a_file_that_grows_comes_to_its_end(served: Served) -> None:
    with ExitStack() as closed, ExitStack() as opened:
        opened.enter_context(served.register.gate())
        answer = closed.enter_context(served.ask(GROWING))
        begun = answer.read(100_000)
        opened.close()
        told = json.loads(begun + answer.read())
    assert len(told["features"]) == int(answer.headers["X-Feature-Count"]) == SITES
    assert told["metadata"]["export_record"] == answer.headers["X-Export-Record"]


def test_where_there_are_no_chunks_a_file_leaves_when_it_is_whole(served: Served) -> None:
    with ExitStack() as closed, ExitStack() as opened:
        opened.enter_context(served.register.gate())
        connection = closed.enter_context(closing(served.send(GROWING, "1.0")))
        served.register.wait_for(AT_THE_GATE, 1)
        assert select.select([connection.sock], [], [], FOLLOW_AFTER_S + 0.5) == ([], [], [])
        opened.close()
        answer = closed.enter_context(connection.getresponse())
        assert matches(answer, answer.read())


@pytest.mark.parametrize("path", [GROWING, SEEKING])
def test_what_nobody_waits_for_is_ended(served: Served, path: str) -> None:
    with served.register.gate():
        with closing(served.send(path)) as connection:
            served.register.wait_for(AT_THE_GATE, 1)
            if path == GROWING:
                with connection.getresponse() as answer:
                    answer.read(100_000)
        served.register.wait_for(BUSY, 0, "COPY%")
        wait_until(lambda: not served.unfinished())


@pytest.mark.parametrize("path", [TILE, ITEMS, SEEKING])
def test_a_statement_for_one_who_has_left_is_cancelled(served: Served, path: str) -> None:
    with served.register.connection() as holder, holder.transaction():
        holder.execute("LOCK TABLE register.site IN ACCESS EXCLUSIVE MODE")
        with closing(served.send(path)):
            served.register.wait_for(WAITING, 1)
            began = time.monotonic()
        served.register.wait_for(WAITING, 0)
        assert time.monotonic() - began < 5  # the limit of a tile is 8 s


@pytest.mark.parametrize("path", [GROWING, ITEMS])
def test_slow_readers_hold_neither_connections_nor_all_threads(served: Served, path: str) -> None:
    readers = served.settings.threads
    assert readers > served.settings.pool_size
    with ExitStack() as leaving:
        asked = [leaving.enter_context(closing(served.send(path))) for _ in range(readers)]
        answers = [leaving.enter_context(each.getresponse()) for each in asked]
        under_way = [each for each in answers if each.status == 200]
        assert all(each.read(1) for each in under_way)
        assert len(under_way) > served.settings.pool_size
        refused = [each for each in answers if each.status != 200]
        assert {(each.status, each.headers["Retry-After"]) for each in refused} <= {(503, "10")}
        served.register.wait_for(BUSY, 0)
        began = time.monotonic()
        assert served.is_well()
        assert time.monotonic() - began < 5
    wait_until(lambda: can_be_had(served, path))


def can_be_had(served: Served, path: str) -> bool:
    """Whether an answer comes, whole."""
    with served.ask(path) as answer:
        return bool(answer.read()) and answer.status == 200
