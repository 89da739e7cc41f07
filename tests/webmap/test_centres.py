"""`/centres` and its twins: both languages, by role, and what is refused."""

import csv
import io
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from gis.domain.access import Role
from gis.domain.centres import Operator, Service

from .conftest import SignedIn

ADDRESSES = ("/centres", "/en/centres", "/centres.json", "/centres.csv", "/centres.geojson")
ON = "as_of=2016-06-01"


def words_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("\N{NO-BREAK SPACE}", " ")


def test_both_languages(client: FlaskClient) -> None:
    indonesian = words_of(client.get(f"/centres?region=64&{ON}").text)
    english = words_of(client.get(f"/en/centres?region=64&{ON}").text)
    assert "Per 1 Juni 2016: 2 pusat, 2 dengan tempat kosong." in indonesian
    assert "As of 1 June 2016: 2 centres, 2 with free places." in english
    assert "dokter, konselor, menjahit, bordir, membuat kue" in indonesian
    assert "doctor, counsellor, sewing, embroidery, cake making" in english
    assert "1.453" in indonesian
    assert "1,453" in english


@pytest.mark.parametrize("language", ["", "/en"])
def test_every_service_and_operator_has_a_word(client: FlaskClient, language: str) -> None:
    template = client.application.jinja_env.get_template("_centre_words.html")
    with client.application.test_request_context(f"{language}/centres"):
        module: Any = template.make_module({"language": "id"})
        assert set(module.service_words) == set(Service)
        assert set(module.operator_words) == set(Operator)
        for service in Service:
            assert service.replace("_", " ") in module.services({"services": [service]}) or service


def test_a_planner_sees_numbers_and_a_scoped_account_bands(client: FlaskClient, signed_in: SignedIn) -> None:
    exact: Any = client.get(f"/centres.json?region=64&{ON}").json
    page = words_of(client.get(f"/en/centres?region=64&{ON}").text)
    assert "Geodesic distances to the centre itself" in page
    for row in exact["centres"]:
        assert f" {row['capacity']} " in page
    for role, code in ((Role.province, "64"), (Role.regency, "64.72")):
        scoped = signed_in(role, code)
        told = words_of(scoped.get(f"/en/centres?region=64&{ON}").text)
        assert "100–200 km" in told
        assert "Distances in bands" in told
        assert "the numbers are for planners only" in told
        assert ("Contact for referrals" in told) == (role is Role.regency)
        for row in exact["centres"]:
            assert f" {row['capacity']} " not in told
            assert f" {row['occupied']} ·" not in told
        for row in exact["nearest"]:
            assert f"{row['distance_km']:.1f}" not in told
        document: Any = scoped.get(f"/centres.json?region=64&{ON}").json
        assert {row["capacity"] for row in document["centres"]} == {None}
        features: Any = scoped.get(f"/centres.geojson?{ON}").json
        assert {feature["geometry"] is None for feature in features["features"]} == {True}


def test_geojson_has_places_for_planners(client: FlaskClient) -> None:
    answer = client.get(f"/centres.geojson?region=64&{ON}")
    assert answer.mimetype == "application/geo+json"
    document: Any = answer.json
    (lon, lat) = document["features"][0]["geometry"]["coordinates"]
    assert 116 < lon < 118
    assert -2 < lat < 1
    assert document["metadata"]["export_record"]


def test_csv_is_the_table(client: FlaskClient) -> None:
    answer = client.get(f"/centres.csv?{ON}")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    document: Any = client.get(f"/centres.json?{ON}").json
    assert [int(row["id"]) for row in rows] == [row["id"] for row in document["centres"]]
    assert re.search(r'filename="centres-\d+\.csv"', answer.headers["Content-Disposition"])
    assert rows[0]["services"].count(";") > 1


@pytest.mark.parametrize("address", ["/centres.json", "/centres.csv", "/centres.geojson"])
@pytest.mark.parametrize(
    ("query", "named"), [("region=99", "region"), ("region=x", "region"), ("site=x", "site"), ("q=1", "q")]
)
def test_a_bad_parameter_is_named(client: FlaskClient, address: str, query: str, named: str) -> None:
    answer = client.get(f"{address}?{query}")
    document: Any = answer.json
    assert answer.status_code == 400
    assert document["detail"].startswith(f"{named}:")


def test_a_site_that_is_not_there_or_hidden_is_told_the_same(
    client: FlaskClient, signed_in: SignedIn
) -> None:
    document: Any = client.get("/regions/64.json").json
    hidden = document["sites"][0]["id"]
    other = signed_in(Role.province, "33")
    said = {
        re.sub(r"\d{6,}", "N", other.get(f"/centres.json?site={site}").text)
        for site in (hidden, 123456789012)
    }
    assert len(said) == 1
    assert "site" in said.pop()
    assert {other.get(f"/centres?site={site}").status_code for site in (hidden, 123456789012)} == {404}
    assert client.get(f"/centres?site={hidden}").status_code == 200


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_visitor_sees_no_centre(visitor: FlaskClient, address: str) -> None:
    answer = visitor.get(address)
    assert answer.status_code in {302, 303, 401}
    assert "PSKW" not in answer.text


def test_the_part_on_a_regions_page(client: FlaskClient, signed_in: SignedIn) -> None:
    page = words_of(client.get(f"/en/regions/64?{ON}").text)
    assert "2 centres here, 2 with free places. People to be served: 1,453; places: 320." in page
    assert re.search(r"PSKW Sekar \(sintetis\), Kota Samarinda \(13\d\.\d km\)", page)
    twin: Any = client.get(f"/regions/64.json?{ON}").json
    assert (twin["centres"]["total"], len(twin["centres"]["nearest"])) == (2, 3)
    scoped = words_of(signed_in(Role.province, "64").get(f"/en/regions/64?{ON}").text)
    assert "Kota Samarinda (100–200 km)" in scoped
    assert "places: 320" not in scoped
    assert 'id="near-heading"' not in client.get("/en").text
    early: Any = client.get("/regions/65.json?as_of=2010-01-01").json
    assert early["centres"] is None


def test_the_part_on_a_sites_page(client: FlaskClient, signed_in: SignedIn) -> None:
    document: Any = client.get(f"/regions/64.json?{ON}").json
    site = document["sites"][-1]["id"]
    page = words_of(client.get(f"/en/sites/{site}?{ON}").text)
    assert "Nearest centres with free places" in page
    assert re.search(r"PSKW Sekar \(sintetis\), Kota Samarinda: \d+(\.\d)? km", page)
    twin: Any = client.get(f"/sites/{site}.json?{ON}").json
    assert len(twin["centres"]) == 3
    scoped: Any = signed_in(Role.province, "64").get(f"/sites/{site}.json?{ON}").json
    assert {row["distance_km"] for row in scoped["centres"]} == {None}


def test_both_clocks(client: FlaskClient) -> None:
    known: Any = client.get("/centres.json?as_of=2016-06-01").json
    before: Any = client.get("/centres.json?as_of=2016-06-01&known_at=2015-12-30").json
    assert len(known["centres"]) > 20
    assert before["centres"] == []
    page = words_of(client.get("/en/centres?as_of=2016-06-01&known_at=2015-12-30").text)
    assert "no rehabilitation centre is on record here" in page
    assert "imported from a table" in page


def test_no_answer_names_a_safe_house(client: FlaskClient) -> None:
    for address in ADDRESSES:
        assert not re.search(r"rumah aman|safe house|rptc", client.get(address).text, re.IGNORECASE)
