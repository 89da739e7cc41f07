"""`/claims` and its twins; the part of it on a region's page."""

import csv
import io
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from gis.domain.access import Role
from gis.domain.records.claims import ClaimContent
from gis.services.claims import TABLE_COLUMNS

MAX_HTML_BYTES = 30 * 1024
QUERIES = ["", "?as_of=2016-06-01", "?region=64&known_at=2024-01-01&boundaries=today", "?region=33"]
SignedIn = Callable[..., FlaskClient]


def words_of(page: str) -> str:
    text = unescape(re.sub(r"<[^>]+>", " ", page[page.index("<main") : page.index("</main")]))
    return re.sub(r"\s+", " ", text)


def rows_of(document: Any) -> list[dict[str, Any]]:
    return [row for report in document["reports"] for row in report["claims"]]


@pytest.mark.parametrize("query", QUERIES)
def test_the_page_and_both_twins_say_the_same(client: FlaskClient, query: str) -> None:
    document = client.get(f"/claims.json{query}").json
    table = list(csv.DictReader(io.StringIO(client.get(f"/claims.csv{query}").text)))
    pages = [client.get(f"{prefix}/claims{query}") for prefix in ("", "/en")]
    assert document is not None
    assert [row["id"] for row in table] == [str(row["id"]) for row in rows_of(document)]
    for answer in pages:
        assert answer.status_code == 200
        assert len(answer.data) <= MAX_HTML_BYTES
        assert answer.text.count("<th scope=row>") == len(table) == document["total"]
        assert answer.text.count('class="reading') == sum(
            len(report["readings"]) for report in document["reports"]
        )
        for row in rows_of(document):
            assert row["source_url"] is None or f'href="{row["source_url"]}"' in answer.text


def test_what_is_said_of_kaltim(client: FlaskClient) -> None:
    english = words_of(client.get("/en/claims?region=64").text)
    assert "14 numbers that were said: 12 agree with the register, 2 differ." in english
    assert "lokalisasi in all 22 24 −2 The report's own numbers do not agree." in english
    assert "residents of lokalisasi 1,207 1,453 −246" in english
    assert (
        "lokalisasi in all: the 5 regions listed add up to 24, the headline says 22; "
        "that is 2 fewer than its own list." in english
    )
    assert "add up to 1,453, the headline says 1,207" in english
    indonesian = words_of(client.get("/claims?region=64").text)
    assert "14 angka yang disampaikan: 12 sama dengan register, 2 berbeda." in indonesian
    assert (
        "penghuni lokalisasi 1.207 1.453 −246 Angka di dalam laporan itu sendiri tidak cocok." in indonesian
    )


def test_what_is_said_of_the_nation(client: FlaskClient) -> None:
    words = words_of(client.get("/en/claims").text)
    assert "Indonesia lokalisasi closed Menteri Sosial Khofifah Indar Parawansa" in words
    assert "68 68 equal" in words
    assert "162 162 equal" in words
    assert "closed and left add up to 159, the report says 168; 9 are in neither." in words
    assert "It counts from 1 January 2014 on, the register from the beginning." in words
    assert "add up to 40, the headline says 69; of 29 no region is named." in words


def test_a_number_leads_to_the_page_that_shows_it(client: FlaskClient) -> None:
    page = client.get("/en/claims?region=64&known_at=2024-01-01&as_of=2020-01-01").text
    (address,) = set(re.findall(r'href="(/en/regions/64\?[^"]+)"', page))
    address = unescape(address)
    assert address == "/en/regions/64?as_of=2016-06-01&known_at=2024-01-01"
    assert "20 of 24 lokalisasi closed, 4 left" in words_of(client.get(address).text)


def test_state_stays_in_the_address(client: FlaskClient) -> None:
    page = unescape(client.get("/claims?region=64&known_at=2024-01-01&fbclid=1&status=closed").text)
    for address in (
        "/en/claims?known_at=2024-01-01&status=closed&region=64",
        "/claims.csv?known_at=2024-01-01&region=64",
        "/claims.json?known_at=2024-01-01&region=64",
    ):
        assert f'href="{address}"' in page
        assert client.get(address).status_code == 200
    # Pages that know no such filter do not bear it.
    assert not re.findall(r'href="/(?:downloads|about|)\?[^"]*region=', page)


@pytest.mark.parametrize(
    "address", ["/claims.json?region=99", "/claims.csv?status=closed", "/claims.json?as_of=1"]
)
def test_a_parameter_that_cannot_be_is_named(client: FlaskClient, address: str) -> None:
    answer = client.get(address, headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert re.search("region|status|as_of", answer.text)


def test_the_table_can_be_read_again(client: FlaskClient) -> None:
    text = client.get("/claims.csv").text
    rows = list(csv.DictReader(io.StringIO(text)))
    assert tuple(rows[0]) == TABLE_COLUMNS
    known = ClaimContent.model_fields.keys() - {"external_id", "reported_on", "retracted"}
    for row in rows:
        content = ClaimContent.model_validate({name: row[name] for name in known})
        assert content.value == int(row["value"])


@pytest.mark.parametrize(
    ("role", "code", "rows", "outside"),
    [(Role.province, "64", 41, 27), (Role.regency, "64.72", 33, 31), (Role.province, "35", 31, 28)],
)
def test_a_scoped_account_reads_its_own(
    signed_in: SignedIn, role: Role, code: str, rows: int, outside: int
) -> None:
    client = signed_in(role, code)
    document: Any = client.get("/claims.json").json
    assert len(rows_of(document)) == rows
    assert document["counts"]["outside"] == outside
    page = client.get("/en/claims").text
    assert page.count("outside your scope") == outside
    assert f"What the register has for {outside} of them lies outside of your scope." in page
    for row in rows_of(document):
        if row["derivation"] == "outside_scope":
            assert row["derived"] is row["difference"] is row["late"] is None
    # No way leads to a page that is not for this account.
    own = "/en/regions/" + code
    assert all(link.startswith(own) for link in re.findall(r'href="(/en/regions/[^"?]+)', page))


def test_another_province_has_no_regencies_claims(signed_in: SignedIn) -> None:
    client = signed_in(Role.province, "33")
    for region in ("64.72", "64.02"):
        document: Any = client.get(f"/claims.json?region={region}").json
        assert (document["reports"], document["total"]) == ([], 0)
    document = client.get("/claims.json").json
    assert not any("." in (row["region_code"] or "") for row in rows_of(document))
    assert not any("." in region["code"] for region in document["regions"])


def test_a_visitor_sees_no_claim(visitor: FlaskClient) -> None:
    for address in ("/claims", "/en/claims", "/claims.json", "/claims.csv"):
        answer = visitor.get(address)
        assert answer.status_code in {302, 303, 401}
        assert "1.207" not in answer.text


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/regions/64", "1 Jun 2016, lokalisasi in all: 22 · register 24 (−2)"),
        ("/regions/64.72", "1 Jun 2016, lokalisasi in all: 3 · register 3"),
        ("/?as_of=2019-11-30", "19 Nov 2019, lokalisasi closed: 162 · register 162"),
    ],
)
def test_a_regions_page_has_its_newest_claims(client: FlaskClient, path: str, said: str) -> None:
    assert said in words_of(client.get("/en" + path).text)
    address, _, query = path.partition("?")
    twin: Any = client.get(f"{'/index' if address == '/' else address}.json?{query}").json
    assert 0 < len(twin["claims"]["rows"]) <= 3
    assert twin["claims"]["total"] >= len(twin["claims"]["rows"])


def test_a_region_of_which_nothing_was_said_has_no_such_part(client: FlaskClient) -> None:
    page = client.get("/en/regions/33").text
    assert 'id="claimed-heading"' not in page
    early = client.get("/en/regions/64?as_of=2016-05-31").text
    assert 'id="claimed-heading"' not in early
