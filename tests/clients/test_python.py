"""OWSLib, geopandas and pyarrow read the API and the exports."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import geopandas
import pyarrow.parquet as pq
import pytest
from owslib.ogcapi.features import Features
from owslib.util import Authentication

from gis.domain.collections import PUBLIC, REGISTER
from tests.clients.conftest import Served

BOX = (110.0, -9.0, 115.0, -6.0)


def owslib(served: Served) -> Features:
    known = Authentication("token", served.token) if served.token else None
    return Features(f"{served.url}/ogc", auth=known)


def owslib_pages(api: Features, collection: str, **how: Any) -> list[dict[str, Any]]:
    """All features, by pages that are counted."""
    found: list[dict[str, Any]] = []
    matched = 1
    while len(found) < matched:
        page = api.collection_items(collection, offset=len(found), limit=40, **how)
        matched = page["numberMatched"]
        found += page["features"]
        assert page["features"] or not matched
    return found


def test_owslib_finds_what_there_is(register: Served) -> None:
    api = owslib(register)
    assert api.feature_collections() == list(REGISTER)
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in api.conformance()["conformsTo"]
    assert "/collections/sites/items" in api.api()["paths"]
    told = api.collection_queryables("sites")["properties"]
    assert {*REGISTER["sites"].names, "geom"} == set(told)
    assert api.collection("sites")["extent"]["spatial"]["bbox"]


def test_owslib_reads_pages_conditions_and_one_feature(register: Served) -> None:
    api = owslib(register)
    every = register.features()
    assert owslib_pages(api, "sites") == every
    closed = owslib_pages(api, "sites", filter="status = 'closed' AND closed_on >= DATE('2014-01-01')")
    assert closed == [
        each
        for each in every
        if each["properties"]["status"] == "closed" and each["properties"]["closed_on"] >= "2014-01-01"
    ]
    boxed = api.collection_items("sites", bbox=BOX, sortby=("id", "desc"), limit=10_000)["features"]
    found = [each["id"] for each in boxed]
    assert 0 < len(found) < len(every)
    assert sorted(found, reverse=True) == found
    one = api.collection_item("sites", str(every[-1]["id"]))
    assert one["properties"] == every[-1]["properties"]


def test_owslib_as_a_visitor(release: Served) -> None:
    api = owslib(release)
    assert owslib_pages(api, "provinces") == release.features("provinces")
    assert set(api.collection_queryables("sites")["properties"]) == {*PUBLIC["sites"].names, "geom"}


def test_geopandas_reads_items(release: Served) -> None:
    every = release.features()
    address = f"{release.url}/ogc/collections/sites/items?limit=10000"
    frame = geopandas.read_file(address)
    assert frame["id"].tolist() == [each["id"] for each in every]
    assert (frame.crs.to_epsg(), frame["synthetic"].dtype.kind) == (4326, "b")
    assert str(frame["closed_on"].dtype).startswith("datetime64")
    boxed = geopandas.read_file(f"{address}&bbox={','.join(map(str, BOX))}&filter=synthetic%20%3D%20false")
    assert 0 < len(boxed) < len(every)
    assert not boxed["synthetic"].any()


@pytest.mark.parametrize("ending", ["geojson", "gpkg", "fgb", "shp.zip"])
def test_geopandas_reads_exports(release: Served, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"sites.{ending}"
    path.write_bytes(release.get(f"/exports/sites.{ending}"))
    frame = geopandas.read_file(path, layer="sites")  # a GeoPackage has its style beside it
    assert sorted(frame["id"]) == sorted(each["id"] for each in release.features())
    assert frame.crs.to_epsg() == 4326


def test_geoparquet_is_read_with_its_types(register: Served) -> None:
    body = register.get("/exports/sites.parquet")
    every = register.features()
    frame = geopandas.read_parquet(io.BytesIO(body))
    assert sorted(frame["id"]) == sorted(each["id"] for each in every)
    boxed = geopandas.read_parquet(io.BytesIO(body), bbox=BOX)
    assert 0 < len(boxed) < len(every)
    table = pq.read_table(io.BytesIO(body), columns=["id", "closed_on"])
    days = dict(zip(table["id"].to_pylist(), table["closed_on"].to_pylist(), strict=True))
    assert days == {each["id"]: _day(each["properties"]["closed_on"]) for each in every}


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
