"""`/centres` as a browser shows it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from gis.database.connection import Database
from gis.domain.access import Role

from .conftest import State, Visit
from .test_pages import ENGLISH, axe, no_sideways_scroll
from .test_weight import MAX_HTML_BYTES

PATHS = ("/centres", "/centres?region=64&as_of=2016-06-01", "/centres?region=13&as_of=2001-01-01")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing(visit: Visit, path: str, width: int, scheme: str) -> None:
    page = visit(f"/en{path}", width=width, color_scheme=scheme)
    assert axe(page) == []
    assert no_sideways_scroll(page)


@pytest.mark.parametrize("role", [Role.planner, Role.province, Role.regency])
def test_html_is_small(
    visit: Visit, signed_in: Callable[..., State], demo_database: Database, role: Role
) -> None:
    code = {Role.province: "64", Role.regency: "64.72"}.get(role)
    page = visit("/about", storage_state=signed_in(demo_database, role, code))
    for path in PATHS:
        for prefix in ("", "/en"):
            assert len(page.request.get(prefix + path).body()) <= MAX_HTML_BYTES


def test_no_english_is_left_on_the_indonesian_page(visit: Visit) -> None:
    for path in PATHS:
        assert ENGLISH.findall(visit(path).locator("body").inner_text()) == []


def test_the_map_has_a_mark_a_city(visit: Visit) -> None:
    page = visit("/en/centres?as_of=2016-06-01")
    twin = page.request.get("/centres.json?as_of=2016-06-01").json()
    cities = {row["regency_code"] for row in twin["centres"]}
    expect(page.locator(".centre-mark")).to_have_count(len(cities))
    expect(page.locator(".waiting")).to_have_count(0)
    assert page.locator("#centres tbody tr").count() == len(twin["centres"])
    page.locator(".centre-mark").first.hover()
    expect(page.locator(".leaflet-tooltip")).to_contain_text("(sintetis)")
    page.locator(".centre-mark.open").first.click()
    assert "#c" in page.url


def test_the_map_of_a_scoped_account_is_that_of_a_planner(
    visit: Visit, signed_in: Callable[..., State], demo_database: Database
) -> None:
    places = []
    for state in (signed_in(demo_database), signed_in(demo_database, Role.province, "64")):
        page = visit("/en/centres?region=64&as_of=2016-06-01", storage_state=state)
        marks = page.locator(".centre-mark")
        expect(marks).to_have_count(2)
        places.append(marks.evaluate_all("(all) => all.map((mark) => mark.style.transform)"))
    assert places[0] == places[1]


def test_filters_work_without_scripts(visit: Visit) -> None:
    page = visit("/en/centres", java_script_enabled=False)
    page.locator("#region").select_option("64")
    page.locator("#as_of").fill("2016-06-01")
    page.locator("form.bar button", has_text="Show").click()
    assert "region=64" in page.url
    assert "as_of=2016-06-01" in page.url
    expect(page.locator("#centres tbody tr")).to_have_count(2)
    expect(page.locator("#near-heading")).to_contain_text("Kalimantan Timur")
    page.locator("a[lang=id]").click()
    expect(page.locator("#near-heading")).to_contain_text("Terdekat dari Kalimantan Timur")
    expect(page.locator("#region")).to_have_value("64")


def test_the_part_on_a_regions_page_follows_the_date(visit: Visit) -> None:
    page = visit("/en/regions/64?as_of=2016-06-01")
    expect(page.locator(".near")).to_contain_text("PSKW Sekar")
    page.locator("#as_of").fill("2023-01-01")
    expect(page.locator(".near")).to_contain_text("PRTS Sekar")
    page.locator(".near a").click()
    expect(page.locator("h1")).to_contain_text("Kalimantan Timur")
    expect(page.locator("#as_of")).to_have_value("2023-01-01")


@pytest.mark.parametrize("path", PATHS)
def test_paper_holds_the_whole_table(visit: Visit, path: str) -> None:
    page = visit(path, width=718)
    page.emulate_media(media="print")
    assert no_sideways_scroll(page)
