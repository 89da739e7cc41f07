"""`atlas demo`: load, build, generate."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from gis.cli import atlas
from gis.config import PROJECT_DIRECTORY
from gis.database import Database

DEMO = PROJECT_DIRECTORY / "data" / "demo"


def _run(*words: str) -> str:
    result = CliRunner().invoke(atlas, ["demo", *words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_load_says_what_came_in_and_what_was_there(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database.conninfo)
    first = json.loads(_run("load", "--json"))
    second = json.loads(_run("load", str(DEMO), "--json"))
    assert first["sites"]["inserted"] == second["sites"]["present"] > 0
    assert {counts["inserted"] for counts in second.values()} == {0}
    assert all(counts["present"] for counts in second.values())
    assert _run("load").splitlines()[0] == f"sites: 0 loaded, {first['sites']['inserted']} were there already"


def test_build_remakes_the_files(tmp_path: Path) -> None:
    assert "191 sites" in _run("build", str(tmp_path))
    built = sorted(tmp_path.glob("*.csv"))
    assert {"sites.csv", "events.csv", "headcounts.csv"} <= {path.name for path in built}
    for path in built:
        assert (DEMO / path.name).read_bytes() == path.read_bytes()


def test_generate_writes_so_many_sites(tmp_path: Path) -> None:
    _run("generate", str(tmp_path), "--sites", "50", "--seed", "9")
    assert len((tmp_path / "sites.csv").read_text(encoding="utf-8").splitlines()) == 51


def test_a_folder_without_files_is_refused_in_one_line(
    database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", database.conninfo)
    result = CliRunner().invoke(atlas, ["demo", "load", str(tmp_path)])
    assert "sites.csv: there is no such file" in str(result.exception)
