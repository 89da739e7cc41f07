"""Requests by a personal token: what they read, what they are refused, and that nothing stands in for one."""

import base64
import html
import re
import threading
from collections.abc import Callable
from datetime import timedelta

import pyogrio
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from gis.database.connection import Database
from gis.domain.access import Identity, Role
from gis.services import tokens
from webmap.cookies import SESSION

DATA = (
    "/regions/64.json",
    "/regions/64.csv",
    "/regions/64.geojson",
    "/summary.json",
    "/series.json?region=64",
    "/exports/sites.geojson",
)
OTHER = (
    "/",
    "/en/",
    "/regions/64",
    "/about",
    "/account",
    "/login",
    "/manage",
    "/manage/audit.json",
    "/downloads",
)
GONE = "atlas_" + "x" * 43


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def basic(password: str, name: str = "anyone") -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


def told(answer: TestResponse) -> str:
    """An answer without the number that each file bears."""
    return re.sub(r'"export_record":"\d+"', "", answer.text)


def posted(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/account").text)
    assert found is not None
    return client.post(path, data={"csrf_token": found[1], **fields})


@pytest.fixture(scope="module")
def session(
    demo_database: Database, actor: Callable[..., Identity], token_of: Callable[[Database, Identity], str]
) -> str:
    return token_of(demo_database, actor(demo_database, Role.province, "64"))


@pytest.fixture(scope="module")
def owner(released: Flask, session: str) -> FlaskClient:
    """A browser in which the province of the token is signed in."""
    client = released.test_client()
    client.set_cookie(SESSION, session)
    return client


@pytest.fixture(scope="module")
def token(released: Flask, session: str) -> str:
    return tokens.create(released.extensions["atlas_database"], session, "QGIS", 90)


@pytest.fixture
def program(released: Flask) -> FlaskClient:
    """A client without a cookie."""
    return released.test_client()


@pytest.mark.parametrize("path", DATA)
def test_a_token_reads_what_its_owners_session_reads(
    program: FlaskClient, owner: FlaskClient, token: str, path: str
) -> None:
    wanted = owner.get(path)
    for headers in (bearer(token), {"Authorization": f"bearer  {token}"}, basic(token), basic(token, "é")):
        answer = program.get(path, headers={**headers, "Accept": "*/*"})
        assert (answer.status_code, told(answer)) == (200, told(wanted))
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert {"Cookie", "Authorization"} <= set(answer.headers["Vary"].split(", "))
        assert answer.headers.getlist("Set-Cookie") == []
    assert program.head(path, headers=bearer(token)).status_code == 200
    assert told(program.get(path)) != told(wanted), "a visitor gets the release"


@pytest.mark.parametrize(
    "header",
    [
        *(
            "",
            "Bearer",
            "Bearer ",
            f"Bearer {GONE}",
            "Bearer x",
            f"Bearer {GONE}, Bearer {GONE}",
            f"Token {GONE}",
        ),
        *("Basic", "Basic x", "Basic ====", "Basic é", "Basic /////w==", "Negotiate YII=", GONE),
        *(basic(each)["Authorization"] for each in (GONE, "sungai yang tenang 7", "")),
    ],
)
def test_what_is_no_token_is_refused_and_never_taken_for_a_visitor_or_a_session(
    program: FlaskClient, owner: FlaskClient, header: str
) -> None:
    for client in (program, owner):
        for path in ("/index.json", "/summary.json?release=2026-11-24", "/exports/sites.geojson"):
            answer = client.get(path, headers={"Authorization": header, "Accept": "text/html"})
            assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
            assert answer.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
            assert answer.headers["Cache-Control"] == "private, no-store"
            assert "Authorization" in answer.headers["Vary"]
            assert GONE not in answer.text


@pytest.mark.parametrize("path", OTHER)
def test_a_token_opens_no_page(owner: FlaskClient, token: str, path: str) -> None:
    answer = owner.get(path, headers=bearer(token))
    assert (answer.status_code, answer.mimetype) == (403, "application/problem+json")
    assert answer.headers["WWW-Authenticate"] == 'Bearer error="insufficient_scope"'


def test_a_token_writes_nothing_also_beside_a_session(
    released: Flask, owner: FlaskClient, token: str
) -> None:
    found = re.search(r'name="csrf_token" value="([^"]+)"', owner.get("/account").text)
    assert found is not None
    paths = {
        re.sub(r"<any\((\w+)[^>]*>", r"\1", re.sub(r"<(?!any)[^>]*>", "1", rule.rule))
        for rule in released.url_map.iter_rules()
        if "POST" in (rule.methods or ())
    }
    assert len(paths) > 10
    for path in paths:
        answer = owner.post(path, data={"csrf_token": found[1], "language": "en"}, headers=bearer(token))
        assert answer.status_code == 403, path
    assert owner.options("/index.json", headers=bearer(token)).status_code == 403
    assert owner.get("/account").status_code == 200, "the session is as it was"


def test_the_token_decides_and_not_the_cookie(
    released: Flask,
    demo_database: Database,
    actor: Callable[..., Identity],
    token_of: Callable[[Database, Identity], str],
    token: str,
    owner: FlaskClient,
) -> None:
    planner = released.test_client()
    planner.set_cookie(SESSION, token_of(demo_database, actor(demo_database, Role.planner)))
    everything = told(planner.get("/exports/sites.geojson"))
    by_token = told(planner.get("/exports/sites.geojson", headers=bearer(token)))
    assert by_token == told(owner.get("/exports/sites.geojson")) != everything


def test_a_release_by_a_token_is_kept_by_no_cache_for_another(program: FlaskClient, token: str) -> None:
    public = program.get("/summary.json?release=2026-11-24")
    assert "immutable" in public.headers["Cache-Control"]
    assert {"Cookie", "Authorization"} <= set(public.headers["Vary"].split(", "))
    headers = {**bearer(token), "If-None-Match": public.headers["ETag"]}
    answer = program.get("/summary.json?release=2026-11-24", headers=headers)
    assert (answer.status_code, answer.data) == (200, public.data)
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_data_for_the_signed_in_offer_to_take_a_token(visitor: FlaskClient) -> None:
    for path, offered in [
        ("/index.json", "Bearer"),
        ("/exports/sites.geojson", "Bearer"),
        ("/manage/audit.json", "Session"),
    ]:
        answer = visitor.get(path, headers={"Accept": "*/*"})
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, offered)


def test_the_page_of_the_account_makes_shows_once_lists_and_revokes(
    released: Flask, signed_in: Callable[..., FlaskClient], app: Flask
) -> None:
    client, program = signed_in(Role.approver), app.test_client()
    answer = posted(client, "/en/account/tokens", token="<b>QGIS</b>", days="30")
    found = re.search(r'<code id="token-made">(atlas_[\w-]{43})</code>', answer.text)
    assert found is not None
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")
    assert program.get("/index.json", headers=bearer(found[1])).status_code == 200
    page = client.get("/en/account").text
    assert found[1] not in page
    assert "&lt;b&gt;QGIS&lt;/b&gt;</b>" in page
    assert "last used" in page
    assert "atlas_…" in page
    revoke = re.search(r'action="(/en/account/tokens/\d+/revoke)"', page)
    assert revoke is not None
    for fields, told in [
        ({"token": "<b>QGIS</b>", "days": "30"}, "has this name"),
        ({"token": " ", "days": "30"}, "1 to 60"),
        ({"token": "R", "days": "366"}, "30, 90 or 365"),
        ({"token": "R", "days": "²"}, "30, 90 or 365"),
        ({"token": "R"}, "30, 90 or 365"),
    ]:
        refused = posted(client, "/en/account/tokens", **fields)
        assert (refused.status_code, told in refused.text) == (400, True), fields
        assert "token-made" not in refused.text
    assert client.post("/account/tokens", data={"token": "R", "days": "30"}).status_code == 403
    assert client.post(revoke[1]).status_code == 403
    assert posted(signed_in(Role.admin), revoke[1]).status_code == 404, "of another account"
    gone = posted(client, revoke[1])
    assert (gone.status_code, gone.headers["Location"]) == (303, "/en/account?done=token#tokens")
    assert program.get("/index.json", headers=bearer(found[1])).status_code == 401
    assert posted(client, revoke[1]).status_code == 404
    trail = client.get("/manage/audit?table=token").text
    assert found[1] not in trail
    assert "&lt;b&gt;QGIS" in trail


def test_gdal_reads_by_what_the_page_says(released: Flask, owner: FlaskClient, token: str) -> None:
    """GDAL_HTTP_HEADERS would not do: GDAL 3.12 sends headers of its own in their place to an OGC API."""
    page = html.unescape(owner.get("/account").text)
    said = re.search(r'(GDAL_\w+)="([^"]*)atlas_…"', page)
    assert said is not None
    exported = owner.get("/exports/sites.geojson").get_json(force=True)["features"]
    server = make_server("127.0.0.1", 0, released, threaded=True)
    threading.Thread(target=server.serve_forever).start()
    address = f"http://127.0.0.1:{server.server_port}"
    pyogrio.set_gdal_config_options({said[1]: said[2] + token})
    try:
        found = pyogrio.read_info(f"OAPIF:{address}/ogc", layer="sites", force_feature_count=True)
        files = pyogrio.read_info(f"{address}/exports/sites.geojson", force_feature_count=True)
    finally:
        pyogrio.set_gdal_config_options({said[1]: None})
        server.shutdown()
        server.server_close()
    assert (found["features"], files["features"]) == (len(exported), len(exported))


def test_a_token_that_has_expired_is_refused(
    program: FlaskClient, owner: FlaskClient, session: str, demo_database: Database, released: Flask
) -> None:
    made = tokens.create(released.extensions["atlas_database"], session, "of last year", 365)
    assert program.get("/index.json", headers=bearer(made)).status_code == 200
    with demo_database.transaction() as connection:
        connection.execute(
            "UPDATE token SET created_at = created_at - %(by)s, expires_at = expires_at - %(by)s"
            " WHERE name = 'of last year'",
            {"by": timedelta(days=365)},
        )
    assert program.get("/index.json", headers=bearer(made)).status_code == 401
    assert "kedaluwarsa" in owner.get("/account").text
