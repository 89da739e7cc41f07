"""Names that would be scripts stay names, wherever a page shows them."""

import re

import pytest
from playwright.sync_api import expect

from gis.database.connection import Database

from .conftest import Visit

NAMES = [
    "</script><script>alert(1)</script>",
    "${alert(1)}",
    "`a`+alert(1)+`",
    "<img src=x onerror=alert(1)>",
    "{{ 7 * 7 }}",
]
PLACE = (117.15, -0.5)  # Kota Samarinda


@pytest.fixture(scope="module", autouse=True)
def hostile(demo_database: Database) -> list[int]:
    """Sites of those names with an event each, whose source is an address that must not become a link."""
    ids = []
    with demo_database.transaction() as connection:
        for number, name in enumerate(NAMES):
            row = connection.execute(
                "INSERT INTO site"
                " (name, alternative_names, site_type, geom, location_accuracy, location_source)"
                " VALUES (%(name)s, ARRAY[%(name)s], 'lokalisasi',"
                " ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326), 'exact', %(name)s) RETURNING id",
                {"name": name, "lon": PLACE[0] + number / 100, "lat": PLACE[1]},
            ).fetchone()
            assert row is not None
            ids.append(row[0])
            connection.execute(
                "INSERT INTO event"
                " (site_id, kind, occurred_on, source, source_url, note, legal_instrument)"
                " VALUES (%(id)s, 'recorded', '2016-06-02', %(name)s, 'javascript:alert(1)', %(name)s,"
                " %(name)s)",
                {"id": row[0], "name": name},
            )
    return ids


def test_names_are_text_in_table_and_timeline(visit: Visit) -> None:
    page = visit("/en/regions/64.72?as_of=2016-06-02")
    for name in NAMES:
        expect(page.locator("#sites tbody a", has_text=name)).to_have_count(1)
        expect(page.locator(".events a", has_text=name)).to_have_count(1)
    assert page.locator("a[href^=javascript]").count() == 0
    assert page.locator("img").count() == 0


def test_names_are_text_after_a_change_of_date(visit: Visit) -> None:
    page = visit("/en/regions/64.72?as_of=2016-02-22")
    page.locator("#as_of").fill("2016-06-02")
    expect(page.locator("#sites tbody a", has_text=NAMES[0])).to_have_count(1)
    assert page.locator("#sites script, #sites img, .events img").count() == 0


def test_names_are_text_in_tooltips(visit: Visit) -> None:
    page = visit("/en/regions/64.72?as_of=2016-06-02")
    page.evaluate("map_atlas.setView([-0.5, 117.17], 12, { animate: false })")
    seen = set()
    expect(page.locator(".site-mark").first).to_be_attached()
    for number in range(page.locator(".site-mark").count()):
        mark = page.locator(".site-mark").nth(number)
        mark.dispatch_event("mouseover")
        seen.add(page.locator(".leaflet-tooltip strong").last.inner_text())
        mark.dispatch_event("mouseout")
    assert set(NAMES) <= seen
    assert page.locator(".leaflet-tooltip img, .leaflet-tooltip script").count() == 0


def test_site_page_shows_them_as_they_are(visit: Visit, hostile: list[int]) -> None:
    for site_id, name in zip(hostile, NAMES, strict=True):
        page = visit(f"/sites/{site_id}?as_of=2016-06-01")
        expect(page.locator("h1")).to_have_text(name)
        expect(page.locator(".milestones")).to_contain_text(name)
        assert page.locator("a[href^=javascript]").count() == 0
        assert name in page.title()


def test_html_names_no_other_host_but_links(visit: Visit) -> None:
    page = visit("/about")
    for path in ("/", "/regions/64.72", "/downloads", "/about", "/map/shell.js", "/map/shell.css"):
        text = page.request.get(path).text()
        fetched = re.findall(r"(?:src|srcset|data|action|poster)=[\"']?(?:https?:)?//[^\"'\s>]+", text)
        fetched += re.findall(r"<link[^>]+href=[\"']?(?:https?:)?//[^>]+>", text)
        fetched += re.findall(r"(?:url|import|fetch)\(\s*[\"']?(?:https?:)?//[^)]+", text)
        assert fetched == [], path
