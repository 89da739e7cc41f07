"""GeoJSON to the letter of RFC 7946, and as other programs read it."""

import hashlib
import json
import subprocess
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pyogrio
import pytest
import shapely
from shapely.geometry import shape

from gis.database.connection import Database
from gis.domain.feature_query import FeatureQuery
from gis.domain.lifecycle import StatusGroup
from gis.domain.queries import Boundaries, BoundingBox, Moment, SiteQuery
from gis.domain.regions import REGION_PROPERTIES
from gis.domain.sites import SITE_PROPERTIES, SiteType
from gis.errors import DatabaseError, InvalidInputError, NotFoundError
from gis.services import catalogue
from gis.services.complete_files import complete_or_absent
from gis.services.exports import geojson
from gis.services.exports.formats import BY_ENDING
from gis.services.exports.stream import Receipt
from gis.services.exports.writing import write_file
from gis.services.features import Reader

MOMENT = Moment(date(2016, 6, 1))


def written(
    database: Database, query: SiteQuery, collection: str = "sites"
) -> tuple[dict[str, Any], Receipt, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "features.geojson"
        receipt, _ = write_file(
            Reader(database), collection, query, FeatureQuery(), BY_ENDING["geojson"], path
        )
        data = path.read_bytes()
    return json.loads(data), receipt, data


def test_a_site_file_is_rfc_7946(demo_database: Database) -> None:
    collection, receipt, data = written(demo_database, SiteQuery(MOMENT))
    assert collection["type"] == "FeatureCollection"
    assert "crs" not in collection  # RFC 7946, 4
    assert len(collection["bbox"]) == 4  # 5
    assert (receipt.features, receipt.size) == (len(collection["features"]), len(data))
    assert receipt.sha256 == hashlib.sha256(data).hexdigest()
    for feature in collection["features"]:
        assert list(feature) == ["type", "id", "geometry", "properties"]
        assert tuple(feature["properties"]) == SITE_PROPERTIES
        assert feature["id"] == feature["properties"]["id"]
        assert (feature["geometry"] is None) == (feature["properties"]["location_accuracy"] == "regency")
    kinds = {f["geometry"]["type"] for f in collection["features"] if f["geometry"]}
    assert {"Point", "Polygon"} <= kinds


def test_rings_follow_the_right_hand_rule_and_decimals_end_at_seven(demo_database: Database) -> None:
    _, _, data = written(demo_database, SiteQuery(MOMENT), "provinces")
    collection = json.loads(data, parse_float=lambda text: text)
    decimals = {len(text.partition(".")[2]) for text in _numbers(collection["features"])}
    assert max(decimals) <= geojson.DECIMALS
    for feature in json.loads(data)["features"]:
        assert tuple(feature["properties"]) == REGION_PROPERTIES
        for part in shapely.get_parts(shape(feature["geometry"])):
            assert shapely.is_ccw(part.exterior)  # RFC 7946, 3.1.6
            assert not shapely.is_ccw(list(part.interiors)).any()


def _numbers(value: Any) -> list[str]:
    if isinstance(value, list):
        return [text for each in value for text in _numbers(each)]
    if isinstance(value, dict):
        return _numbers(value.get("coordinates") or value.get("geometry") or [])
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("collection", ["sites", "provinces", "regencies"])
def test_gdal_opens_the_file_and_counts_the_same(
    demo_database: Database, tmp_path: Path, collection: str
) -> None:
    path = tmp_path / f"{collection}.geojson"
    _, receipt, data = written(demo_database, SiteQuery(MOMENT), collection)
    path.write_bytes(data)
    said = subprocess.run(["ogrinfo", "-so", "-al", str(path)], capture_output=True, text=True, check=True)
    assert f"Feature Count: {receipt.features}" in said.stdout
    assert said.stderr == ""
    assert pyogrio.read_info(path)["features"] == receipt.features


def test_files_summaries_and_pages_count_the_same(demo_database: Database) -> None:
    for region in (None, "64", "35", "33.74"):
        query = SiteQuery(MOMENT, region=region, site_type=SiteType.lokalisasi)
        collection, _, _ = written(demo_database, query)
        level: Any = "nation" if region is None else "province" if len(region) == 2 else "regency"
        rows = catalogue.regional_summary(demo_database, level, MOMENT, region)
        row = next(r for r in rows if r.code == region)
        groups = [feature["properties"]["status_group"] for feature in collection["features"]]
        assert len(groups) == row.sites_total
        for group in StatusGroup:
            assert groups.count(group.value) == getattr(row, group.value)


def test_filters(demo_database: Database) -> None:
    box = BoundingBox(113.0, -5.0, 120.0, 3.0)
    collection, _, _ = written(demo_database, SiteQuery(MOMENT, bbox=box, groups=(StatusGroup.closed,)))
    assert collection["features"]
    for feature in collection["features"]:
        assert feature["properties"]["status_group"] == "closed"
        assert shape(feature["geometry"]).intersects(shapely.box(box.west, box.south, box.east, box.north))


def test_boundaries_of_then_and_today_differ_in_codes_only(demo_database: Database) -> None:
    day = date(2013, 4, 21)
    then, _, _ = written(demo_database, SiteQuery(Moment(day)))
    now, _, _ = written(demo_database, SiteQuery(Moment(day, boundaries=Boundaries.today)))
    assert [f["id"] for f in then["features"]] == [f["id"] for f in now["features"]]
    codes = {f["properties"]["province_code"] for f in then["features"]}
    assert "65" not in codes
    assert "65" in {f["properties"]["province_code"] for f in now["features"]}


def test_an_empty_answer_is_a_collection_without_a_box(demo_database: Database) -> None:
    collection, receipt, _ = written(demo_database, SiteQuery(Moment(date(1950, 1, 1))))
    assert (collection["features"], receipt.features) == ([], 0)
    assert "bbox" not in collection


def test_an_unknown_region_is_refused(demo_database: Database) -> None:
    with pytest.raises(NotFoundError, match="99"):
        written(demo_database, SiteQuery(MOMENT, region="99"))


def test_a_file_keeps_the_old_one_when_it_fails(tmp_path: Path) -> None:
    path = tmp_path / "sites.geojson"
    path.write_text("old")

    def break_off() -> None:
        with complete_or_absent(path) as unfinished:
            unfinished.write_bytes(b"half")
            raise DatabaseError("gone")

    with pytest.raises(DatabaseError):
        break_off()
    assert path.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["sites.geojson"]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="folder"), complete_or_absent(tmp_path / "no" / "a.geojson"):
        pass
