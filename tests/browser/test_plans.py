"""Pages of plans, visits and a site's documents as a browser shows them."""

import re

import pytest
from playwright.sync_api import expect

from gis.database.connection import Database

from .conftest import Visit
from .test_pages import ENGLISH, axe, localised, no_sideways_scroll

PATHS = ["/plans?as_of=2018-06-01", "/monitoring?as_of=2021-03-01"]


@pytest.fixture(scope="module")
def planned_site(demo_database: Database) -> str:
    """The page of a site with a document, a planned date and visits."""
    with demo_database.transaction() as connection:
        row = connection.execute(
            "SELECT p.site_id FROM plan p JOIN site_state s ON s.site_id = p.site_id AND upper_inf(s.valid)"
            " WHERE p.planned_on IS NOT NULL AND s.status_group = 'closed' ORDER BY p.number LIMIT 1"
        ).fetchone()
    assert row is not None
    return f"/sites/{row[0]}?as_of=2026-05-31"


@pytest.mark.parametrize("width", [1280, 390, 320])
@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("path", [*PATHS, "/plans?as_of=1995-01-01"])
def test_page_stands(visit: Visit, path: str, language: str, width: int) -> None:
    page = visit(localised(path, language), width=width)
    expect(page.locator("h1")).to_be_visible()
    assert no_sideways_scroll(page)


@pytest.mark.parametrize("path", PATHS)
def test_no_english_is_left_on_an_indonesian_page(visit: Visit, path: str) -> None:
    assert ENGLISH.findall(visit(path).locator("body").inner_text()) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", [*PATHS, "site"])
def test_axe_finds_nothing(visit: Visit, path: str, scheme: str, planned_site: str) -> None:
    page = visit(localised(planned_site if path == "site" else path, "en"), color_scheme=scheme)
    assert axe(page) == []


def test_axe_finds_nothing_on_a_narrow_page(visit: Visit) -> None:
    assert axe(visit(PATHS[0], width=390)) == []


@pytest.mark.parametrize("scripts", [True, False])
def test_the_filters_are_a_form(visit: Visit, scripts: bool) -> None:
    page = visit("/en/plans?as_of=2018-06-01", java_script_enabled=scripts)
    page.locator("#region").select_option("35")
    for name in ("coming", "fulfilled", "undated", "replaced", "no_sites"):
        page.locator(f"input[name=state][value={name}]").uncheck()
    page.locator("form.bar button", has_text="Show").click()
    expect(page).to_have_url(re.compile(r"as_of=2018-06-01&known_at=&region=35&state=overdue$"))
    expect(page.locator("h1")).to_contain_text("Jawa Timur")
    assert page.locator("main section").count() in {0, 1}
    page.locator("nav a[hreflang=id]").click()
    expect(page).to_have_url(re.compile(r"/plans\?as_of=2018-06-01&region=35&state=overdue$"))


def test_a_region_leads_to_its_plans(visit: Visit) -> None:
    page = visit("/en/regions/12?as_of=2018-06-01")
    page.locator(".overdue a", has_text="plans and letters").click()
    expect(page.locator("h1")).to_contain_text("Sumatera Utara")
    page.go_back()
    page.locator(".figures a", has_text="by year").click()
    expect(page.locator(".again tbody tr").first).to_be_visible()


def test_a_site_page_lists_documents_and_visits(visit: Visit, planned_site: str) -> None:
    page = visit(localised(planned_site, "en"))
    expect(page.locator(".documents tbody tr").first).to_contain_text("SINTETIS-")
    expect(page.locator(".visits li")).to_have_count(3)
    assert no_sideways_scroll(page)
