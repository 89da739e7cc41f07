"""What visitors read of claims, aid, people, centres and decrees: pages and twins of one release."""

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gis.config import Settings
from gis.database.connection import Database
from tests.webmap.conftest import PUBLISHED_ON
from webmap import create_app

TOPICS = ("claims", "aid", "people", "centres", "plans")
MAX_HTML_BYTES = 30 * 1024
LONGEST = f"?as_of=2019-11-30&boundaries=today&known_at={PUBLISHED_ON}&release={PUBLISHED_ON}"
QUERIES = ("", "?as_of=2016-06-01", "?region=64", "?as_of=1950-01-01", LONGEST)
# Of a topic, what is not public, as its keys or columns would be called.
HIDDEN = {
    "claims": ("late", "note", "known_on", "corrects_id"),
    "aid": ("items", "site_id", "regency_code", "item_key", "eligible_n", "note"),
    "people": ("counts", "site_id", "regency_code", "latest_on"),
    "centres": ("capacity", "occupied", "free_places", "distance", "nearest", "gap", "contact", "lon", "lat"),
    "plans": ("planned_on", "state", "counts", "note", "due_on"),
}


@pytest.fixture
def anyone(released: Flask) -> FlaskClient:
    """A client without a session."""
    return released.test_client()


def words_of(page: str) -> str:
    text = unescape(re.sub(r"<[^>]+>", " ", page[page.index("<main") : page.index("</main")]))
    return re.sub(r"\s+", " ", text)


def table(client: FlaskClient, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(path).text)))


def keys_of(value: Any) -> set[str]:
    """Every key of a JSON document."""
    if isinstance(value, dict):
        return set(value).union(*map(keys_of, value.values()))
    return set().union(*map(keys_of, value)) if isinstance(value, list) else set()


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("topic", TOPICS)
def test_pages_and_twins_of_a_topic(anyone: FlaskClient, topic: str, query: str) -> None:
    for prefix in ("", "/en"):
        page = anyone.get(f"{prefix}/{topic}{query}")
        assert page.status_code == 200
        assert f'<html lang="{prefix.strip("/") or "id"}">' in page.text
        assert len(page.data) <= MAX_HTML_BYTES
        assert f"/releases/{PUBLISHED_ON}" in page.text
        assert not re.search(r"dari register|from the register", page.text)
        for ending in ("json", "csv"):
            twin = re.search(rf'href="(/(?:en/)?{topic}\.{ending}[^"]*)"', page.text)
            assert twin is not None
            assert anyone.get(unescape(twin[1])).status_code == 200
    document = anyone.get(f"/{topic}.json{query}").get_json()
    assert document.pop("release")["id"] == str(PUBLISHED_ON)
    assert not keys_of(document).intersection(HIDDEN[topic])
    columns = anyone.get(f"/{topic}.csv{query}").text.splitlines()[0].split(",")
    assert not set(columns).intersection(HIDDEN[topic])


@pytest.mark.parametrize("topic", TOPICS)
def test_what_a_topic_does_not_know_is_refused(anyone: FlaskClient, topic: str) -> None:
    for query in ("x=1", "region=99", "release=2001-01-01"):
        answer = anyone.get(f"/{topic}.json?{query}")
        assert answer.status_code == (404 if "release" in query else 400)
    assert anyone.get(f"/{topic}?x=1").status_code == 200


@pytest.mark.parametrize("topic", ["claims", "aid", "people"])
def test_of_regencies_a_topic_says_nothing(anyone: FlaskClient, topic: str) -> None:
    answers = {anyone.get(f"/{topic}.json?region={code}").status_code for code in ("64.72", "64.99")}
    assert answers == {400}
    assert "kabupaten/kota" in anyone.get(f"/{topic}?region=64.72").text
    assert "of regencies this is not public" in anyone.get(f"/en/{topic}?region=64.72").text


def test_what_is_withheld_says_so_and_why(anyone: FlaskClient) -> None:
    cells = anyone.get("/aid.json").get_json()["cells"]
    code = next(cell["code"] for cell in cells if cell["code"] and cell["paid_withheld"])
    english, indonesian = anyone.get(f"/en/aid?region={code}").text, anyone.get(f"/aid?region={code}").text
    assert '<a href="/en/about#withheld">withheld (1–9)</a>' in english
    assert '<a href="/about#withheld">dirahasiakan (1–9)</a>' in indonesian
    row = next(row for row in table(anyone, f"/aid.csv?region={code}") if row["paid_withheld"] == "true")
    assert (row["paid"], row["paid_rupiah"]) == ("", "")
    people = anyone.get("/people.json").get_json()["children"]
    few = next(row["code"] for row in people if row["returned_withheld"])
    assert "dirahasiakan (1–9)" in words_of(anyone.get(f"/people?region={few}").text)
    assert next(row for row in table(anyone, "/people.csv") if row["code"] == few)["returned"] == ""


def test_claims_of_a_release(anyone: FlaskClient) -> None:
    english = words_of(anyone.get("/en/claims?region=64").text)
    assert "lokalisasi in all 22 24 −2" in english
    assert "residents of lokalisasi 1,207 1,450 −243" in english
    assert "residents of lokasi 308 310 equal, as rounded The release tells people in tens." in english
    kaltara = words_of(anyone.get("/claims?region=65").text)
    assert "139 140 sama, setelah dibulatkan" in kaltara
    rows = table(anyone, "/claims.csv?region=65")
    assert {row["withheld"] for row in rows} == {"false"}
    assert [row["within_rounding"] for row in rows if row["definition"] == "people_resident"] == ["true"]


def test_aid_is_of_the_day_of_the_release(anyone: FlaskClient) -> None:
    early = anyone.get("/aid.json?as_of=2016-06-01").get_json()
    assert early["as_of"] == str(PUBLISHED_ON)
    assert "24 November 2026, and of no other day" in words_of(anyone.get("/en/aid?as_of=2016-06-01").text)
    for path in ("/", "/regions/64"):
        assert '<h2 id="aid-heading"' in anyone.get(path).text
        assert '<h2 id="aid-heading"' not in anyone.get(f"{path}?as_of=2016-06-01").text


def test_centres_have_no_place(anyone: FlaskClient) -> None:
    collection = json.loads(anyone.get("/centres.geojson").data)
    assert collection["features"]
    assert {feature["geometry"] for feature in collection["features"]} == {None}
    assert "coordinates" not in anyone.get("/centres.geojson").text
    page = anyone.get("/centres").text
    assert "map" not in page[page.index("<main") : page.index("</main")]
    assert anyone.get("/centres.json?site=1").status_code == 400
    assert [row["id"] for row in table(anyone, "/centres.csv")] == [
        str(feature["id"]) for feature in collection["features"]
    ]


def test_decrees_lead_to_their_sites(anyone: FlaskClient) -> None:
    rows = anyone.get("/plans.json").get_json()["decrees"]
    row = next(row for row in rows if row["site_id"])
    page = anyone.get("/plans").text
    assert f'href="/sites/{row["site_id"]}"' in page
    assert anyone.get(f"/sites/{row['site_id']}").status_code == 200
    kept = anyone.get("/plans?state=overdue&region=64").text
    assert 'href="/plans.csv?region=64"' in unescape(kept)


def test_numbers_of_people_are_tens_wherever_they_stand(anyone: FlaskClient) -> None:
    def numbers(value: Any) -> list[int]:
        if isinstance(value, list):
            return [n for each in value for n in numbers(each)]
        if not isinstance(value, dict):
            return []
        told = ("promised", "paid", "unpaid", "eligible", "resident", "beneficiary", "returned", "unvalued")
        own = [n for name, n in value.items() if name.removeprefix("lokasi_") in told and isinstance(n, int)]
        return own + [n for each in value.values() for n in numbers(each)]

    for path in (
        "/aid.json",
        "/people.json",
        "/people.json?as_of=2016-06-01",
        "/index.json",
        "/regions/64.json",
    ):
        document = anyone.get(path).get_json()
        document.pop("left_out", None)
        found = numbers(document)
        assert found or path.startswith("/regions")
        assert all(n % 10 == 0 for n in found)


def test_the_methods_are_told_in_both_languages(anyone: FlaskClient) -> None:
    for prefix, word in (("", "dirahasiakan"), ("/en", "withheld")):
        page = anyone.get(f"{prefix}/about").text
        for anchor in ("public", "withheld", "cite", "object", "licence"):
            assert f'id="{anchor}"' in page
        assert page.count("<dt>") == 4 + 6 + 3
        assert word in words_of(page)
        assert f"{prefix}/releases/{PUBLISHED_ON}" in words_of(page)
    assert "kantor Kementerian Sosial" in words_of(anyone.get("/about").text)


@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        ("https://kemensos.example/atlas", '<a href="https://kemensos.example/atlas"'),
        ("atlas@kemensos.example", '<a href="mailto:atlas@kemensos.example">'),
        ("Loket 3 <b>", "Loket 3 &lt;b&gt;."),
    ],
)
def test_whom_to_object_to_is_a_setting(
    settings: Settings,
    demo_database: Database,
    as_app: Callable[[Database], Database],
    as_visitor: Callable[[Database], Database],
    anyone: FlaskClient,
    contact: str,
    shown: str,
) -> None:
    own = replace(settings, contact=contact)
    client = create_app(own, as_app(demo_database), as_visitor(demo_database)).test_client()
    answer = client.get("/about")
    assert shown in answer.text
    # What was kept with another contact is not taken for this page.
    assert answer.headers["ETag"] != anyone.get("/about").headers["ETag"]
