"""`atlas summary` and `atlas export`, as a user calls them."""

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import geopandas
import pytest
from click.testing import CliRunner, Result

from gis.cli import atlas
from gis.database.connection import Database
from gis.errors import InvalidInputError, NotFoundError

Run = Callable[..., Result]


@pytest.fixture
def run(demo_database: Database, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("DATABASE_URL", demo_database.conninfo)

    def call(*arguments: str) -> Result:
        return CliRunner().invoke(atlas, arguments)

    return call


def test_json_has_every_province_of_then_zeros_included(run: Run) -> None:
    result = run("summary", "--as-of", "2016-02-22", "--json")
    assert result.exit_code == 0
    rows = json.loads(result.output)["regions"]
    assert len(rows) == 34
    assert (sum(row["closed"] for row in rows), sum(row["sites_total"] for row in rows)) == (68, 168)


def test_csv_and_json_say_the_same(run: Run) -> None:
    words = ("summary", "--level", "regency", "--region", "64", "--as-of", "2016-06-01", "--format")
    rows = list(csv.DictReader(io.StringIO(run(*words, "csv").output)))
    records = json.loads(run(*words, "json").output)["regions"]
    assert [(row["code"], int(row["closed"])) for row in rows] == [(r["code"], r["closed"]) for r in records]
    assert sum(r["sites_total"] for r in records) == 24
    assert sum(r["people"] or 0 for r in records) == 1453


def test_the_table_names_each_region(run: Run) -> None:
    result = run("summary", "--as-of", "2016-02-22")
    assert re.search(r"^ *64 +Kalimantan Timur +24 ", result.output, re.MULTILINE)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("summary", "--as-of", "22.2.2016"), 2),
        (("summary", "--level", "city"), 2),
        (("export", "sites"), 2),
        (("export", "sites", "-o", "x.geojson", "--status", "open"), 2),
        (("export", "sites", "-o", "x.geojson", "--bbox", "1,2,3"), 2),
        (("export", "sites", "-o", "x.geojson", "--bbox", "nan,2,3,4"), 2),
    ],
)
def test_words_that_are_off_are_told_with_exit_code_2(run: Run, words: tuple[str, ...], code: int) -> None:
    result = run(*words)
    assert result.exit_code == code
    assert "Error:" in result.output


def test_an_unknown_region_is_refused(run: Run) -> None:
    assert isinstance(run("summary", "--region", "99").exception, NotFoundError)


def test_an_export_is_what_the_summary_counts(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "sites.geojson"
    result = run("export", "sites", "-o", str(path), "--region", "64", "--as-of", "2016-06-01", "--json")
    receipt = json.loads(result.output)
    assert (result.exit_code, receipt["features"]) == (0, 24 + 16)
    assert receipt["size"] == path.stat().st_size
    assert len(json.loads(path.read_text())["features"]) == receipt["features"]


@pytest.mark.parametrize("ending", ["gpkg", "parquet", "shp.zip"])
def test_the_ending_tells_the_format(run: Run, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"regencies.{ending}"
    result = run("export", "regencies", "-o", str(path), "--region", "64", "--as-of", "2016-06-01", "--json")
    assert json.loads(result.output)["features"] == 10
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    if ending == "parquet":
        assert len(geopandas.read_parquet(path)) == 10
    else:
        source = f"/vsizip/{path}" if ending == "shp.zip" else path
        assert len(geopandas.read_file(source, layer="regencies")) == 10


def test_an_ending_that_tells_no_format_is_refused(run: Run, tmp_path: Path) -> None:
    result = run("export", "sites", "-o", str(tmp_path / "sites.doc"))
    assert isinstance(result.exception, InvalidInputError)
    assert ".geojsonl" in str(result.exception)
    assert not list(tmp_path.iterdir())
