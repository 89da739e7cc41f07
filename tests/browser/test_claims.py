"""`/claims` as a browser shows it."""

import pytest
from playwright.sync_api import expect

from .conftest import Visit
from .test_pages import ENGLISH, axe, no_sideways_scroll


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_axe_finds_nothing(visit: Visit, width: int, scheme: str) -> None:
    for path in ("/en/claims", "/claims?region=64&as_of=2016-06-01", "/claims?region=33"):
        page = visit(path, width=width, color_scheme=scheme)
        assert axe(page) == []
        assert no_sideways_scroll(page)


def test_no_english_is_left_on_the_indonesian_page(visit: Visit) -> None:
    words = visit("/claims").locator("body").inner_text()
    assert ENGLISH.findall(words) == []


def test_filters_work_without_scripts(visit: Visit) -> None:
    page = visit("/en/claims", java_script_enabled=False)
    assert page.locator("#claims th[scope=row]").count() == 41
    page.locator("#region").select_option("64")
    page.locator("#as_of").fill("2020-01-01")
    page.locator("#known_at").fill("2016-12-31")
    page.locator("form.bar button", has_text="Show").click()
    for part in ("region=64", "as_of=2020-01-01", "known_at=2016-12-31"):
        assert part in page.url
    # The headline was reported in 2023 only.
    expect(page.locator("#claims th[scope=row]")).to_have_count(10)
    expect(page.locator("#region")).to_have_value("64")
    expect(page.locator("#claims .reading")).to_have_count(0)


def test_what_does_not_add_up_is_marked(visit: Visit) -> None:
    page = visit("/en/claims?region=64")
    expect(page.locator("#claims .contradicts")).to_have_count(2)
    expect(page.locator("#claims .differs")).to_have_count(2)
    page.locator("#claims .differs a").first.click()
    expect(page.locator("#sentence")).to_contain_text("of 24 lokalisasi")
    page.locator(".claimed a", has_text="claims").click()
    expect(page.locator("h1")).to_contain_text("Kalimantan Timur")


def test_the_part_on_a_regions_page_follows_the_date(visit: Visit) -> None:
    page = visit("/en/regions/64?as_of=2016-05-31")
    expect(page.locator(".claimed")).to_have_count(0)
    page.locator("#as_of").fill("2016-06-01")
    expect(page.locator(".claimed li")).to_have_count(3)


@pytest.mark.parametrize("path", ["/claims", "/claims?region=64"])
def test_paper_holds_the_whole_table(visit: Visit, path: str) -> None:
    page = visit(path, width=718)
    page.emulate_media(media="print")
    assert no_sideways_scroll(page)
