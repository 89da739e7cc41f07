"""Signing in and out over HTTP: cookies, forms of strangers, guessing, and what an answer gives away."""

import re
import statistics
import time
from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from gis.config import Settings
from gis.database.connection import Database
from gis.domain.access import Identity, Role
from gis.services import accounts
from webmap import create_app
from webmap.cookies import FORM, SESSION
from webmap.views.account import own_path

from .conftest import BufferedClient, SignedIn

PASSWORD = "sungai yang tenang 7"
OTHER = "gunung yang tinggi 8"


@pytest.fixture(scope="module")
def names(demo_database: Database) -> dict[str, str]:
    """Accounts with the password `PASSWORD`, by role."""
    accounts.add(demo_database, "budi", Role.planner, None, PASSWORD, "en")
    accounts.add(demo_database, "kaltim", Role.province, "64", PASSWORD)
    return {"planner": "budi", "province": "kaltim"}


@pytest.fixture(autouse=True)
def fresh(demo_database: Database) -> Iterator[None]:
    """No attempt of another test counts."""
    yield
    with demo_database.transaction() as connection:
        connection.execute("DELETE FROM sign_in_attempt")


def form_token(client: FlaskClient, path: str = "/login", **options: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path, **options).text)
    assert found is not None
    return found[1]


def sign_in(client: FlaskClient, name: str, password: str = PASSWORD, **fields: str) -> TestResponse:
    token = fields.pop("csrf_token", None) or form_token(client)
    return client.post("/login", data={"name": name, "password": password, "csrf_token": token, **fields})


def cookie_of(answer: TestResponse, name: str) -> SimpleCookie:
    jar = SimpleCookie()
    for header in answer.headers.getlist("Set-Cookie"):
        jar.load(header)
    assert name in jar, answer.headers.getlist("Set-Cookie")
    return jar


def test_a_planner_lands_on_the_nation_in_his_language(visitor: FlaskClient, names: dict[str, str]) -> None:
    answer = sign_in(visitor, names["planner"])
    assert (answer.status_code, answer.headers["Location"]) == (303, "/en/")
    assert "budi <small>planner" in visitor.get("/en/").text


def test_a_governor_lands_on_his_province(visitor: FlaskClient, names: dict[str, str]) -> None:
    answer = sign_in(visitor, names["province"])
    assert (answer.status_code, answer.headers["Location"]) == (303, "/regions/64")
    assert visitor.get("/regions/64").status_code == 200
    assert visitor.get("/login").headers["Location"] == "/regions/64"


def test_whoever_came_for_a_page_gets_it(visitor: FlaskClient, names: dict[str, str]) -> None:
    wanted = "/regions/64?as_of=2016-06-01"
    assert sign_in(visitor, names["planner"], next=wanted).headers["Location"] == wanted


def test_the_cookie_is_kept_from_scripts_and_other_sites(visitor: FlaskClient, names: dict[str, str]) -> None:
    morsel = cookie_of(sign_in(visitor, names["planner"]), SESSION)[SESSION]
    assert (morsel["httponly"], morsel["samesite"], morsel["path"]) == (True, "Lax", "/")
    assert not morsel["domain"]
    assert not morsel["max-age"]
    assert not morsel["secure"], "on loopback by http a browser would not keep it"
    assert len(morsel.value) == 43


def test_behind_tls_it_is_bound_to_the_host(app: Flask, names: dict[str, str]) -> None:
    client = app.test_client()
    base = "https://localhost"
    token = form_token(client, base_url=base)
    answer = client.post(
        "/login", base_url=base, data={"name": names["planner"], "password": PASSWORD, "csrf_token": token}
    )
    morsel = cookie_of(answer, f"__Host-{SESSION}")[f"__Host-{SESSION}"]
    assert (morsel["secure"], morsel["path"], morsel["domain"]) == (True, "/", "")
    assert client.get("/index.json", base_url=base).status_code == 200
    plain = app.test_client().get(
        "/index.json", headers={"Cookie": f"{SESSION}={morsel.value}"}, base_url=base
    )
    assert plain.status_code == 401, "another host could have planted a cookie of the plain name"


def test_nobody_signs_in_over_an_open_line(
    settings: Settings, demo_database: Database, as_app: Callable[[Database], Database], names: dict[str, str]
) -> None:
    from dataclasses import replace

    told = replace(settings, trusted_hosts=("atlas.example",), proxies=1)
    client = BufferedClient(create_app(told, as_app(demo_database)))
    page = client.get("/en/login", base_url="http://atlas.example").text
    assert "not encrypted" in page
    assert "<form" not in page
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
    page = client.get("/en/login", base_url="http://atlas.example", headers=forwarded).text
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    data = {"name": names["planner"], "password": PASSWORD, "csrf_token": found[1]}
    assert client.post("/login", base_url="http://atlas.example", data=data).status_code == 403
    with demo_database.transaction() as connection:
        assert connection.execute("SELECT count(*) FROM sign_in_attempt").fetchone() == (0,)


def test_a_session_that_was_planted_is_not_taken_over(
    app: Flask, names: dict[str, str], signed_in: SignedIn, demo_database: Database
) -> None:
    """Fixation: whoever knows the cookie from before the sign-in has nothing afterwards."""
    victim = app.test_client()
    victim.set_cookie(SESSION, "A" * 43)
    answer = sign_in(victim, names["planner"])
    value = cookie_of(answer, SESSION)[SESSION].value
    assert value != "A" * 43
    thief = app.test_client()
    thief.set_cookie(SESSION, "A" * 43)
    assert thief.get("/index.json").status_code == 401


def test_a_cookie_that_was_stolen_ends_with_the_sign_out(
    app: Flask, visitor: FlaskClient, names: dict[str, str]
) -> None:
    value = cookie_of(sign_in(visitor, names["planner"]), SESSION)[SESSION].value
    thief = app.test_client()
    thief.set_cookie(SESSION, value)
    assert thief.get("/index.json").status_code == 200
    answer = visitor.post("/logout", data={"csrf_token": form_token(visitor, "/about")})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login")
    assert cookie_of(answer, SESSION)[SESSION]["max-age"] == "0"
    for client in (visitor, thief):
        assert client.get("/index.json").status_code == 401


def test_no_form_of_a_stranger_counts(app: Flask, signed_in: SignedIn, names: dict[str, str]) -> None:
    client, other = signed_in(), signed_in(Role.admin)
    own = form_token(client, "/about")
    forms = ("/logout", "/account/language", "/account/password", "/account/sign-out-everywhere")
    for path in (*forms, *(f"/en{path}" for path in forms)):
        for data in (
            {},
            {"csrf_token": ""},
            {"csrf_token": own[:-1]},
            {"csrf_token": form_token(other, "/about")},
        ):
            assert client.post(path, data=data).status_code == 403, (path, data)
        for headers in (
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": "https://evil.example"},
            {"Origin": "http://localhost:8001"},
        ):
            assert client.post(path, data={"csrf_token": own}, headers=headers).status_code == 403
    assert client.get("/index.json").status_code == 200, "nothing of it was done"
    accepted = client.post("/account/language", data={"language": "id"}, headers={"X-CSRF-Token": own})
    assert accepted.status_code == 303
    assert (
        client.post(
            "/account/language",
            data={"csrf_token": own, "language": "id"},
            headers={"Origin": "http://localhost"},
        ).status_code
        == 303
    )


def test_nobody_is_signed_in_by_a_form_of_a_stranger(app: Flask, names: dict[str, str]) -> None:
    client = app.test_client()
    data = {"name": names["planner"], "password": PASSWORD}
    assert client.post("/login", data=data).status_code == 403
    assert client.post("/login", data={**data, "csrf_token": "x" * 43}).status_code == 403
    elsewhere = form_token(app.test_client())
    form_token(client)
    assert client.post("/login", data={**data, "csrf_token": elsewhere}).status_code == 403
    assert client.get("/index.json").status_code == 401
    cookie_of(app.test_client().get("/login"), FORM)


@pytest.mark.parametrize(
    "elsewhere",
    [
        *(
            "https://evil.example/",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "http:/evil.example",
        ),
        *(
            "/\t/evil.example",
            "/\n/evil.example",
            "javascript:alert(1)",
            "/login",
            "/en/logout",
            "regions/64",
            "",
        ),
        *(
            "/%09//evil.example\r\nSet-Cookie: x=1",
            "//evil.example/%2f..",
            "///evil.example",
            "/" + "x" * 3000,
        ),
    ],
)
def test_a_sign_in_leads_nowhere_else(visitor: FlaskClient, names: dict[str, str], elsewhere: str) -> None:
    assert own_path(elsewhere) is None
    answer = sign_in(visitor, names["province"], next=elsewhere)
    assert answer.headers["Location"] == "/regions/64"
    assert visitor.get("/login", query_string={"next": elsewhere}).headers["Location"] == "/regions/64"


@given(st.text(alphabet="/\\.:@evil%\t\n x?#[]", max_size=30))
def test_a_path_that_is_taken_stays_here(text: str) -> None:
    from urllib.parse import urljoin, urlsplit

    path = own_path(text)
    if path is not None:
        joined = urlsplit(urljoin("https://atlas.example/en/login", path))
        assert (joined.scheme, joined.netloc) == ("https", "atlas.example")


def test_one_answer_for_whatever_is_wrong(app: Flask, names: dict[str, str], demo_database: Database) -> None:
    accounts.add(demo_database, "closed-one", Role.planner, None, PASSWORD)
    accounts.set_disabled(demo_database, "closed-one", disabled=True)
    bodies = set()
    for name, password in [
        (names["planner"], OTHER),
        ("nobody-of-that-name", PASSWORD),
        ("closed-one", PASSWORD),
        ("closed-one", OTHER),
        ("<script>alert(1)</script>", PASSWORD),
        (names["planner"], ""),
        ("", PASSWORD),
    ]:
        answer = sign_in(app.test_client(), name, password)
        assert answer.status_code == 401
        assert "<script>alert" not in answer.text
        told = re.sub(r'name="csrf_token" value="[^"]+"|name="name" value="[^"]*"', "", answer.text)
        bodies.add((told, tuple(sorted(set(answer.headers.keys())))))
    assert len(bodies) == 1
    assert OTHER not in next(iter(bodies))[0]


def test_a_wrong_name_takes_as_long_as_a_wrong_password(
    app: Flask, names: dict[str, str], demo_database: Database
) -> None:
    client = app.test_client()
    token = form_token(client)
    taken: dict[str, list[float]] = {names["planner"]: [], "nobody-of-that-name": []}
    for _ in range(15):
        for name, times in taken.items():
            with demo_database.transaction() as connection:
                connection.execute("DELETE FROM sign_in_attempt")
            begin = time.perf_counter()
            assert sign_in(client, name, OTHER, csrf_token=token).status_code == 401
            times.append(time.perf_counter() - begin)
    known, unknown = (statistics.median(times) for times in taken.values())
    assert 0.75 < known / unknown < 1.33, (known, unknown)


def test_guessing_ends_soon_and_for_a_while(app: Flask, names: dict[str, str]) -> None:
    client = app.test_client()
    token = form_token(client)
    for name in (names["planner"], "nobody-of-that-name"):
        answers = [sign_in(client, name, OTHER, csrf_token=token) for _ in range(6)]
        assert [answer.status_code for answer in answers] == [401] * 5 + [429]
        assert 0 < int(answers[-1].headers["Retry-After"]) <= 900
        assert "15 menit" in answers[-1].text
        right = sign_in(client, name, PASSWORD, csrf_token=token)
        assert right.status_code == 429, "nor does a right guess come through"
    elsewhere = app.test_client()
    elsewhere.environ_base = {**elsewhere.environ_base, "REMOTE_ADDR": "203.0.113.77"}
    assert sign_in(elsewhere, names["planner"]).status_code == 303


def test_an_address_that_is_claimed_counts_only_behind_a_proxy(app: Flask, names: dict[str, str]) -> None:
    client = app.test_client()
    token = form_token(client)
    codes = [
        client.post(
            "/login",
            data={"name": names["planner"], "password": OTHER, "csrf_token": token},
            headers={"X-Forwarded-For": f"203.0.113.{number}"},
        ).status_code
        for number in range(6)
    ]
    assert codes == [401] * 5 + [429]


def test_the_trail_knows_who_came_and_who_was_refused(
    visitor: FlaskClient, names: dict[str, str], demo_database: Database
) -> None:
    sign_in(visitor, names["planner"], OTHER)
    sign_in(visitor, "hunter2-typed-into-the-wrong-field", OTHER)
    sign_in(visitor, names["planner"])
    visitor.post("/logout", data={"csrf_token": form_token(visitor, "/about")})
    with demo_database.transaction() as connection:
        rows = connection.execute(
            "SELECT action, account_name, detail ->> 'address' FROM audit WHERE action LIKE 'sign%%'"
            " ORDER BY id DESC LIMIT 4"
        ).fetchall()
        assert not connection.execute("SELECT FROM audit a WHERE a::text LIKE '%%hunter2%%'").fetchall()
    assert rows[::-1] == [
        ("sign_in_refused", "budi", "127.0.0.1/32"),
        ("sign_in_refused", "unknown", "127.0.0.1/32"),
        ("sign_in", "budi", "127.0.0.1/32"),
        ("sign_out", "budi", None),
    ]


def test_a_person_changes_password_and_language(
    app: Flask, visitor: FlaskClient, demo_database: Database
) -> None:
    accounts.add(demo_database, "sari", Role.planner, None, PASSWORD)
    sign_in(visitor, "sari")
    elsewhere = app.test_client()
    sign_in(elsewhere, "sari")

    def change(**fields: str) -> TestResponse:
        token = form_token(visitor, "/account")
        given = {"old": PASSWORD, "new": OTHER, "again": OTHER, "csrf_token": token, **fields}
        return visitor.post("/en/account/password", data=given)

    for fields, told in [
        ({"again": "another one"}, "differ"),
        ({"new": "short", "again": "short"}, "12 characters"),
        ({"new": "password1234", "again": "password1234"}, "first that are guessed"),
        ({"old": OTHER}, "old password is wrong"),
    ]:
        answer = change(**fields)
        assert (answer.status_code, told in answer.text) == (400, True), fields
        assert OTHER not in answer.text
    answer = change()
    assert (answer.status_code, answer.headers["Location"]) == (303, "/en/account?done=password")
    assert visitor.get("/account").status_code == 200
    assert elsewhere.get("/index.json").status_code == 401
    token = form_token(visitor, "/account")
    visitor.post("/account/language", data={"language": "en", "csrf_token": token})
    again = app.test_client()
    assert sign_in(again, "sari", OTHER).headers["Location"] == "/en/"
    answer = again.post("/account/sign-out-everywhere", data={"csrf_token": form_token(again, "/account")})
    assert answer.headers["Location"] == "/login"
    assert visitor.get("/index.json").status_code == 401


def test_a_body_that_is_too_large_is_refused(client: FlaskClient) -> None:
    answer = client.post("/account/language", data={"csrf_token": "x" * (1 << 21)})
    assert answer.status_code == 413


def test_without_accounts_the_page_says_how_to_make_one(
    settings: Settings, database: Database, as_app: Callable[[Database], Database]
) -> None:
    page = create_app(settings, as_app(database)).test_client().get("/en/login").text
    assert "atlas demo load --accounts" in page
    assert "atlas user add NAME --role admin" in page


def test_nothing_secret_stands_on_a_page(signed_in: SignedIn, actor: Callable[..., Identity]) -> None:
    client = signed_in(Role.admin)
    cookie = client.get_cookie(SESSION)
    assert cookie is not None
    for path in ("/account", "/en/account", "/about", "/regions/64"):
        page = client.get(path).text
        assert cookie.value not in page
        assert "argon2" not in page
