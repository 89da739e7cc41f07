"""What the first view weighs, and that it works without scripts and on an empty register."""

import gzip
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from gis.config import Settings
from gis.database.connection import Database

from .conftest import AsApp, State, Visit, serve

MAX_HTML_BYTES = 30 * 1024
MAX_VIEW_BYTES = 300 * 1024
MAX_REQUESTS = 15
QUERIES = ["", "?as_of=2016-06-01", "?as_of=2019-11-19&status=active,closed", "?boundaries=today"]
EVERY_PARAMETER = (
    "?as_of=2019-11-30&known_at=2020-06-30&boundaries=today&status=active,planned,closed&tab=table"
)
DENSEST = ["/", "/regions/64", "/regions/35", "/regions/33", "/regions/35.76"]


@pytest.mark.parametrize("path", DENSEST)
@pytest.mark.parametrize("query", [*QUERIES, EVERY_PARAMETER])
def test_html_is_small(visit: Visit, path: str, query: str) -> None:
    page = visit("/about")
    for prefix in ("", "/en"):
        body = page.request.get(f"{prefix}{path}{query}").body()
        assert len(body) <= MAX_HTML_BYTES, (prefix + path, len(body))


@pytest.mark.parametrize("path", ["/", "/regions/64", "/regions/91"])
def test_first_view_is_small(chromium: Browser, base_url: str, planner: State, path: str) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, storage_state=planner)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    received: list[float] = []
    asked: list[str] = []

    def finished(event: dict[str, Any]) -> None:
        received.append(event["encodedDataLength"])

    session.on("Network.loadingFinished", finished)
    page.on("request", lambda request: asked.append(request.url))
    page.goto(base_url + path, wait_until="networkidle")
    expect(page.locator("path.region").first).to_be_attached()
    context.close()
    asked = [url for url in asked if not url.startswith("data:")]
    assert len(asked) == len(set(asked)) <= MAX_REQUESTS
    assert 0 < sum(received) <= MAX_VIEW_BYTES


def test_basemap_is_small(visit: Visit) -> None:
    body = visit("/about").request.get("/static/vendor/basemap.geojson").body()
    assert len(gzip.compress(body)) <= 45 * 1024


def test_page_works_without_scripts(visit: Visit) -> None:
    page = visit("/?as_of=2016-02-22", java_script_enabled=False)
    expect(page.locator("#slider")).to_be_hidden()
    expect(page.locator("#map .waiting:visible")).to_have_text(
        "Peta memerlukan skrip; tabel di bawah memuat semua angkanya."
    )
    expect(page.locator("#chart svg")).to_be_visible()
    page.locator("#as_of").fill("2018-10-31")
    page.locator("input[name=status][value=planned]").uncheck()
    page.locator("form#state button", has_text="Tampilkan").click()
    expect(page.locator("#sentence")).to_contain_text("125 dari 169")
    assert "as_of=2018-10-31" in page.url
    assert not page.locator("input[name=status][value=planned]").is_checked()
    page.locator("#table a", has_text="Kalimantan Timur").click()
    expect(page.locator("h1")).to_contain_text("Kalimantan Timur")
    assert page.locator("#sites tbody tr").count() > 0


@pytest.fixture(scope="module")
def empty_url(settings: Settings, database: Database, as_app: AsApp) -> Iterator[str]:
    yield from serve(settings, as_app(database))


def test_empty_register_says_how_to_fill_it(
    chromium: Browser, empty_url: str, database: Database, signed_in: Callable[..., State]
) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, storage_state=signed_in(database))
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"{empty_url}/", wait_until="networkidle")
    expect(page.locator(".empty-register")).to_contain_text("atlas demo load")
    expect(page.locator("path.region").first).to_be_attached()
    page.goto(f"{empty_url}/regions/64", wait_until="networkidle")
    expect(page.locator("#sentence")).to_contain_text("Kalimantan Timur")
    context.close()
    assert problems == []
