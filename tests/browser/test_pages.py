"""Each page as a browser shows it: both languages, wide and narrow, in light and dark."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from gis.config import PROJECT_DIRECTORY
from gis.database.connection import Database
from gis.domain.access import Identity, Role

from .conftest import State, Visit, Watched, first_site

PAGES = [
    "/?as_of=2016-02-22",
    "/regions/64?as_of=2016-06-01",
    "/regions/64.72?as_of=2016-06-01",
    "/downloads",
    "/about",
    "/nothing-here",
]
AXE = (PROJECT_DIRECTORY / "node_modules" / "axe-core" / "axe.min.js").read_text()
# English that would stand on an Indonesian page if a text were not translated.
ENGLISH = re.compile(r"\b(the|closed|active|with|and|from|sites?|as of|on record)\b", re.IGNORECASE)


def localised(path: str, language: str) -> str:
    return path if language == "id" else f"/en{path}"


def axe(page: Page) -> list[object]:
    """What axe-core holds against a page: rule and elements."""
    page.evaluate(AXE)
    violations = "(r) => r.violations.map((v) => [v.id, v.nodes.map((n) => n.html)])"
    found: list[object] = page.evaluate(f"axe.run(document).then({violations})")
    return found


def no_sideways_scroll(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("path", PAGES[:-1])
def test_page_stands(visit: Visit, path: str, language: str, width: int) -> None:
    page = visit(localised(path, language), width=width)
    assert page.locator("html").get_attribute("lang") == language
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".top")).to_contain_text("test-planner-all")
    assert no_sideways_scroll(page)
    if page.locator("#map_atlas").count():
        expect(page.locator("path.region").first).to_be_attached()
        expect(page.locator(".bubble, .site-mark").first).to_be_attached()
        expect(page.locator(".waiting")).to_have_count(0)


@pytest.mark.parametrize("accuracy", ["exact", "approximate", "cell", "regency"])
def test_site_page_draws_the_accuracy_as_it_is(visit: Visit, demo_database: Database, accuracy: str) -> None:
    page = visit(f"/sites/{first_site(demo_database, accuracy)}")
    drawn = {"exact": ".site-mark.exact", "regency": "path.region-known"}.get(accuracy, "path.accuracy")
    expect(page.locator(drawn)).to_have_count(1)
    assert page.locator(".milestones tbody tr").count() == 8
    assert no_sideways_scroll(page)


@pytest.mark.parametrize("path", PAGES[:-1])
def test_no_english_is_left_on_an_indonesian_page(visit: Visit, path: str) -> None:
    page = visit(path)
    words = page.locator("body").inner_text()
    words = re.sub(
        r"(?s)import geopandas.*|Asia and the Pacific|GeoJSON|From Text/CSV|then|today|level|status",
        "",
        words,
    )
    if path == "/downloads":
        words = page.locator("main h1, main h2, main p, main dt").all_inner_texts().__str__()
        words = words.replace("From", "").replace("active", "").replace("closed", "").replace("sites", "")
    assert ENGLISH.findall(words) == []


def test_narrowest_page_does_not_scroll_sideways(visit: Visit, site_path: str) -> None:
    for path in (*PAGES[:-1], site_path):
        assert no_sideways_scroll(visit(path, width=320)), path


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", [*PAGES, "site"])
def test_axe_finds_nothing(visit: Visit, watched, path: str, scheme: str, site_path: str) -> None:  # noqa: ANN001
    page = visit(localised(site_path if path == "site" else path, "en"), color_scheme=scheme)
    found = axe(page)
    watched.problems[:] = [text for text in watched.problems if "404" not in text]
    assert found == []


def test_rows_say_that_they_are_synthetic(visit: Visit) -> None:
    page = visit("/en/regions/64?as_of=2016-06-01")
    expect(page.locator(".notice")).to_have_count(1)
    rows = page.locator("#sites tbody tr")
    marked = rows.filter(has=page.locator("th i", has_text="synthetic"))
    twin = page.request.get("/regions/64.json?as_of=2016-06-01").json()
    assert marked.count() == sum(site["synthetic"] for site in twin["sites"])
    assert rows.count() == len(twin["sites"])


def test_long_list_is_completed_from_the_twin(visit: Visit) -> None:
    page = visit("/regions/35?as_of=2016-06-01")
    twin = page.request.get("/regions/35.json?as_of=2016-06-01").json()
    assert page.locator("#sites tbody tr").count() == len(twin["sites"]) > 12
    expect(page.locator("#rest")).to_have_count(0)


def test_code_that_no_region_bore_yet(visit: Visit) -> None:
    page = visit("/en/regions/65?as_of=2012-02-22")
    expect(page.locator("#sentence")).to_have_text("Kalimantan Utara did not exist yet on 22 February 2012.")
    expect(page.locator("#failed")).to_be_hidden()
    expect(page.locator(".waiting")).to_have_count(0)
    # Zeros would be figures of a region that was not there.
    for part in ("#figure-closed", "#chart", "#table", "#sites"):
        expect(page.locator(part)).to_be_hidden()
    page.locator(".pace a", has_text="Kalimantan Timur").click()
    expect(page).to_have_url(re.compile(r"/en/regions/64\?as_of=2012-02-22$"))
    page.go_back()
    page.locator(".pace a", has_text="boundaries of today").click()
    expect(page).to_have_url(re.compile(r"/en/regions/65\?as_of=2012-02-22&boundaries=today"))
    expect(page.locator("#figure-closed")).to_be_visible()


def test_region_shows_again_when_the_date_reaches_it(visit: Visit) -> None:
    page = visit("/regions/65?as_of=2012-02-22")
    page.locator("#as_of").fill("2016-06-01")
    expect(page.locator("#figure-active")).to_be_visible()
    expect(page.locator("path.region")).to_have_count(5)
    page.locator("#as_of").fill("2012-02-22")
    expect(page.locator("#figure-active")).to_be_hidden()
    expect(page.locator("path.region")).to_have_count(0)


def test_site_known_by_two_regions_is_drawn_as_both(visit: Visit, demo_database: Database) -> None:
    with demo_database.transaction() as connection:
        row = connection.execute("SELECT id FROM site WHERE name LIKE 'Gambilangu%'").fetchone()
    assert row is not None
    expect(visit(f"/sites/{row[0]}").locator("path.region-known")).to_have_count(2)


@pytest.mark.parametrize("path", ["/?as_of=2016-02-22", "/regions/64?as_of=2016-06-01", "site"])
def test_axe_finds_nothing_on_a_narrow_page(visit: Visit, path: str, site_path: str) -> None:
    assert axe(visit(site_path if path == "site" else path, width=390)) == []


@pytest.mark.parametrize("path", ["/?as_of=2016-02-22", "/regions/64?as_of=2016-06-01", "site"])
def test_paper_is_white_and_holds_the_whole_page(visit: Visit, path: str, site_path: str) -> None:
    # The width of A4 without its margins; who reads in the dark prints in black on white all the same.
    page = visit(site_path if path == "site" else path, width=718, color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert no_sideways_scroll(page)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    sea = page.locator(".frame").evaluate("(frame) => getComputedStyle(frame).backgroundColor")
    assert min(map(int, re.findall(r"\d+", sea))) > 200
    expect(page.locator(".bar")).to_be_hidden()


OUTSIDE = """() => {
    const frame = document.querySelector("#map_atlas").getBoundingClientRect();
    return [...document.querySelectorAll(".leaflet-tooltip")].filter((tip) => {
        const { left, top, right, bottom } = tip.getBoundingClientRect();
        return left < frame.left || top < frame.top || right > frame.right || bottom > frame.bottom;
    }).map((tip) => tip.textContent);
}"""


@pytest.mark.parametrize("width", [390, 1280])
def test_no_tooltip_is_cut_off_by_the_frame(visit: Visit, width: int) -> None:
    page = visit("/en?as_of=2016-06-01", width=width)
    marks = page.locator(".bubble")
    # The marks at the edges, where a tip has the least room, and some between them.
    for number in range(0, marks.count(), 4):
        marks.nth(number).dispatch_event("mouseover")
        expect(page.locator(".leaflet-tooltip")).to_have_count(1)
        assert page.evaluate(OUTSIDE) == []
        marks.nth(number).dispatch_event("mouseout")
        expect(page.locator(".leaflet-tooltip")).to_have_count(0)


def test_pages_for_administrators_stand(
    visit: Visit,
    watched: Watched,
    demo_database: Database,
    signed_in: Callable[..., State],
    actor: Callable[..., Identity],
) -> None:
    admin = signed_in(demo_database, Role.admin)
    other = actor(demo_database, Role.regency, "81.03").account_id
    page = visit("/manage/users", storage_state=admin, settled=False)
    for width, scheme in ((1280, "light"), (390, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # light or dark
        for path in ("/manage/users", f"/manage/users/{other}", "/manage/releases"):
            page.goto(path)
            expect(page.locator("h1")).to_be_visible()
            assert no_sideways_scroll(page)
            assert axe(page) == []
    page.goto("/manage/users")
    page.locator("#f-name").fill("dinsos-tanimbar")
    page.locator("#f-role").select_option("regency")
    page.locator("#f-region").fill("Tanimbar")
    page.locator("main .entry button").click()
    expect(page.locator("#problems")).to_contain_text("Wilayah: ")
    expect(page.locator("#f-name")).to_have_value("dinsos-tanimbar")
    assert [told for told in watched.problems if "422" not in told] == []
    watched.problems.clear()
    page.locator("#f-region").fill("81.03")
    page.locator("main .entry button").click()
    expect(page.locator("#password")).to_have_text(re.compile(r"^(\w{5}-){3}\w{5}$"))
    assert axe(page) == []
