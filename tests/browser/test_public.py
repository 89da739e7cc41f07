"""What a visitor sees of a release, as a browser shows it."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from playwright.sync_api import expect

from gis.config import Settings
from gis.database.connection import Database
from gis.services.publication import publish

from .conftest import Visit, serve
from .test_pages import ENGLISH, axe, no_sideways_scroll

PUBLISHED_ON = date(2026, 11, 24)
NOBODY = {"cookies": [], "origins": []}
PAGES = (
    *("/", "/regions/64", "/regions/64.72", "/claims", "/aid", "/people", "/centres", "/plans"),
    *("/releases", f"/releases/{PUBLISHED_ON}", "/about", "/downloads"),
)
# They hold names of files, parameters and agencies, which are English in every language.
WITH_NAMES = (f"/releases/{PUBLISHED_ON}", "/about", "/downloads")


@pytest.fixture(scope="module")
def base_url(
    settings: Settings,
    demo_database: Database,
    as_app: Callable[[Database], Database],
    as_visitor: Callable[[Database], Database],
) -> Iterator[str]:
    publish(demo_database, "First", PUBLISHED_ON)
    yield from serve(settings, as_app(demo_database), as_visitor(demo_database))


@pytest.fixture
def look(visit: Visit) -> Visit:
    """Open a path without a session."""
    return lambda path, **options: visit(path, storage_state=NOBODY, **options)


@pytest.mark.parametrize("path", PAGES)
def test_pages_stand(look: Visit, path: str) -> None:
    page = look(path, width=390, color_scheme="dark")
    if path not in WITH_NAMES:
        assert ENGLISH.findall(page.locator("body").inner_text()) == []
    assert no_sideways_scroll(page)
    assert axe(page) == []


def test_the_anchor_of_2016_in_words(look: Visit) -> None:
    page = look("/?as_of=2016-02-22")
    expect(page.locator("#sentence")).to_have_text(
        "Per 22 Februari 2016: 68 dari 168 lokalisasi ditutup, 100 tersisa."
    )
    expect(page.locator("#figure-reactivated")).to_have_count(0)


def test_the_slider_moves_words_and_figures(look: Visit) -> None:
    page = look("/en?as_of=2016-02-22")
    before = page.locator("#figure-closed").inner_text()
    page.locator("#slider").focus()
    page.keyboard.press("End")
    expect(page.locator("#sentence")).to_contain_text("24 November 2026")
    assert page.locator("#figure-closed").inner_text() != before


def test_a_regency_and_a_site_by_keys(look: Visit) -> None:
    page = look("/en/regions/64.72")
    expect(page.locator("#figure-active")).to_have_count(0)
    link = page.locator("#sites tbody a").first
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".sentence")).to_contain_text("Closed on")
    assert axe(page) == []


def test_a_copied_address_names_the_release(look: Visit) -> None:
    page = look(f"/en?release={PUBLISHED_ON}&as_of=2018-10-31")
    expect(page.locator("#sentence")).to_contain_text("125 of 169")
    page.locator("#table tbody a", has_text="Kalimantan Timur").click()
    assert f"release={PUBLISHED_ON}" in page.url
    assert "as_of=2018-10-31" in page.url
