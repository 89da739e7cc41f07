"""The application behind a real server on a free port, and Chromium without a screen."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright
from werkzeug.serving import make_server

from gis.config import PROJECT_DIRECTORY, Settings
from gis.database.connection import Database
from gis.domain.access import Identity, Role
from webmap import create_app
from webmap.cookies import SESSION

# The one that has no windows and menus to draw begins a page in a fourth of the time.
CHROMIUM = next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium"))), "/usr/bin/chromium")
QUIET_S = 0.1
MOST_S = 30.0
# What was heard last has then been worked on and drawn, and what follows from it been asked for.
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
BUILT = PROJECT_DIRECTORY / "webmap" / "static" / "vendor" / "atlas.js"


AsApp = Callable[[Database], Database]
State = dict[str, Any]


@pytest.fixture(scope="module")
def base_url(settings: Settings, demo_database: Database, as_app: AsApp) -> Iterator[str]:
    """The address of the demonstration register."""
    yield from serve(settings, as_app(demo_database))


@pytest.fixture(scope="module")
def signed_in(
    actor: Callable[..., Identity], token_of: Callable[[Database, Identity], str]
) -> Callable[..., State]:
    """What a browser keeps of a session: `new_context(storage_state=signed_in(database, role, code))`."""

    def made(database: Database, role: Role = Role.planner, region_code: str | None = None) -> State:
        token = token_of(database, actor(database, role, region_code))
        cookie = {"name": SESSION, "value": token, "domain": "127.0.0.1", "path": "/", "expires": -1}
        flags = {"httpOnly": True, "secure": False, "sameSite": "Lax"}
        return {"cookies": [{**cookie, **flags}], "origins": []}

    return made


@pytest.fixture(scope="module")
def planner(signed_in: Callable[..., State], demo_database: Database) -> State:
    """A session of a planner on the demonstration register."""
    return signed_in(demo_database)


def serve(settings: Settings, database: Database, visitors: Database | None = None) -> Iterator[str]:
    """Run the application in a thread until the fixture ends; with a public side where it is given one."""
    assert BUILT.exists(), "webmap/static/vendor is empty: run npm ci && npm run build"
    server = make_server("127.0.0.1", 0, create_app(settings, database, visitors), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Watched:
    """What pages said and asked for that they should not have."""

    problems: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    under_way: set[Request] = field(default_factory=set)
    asked: int = 0

    def watch(self, page: Page, host: str) -> None:
        page.on("console", lambda m: self.problems.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("dialog", lambda dialog: (self.problems.append("a dialog opened"), dialog.dismiss()))
        page.on("request", lambda request: self._begun(request, host))
        page.on("requestfinished", self._finished)
        page.on("requestfailed", self._failed)

    def settle(self, page: Page, *, scripts: bool = True) -> None:
        """Wait until a page asks for nothing more: sooner than Playwright's half second without a request."""
        deadline = time.monotonic() + MOST_S
        settled = False
        while not settled:
            assert time.monotonic() < deadline, [request.url for request in self.under_way]
            asked = self.asked
            page.wait_for_timeout(QUIET_S * 1000)
            if scripts and not self.under_way:
                page.evaluate(DRAWN)
            settled = self.asked == asked and not self.under_way

    def _begun(self, request: Request, host: str) -> None:
        self.asked += 1
        self.under_way.add(request)
        self._host(request.url, host)

    def _finished(self, request: Request) -> None:
        self.under_way.discard(request)

    def _failed(self, request: Request) -> None:
        self._finished(request)
        # Leaving a page ends what it was still asking for.
        if request.failure != "net::ERR_ABORTED":
            self.problems.append(f"{request.url}: {request.failure}")

    def _host(self, url: str, host: str) -> None:
        if urlsplit(url).scheme != "data" and urlsplit(url).netloc != host:
            self.foreign.append(url)


Visit = Callable[..., Page]


@pytest.fixture
def watched() -> Watched:
    """Problems that a test expects are taken out of this by the test."""
    return Watched()


@pytest.fixture
def visit(chromium: Browser, base_url: str, watched: Watched, planner: State) -> Iterator[Visit]:
    """Open a path in a fresh context, as a planner unless `storage_state` says otherwise.

    A script error, a dialog or a foreign request fails the test.
    """
    contexts: list[BrowserContext] = []

    def open_page(path: str, *, width: int = 1280, settled: bool = True, **options: Any) -> Page:
        options = {"storage_state": planner, "base_url": base_url, **options}
        context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        watched.watch(page, urlsplit(base_url).netloc)
        page.goto(path)
        if settled:
            watched.settle(page, scripts=options.get("java_script_enabled", True))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert watched.problems == []
    assert watched.foreign == []


@pytest.fixture(scope="module")
def site_path(demo_database: Database) -> str:
    """The page of a site with a place and a history."""
    return f"/sites/{first_site(demo_database, 'cell')}"


def first_site(database: Database, accuracy: str) -> int:
    with database.transaction() as connection:
        row = connection.execute(
            "SELECT id FROM site WHERE location_accuracy = %s ORDER BY id LIMIT 1", [accuracy]
        ).fetchone()
    assert row is not None
    return int(row[0])
