"""What stands on the regions: stored joins are held against ST_Covers, and made anew when regions change."""

import json
import shutil
from pathlib import Path

from gis.config import PROJECT_DIRECTORY
from gis.database.connection import Database
from gis.services import boundaries

DIRECTORY = PROJECT_DIRECTORY / "data" / "boundaries"


def points_by_regency(database: Database) -> dict[str, int]:
    query = """
        SELECT regency_code, count(*) FROM site
        WHERE geom IS NOT NULL AND regency_code IS NOT NULL GROUP BY 1 ORDER BY 1"""
    with database.transaction() as connection:
        return dict(connection.execute(query).fetchall())


def test_the_joins_of_the_demonstration_data_are_those_of_st_covers(demo_database: Database) -> None:
    assert sum(points_by_regency(demo_database).values()) > 100
    assert boundaries.check(demo_database, DIRECTORY) == []


def test_a_join_that_was_tampered_with_is_found(demo_database: Database) -> None:
    tamper = """
        UPDATE site SET regency_code = '11.01' WHERE id = (
            SELECT min(id) FROM site WHERE regency_join_method = 'covers') RETURNING id"""
    claim = """
        UPDATE site SET province_join_method = 'none', province_code = NULL WHERE id = (
            SELECT max(id) FROM site WHERE province_join_method = 'covers') RETURNING id"""
    with demo_database.transaction() as connection:
        changed = [connection.execute(each).fetchone() for each in (tamper, claim)]
    found = boundaries.check(demo_database, DIRECTORY)
    with demo_database.transaction() as connection:
        connection.execute("SELECT assign_regions(array_agg(id)) FROM site")
    assert {(each.rule, each.where) for each in found} == {
        ("join", f"site {row[0]}") for row in changed if row
    }
    assert boundaries.check(demo_database, DIRECTORY) == []


def test_other_regions_are_joined_again(demo_database: Database, tmp_path: Path) -> None:
    shutil.copytree(DIRECTORY, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "regencies.geojson"
    document = json.loads(path.read_text(encoding="utf-8"))
    swapped = {"64.71": "64.72", "64.72": "64.71"}
    for feature in document["features"]:
        code = feature["properties"]["code"]
        feature["properties"]["code"] = swapped.get(code, code)
    path.write_text(json.dumps(document), encoding="utf-8")

    before = points_by_regency(demo_database)
    boundaries.load(demo_database, tmp_path)
    after = points_by_regency(demo_database)
    boundaries.load(demo_database, DIRECTORY)

    assert before["64.71"] != before["64.72"]
    assert after == {swapped.get(code, code): count for code, count in before.items()}
    assert points_by_regency(demo_database) == before
