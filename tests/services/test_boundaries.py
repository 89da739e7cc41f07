"""The boundary files, and what loading them makes."""

import csv
import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import shapely
from psycopg import sql

from gis.config import PROJECT_DIRECTORY
from gis.database.connection import Database
from gis.database.regions import find_checksum, list_regions
from gis.domain import region_shapes
from gis.domain.region_shapes import shapes_of
from gis.errors import BoundaryError, InvalidInputError
from gis.services import boundaries
from gis.services.boundary_files import FILES, BoundarySet

DIRECTORY = PROJECT_DIRECTORY / "data" / "boundaries"
#: A province, the day it began, and how many there were from then on.
BIRTHS = [
    ("82", date(1999, 10, 12), 27),
    ("36", date(2000, 11, 18), 28),
    ("19", date(2001, 2, 9), 29),
    ("75", date(2001, 2, 16), 30),
    ("92", date(2003, 2, 6), 31),
    ("21", date(2004, 7, 1), 32),
    ("76", date(2004, 10, 16), 33),
    ("65", date(2013, 4, 22), 34),
    ("93", date(2022, 11, 11), 37),
    ("94", date(2022, 11, 11), 37),
    ("95", date(2022, 11, 11), 37),
    ("96", date(2022, 12, 9), 38),
]
DAYS = [date(1990, 1, 1), *sorted({day for _, day, _ in BIRTHS})]


@pytest.fixture(scope="module")
def files() -> BoundarySet:
    return boundaries.read_regions(DIRECTORY)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    for name in FILES:
        shutil.copy(DIRECTORY / name, tmp_path)
    return tmp_path


def edit(path: Path, code: str, **properties: object) -> None:
    """Change properties of one region; a geometry may be among them."""
    document = json.loads(path.read_text(encoding="utf-8"))
    feature = next(each for each in document["features"] if each["properties"]["code"] == code)
    geometry = properties.pop("geometry", None)
    if isinstance(geometry, shapely.Geometry):
        feature["geometry"] = shapely.geometry.mapping(shapely.orient_polygons(geometry))
    feature["properties"] |= properties
    path.write_text(json.dumps(document), encoding="utf-8")


def test_the_files_are_what_they_must_be() -> None:
    assert boundaries.check(None, DIRECTORY) == []


@pytest.mark.parametrize("name", ["provinces", "regencies", "neighbours"])
def test_files_follow_rfc_7946(name: str) -> None:
    document = json.loads((DIRECTORY / f"{name}.geojson").read_text(encoding="utf-8"))
    assert set(document) == {"type", "bbox", "features"}
    shapes = [shapely.geometry.shape(feature["geometry"]) for feature in document["features"]]
    assert document["bbox"] == pytest.approx(shapely.total_bounds(shapes).tolist(), abs=1e-9)
    for feature, shape in zip(document["features"], shapes, strict=True):
        assert feature["geometry"]["type"] == "MultiPolygon"
        assert feature["bbox"] == list(shape.bounds)
        assert all(part.exterior.is_ccw for part in shape.geoms)
        assert not any(ring.is_ccw for part in shape.geoms for ring in part.interiors)
    points = shapely.get_coordinates(shapes)
    np.testing.assert_array_equal(points, np.round(points, 6))


def test_features_stand_one_a_line_in_the_order_of_their_codes(files: BoundarySet) -> None:
    lines = (DIRECTORY / "regencies.geojson").read_text(encoding="utf-8").splitlines()
    codes = [json.loads(line.rstrip(","))["properties"]["code"] for line in lines[1:-1]]
    assert codes == sorted(codes) == list(files.regencies["code"])


def test_codes_are_kemendagris_and_others_are_attributes(files: BoundarySet) -> None:
    regencies = files.regencies.set_index("code")["name"]
    assert regencies["64.02"] == "Kabupaten Kutai Kartanegara"
    assert regencies["64.03"] == "Kabupaten Berau"
    provinces = files.provinces.set_index("code")
    assert list(provinces.loc[["91", "92"], "name"]) == ["Papua", "Papua Barat"]
    assert list(provinces.loc[["91", "92"], "bps_code"]) == ["94", "91"]
    assert list(provinces.loc[["64", "31", "95"], "iso_code"]) == ["ID-KI", "ID-JK", "ID-PE"]


def test_codes_of_before_a_split(files: BoundarySet) -> None:
    before = {code: files.lineage.period_of(code, date(2013, 4, 21)) for code in ("65.71", "94.04", "96.71")}
    assert {code: (each.code, each.province_code) for code, each in before.items()} == {
        "65.71": ("64.73", "64"),
        "94.04": ("91.09", "91"),
        "96.71": ("92.71", "92"),
    }


@pytest.mark.parametrize(("code", "day", "_count"), BIRTHS)
def test_a_province_begins_on_its_day(files: BoundarySet, code: str, day: date, _count: int) -> None:
    first = next(each for each in files.lineage.vintages() if each.code == code)
    assert first.valid_from == day


def test_lineage_says_how_sure_a_code_is() -> None:
    with (DIRECTORY / "lineage.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    by_certainty = {row["certainty"] for row in rows}
    assert by_certainty == {"known", "inferred", "carried_back"}
    assert all(row["law"].startswith("UU ") and row["note"] for row in rows if row["valid_from"])


def test_the_loaded_regions_are_these_files(database: Database) -> None:
    with database.transaction() as connection:
        assert find_checksum(connection) == boundaries.read_regions(DIRECTORY).checksum
    assert boundaries.check(database, DIRECTORY) == []


def test_loading_again_changes_nothing(database: Database) -> None:
    before = row_versions(database)
    assert not boundaries.load(database, DIRECTORY).changed
    assert row_versions(database) == before


def row_versions(database: Database) -> list[tuple[object, ...]]:
    with database.transaction() as connection:
        return connection.execute("SELECT region_id, xmin::text FROM region ORDER BY 1").fetchall()


@pytest.mark.parametrize(("_code", "day", "count"), BIRTHS)
def test_the_number_of_provinces_on_each_day(database: Database, _code: str, day: date, count: int) -> None:
    with database.transaction() as connection:
        assert len(list_regions(connection, "province", day)) == count
        assert len(list_regions(connection, "regency", day)) == 514


@pytest.mark.parametrize("day", DAYS)
def test_provinces_of_every_vintage_cover_the_same_land(database: Database, day: date) -> None:
    with database.transaction() as connection:
        regions = list_regions(connection, "province", day)
    assert sum(each.area_km2 for each in regions) == pytest.approx(total_area_today(database), abs=0.05)


def total_area_today(database: Database) -> float:
    with database.transaction() as connection:
        return sum(each.area_km2 for each in list_regions(connection, "province", date(2026, 1, 1)))


@pytest.mark.parametrize("column", ["geom", "geom_map", "geom_overview"])
@pytest.mark.parametrize(("level", "days"), [("province", DAYS), ("regency", DAYS[-1:])])
def test_regions_are_a_coverage_in_every_vintage_and_detail(
    database: Database, column: str, level: str, days: list[date]
) -> None:
    query = sql.SQL("SELECT ST_AsBinary({}) FROM region WHERE level = {} AND valid @> {}::date")
    with database.transaction() as connection:
        for day in days:
            rows = connection.execute(query.format(sql.Identifier(column), level, day)).fetchall()
            shapes = shapely.from_wkb([bytes(row[0]) for row in rows])
            assert shapely.is_valid(shapes).all(), day
            assert shapely.coverage_is_valid(shapes), day


def test_provinces_hold_their_regencies_at_every_date(database: Database) -> None:
    query = """
        SELECT count(*) FROM region r JOIN region p
            ON p.level = 'province' AND p.code = r.parent_code
           AND p.valid @> coalesce(lower(r.valid), '1900-01-01')
        WHERE r.level = 'regency' AND ST_Covers(p.geom, r.label_point) AND ST_Covers(r.geom, r.label_point)"""
    with database.transaction() as connection:
        held = connection.execute(query).fetchone()
        rows = connection.execute("SELECT count(*) FROM region WHERE level = 'regency'").fetchone()
    assert held == rows


def test_lakes_are_holes_in_regencies_and_filled_in_provinces(database: Database) -> None:
    toba = "SRID=4326;POINT(98.902 2.611)"
    query = "SELECT level FROM region WHERE upper_inf(valid) AND ST_Covers(geom, %s::geometry)"
    with database.transaction() as connection:
        assert connection.execute(query, [toba]).fetchall() == [("province",)]


def test_a_point_just_beyond_a_land_border_lies_on_foreign_land(files: BoundarySet) -> None:
    land, foreign = (shapely.union_all(shapes_of(each)) for each in (files.provinces, files.neighbours))
    # South of Tawau, at Oecusse's and Batugade's borders, and along the 141st meridian.
    for lon, lat, km in (
        (116.0, 4.36, 0.1),
        (124.35, -9.45, 1),
        (125.0, -9.1, 1),
        (141.03, -6.0, 1),
        (141.04, -8, 4),
    ):
        point = shapely.Point(lon, lat)
        assert land.distance(point) * 111 < 5, (lon, lat, km)
        assert foreign.covers(point) != land.covers(point), (lon, lat, km)


def test_other_files_replace_all_regions_at_once(database: Database, copied: Path) -> None:
    edit(copied / "provinces.geojson", "64", name="Kaltim")
    with ThreadPoolExecutor(2) as two:  # as two servers that start at once
        reports = list(two.map(lambda _: boundaries.load(database, copied), range(2)))
    assert sorted((each.changed, each.regions, each.neighbours) for each in reports) == [
        (False, 0, 0),
        (True, 650, 17),
    ]
    with database.transaction() as connection:
        names = {each.code: each.name for each in list_regions(connection, "province", date(2020, 1, 1))}
    assert names["64"] == "Kaltim"
    assert [each.rule for each in boundaries.check(database, DIRECTORY)] == ["loaded"]
    assert boundaries.load(database, DIRECTORY).changed


def test_a_load_that_fails_leaves_the_regions_alone(database: Database, copied: Path) -> None:
    before = row_versions(database)
    text = (copied / "lineage.csv").read_text(encoding="utf-8")
    (copied / "lineage.csv").write_text(
        text.replace("65.71,64.73,64,,2013-04-22", "65.71,64.73,64,,2013-04-21")
    )
    with pytest.raises(BoundaryError, match=r"65\.71"):
        boundaries.load(database, copied)
    assert row_versions(database) == before


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BoundaryError, match=r"provinces\.geojson"):
        boundaries.read_regions(tmp_path)


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("lineage.csv", "code_then", "kode_lama", "lacks code_then"),
        (
            "lineage.csv",
            ",2013-04-22,,UU 20/2012",
            ",22/04/2013,,UU 20/2012",
            "row .*valid_from: found '22/04/2013'",
        ),
        ("lineage.csv", "inferred", "guessed", "certainty: found 'guessed'"),
        ("provinces.geojson", '"parent_code"', '"parent"', "lacks parent_code"),
        ("neighbours.geojson", '"FeatureCollection"', '"Collection"', "cannot be read as GeoJSON"),
        (
            "neighbours.geojson",
            '"FeatureCollection",',
            '"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::3857"}},',
            "EPSG:3857, not in CRS84",
        ),
    ],
)
def test_a_file_in_another_form_is_refused(copied: Path, name: str, old: str, new: str, message: str) -> None:
    replace(copied / name, old, new)
    with pytest.raises((BoundaryError, InvalidInputError), match=message):
        boundaries.read_regions(copied)


def test_a_point_for_a_region_is_refused(copied: Path) -> None:
    edit(copied / "provinces.geojson", "64", geometry=shapely.Point(117, 0))
    with pytest.raises(BoundaryError, match="MultiPolygon"):
        boundaries.read_regions(copied)


def test_check_finds_a_wrong_area_and_a_name_without_a_parent(copied: Path) -> None:
    edit(copied / "regencies.geojson", "64.72", area_km2=1.0)
    assert found(copied) == {("area", "64.72")}
    edit(copied / "regencies.geojson", "64.72", parent_code="65")
    assert found(copied) == {("codes", "64.72")}


def test_check_finds_gaps_overlaps_and_unmatched_edges(copied: Path, files: BoundarySet) -> None:
    shape = files.regencies.set_index("code").geometry["33.73"]  # Salatiga, within Kabupaten Semarang
    smaller = shape.buffer(-0.001)
    edit(copied / "regencies.geojson", "33.73", geometry=shapely.MultiPolygon([smaller]))
    assert found(copied) == {("area", "33.73")}
    edit(copied / "regencies.geojson", "33.73", area_km2=region_shapes.area_km2(smaller))
    assert found(copied) == {("gap", "33")}
    edit(copied / "regencies.geojson", "33.73", geometry=shapely.MultiPolygon([shape.buffer(0.001)]))
    assert {("overlap", "33.22"), ("edges", "33.22"), ("edges", "33.73")} <= found(copied)


def test_check_finds_a_date_that_lineage_contradicts(copied: Path) -> None:
    edit(copied / "provinces.geojson", "65", valid_from="2012-11-16")
    assert found(copied) == {("lineage", "65")}


def test_check_finds_an_invalid_shape(copied: Path) -> None:
    bow = shapely.MultiPolygon([shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])])
    edit(copied / "regencies.geojson", "64.72", geometry=bow)
    assert ("valid", "64.72") in found(copied)


def found(directory: Path) -> set[tuple[str, str]]:
    return {(each.rule, each.where) for each in boundaries.check(None, directory)}
