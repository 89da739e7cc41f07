"""Who may ask for what: visitors, sessions that are made up or ended, roles, and the database's side."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gis.database.connection import Database
from gis.domain.access import Identity, Role
from gis.services import accounts
from webmap.access import IMPERSONAL, OPEN_PAGES
from webmap.cookies import SESSION

from .conftest import SignedIn

OPEN_ADDRESSES = [
    "/login",
    "/en/login",
    "/about",
    "/en/about",
    "/health",
    "/map/shell.js",
    "/static/css/atlas.css",
]
# Numbers and names of the demonstration register that stand on no page for visitors.
TELLING = re.compile(
    r"Dolly|Gambilangu|Loa Hui|Kalimantan|Surabaya|/sites/|/regions/|\b(?:168|169|162|191)\b"
)


def an_address(rule: Any) -> str:
    """Any address that a rule of the application answers."""
    fill = {"code": "64", "level": "province", "vintage": "2013-04-22", "name": "css/atlas.css"}
    fill["release_id"] = "2026-11-24"

    def filled(part: re.Match[str]) -> str:
        converter, choices, name = part.groups()
        return choices.partition(",")[0].strip('"') if converter == "any" else fill.get(name, "1")

    return re.sub(r"<(?:(\w+)(?:\(([^)]*)\))?:)?(\w+)>", filled, rule.rule)


def test_every_address_but_the_open_ones_asks_to_sign_in(app: Flask, visitor: FlaskClient) -> None:
    closed = 0
    for rule in app.url_map.iter_rules():
        endpoint = rule.endpoint.partition(".")[2] if rule.endpoint.startswith("pages_") else rule.endpoint
        for method in sorted(rule.methods or ()):
            if method == "OPTIONS" or rule.endpoint in IMPERSONAL or endpoint in OPEN_PAGES:
                continue
            answer = visitor.open(an_address(rule), method=method)
            assert answer.status_code in {303, 401}, (rule.rule, method, answer.status_code)
            if answer.status_code == 303:
                assert re.match(r"(/en)?/login", answer.headers["Location"]), rule.rule
            closed += 1
    assert closed > 30


@pytest.mark.parametrize("path", OPEN_ADDRESSES)
def test_what_a_visitor_sees_names_no_site_and_no_count(visitor: FlaskClient, path: str) -> None:
    answer = visitor.get(path)
    assert answer.status_code == 200
    if answer.mimetype == "text/html":
        told = re.sub(r"68 (dari|of) 168|1(25|62) (dari|of) 169", "", answer.text)  # the published anchors
        assert not TELLING.search(told), TELLING.search(told)


def test_a_visitor_gets_the_shapes_of_regions_and_no_figures(visitor: FlaskClient) -> None:
    layer: Any = visitor.get("/map/regions/province/2013-04-22.geojson").json
    assert len(layer["features"]) == 34
    assert {name for each in layer["features"] for name in each["properties"]} <= {
        "code",
        "level",
        "name",
        "parent_code",
    }


def test_a_visitor_is_led_back_to_where_he_wanted(visitor: FlaskClient) -> None:
    answer = visitor.get("/en/regions/64?as_of=2016-06-01&boundaries=today")
    assert answer.headers["Location"] == (
        "/en/login?next=/en/regions/64?as_of%3D2016-06-01%26boundaries%3Dtoday"
    )
    page = visitor.get(answer.headers["Location"]).text
    assert 'name="next" value="/en/regions/64?as_of=2016-06-01&amp;boundaries=today"' in page


def test_a_program_gets_a_problem_and_no_page(visitor: FlaskClient) -> None:
    for path in ("/summary.json", "/exports/sites.geojson", "/regions/64.json", "/map/sites.geojson"):
        answer = visitor.get(path, headers={"Accept": "*/*"})
        assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_absent_and_hidden_are_the_same_to_a_visitor(visitor: FlaskClient, demo_database: Database) -> None:
    with demo_database.transaction() as connection:
        row = connection.execute("SELECT min(id) FROM site").fetchone()
    assert row is not None
    there = visitor.get(f"/sites/{row[0]}.json")
    absent = visitor.get("/sites/1.json")
    assert (there.status_code, there.data) == (absent.status_code, absent.data) == (401, there.data)


@pytest.mark.parametrize("cookie", ["", "x", "x" * 43, "' OR 1=1 --", "é", "a" * 5000, "../../etc", "%00"])
def test_a_made_up_cookie_is_nobody(app: Flask, cookie: str) -> None:
    client = app.test_client()
    assert client.get("/index.json", headers={"Cookie": f"{SESSION}={cookie}"}).status_code == 401


def test_an_ended_expired_or_disabled_session_is_nobody(
    app: Flask,
    demo_database: Database,
    actor: Callable[..., Identity],
    token_of: Callable[[Database, Identity], str],
) -> None:
    identity = actor(demo_database, Role.regency, "35.78")
    endings = [
        "DELETE FROM session WHERE account_id = %s",
        "UPDATE session SET expires_at = clock_timestamp() WHERE account_id = %s",
        "UPDATE account SET disabled_at = now() WHERE id = %s",
    ]
    for ending in endings:
        client = app.test_client()
        client.set_cookie(SESSION, token_of(demo_database, identity))
        assert client.get("/regions/35.78.json").status_code == 200
        with demo_database.transaction() as connection:
            connection.execute(ending.encode(), [identity.account_id])
        assert client.get("/regions/35.78.json").status_code == 401


def test_a_change_of_scope_holds_from_the_next_request(
    app: Flask,
    demo_database: Database,
    token_of: Callable[[Database, Identity], str],
    actor: Callable[..., Identity],
) -> None:
    identity = actor(demo_database, Role.province, "65")
    client = app.test_client()
    client.set_cookie(SESSION, token_of(demo_database, identity))
    assert client.get("/regions/65.json").status_code == 200
    accounts.change(demo_database, identity.name, Role.province, "35")
    assert client.get("/regions/65.json").status_code == 401, "a new scope begins with a new sign-in"
    client.set_cookie(SESSION, token_of(demo_database, identity))
    assert client.get("/regions/65.json").status_code == 404
    assert client.get("/regions/35.json").status_code == 200


@pytest.mark.parametrize(("role", "code"), [(Role.province, "64"), (Role.regency, "35.76")])
def test_a_scoped_role_begins_at_its_own_region(signed_in: SignedIn, role: Role, code: str) -> None:
    client = signed_in(role, code)
    answer = client.get("/en/?as_of=2016-06-01")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/en/regions/{code}?as_of=2016-06-01")
    page = client.get(f"/regions/{code}")
    assert page.status_code == 200
    assert f"test-{role}-{code}" in page.text


def test_a_scoped_role_sees_no_more_of_the_nation_than_of_nothing(signed_in: SignedIn) -> None:
    client = signed_in(Role.province, "64")
    nothing = client.get("/sites/1.json")
    other = [f"/regions/{code}.{ending}" for code in ("33", "33.74") for ending in ("json", "csv", "geojson")]
    for path in ["/index.json", *other]:
        answer = client.get(path)
        assert (answer.status_code, answer.data) == (nothing.status_code, nothing.data), path


def test_files_of_all_regions_hold_a_scoped_roles_own(signed_in: SignedIn) -> None:
    client = signed_in(Role.province, "64")
    rows = client.get("/index.csv").text.splitlines()
    assert [row.partition(",")[0] for row in rows] == ["code", "64"]
    for path, codes in (("/index.geojson", {"64"}), ("/exports/provinces.geojson", {"64"})):
        layer: Any = client.get(path).json
        assert {each["properties"]["code"] for each in layer["features"]} == codes, path
    regencies: Any = client.get("/exports/regencies.geojson").json
    assert {each["properties"]["code"][:2] for each in regencies["features"]} == {"64"}
    assert client.get("/exports/regencies.geojson?region=33").status_code == 400


def test_who_is_signed_in_stands_on_each_page(signed_in: SignedIn) -> None:
    page = signed_in(Role.province, "64").get("/en/about").text
    assert "test-province-64 <small>province Kalimantan Timur</small>" in page
    assert 'action="/en/logout"' in page
    page = signed_in(Role.approver).get("/about").text
    assert "test-approver-all <small>penyetuju </small>" in page


def test_no_cache_keeps_what_depends_on_who_asks(signed_in: SignedIn, visitor: FlaskClient) -> None:
    for client in (signed_in(), visitor):
        for path in ("/", "/index.json", "/about", "/login", "/nothing", "/exports/sites.geojson"):
            headers = client.get(path).headers
            assert headers["Cache-Control"] == "private, no-store", path
            assert "Cookie" in headers["Vary"], path
        headers = client.get("/map/shell.js").headers
        assert "Cookie" not in headers.get("Vary", "")


def test_the_server_connects_as_the_application_and_reads_only_when_it_reads(
    client: FlaskClient, app: Flask, demo_database: Database
) -> None:
    client.get("/index.json")
    with demo_database.transaction() as connection:
        rows = connection.execute(
            "SELECT DISTINCT usename FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND application_name = 'closure-atlas'"
        ).fetchall()
    assert rows == [("atlas_app",)]
    with app.extensions["atlas_database"].transaction() as connection:
        for table in ("site", "event", "headcount", "site_state", "claim", "plan", "aid", "audit", "draft"):
            assert connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone() == (0,)
