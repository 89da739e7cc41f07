"""Vector tiles as a client that others wrote draws them: Leaflet.VectorGrid in Chromium, by our policy."""

import math
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, Route

from gis.config import PROJECT_DIRECTORY, Settings
from gis.database.connection import Database
from gis.domain.access import Role
from gis.services import tokens
from gis.services.publication import publish

from .conftest import State, Watched, serve

HERE = Path(__file__).parent
PACKAGES = PROJECT_DIRECTORY / "node_modules"
NOBODY: State = {"cookies": [], "origins": []}
PAGE = """<!doctype html><html lang="en"><title>Tiles</title>
<link rel="stylesheet" href="/static/css/atlas.css"><link rel="stylesheet" href="leaflet.css">
<link rel="stylesheet" href="own.css"><div id="map"></div>
<script src="leaflet.js"></script><script src="vectorgrid.js"></script>
<script type="module" src="tile_map.js"></script>"""
# A mark on the edge of a tile is in one of them, and reaches into the next.
STYLE = "#map { height: 900px } svg.leaflet-tile { overflow: visible }"
FILES = {
    "leaflet.js": PACKAGES / "leaflet/dist/leaflet.js",
    "leaflet.css": PACKAGES / "leaflet/dist/leaflet.css",
    "vectorgrid.js": PACKAGES / "leaflet.vectorgrid/dist/Leaflet.VectorGrid.bundled.min.js",
    "tile_map.js": HERE / "tile_map.js",
}
COLOURS = {"active": "#b2182b", "planned": "#c26a00", "closed": "#2166ac", "reactivated": "#762a83"}
#: From here all of Indonesia is seen.
FAR = (-2.5, 118, 5)
Opened = Callable[..., Page]
Feature = dict[str, Any]


@pytest.fixture(scope="module")
def base_url(
    settings: Settings,
    demo_database: Database,
    as_app: Callable[[Database], Database],
    as_visitor: Callable[[Database], Database],
) -> Iterator[str]:
    publish(demo_database, "First", date(2026, 11, 24))
    yield from serve(settings, as_app(demo_database), as_visitor(demo_database))


@pytest.fixture(scope="module")
def token(
    demo_database: Database,
    as_app: Callable[[Database], Database],
    signed_in: Callable[..., State],
) -> str:
    """A token of the province of Kalimantan Timur."""
    session = signed_in(demo_database, Role.province, "64")["cookies"][0]["value"]
    return tokens.create(as_app(demo_database), session, "Leaflet", 30)


@pytest.fixture
def opened(
    chromium: Browser, base_url: str, watched: Watched, planner: State, token: str
) -> Iterator[Opened]:
    """A map of tiles: `opened("planner", "sites")`; a cookie, a token or nothing says who."""
    contexts = []
    with urlopen(f"{base_url}/health") as answer:
        policy = {"Content-Security-Policy": answer.headers["Content-Security-Policy"]}

    def serve_file(route: Route) -> None:
        name = urlsplit(route.request.url).path.rpartition("/")[2]
        if name in FILES:
            route.fulfill(path=FILES[name], headers=policy)
        elif name == "own.css":
            route.fulfill(body=STYLE, content_type="text/css", headers=policy)
        else:
            route.fulfill(body=PAGE, content_type="text/html", headers=policy)

    def open_map(who: str, collection: str) -> Page:
        state = planner if who == "planner" else NOBODY
        context = chromium.new_context(
            viewport={"width": 1280, "height": 900}, storage_state=state, base_url=base_url
        )
        contexts.append(context)
        page = context.new_page()
        watched.watch(page, urlsplit(base_url).netloc)
        page.route(f"{base_url}/elsewhere/*", serve_file)
        page.goto(f"/elsewhere/map?token={token}" if who == "province" else "/elsewhere/map")
        page.evaluate("begin", collection)
        return page

    yield open_map
    for context in contexts:
        context.close()
    assert watched.problems == []
    assert watched.foreign == []


def drawn(page: Page, lat: float, lon: float, zoom: int) -> list[Feature]:
    """What the map shows of a view."""
    page.evaluate("([lat, lon, zoom]) => show(layer, lat, lon, zoom)", [lat, lon, zoom])
    found: list[Feature] = page.evaluate("drawn()")
    assert all(each["is_shown"] for each in found)
    return found


def items(page: Page, query: str) -> list[Feature]:
    found: list[Feature] = page.evaluate(
        "(query) => read(`/ogc/collections/sites/items?limit=10000&${query}`)", query
    )["features"]
    return found


@pytest.mark.parametrize("who", ["visitor", "planner", "province"])
def test_sites_are_clusters_far_out_and_single_near(opened: Opened, who: str) -> None:
    page = opened(who, "sites")
    every = items(page, "")
    clusters = drawn(page, *FAR)
    assert {each["layer"] for each in clusters} == {"clusters"}
    told = [each["properties"] for each in clusters]
    assert len({each["id"] for each in told}) == len(told)
    assert sum(each["n"] for each in told) == len(every) > 0
    closed = sum(each["properties"]["status_group"] == "closed" for each in every)
    assert sum(each["closed"] for each in told) == closed
    for each in told:
        assert each["id"] == int(each["code"].replace(".", ""))
        assert each["name"]
    if who == "province":
        assert {each["code"][:2] for each in told} == {"64"}

    groups = {each["properties"]["status_group"]: each["geometry"] for each in every if is_point(each)}
    assert groups.keys() >= ({"closed"} if who == "visitor" else {"closed", "planned", "reactivated"})
    for place in groups.values():
        lon, lat = place["coordinates"]
        single_sites_are_as_items(page, lat, lon)


def single_sites_are_as_items(page: Page, lat: float, lon: float) -> None:
    near = [each for each in drawn(page, lat, lon, 10) if each["layer"] == "sites"]
    by_id = {each["properties"]["id"]: each for each in near}
    assert len(by_id) == len(near)
    found = items(page, f"bbox={page.evaluate('bounds()')}")
    wanted = {each["id"]: each for each in found if each["geometry"]}
    assert wanted.keys() <= by_id.keys()  # a tile reaches beyond the view
    for key, site in wanted.items():
        shown = by_id[key]
        properties = {name: site["properties"][name] for name in shown["properties"] if name != "id"}
        assert shown["properties"] == {**properties, "id": key}
        assert {"name", "status", "status_group"} <= properties.keys()
        assert shown["fill"] == COLOURS[properties["status_group"]]
        if is_point(site):
            lon, lat = site["geometry"]["coordinates"]
            assert shown["at"] == pytest.approx(page.evaluate("(at) => pointOf(...at)", [lat, lon]), abs=1.5)
    middle = next(by_id[key]["at"] for key in wanted)
    page.mouse.click(*middle)
    over = {key for key, each in by_id.items() if math.dist(each["at"], middle) < 12}
    assert page.evaluate("clicked.id") in over  # the upper one, where several lie over each other


def is_point(feature: Feature) -> bool:
    return feature["geometry"] is not None and feature["geometry"]["type"] == "Point"


@pytest.mark.parametrize("who", ["visitor", "planner"])
def test_provinces_are_drawn_whole_and_tell_their_code(opened: Opened, who: str) -> None:
    page = opened(who, "provinces")
    found = drawn(page, *FAR)
    assert {each["layer"] for each in found} == {"provinces"}
    names = {each["properties"]["id"]: each["properties"]["name"] for each in found}
    assert len(names) == 38
    assert names[64] == "Kalimantan Timur"
    counts = {"closed", "active", "planned"}
    assert all(counts <= each["properties"].keys() for each in found)
    page.mouse.click(*page.evaluate("pointOf(0.5, 116.5)"))
    assert page.evaluate("[clicked.id, clicked.code]") == [64, "64"]
