"""The forms of the daily work in a browser: by keys alone, by pointer, and without scripts."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from gis.database.connection import Database
from gis.domain.access import Role

from .conftest import State, Visit, Watched
from .test_hostile import NAMES
from .test_keyboard import tab_until
from .test_pages import ENGLISH, axe, no_sideways_scroll

SAMARINDA, TARAKAN = (117.15, -0.5), (117.6, 3.3)
NEW = "/en/manage/sites/new"
SQUARE = "POLYGON ((117.15 -0.51, 117.152 -0.51, 117.152 -0.508, 117.15 -0.508, 117.15 -0.51))"


@pytest.fixture(scope="module")
def regency(signed_in: Callable[..., State], demo_database: Database) -> State:
    return signed_in(demo_database, Role.regency, "64.72")


@pytest.fixture(scope="module")
def in_samarinda(demo_database: Database) -> int:
    """A site of the city with a polygon, whose name and source would be scripts."""
    with demo_database.transaction() as connection:
        row = connection.execute(
            "INSERT INTO site (name, site_type, geom, location_accuracy, location_source)"
            " VALUES (%s, 'lokalisasi', ST_GeomFromText(%s, 4326), 'exact', %s) RETURNING id",
            [NAMES[0], SQUARE, NAMES[3]],
        ).fetchone()
        assert row is not None
        connection.execute(
            "INSERT INTO event (site_id, kind, occurred_on, source, note)"
            " VALUES (%s, 'recorded', '2015-01-01', %s, %s)",
            [row[0], NAMES[1], NAMES[3]],
        )
        connection.execute(
            "INSERT INTO headcount (site_id, counted_on, n, definition, source)"
            " VALUES (%s, '2015-01-01', 12, 'resident', %s)",
            [row[0], NAMES[4]],
        )
    return int(row[0])


def focus(page: Page, wanted: str) -> None:
    tab_until(page, wanted, 40)


def write(page: Page, field: str, text: str) -> None:
    focus(page, f"f-{field}")
    page.keyboard.type(text)


def at(page: Page, lon: float, lat: float) -> tuple[float, float]:
    """Where a place is on the screen; the map moves there first if it does not show it."""
    point = page.evaluate(
        "([lat, lon]) => { if (!map_atlas.getBounds().contains([lat, lon]))"
        " map_atlas.setView([lat, lon], map_atlas.getZoom(), { animate: false });"
        " return map_atlas.latLngToContainerPoint([lat, lon]); }",
        [lat, lon],
    )
    box = page.locator("#map_atlas").bounding_box()
    assert box
    return box["x"] + point["x"], box["y"] + point["y"]


def click(page: Page, lon: float, lat: float) -> None:
    page.locator("#map_atlas").scroll_into_view_if_needed()
    page.mouse.click(*at(page, lon, lat))


def drag(page: Page, handle: str, lon: float, lat: float) -> None:
    box = page.locator(handle).first.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    x, y = at(page, lon, lat)
    page.mouse.move((x + box["x"]) / 2, (y + box["y"]) / 2)
    page.mouse.move(x, y, steps=4)
    page.mouse.up()


def value(page: Page, field: str) -> str:
    return page.locator(f"#f-{field}").input_value()


def test_a_regency_enters_a_site_and_an_event_by_keys_alone(
    visit: Visit, regency: State, in_samarinda: int
) -> None:
    page = visit(NEW, storage_state=regency)
    write(page, "name", "Lokalisasi dengan papan ketik")
    focus(page, "map_atlas")
    # The map shows one's own region; the keys move it, and the mark is put at its middle.
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(400)
    focus(page, "at-middle")
    page.keyboard.press("Enter")
    expect(page.locator("#located")).to_have_text("Kota Samarinda 64.72, Kalimantan Timur 64 (lies inside).")
    expect(page.locator("path.region.found")).to_have_count(1)
    before = value(page, "lat")
    page.keyboard.press("Shift+Tab")
    while page.evaluate("!document.activeElement.classList.contains('mark-handle')"):
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowUp")
    assert float(value(page, "lat")) > float(before)
    write(page, "location_source", "Survei 2015")
    write(page, "recorded_on", "Juni 2015")
    write(page, "source", "Dinsos")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/manage/batches/*")
    expect(page.locator("h1")).to_have_text("Entry: handed in")
    page.goto(f"/en/manage/sites/{in_samarinda}/events/new")
    focus(page, "f-kind")
    page.keyboard.type("clos")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("1 Juni 2016")
    write(page, "source", "Dinsos")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/manage/batches/*")
    expect(page.locator("#rows")).to_contain_text("1 June 2016")


def test_a_click_and_a_drag_move_the_region_that_is_shown(visit: Visit) -> None:
    page = visit(NEW)
    click(page, *SAMARINDA)
    expect(page.locator("#located")).to_contain_text("Kota Samarinda")
    assert float(value(page, "lon")) == pytest.approx(SAMARINDA[0], abs=0.1)
    page.wait_for_timeout(300)
    drag(page, ".mark-handle", 117.0, 0.3)
    expect(page.locator("#located")).to_contain_text("Kutai Kartanegara")
    assert float(value(page, "lat")) == pytest.approx(0.3, abs=0.1)


def test_a_place_outside_of_the_region_is_told_at_once(visit: Visit, regency: State) -> None:
    page = visit(NEW, storage_state=regency)
    page.locator("#f-lat").fill("3,3")
    page.locator("#f-lon").fill("117°36' BT")
    expect(page.locator("#located")).to_have_text(
        re.compile(r"Kota Tarakan 65\.71.*Outside of the region of this account\.")
    )
    expect(page.locator(".located.outside")).to_be_visible()
    expect(page.locator(".mark-handle")).to_have_count(1)
    page.locator("#f-lat").fill("93")
    expect(page.locator("#p-lat")).to_have_text(re.compile("This is no latitude"))
    assert page.locator("#f-lat").get_attribute("aria-invalid") == "true"


def test_an_area_is_drawn_changed_and_drawn_anew(visit: Visit) -> None:
    page = visit(NEW)
    page.locator("input[name=place][value=area]").check()
    page.evaluate("map_atlas.setView([-0.5, 117.15], 13, { animate: false })")
    corners = [(117.14, -0.51), (117.16, -0.51), (117.16, -0.49), (117.14, -0.49)]
    for lon, lat in corners:
        click(page, lon, lat)
    expect(page.locator("#located")).to_contain_text("Kota Samarinda")
    expect(page.locator(".corner")).to_have_count(4)
    assert value(page, "wkt").startswith("POLYGON ((117.1")
    drawn = value(page, "wkt")
    page.locator("#by-click").click()
    click(page, 117.15, -0.5)
    assert value(page, "wkt") == drawn
    drag(page, ".corner >> nth=1", 117.17, -0.505)
    assert value(page, "wkt") != drawn
    page.locator(".between").first.click()
    expect(page.locator(".corner")).to_have_count(5)
    page.locator(".corner.chosen").focus()
    page.keyboard.press("PageDown")
    page.keyboard.press("Delete")
    expect(page.locator(".corner")).to_have_count(4)
    page.locator("#anew").click()
    expect(page.locator(".corner")).to_have_count(0)
    assert value(page, "wkt") == ""


def test_a_line_that_crosses_itself_is_told_at_its_field(visit: Visit) -> None:
    page = visit(NEW)
    page.locator("input[name=place][value=area]").check()
    page.locator("#f-wkt").fill("POLYGON ((117.1 -0.5, 117.2 -0.4, 117.2 -0.5, 117.1 -0.4, 117.1 -0.5))")
    expect(page.locator("#p-wkt")).to_have_text(re.compile("crosses itself at longitude 117.15"))
    page.locator("#f-wkt").fill(SQUARE)
    expect(page.locator(".corner")).to_have_count(4)
    expect(page.locator("#p-wkt")).to_be_hidden()


def test_what_is_stored_is_drawn_and_moved(visit: Visit, in_samarinda: int) -> None:
    page = visit(f"/en/manage/sites/{in_samarinda}/edit")
    expect(page.locator(".corner")).to_have_count(4)
    expect(page.locator("#located")).to_contain_text("Kota Samarinda")
    page.locator(".corner").first.focus()
    page.keyboard.press("ArrowDown")
    page.locator("button", has_text="Keep as a draft").click()
    page.wait_for_url("**/en/manage/batches/*")
    page.locator("a", has_text="Go on writing").click()
    expect(page.locator(".corner")).to_have_count(4)
    assert value(page, "wkt") != SQUARE


def test_a_boundary_by_decree_is_drawn_beside_what_is_mapped(visit: Visit, in_samarinda: int) -> None:
    page = visit(f"/en/manage/sites/{in_samarinda}/boundaries/new")
    expect(page.locator("path.decree-area")).to_have_count(1)
    for lon, lat in ((117.1495, -0.5105), (117.1525, -0.5105), (117.1525, -0.5075)):
        click(page, lon, lat)
    expect(page.locator("#located")).to_contain_text("Kota Samarinda")
    page.locator("#f-legal_instrument").fill("SK Wali Kota")
    page.locator("#f-source").fill("Dinsos")
    page.locator("button", has_text="Hand in").click()
    page.wait_for_url("**/en/manage/batches/*")
    expect(page.locator("#rows")).to_contain_text("SK Wali Kota")


def test_errors_lead_to_their_fields_and_nothing_is_lost(
    visit: Visit, regency: State, watched: Watched
) -> None:
    page = visit(NEW, storage_state=regency)
    page.locator("#f-name").fill(NAMES[0])
    page.locator("button", has_text="Hand in").click()
    expect(page.locator("#problems")).to_be_visible()
    watched.problems[:] = [text for text in watched.problems if "422" not in text]
    assert value(page, "name") == NAMES[0]
    page.locator("#problems a").first.click()
    assert page.evaluate("document.activeElement.id") == "f-lat"
    assert axe(page) == []


def test_it_works_without_scripts(visit: Visit, regency: State) -> None:
    page = visit(NEW, storage_state=regency, java_script_enabled=False)
    for field, text in {
        "name": "Tanpa skrip",
        "lat": "-0.5",
        "lon": "117.15",
        "location_source": "Survei",
        "recorded_on": "2015",
        "source": "Dinsos",
    }.items():
        page.locator(f"#f-{field}").fill(text)
    page.locator("#locate").click()
    expect(page.locator("#located")).to_contain_text("Kota Samarinda")
    page.locator("button", has_text="Hand in").click()
    expect(page.locator("h1")).to_have_text("Entry: handed in")


def test_an_ended_sign_in_is_told_and_nothing_typed_is_lost(
    visit: Visit, signed_in: Callable[..., State], demo_database: Database, watched: Watched
) -> None:
    page = visit(NEW, storage_state=signed_in(demo_database, Role.regency, "64.72"))
    page.locator("#f-name").fill("Tetap")
    page.context.clear_cookies()
    page.locator("#f-lat").fill("-0.5")
    page.locator("#f-lon").fill("117.15")
    expect(page.locator("#located")).to_contain_text("The sign-in has ended")
    assert value(page, "name") == "Tetap"
    watched.problems[:] = [text for text in watched.problems if "401" not in text]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("part", ["sites/new", "edit", "events/new", "headcounts/new", "boundaries/new"])
def test_axe_finds_nothing(visit: Visit, in_samarinda: int, part: str, width: int, scheme: str) -> None:
    path = part if part == "sites/new" else f"sites/{in_samarinda}/{part}"
    page = visit(f"/en/manage/{path}", width=width, color_scheme=scheme)
    assert no_sideways_scroll(page)
    assert axe(page) == []
    assert page.locator("main img, main script, a[href^=javascript]").count() == 0


@pytest.mark.parametrize("part", ["sites/new", "edit", "events/new", "headcounts/new", "boundaries/new"])
def test_no_english_is_left(visit: Visit, in_samarinda: int, part: str) -> None:
    path = part if part == "sites/new" else f"sites/{in_samarinda}/{part}"
    page = visit(f"/manage/{path}")
    words = page.locator("body").inner_text()
    for name in NAMES:
        words = words.replace(name, "")
    assert ENGLISH.findall(words) == []
