"""The whole path in a browser: a spreadsheet is sent, corrected, handed in, approved, and undone as one."""

import csv
import re
from pathlib import Path

import pytest
import xlsxwriter
from playwright.sync_api import Browser, Page, expect

from gis.database.connection import Database
from gis.domain.access import Role
from gis.services import accounts

from .conftest import Watched
from .test_pages import axe, no_sideways_scroll

PASSWORD = "kata sandi yang panjang sekali"
HEADER = ["Nama Lokalisasi", "Kabupaten/Kota", "Lintang", "Bujur", "Status", "Tanggal", "Sumber"]
ROWS = [
    ["Jalur Satu", "Kota Samarinda", "-0,50", "117,15", "ditutup", "1 Juni 2016", "Dinsos"],
    ["Jalur Dua", "Kota Samarinda", "-0,52", "117,16", "terdata", "2015-03-01", "Dinsos"],
    ["Jalur Tiga", "Kota Samarinda", "abc", "117,15", "terdata", "2015-03-01", "Dinsos"],
    ["Jalur Empat", "Kota Tarakan", "3,30", "117,60", "terdata", "2015-03-01", "Dinsos"],
    ["Jalur Lima", "Kota Samarinda", "-0,51", "117,14", "terdata", "31/31/2015", "Dinsos"],
]
CORRECTED = {
    "Jalur Tiga": {"Lintang": "-0,505"},
    "Jalur Empat": {"Kabupaten/Kota": "Kota Samarinda", "Lintang": "-0,515", "Bujur": "117,155"},
    "Jalur Lima": {"Tanggal": "2015-03-31"},
}


@pytest.fixture(scope="module")
def people(demo_database: Database) -> None:
    """Accounts with passwords, as an administrator makes them."""
    accounts.add(demo_database, "samarinda", Role.regency, "64.72", PASSWORD, "en")
    accounts.add(demo_database, "pemeriksa", Role.approver, None, PASSWORD, "en")


def spreadsheet(path: Path) -> Path:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Data")
    for row, cells in enumerate([HEADER, *ROWS]):
        for column, cell in enumerate(cells):
            sheet.write_string(row, column, cell)
    book.close()
    return path


def signed_in(browser: Browser, watched: Watched, base_url: str, name: str) -> Page:
    """A page of somebody who signed in with the form."""
    context = browser.new_context(
        base_url=base_url, viewport={"width": 1280, "height": 900}, accept_downloads=True
    )
    page = context.new_page()
    watched.watch(page, base_url.removeprefix("http://"))
    page.goto("/en/login")
    page.locator("#name").fill(name)
    page.locator("#password").fill(PASSWORD)
    page.locator("main button", has_text="Sign in").click()
    expect(page.locator(".top")).to_contain_text(name)
    return page


def send(page: Page, file: Path) -> None:
    """Send a file, take the columns as they are proposed, and come to its rows."""
    if (menu := page.locator(".pages-menu")).is_visible():
        menu.click()
    page.locator(".top a", has_text="Work").click()
    page.locator("a", has_text="Import a file").click()
    page.locator("#file").set_input_files(file)
    page.locator("#sender").fill("Dinsos Samarinda")
    page.locator("button", has_text="Read the file").click()
    page.wait_for_url("**/columns")
    assert axe(page) == []
    page.locator("button", has_text="Look at the rows").click()
    page.wait_for_url("**/manage/batches/*")
    expect(page.locator("#map_atlas .row-mark").first).to_be_attached()


def corrected(refused: Path, target: Path) -> Path:
    """The refused rows with what was wrong put right, as somebody does in a spreadsheet."""
    with refused.open(encoding="utf-8-sig", newline="") as source:
        rows = list(csv.DictReader(source))
    assert [row["Nama Lokalisasi"] for row in rows] == list(CORRECTED)
    assert all(row["reason"] for row in rows)
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, rows[0])
        writer.writeheader()
        writer.writerows({**row, **CORRECTED[row["Nama Lokalisasi"]]} for row in rows)
    return target


def press(page: Page, word: str, state: str) -> None:
    page.locator("main button", has_text=word).first.click()
    expect(page.locator("h1")).to_contain_text(state)


def test_from_the_spreadsheet_to_the_province_and_back(
    chromium: Browser, watched: Watched, base_url: str, people: None, tmp_path: Path
) -> None:
    author = signed_in(chromium, watched, base_url, "samarinda")
    send(author, spreadsheet(tmp_path / "daftar.xlsx"))
    expect(author.locator(".counts")).to_contain_text("2 new")
    expect(author.locator(".counts")).to_contain_text("3 refused")
    for number, told in ((4, "a latitude"), (5, "within the region of this account"), (6, "a date such as")):
        expect(author.locator(f"#r{number} .wrong")).to_contain_text(told)
    assert axe(author) == []
    first = author.url.partition("#")[0]
    with author.expect_download() as download:
        author.locator("a", has_text="Refused rows as CSV").click()
    refused = tmp_path / "refused.csv"
    download.value.save_as(refused)
    press(author, "Hand in", "handed in")
    send(author, corrected(refused, tmp_path / "again.csv"))
    expect(author.locator(".counts")).to_contain_text("3 new")
    expect(author.locator(".counts")).to_contain_text("0 refused")
    second = author.url.partition("#")[0]
    press(author, "Hand in", "handed in")
    expect(author.locator("button", has_text="Approve")).to_have_count(0)

    approver = signed_in(chromium, watched, base_url, "pemeriksa")
    approver.locator(".top a", has_text="Work").click()
    expect(approver.locator("#to-decide")).to_contain_text("(2)")
    for address in (first, second):
        approver.goto(address)
        assert axe(approver) == []
        press(approver, "Approve", "approved")
    approver.goto("/en/regions/64.72")
    for cells in ROWS:
        expect(approver.locator("#sites")).to_contain_text(cells[0])
    approver.goto("/en/regions/64")
    expect(approver.locator("#table")).to_contain_text("Kota Samarinda")

    author.locator(".top a", has_text="Work").click()
    author.locator("a", has_text="Audit trail").click()
    author.locator("#batch_id").fill(first.rpartition("/")[2])
    author.locator("#table").fill("site")
    author.locator("button", has_text="Show").click()
    expect(author.locator("#trail tbody tr")).to_have_count(2)
    expect(author.locator("#trail")).to_contain_text("pemeriksa")
    expect(author.locator("#trail")).to_contain_text("entered by samarinda")
    expect(author.locator("#trail")).to_contain_text("Jalur Satu")
    assert axe(author) == []

    author.goto(first)
    press(author, "Undo as one", "handed in")
    undoing = author.url
    approver.goto(undoing)
    press(approver, "Approve", "approved")
    approver.goto("/en/regions/64.72")
    expect(approver.locator("#sites")).not_to_contain_text("Jalur Satu")
    expect(approver.locator("#sites")).to_contain_text("Jalur Tiga")
    approver.goto(first)
    expect(approver.locator(".terms")).to_contain_text("Undone by")
    assert watched.problems == []
    assert watched.foreign == []
    for page in (author, approver):
        page.context.close()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_pages_stand(
    chromium: Browser, watched: Watched, base_url: str, people: None, tmp_path: Path, width: int, scheme: str
) -> None:
    page = signed_in(chromium, watched, base_url, "samarinda")
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # light or dark
    page.set_viewport_size({"width": width, "height": 900})
    send(page, spreadsheet(tmp_path / "daftar.xlsx"))
    batch = page.url.partition("#")[0].partition("/en")[2]
    for path in (batch, f"{batch}/columns", "/manage", "/manage/batches", "/manage/import", "/manage/audit"):
        for prefix in ("", "/en"):
            page.goto(prefix + path)
            expect(page.locator("h1")).to_be_visible()
            assert no_sideways_scroll(page), path
            assert axe(page) == [], path
    page.context.close()
    assert watched.problems == []


APART = """() => {
    const marks = [...document.querySelectorAll(".row-mark span")];
    const boxes = marks.map((mark) => mark.getBoundingClientRect());
    const apart = (one, other) => one.right <= other.left || one.bottom <= other.top;
    return boxes.every((one, index) =>
        boxes.slice(index + 1).every((other) => apart(one, other) || apart(other, one)));
}"""


def test_marks_at_one_place_are_spread_and_many_are_counted(
    chromium: Browser, watched: Watched, base_url: str, people: None, tmp_path: Path
) -> None:
    near = [f"Blok {n};Kota Samarinda;{-0.5 - n * 0.0002:.4f};117.15;terdata;2016;Dinsos" for n in range(12)]
    same = [f"Sama {n};Kota Samarinda;-0.3;117.2;terdata;2016;Dinsos" for n in range(4)]
    file = tmp_path / "rapat.csv"
    head = "Nama Lokalisasi;Kabupaten/Kota;Lintang;Bujur;Status;Tanggal;Sumber"
    file.write_text("\n".join([head, *near, *same]), encoding="utf-8")
    page = signed_in(chromium, watched, base_url, "samarinda")
    send(page, file)
    expect(page.locator(".row-mark")).to_have_count(5)
    expect(page.locator(".row-mark.stack")).to_have_text("×12")
    expect(page.locator("path.leg")).to_have_count(4)
    assert page.evaluate(APART)
    page.locator(".row-mark.stack").hover()
    expect(page.locator(".leaflet-tooltip")).to_contain_text("2 · Blok 0")
    page.locator(".row-mark.stack").click()
    expect(page.locator(".row-mark.stack")).to_have_count(0)
    expect(page.locator(".row-mark")).to_have_count(16)
    assert page.evaluate(APART)
    page.locator(".row-mark", has_text="7").first.click()
    expect(page).to_have_url(re.compile(r"#r7$"))
    page.context.close()
    assert watched.problems == []
