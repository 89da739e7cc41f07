"""The pages of aid and people as a browser shows them: wide and narrow, light and dark, by keyboard."""

import re

import pytest
from playwright.sync_api import expect

from .conftest import Visit
from .test_pages import ENGLISH, axe, no_sideways_scroll

PAGES = [
    "/aid?as_of=2019-11-30",
    "/aid?as_of=2019-11-30&region=33",
    "/aid?region=63.72&as_of=2016-12-15",
    "/aid?as_of=1995-01-01",
    "/people?as_of=2019-12-01",
    "/people?as_of=2019-12-01&region=33",
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(visit: Visit, path: str, scheme: str) -> None:
    page = visit(f"/en{path}", color_scheme=scheme)
    assert axe(page) == []


@pytest.mark.parametrize("width", [1280, 390, 320])
@pytest.mark.parametrize("path", PAGES)
def test_pages_do_not_scroll_sideways(visit: Visit, path: str, width: int) -> None:
    page = visit(path, width=width)
    expect(page.locator("h1")).to_be_visible()
    assert no_sideways_scroll(page)


@pytest.mark.parametrize("path", PAGES)
def test_no_english_is_left(visit: Visit, path: str) -> None:
    page = visit(path)
    words = re.sub(r"Asia and the Pacific|GeoJSON", "", page.locator("body").inner_text())
    assert ENGLISH.findall(words) == []


def test_the_chart_says_what_it_shows_and_has_its_table(visit: Visit) -> None:
    page = visit("/en/aid?as_of=2019-11-30")
    twin = page.request.get("/aid.json?as_of=2019-11-30").json()
    expect(page.locator(".chart svg rect.promised")).to_have_count(len(twin["payers"]))
    expect(page.locator(".chart figcaption")).to_contain_text("Most of what is not paid")
    widths = [float(rect.get_attribute("width") or 0) for rect in page.locator("rect.promised").all()]
    sums = [row["promised_rupiah"] for row in twin["payers"]]
    assert [round(width / 480, 2) for width in widths] == [round(n / max(sums), 2) for n in sums]


def test_a_region_and_a_filter_are_chosen_by_keyboard(visit: Visit) -> None:
    page = visit("/en/aid?as_of=2019-11-30")
    page.locator("#payer").focus()
    page.keyboard.type("reg")
    page.locator("form.bar button", has_text="Show").press("Enter")
    page.wait_for_url("**/aid?**payer=regency**")
    expect(page.locator(".chart svg rect.promised")).to_have_count(1)
    page.locator("#regions-heading ~ .scroll tbody a", has_text="Jawa Tengah").press("Enter")
    page.wait_for_url("**region=33**")
    assert "payer=regency" in page.url
    expect(page.locator("h1")).to_contain_text("Jawa Tengah")
    page.locator(".crumbs a", has_text="Indonesia").click()
    expect(page.locator("h1")).to_contain_text("Indonesia")


def test_the_page_of_a_region_leads_to_its_aid(visit: Visit) -> None:
    page = visit("/en/regions/33?as_of=2019-11-30")
    section = page.locator("section[data-live=aid]")
    expect(section).to_contain_text("promised is not paid")
    section.locator("a", has_text="Entitled").click()
    expect(page.locator("h1")).to_contain_text("Jawa Tengah")
    assert "as_of=2019-11-30" in page.url


def test_the_page_of_a_site_lists_its_aid(visit: Visit) -> None:
    page = visit("/en/aid?region=63.72&as_of=2016-12-15")
    page.locator("table a", has_text="Pembatuan").click()
    rows = page.locator("section.aid li")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("metro7.co.id")
    assert no_sideways_scroll(page)
