"""`atlas join` as a user calls it."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from gis.cli import atlas
from gis.errors import InvalidInputError


@pytest.fixture
def given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ATLAS_HOME", str(tmp_path / "home"))
    path = tmp_path / "given.csv"
    path.write_text("id,lon,lat\n1,117.14,-0.5\n2,110,-10\n")
    return path


def test_join_adds_the_columns_and_counts(given: Path) -> None:
    target = given.with_name("joined.csv")
    result = CliRunner().invoke(atlas, ["join", str(given), "-o", str(target)], catch_exceptions=False)
    assert result.exit_code == 0
    assert "2 rows" in result.output
    with target.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["regency_code"] for row in rows] == ["64.72", ""]
    assert list(rows[0])[:3] == ["id", "lon", "lat"]


def test_join_reports_as_json(given: Path) -> None:
    target = given.with_name("joined.geojson")
    result = CliRunner().invoke(atlas, ["join", str(given), "-o", str(target), "--json"])
    assert json.loads(result.output) == {"rows": 2, "regency_join_method": {"covers": 1, "none": 1}}


def test_join_refuses_in_one_line(given: Path) -> None:
    with pytest.raises(InvalidInputError, match="--output"):
        CliRunner().invoke(atlas, ["join", str(given), "-o", "joined.doc"], catch_exceptions=False)


def test_join_needs_an_output(given: Path) -> None:
    assert CliRunner().invoke(atlas, ["join", str(given)]).exit_code == 2
