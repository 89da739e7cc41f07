"""Garbage over a socket to the server that serves: always an answer that says what is wrong, and no more."""

import json
import re
import socket
import subprocess
import tempfile
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import unquote_plus

import brotli
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from gis.cli.serve import server_command
from gis.config import PROJECT_DIRECTORY, Settings
from tests.fuzz.conftest import LONGEST_S, Fuzzed, Reader, dice
from tests.fuzz.garbage import METHODS, PATHS, QUERIES, SOME_HEADERS

EXAMPLES = 300
#: Words of databases, of their messages, and of traces.
INSIDE = re.compile(
    rb"Traceback|psycopg|SQLSTATE|\bpg_[a-z]|\bERROR:|DETAIL:|HINT:|LINE \d|syntax error at|invalid input"
    rb"|relation \"|werkzeug|File \"/|line \d+, in |Exception\b|register\.[a-z]+|published\.[a-z]+"
)
PROBLEM, PAGE = "application/problem+json", "text/html"
UNPACK = {
    "gzip": lambda body: zlib.decompress(body, 31),
    "deflate": zlib.decompress,
    "br": brotli.decompress,
    "zstd": zstd.decompress,
    "": bytes,
}


@dataclass(frozen=True)
class Answer:
    """What came back, unpacked."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float

    @property
    def media_type(self) -> str:
        """Without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0]


@dataclass(frozen=True)
class Server:
    """A server that listens at a port."""

    port: int

    def ask(self, method: bytes, target: bytes, headers: list[tuple[bytes, bytes]]) -> Answer:
        """Send a request byte for byte, and read until the server hangs up."""
        given = {name.lower() for name, _ in headers}
        own = [] if b"host" in given else [(b"Host", b"127.0.0.1")]
        lines = [b"%b: %b\r\n" % each for each in (*own, *headers, (b"Connection", b"close"))]
        begun = time.monotonic()
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as connection:
            connection.sendall(b"%b %b HTTP/1.1\r\n%b\r\n" % (method, target, b"".join(lines)))
            with connection.makefile("rb") as answer:
                raw = answer.read()
        return parsed(raw, time.monotonic() - begun)


def parsed(raw: bytes, seconds: float) -> Answer:
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    if first.startswith("HTTP/1.1 100"):  # go on: the answer follows
        return parsed(body, seconds)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    if headers.get("transfer-encoding") == "chunked":
        body = b"".join(chunks(body))
    packed = headers.get("content-encoding", "") if body else ""
    return Answer(int(first.split(" ")[1]), headers, UNPACK[packed](body), seconds)


def chunks(body: bytes) -> Iterator[bytes]:
    while body:
        size, _, body = body.partition(b"\r\n")
        yield body[: int(size, 16)]
        body = body[int(size, 16) + 2 :]


@pytest.fixture(scope="module")
def server(fuzzed: Fuzzed, settings: Settings) -> Iterator[Server]:
    """The application as `atlas serve` runs it, which logs nothing unexpected."""
    with socket.create_server(("127.0.0.1", 0)) as listening, tempfile.TemporaryFile() as log:
        bound = listening.fileno()
        command = server_command(replace(settings, workers=1))
        command[command.index("--bind") + 1] = f"fd://{bound}"
        process = subprocess.Popen(
            command,
            env={**fuzzed.environment, "PYTHONPATH": str(PROJECT_DIRECTORY)},
            pass_fds=[bound],
            stdout=log,
            stderr=log,
        )
        made = Server(listening.getsockname()[1])
        assert made.ask(b"GET", b"/health", []).status == 200  # from here on it is up, and has to be quick
        yield made
        process.terminate()
        assert process.wait(60) == 0
        log.seek(0)
        said = log.read()
        assert b"unexpected" not in said, said[-4_000:].decode()
        assert b"Traceback" not in said, said[-4_000:].decode()


def check(answer: Answer, method: bytes, target: bytes, reader: Reader) -> None:
    assert 200 <= answer.status < 500
    assert answer.seconds < LONGEST_S
    assert not INSIDE.findall(answer.body)
    assert not reader.told(answer.body, unquote_plus(target.decode("latin-1")))
    if "content-security-policy" not in answer.headers:  # gunicorn's own, of what is no HTTP
        assert (answer.media_type, answer.status >= 400) == (PAGE, True)
    elif method == b"HEAD" or answer.status in (204, 304):
        assert answer.body == b""
    elif answer.status >= 400 and answer.media_type == PROBLEM:
        problem = json.loads(answer.body)
        assert {"type", "title", "status", "detail"} <= set(problem)
        assert problem["status"] == answer.status
    elif answer.status >= 400:
        assert answer.media_type == PAGE
    elif answer.media_type.endswith("json"):
        json.loads(answer.body)


def test_a_filter_may_be_as_long_as_a_line(server: Server) -> None:
    filters = "name%20IN%20(" + ",".join(["%27" + "a" * 90 + "%27"] * 75) + ")"
    answer = server.ask(b"GET", b"/ogc/collections/sites/items?filter=" + filters.encode(), [])
    assert (len(filters) > 7_000, answer.status) == (True, 200)


@pytest.mark.parametrize("who", ["visitor", "province", "planner"])
def test_garbage(server: Server, fuzzed: Fuzzed, who: str) -> None:
    reader = fuzzed.readers[who]
    signs = [(name.encode(), value.encode()) for name, value in reader.headers.items()]
    cookie = [(b"Cookie", f"atlas_session={reader.session}".encode())] if reader.session else []

    @dice(EXAMPLES)
    @given(METHODS, PATHS, QUERIES, SOME_HEADERS, st.booleans())
    def fuzz(
        method: bytes, path: bytes, query: bytes, headers: list[tuple[bytes, bytes]], browses: bool
    ) -> None:
        names = {name for name, _ in headers}
        own = [each for each in (cookie if browses else signs) if each[0] not in names]
        target = path + (b"?" + query if query else b"")
        check(server.ask(method, target, [*own, *headers]), method, target, reader)

    fuzz()
