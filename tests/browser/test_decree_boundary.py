"""The boundary of a decree on a site's page: drawn beside the mapped one, in words, and what is missing."""

import re

import pytest
from playwright.sync_api import expect

from gis.database.connection import Database
from gis.domain.records.boundaries import BoundaryRow
from gis.services.demo_files import read_rows
from tests.services.test_demo_boundaries import DEMO

from .conftest import Visit
from .test_pages import ENGLISH, axe, no_sideways_scroll

MAX_HTML_BYTES = 30 * 1024


@pytest.fixture(scope="module")
def sites(demo_database: Database) -> dict[str, int]:
    """A site of each kind, by what its page says of the boundaries."""
    found: dict[str, int] = {}
    boundaries = {row.site_id: row.wkt for row in read_rows(DEMO / "boundaries.csv", BoundaryRow)}
    with demo_database.transaction() as connection:
        rows = connection.execute("SELECT id, ST_AsText(geom, 15) FROM site WHERE synthetic ORDER BY id")
        for site_id, wkt in rows:
            is_area, decree = bool(wkt) and wkt.startswith("POLYGON"), boundaries.get(site_id)
            if is_area and decree:
                same = decree.replace(" ", "") == wkt.replace(" ", "")
                found.setdefault("agrees" if same else "differs", site_id)
            elif decree:
                found.setdefault("a point", site_id)
            elif is_area:
                found.setdefault("no decree", site_id)
            else:
                found.setdefault("neither", site_id)
    return found


@pytest.mark.parametrize("width", [1280, 390])
def test_both_are_drawn_and_told_apart(visit: Visit, sites: dict[str, int], width: int) -> None:
    page = visit(f"/en/sites/{sites['differs']}", width=width)
    expect(page.locator("path.decree-area")).to_have_count(1)
    expect(page.locator("path.area")).to_have_count(1)
    drawn = [page.locator(f"path.{name}").bounding_box() for name in ("decree-area", "area")]
    assert all(box and box["width"] > 40 and box["height"] > 40 for box in drawn)
    words = page.locator(".boundary")
    expect(words).to_contain_text(re.compile(r"differ: the lines are up to [\d.]+ m apart"))
    expect(words).to_contain_text(
        re.compile(r"[\d.]+ ha: [\d.]+% of the mapped area, [\d.]+% of the decree's")
    )
    expect(words.locator(".lines li")).to_have_count(2)
    assert (
        page.evaluate("getComputedStyle(document.querySelector('path.decree-area')).strokeDasharray")
        != "none"
    )
    assert no_sideways_scroll(page)
    assert len(page.request.get(page.url).body()) <= MAX_HTML_BYTES


def test_the_twin_has_the_figures_of_the_page(visit: Visit, sites: dict[str, int]) -> None:
    page = visit(f"/en/sites/{sites['differs']}")
    twin = page.request.get(f"/sites/{sites['differs']}.json").json()["boundary"]
    distance = twin["comparison"]["largest_distance_m"]
    expect(page.locator(".boundary")).to_contain_text(f"up to {distance:g} m apart")
    assert twin["decree"]["geometry"]["type"] == "Polygon"
    assert twin["decree"]["synthetic"] is True
    assert twin["missing"] is None


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("agrees", "agrees with the decree's: nowhere are they more than 1 m apart"),
        ("no decree", "An area is mapped; no decree with a boundary is on record."),
        ("a point", "the site is not mapped as an area. Its mark lies inside the decree's boundary."),
        ("neither", "No boundary is on record, neither a mapped one nor one by decree."),
    ],
)
def test_what_agrees_or_is_missing_is_said(visit: Visit, sites: dict[str, int], kind: str, said: str) -> None:
    page = visit(f"/en/sites/{sites[kind]}")
    expect(page.locator(".boundary")).to_contain_text(said)
    expect(page.locator("path.decree-area")).to_have_count(int(kind in {"agrees", "a point"}))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", ["differs", "agrees", "a point", "no decree", "neither"])
def test_axe_finds_nothing_and_no_english_is_left(
    visit: Visit, sites: dict[str, int], kind: str, scheme: str
) -> None:
    page = visit(f"/sites/{sites[kind]}", color_scheme=scheme)
    assert axe(page) == []
    assert ENGLISH.findall(page.locator(".boundary").inner_text()) == []
