"""Files that are sent: their columns, what is refused, hostile words, which site a row is."""

import io
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from gis.domain.access import Role
from gis.services.imports import reading
from gis.services.imports.turns import Turns
from tests.webmap.conftest import SignedIn
from tests.webmap.test_manage import sent, step, token

HEADER = "Nama Lokalisasi;Kabupaten/Kota;Lintang;Bujur;Status;Tanggal;Sumber\n"
ROW = "Kirim {0};Kota Samarinda;-0,{1};117,15;ditutup;1 Juni 2016;Dinsos\n"
HOSTILE = '"><script>alert(1)</script>'
MAX_HTML_BYTES = 30 * 1024


@pytest.fixture(scope="module")
def author(signed_in: SignedIn) -> FlaskClient:
    return signed_in(Role.regency, "64.72")


def upload(client: FlaskClient, text: str, name: str = "daftar.csv", **more: str) -> TestResponse:
    form = {"collection": "sites", "csrf_token": token(client), **more}
    return client.post("/en/manage/import", data={**form, "file": (io.BytesIO(text.encode()), name)})


def columns_of(client: FlaskClient, text: str) -> str:
    answer = upload(client, text)
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def form_of(page: str) -> dict[str, str]:
    """What a browser would send of the form of columns, untouched."""
    fields = dict(re.findall(r'<input name="(constant-\w+)" value="([^"]*)"', page))
    for name, options in re.findall(r'<select name="(column-\w+)"[^>]*>(.*?)</select>', page):
        chosen = re.search(r'<option selected value="([^"]*)"', options)
        fields[name] = chosen[1] if chosen else ""
    return fields


def test_the_form_as_it_stands_gives_rows(author: FlaskClient) -> None:
    columns = columns_of(author, HEADER + ROW.format("A", 50))
    page = author.get(columns).text
    fields = form_of(page)
    assert fields["column-name"] == "Nama Lokalisasi"
    assert fields["constant-site_type"] == "lokalisasi"
    assert "Kirim A" in page
    answer = author.post(columns, data={"csrf_token": token(author), **fields})
    assert answer.status_code == 303
    data: Any = author.get(f"{answer.headers['Location']}.json").json
    assert data["rows"] == {"new": 1}
    assert "author_id" not in data["batch"]


def test_a_column_for_two_fields_is_said_at_the_field(author: FlaskClient) -> None:
    columns = columns_of(author, HEADER + ROW.format("A", 50))
    fields = {**form_of(author.get(columns).text), "column-note": "Sumber", "constant-site_type": "lokasi"}
    answer = author.post(columns, data={"csrf_token": token(author), **fields})
    assert answer.status_code == 422
    assert answer.text.count("Another field has this column") == 1
    assert 'name="constant-site_type" value="lokasi"' in answer.text  # nothing that was typed is lost


def test_a_column_that_is_taken_away_gives_way_to_a_constant(author: FlaskClient) -> None:
    columns = columns_of(author, HEADER + ROW.format("A", 50))
    fields = {**form_of(author.get(columns).text), "column-source": "", "constant-source": "Surat 12"}
    answer = author.post(columns, data={"csrf_token": token(author), **fields})
    data: Any = author.get(f"{answer.headers['Location']}.json").json
    assert {draft["content"].get("source", "Surat 12") for draft in data["drafts"]} == {"Surat 12"}


def test_a_double_click_is_one_batch_and_another_file_is_told(author: FlaskClient) -> None:
    text = HEADER + ROW.format("A", 50)
    first, second = (upload(author, text, key="one click").headers["Location"] for _ in range(2))
    assert first == second
    answer = upload(author, f"{text}\n", key="one click", sender="Dinsos")
    assert answer.status_code == 409
    assert "choose the file again" in answer.text
    assert 'value="Dinsos"' in answer.text
    assert 'value="one click"' not in answer.text


@pytest.mark.parametrize("collection", ["", "nothing", "plans"])
def test_a_collection_that_is_not_imported_is_told(author: FlaskClient, collection: str) -> None:
    answer = upload(author, HEADER, collection=collection)
    assert answer.status_code in {303, 422}
    assert collection == "plans" or "Choose a file" in answer.text


def test_hostile_words_are_text_everywhere(author: FlaskClient, signed_in: SignedIn) -> None:
    text = (HEADER.strip() + ";<script>alert(1)\n"
            + f"{HOSTILE};Kota Samarinda;-0,50;117,15;ditutup;1 Juni 2016;{HOSTILE};{HOSTILE}\n"
            + f"{HOSTILE};{HOSTILE};x;117,15;{HOSTILE};1 Juni 2016;Dinsos;\n").replace('"', "'")  # fmt: skip
    answer = upload(author, text, "../../a'><script>alert(1).csv", sender=HOSTILE)
    columns = answer.headers["Location"]
    agreed = author.post(columns, data={"csrf_token": token(author)})
    batch = agreed.headers["Location"]
    assert step(author, batch, "submit") == 303
    approver = signed_in(Role.approver)
    pages = [(author, columns), (author, batch), (approver, batch), (approver, "/en/manage")]
    for client, path in [*pages, (author, "/en/manage/batches"), (approver, "/en/manage/audit")]:
        page = client.get(path).text
        assert "<script>alert" not in page, path
        assert "&lt;script&gt;alert(1)" in page, path
    assert "filename=" in author.get(f"{batch}/file").headers["Content-Disposition"]
    assert "script" not in author.get(f"{batch}/file").headers["Content-Disposition"]
    assert author.get(f"{batch}/file").headers["Content-Type"] == "application/octet-stream"


def test_which_site_a_row_is_can_be_said(author: FlaskClient, signed_in: SignedIn) -> None:
    first = sent(author, HEADER + ROW.format("Sama", 60))
    step(author, first, "submit")
    assert step(signed_in(Role.approver), first, "approve") == 303
    second = sent(author, HEADER + ROW.format("Sama", 601))
    page = author.get(second).text
    assert "taken for Kirim Sama" in page
    assert "metres away" in page
    site_id = re.search(r"Kirim Sama \((\d+)\)", page)
    assert site_id
    answer = author.post(f"{second}/rows/2", data={"csrf_token": token(author)})
    assert answer.headers["Location"] == f"{second}#r2"
    page = author.get(second).text
    assert "It is this site" in page
    assert "taken for" not in page
    assert "1 new" in page
    author.post(f"{second}/rows/2", data={"csrf_token": token(author), "site_id": site_id[1]})
    page = author.get(second).text
    assert "It is another site" in page
    assert "1 changed" in page
    assert (
        author.post(f"{second}/rows/2", data={"csrf_token": token(author), "site_id": 5}).status_code == 404
    )
    assert author.post(f"{second}/rows/9", data={"csrf_token": token(author)}).status_code == 404


def test_the_region_found_stands_against_the_one_declared(author: FlaskClient) -> None:
    batch = sent(author, HEADER + ROW.format("Beda", 65).replace("Kota Samarinda", "Kota Balikpapan"))
    page = author.get(batch).text
    assert "the place lies in Kota Samarinda, not in Kota Balikpapan" in page
    assert page.count("the place lies in") == 1
    assert "declared: Kota Balikpapan" in page
    features: Any = author.get(f"{batch}.geojson").get_json(force=True)["features"]
    told = features[0]["properties"]
    assert (told["row"], told["differs"], told["found"]) == (2, True, ["Kota Samarinda"])
    assert features[0]["geometry"] == {"type": "Point", "coordinates": [117.15, -0.65]}


def test_refused_rows_keep_the_order_of_their_columns(author: FlaskClient) -> None:
    batch = sent(author, HEADER + ROW.format("Urut", 60).replace("-0,60", "abc"))
    lines = author.get(f"{batch}/refused.csv").get_data().decode("utf-8-sig").splitlines()
    assert lines[0] == HEADER.strip().replace(";", ",") + ",row,reason"
    assert "lat: a latitude" in lines[1]
    indonesian = batch.removeprefix("/en")
    assert "lintang: " in author.get(f"{indonesian}/refused.csv").get_data().decode("utf-8-sig")


def test_others_find_nothing(author: FlaskClient, signed_in: SignedIn) -> None:
    batch = sent(author, HEADER + ROW.format("Milik", 60))
    for client in (signed_in(Role.regency, "64.71"), signed_in(Role.province, "65")):
        for end in ("", ".json", ".geojson", "/file", "/refused.csv", "/columns"):
            assert client.get(f"{batch}{end}").status_code == 404, end
        for end in ("/submit", "/withdraw", "/undo", "/columns", "/rows/2"):
            answer = client.post(f"{batch}{end}", data={"csrf_token": token(client)})
            assert answer.status_code == 404, end
        assert batch not in client.get("/en/manage/batches").text
    planner = signed_in(Role.planner)
    assert planner.get(batch).status_code == 200
    assert step(planner, batch, "submit") == 403
    assert planner.post(f"{batch}/columns", data={"csrf_token": token(planner)}).status_code == 403
    assert planner.post(f"{batch}/rows/2", data={"csrf_token": token(planner)}).status_code == 403


def test_too_many_files_at_once_are_told_to_wait(
    author: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = Turns(1, 0, 0)
    monkeypatch.setattr(reading, "TURNS", turns)
    columns = columns_of(author, HEADER + ROW.format("A", 50))
    with turns.turn():
        for answer in (
            upload(author, HEADER + ROW.format("A", 51), sender="Dinsos"),
            author.post(columns, data={"csrf_token": token(author)}),
        ):
            assert answer.status_code == 503
            assert int(answer.headers["Retry-After"]) > 0
            assert "Nothing is lost" in answer.text
    assert upload(author, HEADER + ROW.format("A", 51)).status_code == 303


def test_pages_are_small(author: FlaskClient) -> None:
    long = "Sebuah nama yang panjang sekali dan tidak berakhir " * 3
    good = [ROW.format(f"{n} {long}", 5000 + n) for n in range(60)]
    bad = [ROW.format(f"{n} {long}", 50).replace("-0,50", "abc").replace("2016", "x") for n in range(60)]
    for rows in (good, bad):
        batch = sent(author, HEADER + "".join(rows))
        for path in (batch, batch.removeprefix("/en"), f"{batch}/columns"):
            assert len(author.get(path).get_data()) <= MAX_HTML_BYTES, path
    wide = ";".join(f"Kolom {n}" for n in range(100))
    columns = columns_of(author, HEADER.strip() + ";" + wide + "\n" + ROW.format("A", 50))
    assert len(author.get(columns).get_data()) <= MAX_HTML_BYTES
    assert len(author.get("/manage/audit").get_data()) <= MAX_HTML_BYTES
