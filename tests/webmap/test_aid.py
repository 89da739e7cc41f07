"""The pages of aid and of people, with their twins: one content, both languages, each role its own part."""

import csv
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from gis.database.connection import Database
from gis.domain.access import Role

SignedIn = Callable[..., FlaskClient]
MAX_HTML_BYTES = 30 * 1024


def words(page: str) -> str:
    return re.sub(r"<[^>]+>", " ", page).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("path", ["/aid", "/people"])
@pytest.mark.parametrize(
    "query", ["", "?as_of=2016-12-31", "?region=35&as_of=2019-11-30", "?region=63.72", "?as_of=1990-01-01"]
)
def test_pages_answer_in_both_languages_and_stay_small(
    client: FlaskClient, path: str, prefix: str, query: str
) -> None:
    answer = client.get(prefix + path + query)
    assert answer.status_code == 200
    assert f'<html lang="{prefix.strip("/") or "id"}">' in answer.text
    assert len(answer.data) <= MAX_HTML_BYTES


def test_the_reported_item_is_on_the_page_of_its_city(client: FlaskClient) -> None:
    twin: Any = client.get("/aid.json?region=63.72&as_of=2016-12-15").json
    assert [(i["planned_n"], i["paid_n"], i["source"]) for i in twin["items"]] == [(432, 346, "metro7.co.id")]
    figures = twin["figures"]
    assert (figures["eligible"], figures["promised"], figures["paid"], figures["unpaid"]) == (
        432,
        432,
        346,
        86,
    )
    english = words(client.get("/en/aid?region=63.72&as_of=2016-12-15").text)
    assert "Banjarbaru" in english
    assert f"Rp {figures['unpaid_rupiah']:,}" in english
    assert "by the rate" in english
    indonesian = words(client.get("/aid?region=63.72&as_of=2016-12-15").text)
    assert f"Rp {figures['unpaid_rupiah']:,}".replace(",", ".") in indonesian


def test_a_page_says_what_its_twin_says(client: FlaskClient) -> None:
    for query in ("?as_of=2019-11-30", "?as_of=2019-11-30&region=33", "?as_of=2018-06-30&payer=regency"):
        twin: Any = client.get(f"/aid.json{query}").json
        page = client.get(f"/en/aid{query}").text
        said = words(page)
        for name in ("promised_rupiah", "paid_rupiah", "unpaid_rupiah"):
            assert f"Rp {twin['figures'][name]:,}" in said
        for row in [*twin["payers"], *twin["children"]]:
            assert f"Rp {row['unpaid_rupiah']:,}" in said
        total = twin["figures"]["promised_rupiah"]
        assert sum(row["promised_rupiah"] for row in twin["payers"]) == total
        assert sum(row["promised_rupiah"] for row in twin["types"]) == total
        assert sum(row["promised_rupiah"] for row in twin["children"]) == total
        assert 'class="notice"' in page
        rows = list(csv.DictReader(io.StringIO(client.get(f"/aid.csv{query}").text)))
        assert sum(int(row["promised_rupiah"] or 0) for row in rows) == total
        assert len(rows) == len(twin["items"])


def test_filters_stay_in_links_and_in_the_other_language(client: FlaskClient) -> None:
    page = client.get("/aid?as_of=2019-11-30&payer=regency&definition=resident").text
    assert 'href="/en/aid?as_of=2019-11-30&amp;payer=regency&amp;definition=resident"' in page
    assert 'href="/aid.csv?as_of=2019-11-30&amp;payer=regency&amp;definition=resident"' in page
    assert re.search(r'href="/aid\?[^"]*region=33[^"]*"', page)
    assert re.search(r'<option value="regency" selected>', page)


@pytest.mark.parametrize(
    "query",
    ["?payer=me", "?aid_type=gold", "?definition=people", "?region=99", "?region=64.99", "?surprise=1"],
)
def test_what_is_not_understood_is_named(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/aid.json{query}")
    assert answer.status_code == 400
    assert query[1:].partition("=")[0] in answer.json["detail"]  # type: ignore[index]


def test_people_by_definition_are_never_added(client: FlaskClient) -> None:
    twin: Any = client.get("/people.json?as_of=2019-12-01&region=33").json
    parts = {row["code"]: row for row in twin["children"]}
    counts = [c for c in twin["counts"] if c["site_name"] == "Gambilangu"]
    assert {(c["regency_code"], c["n"], c["source"]) for c in counts} >= {
        ("33.74", 126, counts[0]["source"]),
        ("33.24", 100, counts[0]["source"]),
    }
    for name in ("resident", "beneficiary", "returned"):
        own = sum(
            c["n"] for c in twin["counts"] if c["definition"] == name and c["site_type"] == "lokalisasi"
        )
        assert sum(row[name] or 0 for row in parts.values()) == (twin["figures"][name] or 0) == own
    rows = list(csv.DictReader(io.StringIO(client.get("/people.csv?as_of=2019-12-01&region=33").text)))
    assert len(rows) == len(twin["counts"])
    assert all(row["source"] for row in rows)
    page = words(client.get("/en/people?as_of=2019-12-01&region=33").text)
    assert "never added" in page


def test_a_visitor_signs_in_first(visitor: FlaskClient) -> None:
    for path in ("/aid", "/en/people"):
        assert visitor.get(path).status_code == 303
    for path in ("/aid.json", "/aid.csv", "/people.json", "/people.csv"):
        assert visitor.get(path).status_code == 401


@pytest.mark.parametrize(
    ("role", "code"), [(Role.province, "33"), (Role.regency, "33.24"), (Role.regency, "63.72")]
)
def test_a_scoped_account_sees_its_own_region_only(signed_in: SignedIn, role: Role, code: str) -> None:
    own = signed_in(role, code)
    for name in ("aid", "people"):
        twin: Any = own.get(f"/{name}.json?as_of=2019-12-01").json
        assert twin["region"]["code"] == code
        listed = twin["items"] if name == "aid" else twin["counts"]
        assert listed or (name, code) == ("aid", "33.24")
        assert all((row["regency_code"] or row["province_code"]).startswith(code) for row in listed)
        assert all(child["code"] is None or child["code"].startswith(code) for child in twin["children"])
        rows = list(csv.DictReader(io.StringIO(own.get(f"/{name}.csv?as_of=2019-12-01").text)))
        assert all((row["regency_code"] or row["province_code"]).startswith(code) for row in rows)
        page = own.get(f"/{name}?as_of=2019-12-01")
        assert page.status_code == 200
        assert "Jawa Timur" not in page.text
        # Hidden and absent regions give the same answer.
        answers = {
            re.sub(other, "", own.get(f"/{name}.json?region={other}").text)
            for other in ("35", "35.78", "99", "99.99")
        }
        statuses = {own.get(f"/{name}.json?region={other}").status_code for other in ("35", "35.78", "99")}
        assert statuses == {400}
        assert len({re.sub(r'"[0-9a-f-]{20,}"|request_id[^,}]*', "", text) for text in answers}) == 1


def test_the_other_part_of_gambilangu_stays_hidden(signed_in: SignedIn) -> None:
    kendal: Any = signed_in(Role.regency, "33.24").get("/people.json?as_of=2019-12-01").json
    assert [c["n"] for c in kendal["counts"] if c["site_name"] == "Gambilangu"] == [100]
    semarang: Any = signed_in(Role.regency, "33.74").get("/people.json?as_of=2019-12-01").json
    assert [c["n"] for c in semarang["counts"] if c["site_name"] == "Gambilangu"] == [126]


def test_boundaries_of_then_tell_a_scoped_account_nothing(signed_in: SignedIn) -> None:
    # Until 2013 Kalimantan Timur held what is Kalimantan Utara now; the account sees today's province.
    own: Any = signed_in(Role.province, "64").get("/people.json?as_of=2013-01-31&boundaries=then").json
    assert own["boundaries"] == "today"
    assert all(c["regency_code"].startswith("64") for c in own["counts"])


@pytest.mark.parametrize("name", ["aid", "people"])
def test_a_table_is_recorded_and_carries_its_record(
    signed_in: SignedIn, demo_database: Database, name: str
) -> None:
    answer = signed_in(Role.province, "33").get(f"/{name}.csv?as_of=2019-12-01")
    found = re.search(rf'filename="{name}-(\d+)\.csv"', answer.headers["Content-Disposition"])
    assert found is not None
    with demo_database.transaction() as connection:
        row = connection.execute(
            "SELECT account_name, action, detail FROM audit WHERE uid = %s", [int(found[1])]
        ).fetchone()
    assert row is not None
    assert row[:2] == ("test-province-33", "export")
    assert (row[2]["collection"], row[2]["region"], row[2]["as_of"]) == (name, "33", "2019-12-01")
    assert row[2]["rows"] == len(list(csv.DictReader(io.StringIO(answer.text))))
