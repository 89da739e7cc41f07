"""atlas boundaries, as a person calls it."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from gis.cli import atlas
from gis.config import PROJECT_DIRECTORY
from gis.database.connection import Database
from gis.errors import BoundaryError

DIRECTORY = PROJECT_DIRECTORY / "data" / "boundaries"


@pytest.fixture
def runner(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[CliRunner]:
    monkeypatch.setenv("DATABASE_URL", database.conninfo)
    return CliRunner()


def test_loading_what_is_loaded_does_nothing(runner: CliRunner) -> None:
    result = runner.invoke(atlas, ["boundaries", "load"])
    assert (result.exit_code, "nothing done" in result.output) == (0, True)


def test_the_report_of_a_load_as_json(runner: CliRunner, tmp_path: Path) -> None:
    shutil.copytree(DIRECTORY, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "provinces.geojson"
    path.write_text(path.read_text(encoding="utf-8").replace('"Bali"', '"Pulau Bali"'), encoding="utf-8")
    report = json.loads(runner.invoke(atlas, ["boundaries", "load", str(tmp_path), "--json"]).output)
    assert (report["changed"], report["regions"]) == (True, 650)
    assert "650 regions" in runner.invoke(atlas, ["boundaries", "load"]).output


def test_check_is_quiet_when_all_is_well(runner: CliRunner) -> None:
    result = runner.invoke(atlas, ["boundaries", "check"])
    assert (result.exit_code, result.output) == (0, "all is well\n")


def test_check_prints_findings_and_fails(runner: CliRunner, tmp_path: Path) -> None:
    shutil.copytree(DIRECTORY, tmp_path, dirs_exist_ok=True)
    (tmp_path / "lineage.csv").unlink()
    result = runner.invoke(atlas, ["boundaries", "check", str(tmp_path), "--files-only"])
    assert result.exit_code == 1
    assert "lineage.csv: cannot be read" in result.output
    result = runner.invoke(atlas, ["boundaries", "check", str(tmp_path), "--files-only", "--json"])
    assert [each["rule"] for each in json.loads(result.output)["findings"]] == ["readable"]


def test_a_folder_without_files_is_refused(runner: CliRunner, tmp_path: Path) -> None:
    result = runner.invoke(atlas, ["boundaries", "load", str(tmp_path)])
    assert isinstance(result.exception, BoundaryError)
