"""Centres of a release: by city, and nothing that would lead to one."""

import json
from collections.abc import Callable

import pytest

from gis.database.connection import Database
from gis.errors import NotFoundError
from gis.services.public.centres import CENTRE_PROPERTIES, centres_features, centres_view, table_rows
from gis.services.public.moments import PublicView

Asked = Callable[..., PublicView]
PRIVATE = ("capacity", "occupied", "occupancy", "free", "distance", "nearest", "gap", "contact", "lon", "lat")


def test_a_centre_is_its_name_its_city_and_its_services(visitors: Database, asked: Asked) -> None:
    view = centres_view(visitors, asked())
    assert view["centres"]
    for row in view["centres"]:
        assert tuple(row) == CENTRE_PROPERTIES
        assert all(row[name] for name in ("regency_name", "province_name", "services"))
    cities = [(row["province_code"], row["regency_name"], row["name"]) for row in view["centres"]]
    assert cities == sorted(cities)
    text = json.dumps(view, default=str)
    assert not [name for name in PRIVATE if f'"{name}' in text]
    assert [row["services"] for row in table_rows(view)] == [
        ";".join(row["services"]) for row in view["centres"]
    ]


def test_as_geojson_it_has_no_geometry(visitors: Database, asked: Asked) -> None:
    collection = centres_features(visitors, asked())
    assert collection["type"] == "FeatureCollection"
    assert collection["metadata"]["feature_count"] == len(collection["features"]) > 0
    assert {feature["geometry"] for feature in collection["features"]} == {None}
    assert [each["properties"] for each in collection["features"]] == centres_view(visitors, asked())[
        "centres"
    ]


def test_centres_are_those_of_the_region_on_the_day_of_the_release(visitors: Database, asked: Asked) -> None:
    every = centres_view(visitors, asked("2012-12-31"))
    assert every["as_of"] == every["release"]["published_on"]
    assert len(every["regions"]) == 38
    for row in (every["centres"][0], every["centres"][-1]):
        for code in (row["province_code"], row["regency_code"]):
            found = centres_view(visitors, asked("2012-12-31"), code)
            assert row in found["centres"]
            assert found["region"]["code"] == code
            assert all(code in (each["province_code"], each["regency_code"]) for each in found["centres"])
    with pytest.raises(NotFoundError):
        centres_view(visitors, asked(), "99")
