"""Data addresses: summaries, files, layers; their headers, and what they refuse."""

import base64
import hashlib
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from gis.config import Settings
from gis.database.connection import Database
from webmap import create_app

MOST = timedelta(seconds=20)
DATA = [
    *("/index.json", "/index.csv", "/index.geojson", "/summary.json", "/summary.csv", "/series.json"),
    *("/regions/64.json", "/regions/64.csv", "/regions/64.geojson", "/regions/35.76.json", "/sites/1.json"),
    *("/exports/sites.geojson", "/exports/provinces.geojson", "/exports/regencies.geojson"),
    *("/map/sites.geojson", "/map/regions/province/2013-04-22.geojson"),
]
PAGES = ["/", "/regions/64", "/en/regions/35.76", "/sites/1", "/downloads"]
PARAMETERS = [
    *("as_of", "known_at", "boundaries", "status", "region", "site_type", "bbox", "level", "parent", "v"),
    *("tab", "x"),
]
HOSTILE = [
    *("2016-02-22", "0001-01-01", "9999-12-31", "1900-01-01", "2016-02-30", "today", "then", "closed"),
    *("closed,closed", "64", "64.72", "99", "00.00", "lokasi", "nan,nan,nan,nan", "1e999,0,1,1"),
    *("95,-11,141,6", "141,6,95,-11", "-180,-90,180,90", "nation", "regency", "'; DROP TABLE site; --"),
    *("%", "{}", "\x00"),
]
values = st.text(max_size=30) | st.sampled_from(HOSTILE)


@given(
    path=st.sampled_from([*DATA, *PAGES]),
    query=st.dictionaries(st.sampled_from(PARAMETERS), values, max_size=3),
)
@example(path="/exports/sites.geojson", query={"bbox": "95,-11,141,6", "as_of": "9999-12-31"})
@example(path="/summary.json", query={"level": "regency", "region": "\x00"})
@hypothesis_settings(
    max_examples=250, suppress_health_check=list(HealthCheck), deadline=timedelta(seconds=20)
)
def test_no_parameter_breaks_the_server(client: FlaskClient, path: str, query: dict[str, str]) -> None:
    answer = client.get(path, query_string=query)
    assert answer.status_code in {200, 400, 404}
    answer.get_data()
    if answer.status_code == 400 and not answer.mimetype.startswith("text/html"):
        assert answer.mimetype == "application/problem+json"
        assert any(name in answer.json["detail"] for name in query)  # type: ignore[index]


@given(path=st.text(max_size=40))
@hypothesis_settings(max_examples=80, suppress_health_check=list(HealthCheck), deadline=None)
def test_no_path_breaks_the_server(client: FlaskClient, path: str) -> None:
    assert client.get("/x" + quote(path)).status_code < 500
    assert client.get("/regions/" + quote(path)).status_code < 500


def test_the_map_may_write_a_box_with_all_its_decimals(client: FlaskClient) -> None:
    box = "116.37130737304689,-0.5877582458165641,118.12911987304689,0.6481795331595092"
    for path in ("/map/sites.geojson", "/ogc/collections/sites/items"):
        assert client.get(f"{path}?bbox={box}").status_code == 200


@pytest.mark.parametrize(
    ("address", "name", "allowed"),
    [
        ("/summary.json?level=city", "level", "nation, province or regency"),
        ("/summary.json?as_of=22-02-2016", "as_of", "YYYY-MM-DD"),
        ("/summary.json?as_of=1456099200", "as_of", "YYYY-MM-DD"),
        ("/summary.json?region=99", "region", "Kemendagri"),
        ("/exports/sites.geojson?bbox=1,2,3", "bbox", "west,south,east,north"),
        ("/exports/sites.geojson?bbox=110,5,120,-5", "bbox", "west"),
        ("/exports/sites.geojson?status=open", "status", "reactivated"),
        ("/exports/sites.geojson?as_of=2016-01-01&as_of=2017-01-01", "as_of", "once"),
        ("/map/sites.geojson?limit=5", "limit", "one of"),
    ],
)
def test_a_refusal_names_the_parameter_and_what_is_allowed(
    client: FlaskClient, address: str, name: str, allowed: str
) -> None:
    answer = client.get(address)
    assert answer.status_code == 400
    detail = answer.json["detail"]  # type: ignore[index]
    assert name in detail
    assert allowed in detail


@pytest.mark.parametrize("path", ["/regions/99", "/regions/99.json", "/sites/1", "/sites/1.json", "/tiada"])
def test_what_is_not_there_is_one_answer(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert path.rpartition("/")[2] not in answer.text or answer.mimetype == "text/html"
    assert "Traceback" not in answer.text


def test_a_file_carries_its_length_count_and_digest(client: FlaskClient) -> None:
    answer = client.get("/exports/sites.geojson?as_of=2016-06-01", headers={"Accept-Encoding": "gzip, br"})
    assert answer.mimetype == "application/geo+json"
    assert answer.content_length == len(answer.data)
    assert int(answer.headers["X-Feature-Count"]) == len(answer.json["features"])  # type: ignore[index]
    digest = base64.b64encode(hashlib.sha256(answer.data).digest()).decode()
    assert answer.headers["Digest"] == f"sha-256={digest}"
    assert "Content-Encoding" not in answer.headers


def test_a_layer_with_its_checksum_may_be_kept_for_ever(client: FlaskClient) -> None:
    twin: Any = client.get("/index.json?as_of=2016-02-22").json
    answer = client.get(twin["layer"]["url"], headers={"Accept-Encoding": "gzip"})
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.data) < 102_000
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_what_is_live_is_kept_by_nobody(client: FlaskClient) -> None:
    for path in ("/", "/index.json", "/exports/sites.geojson", "/nothing"):
        assert client.get(path).headers["Cache-Control"] == "private, no-store"


def test_every_answer_has_the_security_headers(client: FlaskClient) -> None:
    for path in ("/", "/index.json", "/nothing", "/static/css/atlas.css", "/map/shell.js"):
        headers = client.get(path).headers
        assert headers["Content-Security-Policy"].startswith(
            "default-src 'none'; script-src 'self'; style-src 'self'"
        )
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"


def test_another_name_of_this_host_is_refused(client: FlaskClient) -> None:
    """A page of a stranger that rebinds its name to 127.0.0.1 must not read the register."""
    for accept in ("text/html", "*/*"):
        for path in ("/", "/index.json", "/nosuch"):
            answer = client.get(path, headers={"Host": "evil.example", "Accept": accept})
            assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert client.get("/index.json", headers={"Host": "localhost:8000"}).status_code == 200


def test_only_reading_is_possible(client: FlaskClient) -> None:
    for method in ("post", "put", "delete", "patch"):
        assert getattr(client, method)("/index.json").status_code == 405


def test_an_unexpected_error_is_fixed_text_with_a_number(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def explode(*_: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr("gis.services.overviews.nation_overview", explode)
    answer = client.get("/index.json")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert len(answer.json["request_id"]) == 16  # type: ignore[index]


def test_while_the_database_is_away_the_answer_is_503(settings: Settings) -> None:
    away = Database("host=/nonexistent port=1 user=x dbname=x")
    answer = create_app(settings, away).test_client().get("/health")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "nonexistent" not in answer.text
