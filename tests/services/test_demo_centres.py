"""The demonstration's centres: all synthetic, all marked, loaded once."""

import csv
import shutil
from datetime import date
from pathlib import Path

import pytest

from gis.config import PROJECT_DIRECTORY
from gis.database import Database, centres
from gis.domain.queries import Moment
from gis.errors import AtlasError
from gis.services import demo

DEMO = PROJECT_DIRECTORY / "data" / "demo"
SYNTHETIC_SOURCE = "Data contoh sintetis closure-atlas"


def rows(name: str) -> list[dict[str, str]]:
    with (DEMO / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_row_says_that_it_is_synthetic() -> None:
    centre_rows, counts = rows("centres.csv"), rows("occupancies.csv")
    assert len(centre_rows) > 20
    for row in [*centre_rows, *counts]:
        assert (row["synthetic"], row["source"], row["source_url"]) == ("true", SYNTHETIC_SOURCE, "")
    for row in centre_rows:
        assert all("(sintetis)" in name for name in row["names"].split(";"))
        assert "(sintetis)" in row["contact_office"] or not row["contact_office"]
        # No number that anybody could be called at.
        assert row["contact_phone"].endswith(" 000000") or not row["contact_phone"]
    assert {row["centre_id"] for row in counts} <= {row["id"] for row in centre_rows}


def test_every_row_is_in_the_register_once(demo_database: Database) -> None:
    centre_rows, counts = rows("centres.csv"), rows("occupancies.csv")
    report = demo.load(demo_database, DEMO)
    assert (report.centres.inserted, report.centres.present) == (0, len(centre_rows))
    assert (report.occupancies.inserted, report.occupancies.present) == (0, len(counts))
    with demo_database.transaction() as connection:
        (found,) = connection.execute("SELECT count(*) FROM centre").fetchall()
        (numbers,) = connection.execute("SELECT count(*) FROM occupancy").fetchall()
        then = centres.find_centres(connection, Moment(date(2016, 6, 1)))
        now = centres.find_centres(connection, Moment(date(2026, 1, 1)))
    assert (found, numbers) == ((len(centre_rows),), (len(counts),))
    assert {row["id"] for row in then} != {row["id"] for row in now}
    assert any(row["name"].startswith("PSKW ") for row in then)
    assert not any(row["name"].startswith("PSKW ") for row in now)
    assert {row["occupancy_band"] for row in [*then, *now]} >= {"0-49", "50-79", "80-99", "full"}


def test_a_row_that_cannot_be_taken_stops_all(database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    shutil.copytree(DEMO, folder)
    text = (folder / "occupancies.csv").read_text(encoding="utf-8")
    (folder / "occupancies.csv").write_text(text.replace(SYNTHETIC_SOURCE, "rumah aman", 1), encoding="utf-8")
    with pytest.raises(AtlasError, match=r"row 1: |row 1, occupancies\.csv, source"):
        demo.load(database, folder)
    with database.transaction() as connection:
        assert connection.execute("SELECT count(*) FROM centre").fetchone() == (0,)


def test_a_folder_without_centres_still_loads(database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    shutil.copytree(DEMO, folder, ignore=shutil.ignore_patterns("centres.csv", "occupancies.csv"))
    report = demo.load(database, folder)
    assert (report.centres, report.occupancies) == (demo.Loaded(0, 0), demo.Loaded(0, 0))
