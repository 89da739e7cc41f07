"""Everything without a pointer."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from gis.database.connection import Database
from gis.domain.access import Role

from .conftest import State, Visit
from .test_pages import axe

FOCUSED = """() => {
    const here = document.activeElement;
    const within = (part) => Boolean(here.closest(part));
    return { id: here.id, tag: here.tagName, inMap: within("#map"), inTable: within("#table") };
}"""


def tab_until(page: Page, wanted: str, limit: int) -> int:
    """Tab to an element of an id; how many presses it took."""
    for press in range(1, limit + 1):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED)["id"] == wanted:
            return press
    raise AssertionError(f"#{wanted} is not within {limit} presses of Tab")


def shown(page: Page) -> dict[str, Any]:
    """Each part of the page that a date has a say in."""
    parts = {
        "address": "location.search",
        "spoken": "document.querySelector('#slider').getAttribute('aria-valuetext')",
        "field": "document.querySelector('#as_of').value",
        "sentence": "document.querySelector('#sentence').textContent",
        "figures": "document.querySelector('.figures').textContent",
        "table": "document.querySelector('#table').textContent",
        "hairline": "document.querySelector('path.hairline').getAttribute('d')",
        "caption": "document.querySelector('figcaption').textContent",
        "bubbles": "document.querySelector('.leaflet-marker-pane').innerHTML",
    }
    return {name: page.evaluate(script) for name, script in parts.items()}


def settle(page: Page, day: str) -> dict[str, Any]:
    page.wait_for_function("day => location.search.includes(day)", arg=day)
    page.wait_for_load_state("networkidle")
    return shown(page)


def test_slider_by_keys(visit: Visit) -> None:
    page = visit("/?as_of=2013-06-15")
    tab_until(page, "slider", 16)
    last = page.locator("#slider").get_attribute("data-last") or ""
    before = shown(page)
    for key, day in (("ArrowRight", "2013-07-31"), ("Home", "2008-01-31"), ("End", last)):
        page.keyboard.press(key)
        after = settle(page, day)
        unchanged = [name for name in before if before[name] == after[name]]
        assert unchanged == [], (key, unchanged)
        before = after
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("day => !location.search.includes(day)", arg=last)
    assert page.evaluate(FOCUSED)["id"] == "slider"


def test_map_takes_few_stops_and_the_table_follows(visit: Visit) -> None:
    page = visit("/?as_of=2016-02-22")
    stops, in_map = 0, 0
    while not page.evaluate(FOCUSED)["inTable"]:
        page.keyboard.press("Tab")
        stops += 1
        in_map += page.evaluate(FOCUSED)["inMap"]
        assert stops < 45
    assert in_map <= 10


def test_skip_link_over_the_map(visit: Visit) -> None:
    page = visit("/?as_of=2016-02-22")
    page.locator("#map .skip").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("location.hash === '#table'")  # the browser follows the link in its own time
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)["inTable"]


def test_focus_on_a_row_lights_its_region(visit: Visit) -> None:
    page = visit("/?as_of=2016-02-22")
    page.locator("#table a", has_text="Kalimantan Timur").focus()
    expect(page.locator("path.region.lit")).to_have_count(1)
    expect(page.locator(".leaflet-tooltip")).to_contain_text("Kalimantan Timur")
    page.keyboard.press("Enter")
    page.wait_for_url("**/regions/64?as_of=2016-02-22")


def test_sort_and_download_by_keys(visit: Visit) -> None:
    page = visit("/en?as_of=2016-02-22")
    page.locator("#table thead button", has_text="Total").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#table tbody tr").first).to_contain_text("Jawa Timur")
    page.locator(".menu summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".menu a", has_text="CSV")).to_be_visible()


@pytest.mark.parametrize("path", ["/about", "/en/about"])
def test_the_header_is_one_line_and_a_menu_where_it_has_no_room(
    visit: Visit, demo_database: Database, signed_in: Callable[..., State], path: str
) -> None:
    longest = signed_in(demo_database, Role.regency, "81.03")  # Kabupaten Kepulauan Tanimbar
    page = visit(path, storage_state=longest)
    tops = page.locator(".top > *:visible, .top nav > *").evaluate_all(
        "(all) => all.map((each) => each.getBoundingClientRect()).map((box) => box.top + box.height / 2)"
    )
    assert len(tops) > 10
    assert max(tops) - min(tops) < 4
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size({"width": 390, "height": 700})
    menu, nav = page.locator(".pages-menu"), page.locator("#pages")
    expect(nav).to_be_hidden()
    menu.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(nav.locator("a").first).to_be_focused()
    expect(nav.locator(".out button")).to_be_in_viewport()
    assert axe(page) == []
    page.keyboard.press("Escape")
    expect(nav).to_be_hidden()
    expect(menu).to_be_focused()
