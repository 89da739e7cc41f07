"""`atlas publish` and `atlas releases`; the first release over the demonstration data."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner, Result

from gis.cli import atlas
from gis.config import PROJECT_DIRECTORY, Settings
from gis.database import Database
from gis.errors import ConflictError, InvalidInputError
from gis.services import demo_release, doctor

DEMO = PROJECT_DIRECTORY / "data" / "demo"
Run = Callable[..., Result]


@pytest.fixture
def run(demo_database: Database, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("DATABASE_URL", demo_database.conninfo)
    return lambda *words: CliRunner().invoke(atlas, words)


def listed(run: Run) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("releases", "--json").output)["releases"]
    return found


def test_from_none_to_several(run: Run, demo_database: Database, settings: Settings) -> None:
    assert "`atlas publish`" in run("releases").output
    assert json.loads(run("demo", "load", "--json").output)["release"] == listed(run)[0]["id"]
    assert "release" not in json.loads(run("demo", "load", "--json").output)

    said = run("publish", "--note", "Dua\nbaris")
    assert said.exit_code == 0
    newest = listed(run)[0]
    assert f"release {newest['id']}, the public side from now on" in said.output
    assert newest["checksum"] in said.output
    assert "withheld by rule 1: 10 sites" in said.output
    assert f"{newest['id']}: of {newest['published_on']}" in run("releases").output.splitlines()[0]
    assert "Dua baris" in run("releases").output

    made = json.loads(run("publish", "--json").output)
    assert made["number"] == 3
    assert made["told"]["site"] > 150 < made["told"]["figure_days"]
    assert made["withheld"]["open_sites"] == 10
    assert [each["number"] for each in listed(run)] == [3, 2, 1]
    (finding,) = [
        each for each in doctor.examine_database(settings, demo_database.conninfo) if each.part == "release"
    ]
    assert (finding.state, made["id"] in finding.message) == ("ok", True)


def test_what_cannot_be_is_said(run: Run, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = run("publish", "--note", "x" * 2001)
    assert isinstance(refused.exception, InvalidInputError)
    assert run("publish", "--on", "2016-01-01").exit_code == 2
    with database.transaction() as connection:
        connection.execute("DELETE FROM register.boundary_load")
    monkeypatch.setenv("DATABASE_URL", database.conninfo)
    without_boundaries = run("publish")
    assert isinstance(without_boundaries.exception, ConflictError)
    assert "atlas boundaries load" in str(without_boundaries.exception)


def test_a_register_of_ones_own_is_published_by_a_person_alone(database: Database) -> None:
    with database.transaction() as connection:
        connection.execute(
            "INSERT INTO register.site (name, site_type, location_accuracy, location_source,"
            " declared_region_codes) VALUES ('Punya sendiri', 'lokalisasi', 'regency', 'sendiri', '{64.72}')"
        )
    assert demo_release.publish_first(database, DEMO) is None
