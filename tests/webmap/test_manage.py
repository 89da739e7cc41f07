"""The pages of daily work: a file is sent, looked through, approved, undone, and leaves its trail."""

import html
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from gis.domain.access import Role
from gis.services import entries

SignedIn = Callable[..., FlaskClient]
LIST = """Nama Lokalisasi;Kabupaten/Kota;Lintang;Bujur;Status;Tanggal;Sumber
Halaman <b>Satu</b>;Kota Samarinda;-0,50;117,15;ditutup;1 Juni 2016;Dinsos
Halaman Dua;Kota Tarakan;3,30;117,60;terdata;2015-03-01;Dinsos
"""


def token(client: FlaskClient, path: str = "/en/manage/import") -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert found is not None
    return found[1]


def sent(client: FlaskClient, text: str, name: str = "daftar.csv") -> str:
    """The address of the batch that a file has become, its columns as they were proposed."""
    form = {"collection": "sites", "sender": "", "csrf_token": token(client)}
    response = client.post("/en/manage/import", data={**form, "file": (io.BytesIO(text.encode()), name)})
    assert response.status_code == 303, response.text
    columns = response.headers["Location"]
    agreed = client.post(columns, data={"csrf_token": token(client)})
    assert agreed.status_code == 303, agreed.text
    return str(agreed.headers["Location"])


def step(client: FlaskClient, batch: str, name: str, **fields: str) -> int:
    return client.post(f"{batch}/{name}", data={"csrf_token": token(client), **fields}).status_code


def test_a_file_is_looked_through_handed_in_approved_and_undone(signed_in: SignedIn) -> None:
    author, approver = signed_in(Role.regency, "64.72"), signed_in(Role.approver)
    batch = sent(author, LIST)
    page = author.get(batch).text
    assert "Halaman &lt;b&gt;Satu&lt;/b&gt;" in page
    assert "a place within the region of this account" in page
    assert "Halaman Dua" in author.get(f"{batch}/refused.csv").text
    assert step(author, batch, "submit") == 303
    assert batch in approver.get("/en/manage").text
    assert "<small>Kota Samarinda</small>" in approver.get("/en/manage").text
    assert step(author, batch, "approve") == 403
    assert signed_in(Role.province, "65").get(batch).status_code == 404
    assert step(approver, batch, "approve") == 303
    assert "Halaman &lt;b&gt;Satu&lt;/b&gt;" in approver.get("/en/regions/64.72").text
    batch_id = batch.rpartition("/")[2]
    trail = author.get(f"/en/manage/audit?batch_id={batch_id}&table=site").text
    assert "approver" in trail
    assert "Halaman &lt;b&gt;Satu" in trail
    assert author.get(f"/manage/audit.csv?batch_id={batch_id}").text.count("\n") > 1
    response = author.post(f"{batch}/undo", data={"csrf_token": token(author)})
    undoing = response.headers["Location"]
    assert step(approver, undoing, "approve") == 303
    assert "Halaman &lt;b&gt;Satu&lt;/b&gt;" not in approver.get("/en/regions/64.72").text


def test_what_a_row_holds_stands_on_one_page(signed_in: SignedIn) -> None:
    author = signed_in(Role.planner)
    lines = [f"Tempat {n};Kabupaten Paser;-1,{70 + n};116,1;ditutup;1 Juni 2016;Dinsos" for n in range(28)]
    batch = sent(author, "\n".join([LIST.splitlines()[0], *lines]))
    shown: dict[int, int] = {}
    path = batch
    while path:
        page = html.unescape(author.get(path).text)
        assert len(page.encode()) < 30 * 1024
        rows = re.findall(r"<tr id=r(\d+)>(.*?)<td class=\"come new\">", page, re.DOTALL)
        shown |= {int(number): row.count("<div>") for number, row in rows}
        further = re.search(r'href="([^"]+)">Further rows', page)
        path = further[1] if further else ""
    assert shown == dict.fromkeys(range(2, 30), 3), "site, recorded, closed"
    data: Any = author.get(f"{batch}.json?offset=25").json
    assert [(each["row_number"], each["part"]) for each in data["drafts"]] == [
        (row, part) for row in (27, 28, 29) for part in (1, 2, 3)
    ]


def waiting(client: FlaskClient, path: str = "/en/about") -> int:
    found = re.search(r'/manage">Work <b class="waiting-count">(\d+)</b>', client.get(path).text)
    return int(found[1]) if found else 0


def test_the_header_counts_what_waits_for_whoever_is_signed_in(
    signed_in: SignedIn, visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    author, approver = signed_in(Role.regency, "64.72"), signed_in(Role.approver)
    before = waiting(approver), waiting(author)
    batch = sent(author, LIST)
    assert (waiting(approver), waiting(author)) == before, "a draft waits for nobody else"
    step(author, batch, "submit")
    assert (waiting(approver), waiting(author)) == (before[0] + 1, before[1])
    step(approver, batch, "return", reason="kurang sumber")
    assert (waiting(approver), waiting(author)) == (before[0], before[1] + 1)
    assert waiting(signed_in(Role.planner)) == waiting(signed_in(Role.province, "64")) == 0
    assert "waiting-count" not in visitor.get("/en/about").text

    asked: list[object] = []
    count = entries.count_waiting
    monkeypatch.setattr(entries, "count_waiting", lambda database: asked.append(1) or count(database))
    approver.get("/regions/64")
    assert len(asked) == 1, "one question a page"
    visitor.get("/about")
    approver.get("/index.json")
    approver.get("/nothing-here")
    assert len(asked) == 1, "none for visitors, data and errors"
    step(author, batch, "withdraw")


def test_a_batch_is_sent_back_with_a_reason(signed_in: SignedIn) -> None:
    author, approver = signed_in(Role.regency, "64.72"), signed_in(Role.approver)
    batch = sent(author, LIST)
    step(author, batch, "submit")
    assert step(approver, batch, "return") == 422
    assert step(approver, batch, "return", reason="kurang sumber") == 303
    assert "kurang sumber" in author.get(batch).text


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x00\x01\x02"])
def test_a_file_that_is_not_read_says_why(signed_in: SignedIn, content: bytes) -> None:
    author = signed_in(Role.planner)
    form = {"collection": "sites", "csrf_token": token(author)}
    response = author.post("/en/manage/import", data={**form, "file": (io.BytesIO(content), "x")})
    assert response.status_code == 422
    assert 'role="alert"' in response.text


@pytest.mark.parametrize("path", ["/manage", "/manage/batches", "/manage/audit", "/manage/import"])
def test_pages_stand_in_both_languages_and_are_closed_to_visitors(
    signed_in: SignedIn, visitor: FlaskClient, path: str
) -> None:
    client = signed_in(Role.planner)
    assert '<html lang="id">' in client.get(path).text
    assert '<html lang="en">' in client.get(f"/en{path}").text
    assert visitor.get(path).status_code == 303
