"""The pages of accounts: for administrators alone, in both languages, with a password that is shown once."""

import html
import itertools
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from gis.database.connection import Database
from gis.domain.access import Identity, Role

SignedIn = Callable[..., FlaskClient]
PASSWORD = "sungai yang tenang 7"
GOOD = {"role": "regency", "region": "Kota Samarinda", "language": "en", "way": "made"}
NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def admin(signed_in: SignedIn) -> FlaskClient:
    return signed_in(Role.admin)


@pytest.fixture
def name() -> str:
    return f"dinsos-{next(NUMBERS)}"


def post(client: FlaskClient, path: str, **fields: str) -> Any:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/account").text)
    assert found is not None
    return client.post(path, data={"csrf_token": found[1], **fields})


def listed(admin: FlaskClient, name: str) -> dict[str, Any]:
    answer: Any = admin.get(f"/manage/users.json?q={name}").json
    (account,) = [each for each in answer["accounts"] if each["name"] == name]
    return dict(account)


def trail(database: Database) -> tuple[str, str]:
    with database.transaction() as connection:
        row = connection.execute(
            "SELECT account_name, action FROM audit WHERE table_name = 'account' ORDER BY id DESC LIMIT 1"
        ).fetchone()
    assert row is not None
    return row


def shown(page: str) -> str:
    found = re.search(r'<code id="password">([^<]+)</code>', page)
    assert found is not None
    return found[1]


def may_sign_in(visitor: FlaskClient, name: str, password: str) -> bool:
    found = re.search(r'name="csrf_token" value="([^"]+)"', visitor.get("/login").text)
    assert found is not None
    fields = {"name": name, "password": password, "csrf_token": found[1]}
    return visitor.post("/login", data=fields).status_code == 303


def test_an_account_from_its_first_password_to_its_closing(
    admin: FlaskClient, visitor: FlaskClient, demo_database: Database, name: str
) -> None:
    added = post(admin, "/manage/users", name=name, **GOOD)
    assert added.status_code == 200
    assert added.headers["Cache-Control"] == "no-store"
    assert trail(demo_database) == ("test-admin-all", "insert")
    account = listed(admin, name)
    assert (account["role"], account["region_name"], account["state"]) == (
        "regency", "Kota Samarinda", "active",
    )  # fmt: skip
    page = f"/manage/users/{account['id']}"
    assert shown(added.text) not in admin.get(page).text
    assert may_sign_in(visitor, name, shown(added.text))
    assert listed(admin, name)["last_sign_in"] is not None

    assert post(admin, f"{page}/password", way="typed", password=PASSWORD).status_code == 303
    assert visitor.get("/account").status_code == 303, "its session has ended"
    assert may_sign_in(visitor, name, PASSWORD)

    changed = post(admin, f"{page}/post", role="province", region="64")
    assert changed.headers["Location"] == f"{page}?done=post"
    assert "Peran dan wilayah telah diganti" in admin.get(changed.headers["Location"]).text
    assert listed(admin, name)["region_name"] == "Kalimantan Timur"
    assert trail(demo_database) == ("test-admin-all", "update")

    assert post(admin, f"{page}/disable").status_code == 303
    assert listed(admin, name)["state"] == "disabled"
    assert not may_sign_in(visitor, name, PASSWORD)
    assert post(admin, f"{page}/enable").status_code == 303
    assert may_sign_in(visitor, name, PASSWORD)


WRONG = {
    "name": ("Budi", "begins with a letter or digit"),
    "role": ("king", "Choose one of those"),
    "region": ("Kota Samarinde", "Did you mean Kota Samarinda"),
    "language": ("de", "Choose one of those"),
    "way": ("", "This is needed"),
}


@pytest.mark.parametrize("field", WRONG)
def test_a_wrong_field_is_named_and_the_others_stay(admin: FlaskClient, field: str) -> None:
    typed = {"name": "dinsos-x", **GOOD, field: WRONG[field][0]}
    answer = post(admin, "/en/manage/users", **typed)
    assert answer.status_code == 422
    page = html.unescape(answer.text)
    told = re.findall(r'<p class="wrong" id="p-(\w+)">([^<]+)', page)
    assert [where for where, _ in told] == [field]
    assert WRONG[field][1] in told[0][1]
    (label,) = re.findall(rf'<a href="#f-{field}">([^:]+): ', page)
    assert label in {"Name", "Role", "Region", "Language", "Password"}
    for name, value in typed.items():
        box = re.search(rf'<input id="f-{name}" [^>]*value="([^"]*)"', page)
        chosen = re.search(rf'name="{name}" value="{value}"[^>]* checked>', page)
        option = re.search(rf'<option value="{value}" selected>', page)
        assert chosen or option or (box and box[1] == value) or name == field, name


def test_a_typed_password_is_judged_in_the_language_of_the_page_and_sent_back_to_nobody(
    admin: FlaskClient,
) -> None:
    fields = {**GOOD, "name": "dinsos-y", "way": "typed", "password": "kurang-sekal"[:11]}
    answer = post(admin, "/manage/users", **fields)
    assert "Ini terlalu pendek: paling sedikit 12 karakter." in answer.text
    assert fields["password"] not in answer.text


def test_a_name_is_borne_once(admin: FlaskClient, name: str) -> None:
    assert post(admin, "/manage/users", name=name, **GOOD).status_code == 200
    again = post(admin, "/manage/users", name=name, **GOOD)
    assert again.status_code == 422
    assert f"Akun “{name}” sudah ada." in again.text


def test_nobody_shuts_himself_out(admin: FlaskClient) -> None:
    own = f"/manage/users/{listed(admin, 'test-admin-all')['id']}"
    assert "/disable" not in admin.get(own).text
    for step, fields in (("disable", {}), ("post", {"role": "planner"}), ("password", {"way": "made"})):
        answer = post(admin, f"{own}/{step}", **fields)
        assert answer.status_code == 409
        assert 'role="alert"' in answer.text
        assert "minta administrator lain" in answer.text
    assert listed(admin, "test-admin-all")["state"] == "active"


@pytest.mark.parametrize(
    ("role", "region"),
    [(Role.planner, None), (Role.approver, None), (Role.province, "64"), (Role.regency, "64.72")],
)
def test_pages_of_accounts_are_for_administrators(
    signed_in: SignedIn,
    demo_database: Database,
    actor: Callable[..., Identity],
    role: Role,
    region: str | None,
) -> None:
    client, other = signed_in(role, region), actor(demo_database, Role.planner).account_id
    for path in (
        "/manage/users",
        "/manage/users.json",
        f"/manage/users/{other}",
        f"/manage/users/{other}.json",
    ):
        assert client.get(path).status_code == 403, path
    assert "/manage/users" not in client.get("/manage").text
    assert post(client, "/manage/users", name="dinsos-z", **GOOD).status_code == 403
    for step in ("post", "password", "disable", "enable"):
        assert post(client, f"/manage/users/{other}/{step}", **GOOD).status_code == 403
        assert client.get(f"/manage/users/{other}/{step}").status_code == 405


def test_a_form_of_a_stranger_adds_nobody(admin: FlaskClient, visitor: FlaskClient) -> None:
    assert admin.post("/manage/users", data={"name": "dinsos-s", **GOOD}).status_code == 403
    assert visitor.get("/manage/users").status_code == 303
    assert visitor.get("/manage/users.json").status_code == 401
    answer: Any = admin.get("/manage/users.json?q=dinsos-s").json
    assert answer["accounts"] == []


def test_accounts_are_found_by_name_and_region_in_both_languages(admin: FlaskClient, name: str) -> None:
    post(admin, "/manage/users", name=name, **GOOD)
    for words in (name, "samarinda", "64.72", "KOTA SAM"):
        assert f">{name}</a>" in admin.get("/manage/users", query_string={"q": words}).text
    assert "Tidak ada akun dengan nama atau wilayah ini." in admin.get("/manage/users?q=%3Cb%3E").text
    assert '<html lang="en">' in admin.get("/en/manage/users").text
    assert 'href="/manage/users"' in admin.get("/manage").text
    assert admin.get("/manage/users/1").status_code == 404
    assert admin.get("/manage/users/1.json").status_code == 404


def test_pages_refuse_in_their_language(client: FlaskClient) -> None:
    page = {"Accept": "text/html"}
    wrong = client.get("/claims?region=Kaltim", headers=page)
    assert wrong.status_code == 400
    assert "yang diterima: kode Kemendagri seperti 64 atau 35.76" in wrong.text
    refused = client.get("/manage/users", headers=page)
    assert refused.status_code == 403
    assert "akun ini tidak boleh melakukannya; ini untuk administrator" in refused.text
