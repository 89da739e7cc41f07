"""The trail: who sees which rows, its filters, and the record that its file leaves."""

import re
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient

from gis.database.connection import Database
from gis.domain.access import Role
from tests.webmap.conftest import SignedIn
from tests.webmap.test_manage import LIST, sent, step
from webmap.record_words import TABLE_WORDS, say_field, say_value
from webmap.views.audit import _TOLD_ELSEWHERE


@pytest.fixture(scope="module")
def author(signed_in: SignedIn) -> FlaskClient:
    return signed_in(Role.regency, "64.72")


@pytest.fixture(scope="module")
def batch_id(author: FlaskClient, signed_in: SignedIn) -> str:
    """A batch of one site, approved."""
    batch = sent(author, LIST)
    step(author, batch, "submit")
    assert step(signed_in(Role.approver), batch, "approve") == 303
    return batch.rpartition("/")[2]


def rows(client: FlaskClient, query: str) -> list[dict[str, Any]]:
    data: Any = client.get(f"/manage/audit.json?{query}").json
    found: list[dict[str, Any]] = data["rows"]
    return found


def test_who_entered_and_who_approved_stand_beside_each_other(author: FlaskClient, batch_id: str) -> None:
    (row,) = rows(author, f"batch_id={batch_id}&table=site")
    assert (row["account"], row["author"]) == ("test-approver-all", "test-regency-64.72")
    assert row["action"] == "insert"
    page = author.get(f"/en/manage/audit?batch_id={batch_id}&table=site").text
    assert "entered by test-regency-64.72" in " ".join(page.replace("<small>", "").split())
    assert f'href="/en/manage/batches/{batch_id}"' in page


@pytest.mark.parametrize(("role", "code"), [(Role.regency, "64.71"), (Role.province, "65")])
def test_other_regions_see_nothing_of_it(signed_in: SignedIn, batch_id: str, role: Role, code: str) -> None:
    client = signed_in(role, code)
    assert rows(client, f"batch_id={batch_id}") == []
    assert "Halaman" not in client.get("/manage/audit.csv").text
    assert "64.72" not in {code for row in rows(client, "") for code in row["regions"]}


@pytest.mark.parametrize("role", [Role.planner, Role.approver, Role.admin])
def test_national_roles_see_it(signed_in: SignedIn, batch_id: str, role: Role) -> None:
    client = signed_in(role)
    assert {row["table"] for row in rows(client, f"batch_id={batch_id}")} >= {"site", "event"}
    assert client.get("/manage").status_code == 200


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("batch_id=abc", "batch_id"),
        ("region=6472", "region"),
        ("since=2016-13-40", "since"),
        ("offset=-1", ""),
    ],
)
def test_a_filter_that_cannot_be_read_is_marked(author: FlaskClient, query: str, field: str) -> None:
    answer = author.get(f"/en/manage/audit?{query}")
    assert answer.status_code == 422
    assert "cannot be read" in answer.text
    assert f'id="{field}"' in answer.text or not field
    assert author.get(f"/manage/audit.json?{query}").status_code == 400


def test_filters_meet(author: FlaskClient, batch_id: str) -> None:
    assert rows(author, f"batch_id={batch_id}&since=2030-01-01") == []
    assert rows(author, f"batch_id={batch_id}&until=2010-01-01") == []
    assert {row["action"] for row in rows(author, "action=insert")} == {"insert"}
    assert rows(author, "account=nobody") == []
    page = author.get("/en/manage/audit?account=nobody").text
    assert "Nothing of this is in the trail" in page


def test_the_file_is_recorded_and_bears_its_record(author: FlaskClient, batch_id: str) -> None:
    answer = author.get(f"/manage/audit.csv?batch_id={batch_id}")
    assert "Halaman" in answer.text
    name = answer.headers["Content-Disposition"]
    (first, *_) = rows(author, "action=export")
    assert f"audit-{first['record']}.csv" in name
    assert first["detail"]["filter"] == {"batch_id": batch_id}
    assert first["detail"]["rows"] == answer.text.count("\n") - 1


def test_a_page_leads_to_the_next(author: FlaskClient, batch_id: str) -> None:
    page = author.get("/en/manage/audit").text
    assert "Older" in page
    assert "offset=40" in page
    assert "Newer" in author.get("/en/manage/audit?offset=40").text


def test_tables_and_fields_of_the_trail_have_words_in_indonesian(
    signed_in: SignedIn, demo_database: Database, app: Flask
) -> None:
    with demo_database.transaction() as connection:
        audited = connection.execute(
            "SELECT c.relname, a.attname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE p.proname = 'write_audit' AND a.attnum > 0 AND NOT a.attisdropped"
        ).fetchall()
    hidden = {*_TOLD_ELSEWHERE, *["updated_at", "plain_names", "password_hash", "detail", "region_codes"]}
    hidden |= {name for _, name in audited if re.fullmatch(r"(province|regency)_\w+", name)}
    same = {"wkt", "filter", "checksum", "operator", "rows"}  # as they are in Indonesian
    with app.test_request_context():
        g.language = "id"
        fields = {name for _, name in audited if name not in hidden}
        english = {name for name in fields if say_field(name) == name.replace("_", " ")}
        assert english - same == set()
        assert {table for table, _ in audited} <= set(TABLE_WORDS)
        assert say_value("occurred_on", "2016-06-01") == "1 Juni 2016"
        assert say_value("payer", "province") == "provinsi"
        assert say_value("services", ["doctor", "sewing"]) == "dokter, menjahit"
        assert say_value("n", 1207) == "1.207"
        assert say_value("site_id", 1207) == "1207"
        assert say_value("planned", True) == "ya"
    page = signed_in(Role.planner).get("/manage/audit?table=aid").text
    assert "pembayar: provinsi" in page
