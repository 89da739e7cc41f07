"""Regions as the database lists and draws them."""

import gzip
import json
from datetime import date

import pytest
import shapely

from gis.database import regions
from gis.database.connection import Database
from gis.errors import NotFoundError

BEFORE, AFTER = date(2013, 4, 21), date(2013, 4, 22)


def test_tarakan_lies_in_kalimantan_timur_until_the_split(database: Database) -> None:
    with database.transaction() as connection:
        old = regions.get_region(connection, "64.73", BEFORE)
        new = regions.get_region(connection, "65.71", AFTER)
    assert (old.parent_code, old.code_today, old.valid_to) == ("64", "65.71", AFTER)
    assert (new.parent_code, new.code_today, new.valid_from) == ("65", "65.71", AFTER)
    assert old.area_km2 == new.area_km2


@pytest.mark.parametrize(
    ("code", "on", "message"),
    [
        ("65", BEFORE, "from 2013-04-22 to now"),
        ("64.73", AFTER, "from before 1999 to 2013-04-22"),
        ("99", AFTER, "no province or regency"),
        ("'; DROP TABLE region; --", AFTER, "no province or regency"),
    ],
)
def test_a_region_that_was_not_there_is_not_found(
    database: Database, code: str, on: date, message: str
) -> None:
    with database.transaction() as connection, pytest.raises(NotFoundError, match=message):
        regions.get_region(connection, code, on)


def test_regencies_of_a_province_are_those_of_the_day(database: Database) -> None:
    with database.transaction() as connection:
        before = [each.code for each in regions.list_regions(connection, "regency", BEFORE, "64")]
        after = [each.code for each in regions.list_regions(connection, "regency", AFTER, "64")]
    assert len(before) == 15
    assert len(after) == 10
    assert before == sorted(before)
    assert set(before) - set(after) == {"64.04", "64.05", "64.06", "64.10", "64.73"}


def test_a_province_is_smaller_after_a_split(database: Database) -> None:
    with database.transaction() as connection:
        history = regions.find_history(connection, "64")
        north = regions.get_region(connection, "65", AFTER)
    assert [(each.valid_from, each.valid_to) for each in history] == [(None, AFTER), (AFTER, None)]
    assert history[0].area_km2 == pytest.approx(history[1].area_km2 + north.area_km2, abs=0.01)


def test_the_history_of_a_regency_is_found_by_any_of_its_codes(database: Database) -> None:
    with database.transaction() as connection:
        for code in ("64.73", "65.71"):
            assert [each.code for each in regions.find_history(connection, code)] == ["64.73", "65.71"]


def test_changes_name_both_provinces_and_what_went(database: Database) -> None:
    with database.transaction() as connection:
        (split,) = regions.find_changes(connection, "64")
        assert regions.find_changes(connection, "65") == [split]
        papua = regions.find_changes(connection, "91")
        sorong = [each.to_code for each in regions.find_changes(connection, "96.71")]
        assert regions.find_changes(connection, "11") == []
    assert (split.on, split.from_name, split.to_name) == (AFTER, "Kalimantan Timur", "Kalimantan Utara")
    assert split.regency_codes == ("65.01", "65.02", "65.03", "65.04", "65.71")
    assert [(each.to_code, len(each.regency_codes)) for each in papua] == [
        ("92", 13),
        ("93", 4),
        ("94", 8),
        ("95", 8),
    ]
    assert sorong == ["92", "96"]


def test_labels_lie_within_the_bbox(database: Database) -> None:
    with database.transaction() as connection:
        for region in regions.list_regions(connection, "regency", AFTER):
            west, south, east, north = region.bbox
            assert west < region.label_point[0] < east
            assert south < region.label_point[1] < north


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(1998, 5, 21), date(1900, 1, 1)),
        (BEFORE, date(2004, 10, 16)),
        (AFTER, AFTER),
        (date(2019, 12, 31), AFTER),
        (date(2026, 11, 24), date(2022, 12, 9)),
    ],
)
def test_a_vintage_begins_with_the_last_change(database: Database, on: date, expected: date) -> None:
    with database.transaction() as connection:
        assert regions.vintage_of(connection, "province", on) == expected
        same = [regions.layer(connection, "province", day, None, "overview") for day in (on, expected)]
    assert same[0] == same[1]


@pytest.mark.parametrize(("on", "count"), [(BEFORE, 33), (AFTER, 34)])
def test_a_layer_is_rfc_7946(database: Database, on: date, count: int) -> None:
    with database.transaction() as connection:
        document = json.loads(regions.layer(connection, "province", on, None, "overview"))
    assert set(document) == {"type", "bbox", "features"}
    features = document["features"]
    codes = [each["properties"]["code"] for each in features]
    assert len(codes) == count
    assert codes == sorted(codes)
    assert set(features[0]["properties"]) == {"code", "name", "level", "parent_code"}
    shapes = [shapely.geometry.shape(each["geometry"]) for each in features]
    assert all(part.exterior.is_ccw for shape in shapes for part in shape.geoms)
    assert shapely.coverage_is_valid(shapes)
    assert document["bbox"] == list(shapely.total_bounds(shapes))


def test_the_first_view_is_light(database: Database) -> None:
    with database.transaction() as connection:
        overview = regions.layer(connection, "province", AFTER, None, "overview")
        finer = regions.layer(connection, "province", AFTER, None, "map")
    assert len(gzip.compress(overview, 6)) < 100_000
    assert len(finer) > 5 * len(overview)


def test_a_drill_down_has_the_regencies_of_that_day(database: Database) -> None:
    with database.transaction() as connection:
        before, after = (
            json.loads(regions.layer(connection, "regency", on, "64", "map")) for on in (BEFORE, AFTER)
        )
        nothing = json.loads(regions.layer(connection, "regency", BEFORE, "65", "map"))
    assert [len(each["features"]) for each in (before, after)] == [15, 10]
    assert nothing == {"type": "FeatureCollection", "features": []}
