"""The page of releases: what the next one would be, who may publish it, and that it is what was looked at."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from gis.database.connection import Database
from gis.domain.access import Role
from gis.services import publication

SignedIn = Callable[..., FlaskClient]
PATH = "/manage/releases"


@pytest.fixture(scope="module")
def admin(signed_in: SignedIn) -> FlaskClient:
    return signed_in(Role.admin)


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def publish(client: FlaskClient, page: str | None = None, **fields: str) -> Any:
    page = page or client.get(PATH).text
    values = {"csrf_token": hidden(page, "csrf_token"), "seen": hidden(page, "seen"), **fields}
    return client.post(PATH, data=values)


def text(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def execute(database: Database, statement: str) -> None:
    with database.transaction() as connection:
        connection.execute(statement.encode())


def test_from_the_first_release_to_one_of_which_something_changed(
    admin: FlaskClient, demo_database: Database
) -> None:
    first = admin.get("/en/manage/releases").text
    assert "It would be the first release" in first
    assert "sites would become public" in first
    assert "None yet" in first
    assert len(first) < 30_000
    data: Any = admin.get(f"{PATH}.json").json
    assert data["releases"] == []
    assert len(data["next"]["new_sites"]) == data["next"]["told"]["site"] > 150
    assert data["next"]["nation"]["before"] is None

    made = publish(admin, note="  Yang\n pertama ")
    assert made.status_code == 303
    after = admin.get(made.location).text
    assert 'role="status"' in after
    newest = publication.find_releases(demo_database)[0]
    assert (newest.note, newest.checksum) == ("Yang pertama", data["next"]["checksum"])
    assert newest.id in text(after)
    assert f"Tidak ada yang berubah dari yang publik sejak rilis {newest.id}" in text(after)
    row: Any = admin.get("/manage/audit.json?table=release").json
    assert [(each["account"], each["key"]) for each in row["rows"]] == [("test-admin-all", newest.id)]

    execute(
        demo_database,
        "INSERT INTO register.event (site_id, kind, occurred_on, source) SELECT s.id, 'closed', '2026-05-05',"
        " 'uji' FROM register.site s WHERE s.province_code = '94' AND NOT EXISTS"
        " (SELECT FROM published.site p WHERE p.id = s.id) LIMIT 1",
    )
    execute(
        demo_database,
        "UPDATE register.site SET name = '<b>Nama</b> lain' WHERE name = 'Dolly dan Jarak'",
    )
    execute(
        demo_database,
        "INSERT INTO register.event (site_id, kind, occurred_on, source)"
        " SELECT s.id, 'assisted', '2018-05-05', 'Dari Lokalisasi contoh Palangka Raya 01'"
        " FROM register.site s WHERE s.name = 'Bayur'",
    )
    execute(
        demo_database,
        "UPDATE register.site SET name = 'Lokalisasi contoh Palangka Raya 01' WHERE province_code = '62'"
        " AND NOT EXISTS (SELECT FROM published.site p WHERE p.id = site.id)",
    )
    page = admin.get("/en/manage/releases").text
    assert "1 site would become public" in page
    assert "<q>Dari Lokalisasi contoh Palangka Raya 01</q>" in page
    assert "Papua Tengah 1 0 0 1 2" in text(page)
    assert "&lt;b&gt;Nama&lt;/b&gt; lain" in page
    assert "was called Dolly dan Jarak" in text(page)
    data = admin.get(f"{PATH}.json").json
    (changed,) = [each for each in data["next"]["provinces"] if each["changed"]]
    assert (changed["name"], changed["before"]["closed"], changed["after"]["closed"]) == (
        "Papua Tengah",
        1,
        2,
    )
    assert [each["was"]["name"] for each in data["next"]["changed_sites"]] == ["Dolly dan Jarak"]


def test_what_was_looked_at_is_what_is_published(admin: FlaskClient, demo_database: Database) -> None:
    page = admin.get("/en/manage/releases").text
    before = publication.find_releases(demo_database)
    execute(demo_database, "UPDATE register.site SET name = 'Nama ketiga' WHERE name = 'Bayur'")
    token, seen = hidden(page, "csrf_token"), hidden(page, "seen")
    refused = admin.post(f"/en{PATH}", data={"csrf_token": token, "seen": seen, "note": "Catatan"})
    assert refused.status_code == 409
    assert "the register has changed since it was looked at" in refused.text
    assert ">Catatan</textarea>" in refused.text
    too_long = admin.post(PATH, data={"csrf_token": token, "seen": seen, "note": "x" * 2001})
    assert too_long.status_code == 422
    assert 'id="note-problem"' in too_long.text
    assert admin.post(PATH, data={"seen": seen}).status_code == 403
    assert publication.find_releases(demo_database) == before


@pytest.mark.parametrize("role", [Role.planner, Role.approver])
def test_national_roles_look_and_do_not_publish(
    signed_in: SignedIn, admin: FlaskClient, demo_database: Database, role: Role
) -> None:
    client = signed_in(role)
    page = client.get(PATH)
    assert page.status_code == 200
    assert f'action="{PATH}"' not in page.text
    assert client.get(f"{PATH}.json").json
    seen = hidden(admin.get(PATH).text, "seen")
    before = publication.find_releases(demo_database)
    refused = publish(client, page.text + f'<input name="seen" value="{seen}">')
    assert refused.status_code == 403
    assert publication.find_releases(demo_database) == before
    assert PATH in client.get("/manage").text


@pytest.mark.parametrize(("role", "code"), [(Role.province, "64"), (Role.regency, "64.72")])
def test_scoped_roles_see_nothing_of_it(signed_in: SignedIn, role: Role, code: str) -> None:
    client = signed_in(role, code)
    assert client.get(PATH).status_code == 403
    assert client.get(f"{PATH}.json").status_code == 403
    assert client.get(f"/en{PATH}").status_code == 403
    assert PATH not in client.get("/manage").text


def test_visitors_sign_in(visitor: FlaskClient) -> None:
    assert visitor.get(PATH, headers={"Accept": "text/html"}).status_code == 303
    assert visitor.get(f"{PATH}.json").status_code == 401


def test_what_cannot_be_published_is_said(admin: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gis.services.publication_rows.attack", lambda _releases: ["something"])
    page = admin.get("/en/manage/releases")
    assert page.status_code == 200
    assert "a withheld number of people could be told from it" in page.text
    assert 'name="seen"' not in page.text
    assert (admin.get(f"{PATH}.json").json or {})["next"] is None
