"""The application behind a real server that notes what it is asked, for programs that others wrote."""

import json
import os
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl
from urllib.request import Request, urlopen

import pytest
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from gis.config import Settings
from gis.database.connection import Database
from gis.domain.access import Identity, Role
from gis.services import tokens
from gis.services.publication import publish
from webmap import create_app

AsRole = Callable[[Database], Database]
PATIENCE_S = 60
QGIS_PYTHON = "/usr/bin/python3"
QGIS = Path("/usr/lib/python3/dist-packages/qgis/core/__init__.py")
# On a build server they fail where QGIS is missing; scripts/setup.sh tells when they are left out.
collect_ignore = [] if QGIS.exists() or os.environ.get("CI") else ["test_qgis.py"]


@dataclass(frozen=True)
class Asked:
    """A request, and how it was answered."""

    method: str
    path: str
    query: dict[str, str]
    status: int


@dataclass
class Served:
    """A running server, the token that a reader sends it, if any, and what it was asked."""

    app: Flask
    token: str | None
    url: str = ""
    log: list[Asked] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Note a request, then answer it."""

        def started(status: str, *rest: Any) -> Any:
            query = dict(parse_qsl(environ["QUERY_STRING"], keep_blank_values=True))
            self.log.append(
                Asked(environ["REQUEST_METHOD"], environ["PATH_INFO"], query, int(status.partition(" ")[0]))
            )
            return start_response(status, *rest)

        return self.app(environ, started)

    def items(self, collection_id: str = "sites") -> list[dict[str, str]]:
        """The query strings by which items were asked for."""
        path = f"/ogc/collections/{collection_id}/items"
        return [each.query for each in self.log if each.path == path]

    def get(self, path: str) -> bytes:
        """What a path answers."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        with urlopen(Request(self.url + path, headers=headers), timeout=PATIENCE_S) as answer:
            body: bytes = answer.read()
        return body

    def features(self, collection_id: str = "sites") -> list[dict[str, Any]]:
        """All features of a collection, with nothing noted."""
        noted = len(self.log)
        found: list[dict[str, Any]] = json.loads(
            self.get(f"/ogc/collections/{collection_id}/items?limit=10000")
        )["features"]
        del self.log[noted:]
        return found

    def environment(self, **more: str) -> dict[str, str]:
        """Of a program that reads with this reader's token, and whose own settings are left out."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        sent = {"GDAL_HTTP_USERPWD": f"token:{self.token}"} if self.token else {}
        return {**kept, **sent, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1", **more}

    def start(
        self, *command: str | Path, text: str = "", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """What becomes of a program."""
        return subprocess.run(
            command,
            input=text,
            env=self.environment(**environment),
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )

    def run(self, *command: str | Path, text: str = "", **environment: str) -> str:
        """What a program prints; it may neither fail nor warn."""
        done = self.start(*command, text=text, **environment)
        assert (done.returncode, done.stderr) == (0, ""), done.stderr + done.stdout
        return done.stdout


class Quiet(WSGIRequestHandler):
    """Keeps connections, as the real server does, and prints nothing."""

    protocol_version = "HTTP/1.1"

    def log_request(self, *_: Any) -> None:
        """Nothing: the log is in `Served`."""


def serve(served: Served) -> Iterator[Served]:
    """Run an application in a thread until the fixture ends."""
    server = make_server("127.0.0.1", 0, served, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    served.url = f"http://127.0.0.1:{server.server_port}"
    yield served
    server.shutdown()
    thread.join()
    server.server_close()


def personal_token(
    database: Database, app_database: Database, session_of: Callable[[Database, Identity], str], who: Identity
) -> str:
    """A personal token of an account, made as its page makes it."""
    return tokens.create(app_database, session_of(database, who), "GIS", 30)


@pytest.fixture(scope="module")
def planner(
    settings: Settings,
    demo_database: Database,
    as_app: AsRole,
    as_visitor: AsRole,
    actor: Callable[..., Identity],
    token_of: Callable[[Database, Identity], str],
) -> Iterator[Served]:
    """The demonstration register as a planner reads it by a personal token, beside one release of it."""
    publish(demo_database, "First", date(2026, 11, 24))
    app_database = as_app(demo_database)
    app = create_app(settings, app_database, as_visitor(demo_database))
    token = personal_token(demo_database, app_database, token_of, actor(demo_database, Role.planner))
    yield from serve(Served(app, token))


@pytest.fixture
def register(planner: Served) -> Served:
    """The demonstration register as a planner reads it, with nothing asked yet."""
    planner.log.clear()
    return planner


@pytest.fixture
def release(planner: Served) -> Iterator[Served]:
    """The release as a visitor reads it, with nothing asked yet."""
    planner.log.clear()
    token, planner.token = planner.token, None
    yield planner
    planner.token = token
