"""What moves to another region leaves behind who saw it: they learn that it went, and not where it is."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gis.config import Settings
from gis.database.connection import Database
from gis.domain.access import Identity, Role
from tests.webmap.conftest import BufferedClient
from webmap import create_app
from webmap.cookies import SESSION

HERE, THERE = "POINT (117.154321 -0.501234)", "POINT (110.214321 -7.031234)"  # Samarinda, Kendal
OLD, NEW = ("Nama lama", "117.154321"), ("Nama baru", "110.214321")


@pytest.fixture(scope="module")
def app(settings: Settings, demo_database: Database, as_app: Callable[[Database], Database]) -> Flask:
    app = create_app(settings, as_app(demo_database))
    app.test_client_class = BufferedClient
    return app


@pytest.fixture
def client_of(
    app: Flask,
    demo_database: Database,
    actor: Callable[..., Identity],
    token_of: Callable[[Database, Identity], str],
) -> Callable[..., FlaskClient]:
    def made(role: Role, code: str | None = None) -> FlaskClient:
        client = app.test_client()
        client.set_cookie(SESSION, token_of(demo_database, actor(demo_database, role, code)))
        return client

    return made


def change(database: Database, statement: str, *values: object) -> int:
    with database.transaction() as connection:
        row = connection.execute(statement.encode(), values).fetchone()
    assert row is not None
    return int(row[0])


def test_a_site_that_moves(demo_database: Database, client_of: Callable[..., FlaskClient]) -> None:
    site_id = change(
        demo_database,
        "INSERT INTO site (name, site_type, geom, location_accuracy, location_source)"
        " VALUES ('Nama lama', 'lokasi', ST_GeomFromText(%s, 4326), 'exact', 'uji') RETURNING id",
        HERE,
    )
    change(
        demo_database,
        "INSERT INTO event (site_id, kind, occurred_on, source)"
        " VALUES (%s, 'recorded', '2012-01-01', 'uji') RETURNING id",
        site_id,
    )
    change(
        demo_database,
        "UPDATE site SET name = 'Nama baru', geom = ST_GeomFromText(%s, 4326) WHERE id = %s RETURNING id",
        *(THERE, site_id),
    )
    addresses = [f"/manage/audit{end}?key={site_id}" for end in (".json", ".csv", "")]
    for role, code, knows in (
        (Role.province, "64", {"before"}),
        (Role.regency, "64.72", {"before"}),
        (Role.province, "33", {"after"}),
        (Role.regency, "33.24", {"after"}),
        (Role.province, "35", set()),
        (Role.planner, None, {"before", "after"}),
    ):
        client = client_of(role, code)
        said = "".join(client.get(address).text for address in addresses)
        assert (OLD[0] in said) == ("before" in knows), (role, code)
        assert (NEW[0] in said) == ("after" in knows), (role, code)
        assert client.get(f"/sites/{site_id}.json").status_code == (200 if "after" in knows else 404)
        rows = client.get(f"{addresses[0]}&table=site&action=update").get_json()["rows"]
        told = {side for row in rows for side in ("before", "after") if row[side]}
        assert told == knows, (role, code)


def test_an_account_that_moves(demo_database: Database, client_of: Callable[..., FlaskClient]) -> None:
    account_id = change(
        demo_database,
        "INSERT INTO account (name, role, region_code) VALUES ('pindah', 'regency', '64.72') RETURNING id",
    )
    change(demo_database, "UPDATE account SET region_code = '33.24' WHERE id = %s RETURNING id", account_id)
    for code, hidden in (("64", "33.24"), ("33", "64.72")):
        said = client_of(Role.province, code).get(f"/manage/audit.json?key={account_id}").text
        assert "pindah" in said
        assert hidden not in said
