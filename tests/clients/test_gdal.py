"""GDAL reads the API: Debian's, by ogrinfo and ogr2ogr, and the newer one that comes with pyogrio.

What it leaves to the server is seen in what it asks.
"""

import csv
import io
import json
import math
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely

from tests.clients.conftest import Served

OGR_READS = Path(__file__).with_name("ogr_reads.py")
BOX = (110.0, -9.0, 115.0, -6.0)
SMALL_ID = 2_000_000_000_000_000
Properties = dict[str, Any]
#: A condition in SQL, as GDAL hands it on, and what is meant.
CONDITIONS: list[tuple[str, str, Callable[[Properties], object]]] = [
    ("status = 'closed'", "status = 'closed'", lambda it: it["status"] == "closed"),
    (f"id < {SMALL_ID}", f"id < {SMALL_ID}", lambda it: it["id"] < SMALL_ID),
    (
        "closed_on > '2015/01/01'",
        "closed_on > '2015-01-01T'",
        lambda it: it["closed_on"] is not None and it["closed_on"] > "2015-01-01",
    ),
    ("synthetic = 0", "synthetic = 0", lambda it: not it["synthetic"]),
    ("status ILIKE 'CLOS%'", "status ILIKE 'CLOS%'", lambda it: it["status"].startswith("clos")),
    (
        "closed_on IS NOT NULL AND people > 100.5",
        "(NOT ((closed_on IS NULL))) AND (people > 100.5)",
        lambda it: it["closed_on"] is not None and it["people"] is not None and it["people"] > 100.5,
    ),
]


@pytest.fixture(scope="module")
def features(planner: Served) -> list[dict[str, Any]]:
    """All sites, as the planner gets them."""
    return planner.features()


def read(served: Served, *arguments: str, collection: str = "sites", page: int = 1000) -> list[str]:
    """The ids that Debian's GDAL finds, in its order."""
    key = "id" if collection in ("sites", "centres") else "code"
    how = ("-f", "CSV", "/vsistdout/", "-oo", f"PAGE_SIZE={page}", f"OAPIF:{served.url}/ogc", collection)
    rows = csv.DictReader(io.StringIO(served.run("ogr2ogr", *how, *arguments)))
    return [row[key] for row in rows]


def keys(features: list[dict[str, Any]]) -> list[str]:
    return [str(each["id"]) for each in features]


def test_layers_are_the_collections(register: Served) -> None:
    told = register.run("ogrinfo", f"OAPIF:{register.url}/ogc")
    for line in (
        "sites (title: Sites)",  # of points, or of whatever its first ten are: some are areas
        "provinces (title: Provinces) (Multi Polygon)",
        "regencies (title: Regencies and cities) (Multi Polygon)",
        "centres (title: Rehabilitation centres) (Point)",
    ):
        assert line in told


def test_a_layer_has_a_count_types_and_a_system(register: Served, features: list[dict[str, Any]]) -> None:
    told = register.run("ogrinfo", "-so", f"OAPIF:{register.url}/ogc/", "sites")
    for line in (
        f"Feature Count: {len(features)}",
        "TITLE=Sites",
        'ID["EPSG",4326]',
        "id: Integer64",
        "name: String",
        "closed_on: Date",
        "people: Integer",
        "synthetic: Integer(Boolean)",
        "updated_at: DateTime",
    ):
        assert line in told
    assert register.items() == [{"limit": "10"}]


@pytest.mark.parametrize(("collection", "page"), [("sites", 7), ("provinces", 15)])
def test_pages_lose_and_double_no_row(register: Served, collection: str, page: int) -> None:
    every = keys(register.features(collection))
    assert read(register, collection=collection, page=page) == every
    pages = [each for each in register.items(collection) if "after" in each]
    assert len(pages) == (len(every) - 1) // page
    assert {each["limit"] for each in pages} == {str(page)}


@pytest.mark.parametrize(("where", "asked", "meant"), CONDITIONS)
def test_a_condition_is_left_to_the_server(
    register: Served,
    features: list[dict[str, Any]],
    where: str,
    asked: str,
    meant: Callable[[Properties], object],
) -> None:
    expected = [each for each in features if meant(each["properties"])]
    assert 0 < len(expected) < len(features)
    assert read(register, "-where", where) == keys(expected)
    assert register.items()[-1] == {"limit": "1000", "filter": asked, "filter-lang": "cql-text"}


def test_what_gdal_cannot_say_it_filters_itself(register: Served, features: list[dict[str, Any]]) -> None:
    expected = [each for each in features if each["properties"]["status"] in ("closed", "planned")]
    assert read(register, "-where", "status IN ('closed', 'planned')") == keys(expected)
    assert "filter" not in register.items()[-1]


def test_a_box_is_left_to_the_server(register: Served, features: list[dict[str, Any]]) -> None:
    box = shapely.box(*BOX)
    expected = [each for each in features if each["geometry"] and box.intersects(shape(each))]
    assert 0 < len(expected) < len(features)
    assert read(register, "-spat", *map(str, BOX), page=15) == keys(expected)
    asked = register.items()[1:]
    anywhere = [each for each in features if not each["geometry"]]  # which a box does not leave out
    assert len(asked) == (len(expected) + len(anywhere) - 1) // 15 + 1
    assert {each["bbox"] for each in asked} == {"110,-9,115,-6"}


def test_one_feature_is_asked_for_by_its_id(register: Served, features: list[dict[str, Any]]) -> None:
    key = features[len(features) // 2]["id"]
    assert read(register, "-fid", str(key)) == [str(key)]
    assert register.log[-1].path == f"/ogc/collections/sites/items/{key}"


def test_a_visitor_reads_the_release(release: Served) -> None:
    every = keys(release.features())
    assert read(release, page=100) == every
    assert "people" not in release.run("ogrinfo", "-so", f"OAPIF:{release.url}/ogc", "sites")


def test_a_token_in_a_header_and_one_that_there_is_not(
    register: Served, features: list[dict[str, Any]]
) -> None:
    address = f"OAPIF:{register.url}/ogc"
    header = {"GDAL_HTTP_HEADERS": f"Authorization: Bearer {register.token}", "GDAL_HTTP_USERPWD": ""}
    assert f"Feature Count: {len(features)}" in register.run("ogrinfo", "-so", address, "sites", **header)
    refused = register.start("ogrinfo", "-so", address, "sites", GDAL_HTTP_USERPWD=f"token:atlas_{'x' * 43}")
    assert refused.returncode != 0
    assert "401" in refused.stderr


@pytest.mark.parametrize("ending", ["geojson", "geojsonl", "gpkg", "fgb", "kml", "shp.zip", "csv"])
def test_every_export_is_opened(
    register: Served, features: list[dict[str, Any]], tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"sites.{ending}"
    path.write_bytes(register.get(f"/exports/sites.{ending}"))
    told = register.run("ogrinfo", "-so", "-al", path)
    # A Shapefile has points and areas in a layer each, and a GeoPackage a table of styles.
    counts = re.findall(r"^Layer name: sites.*?^Feature Count: (\d+)$", told, re.MULTILINE | re.DOTALL)
    assert sum(map(int, counts)) == len(features)


def test_an_export_is_opened_by_its_address(register: Served, features: list[dict[str, Any]]) -> None:
    told = register.run("ogrinfo", "-so", "-al", f"{register.url}/exports/sites.geojson?status=closed")
    closed = [each for each in features if each["properties"]["status_group"] == "closed"]
    assert f"Feature Count: {len(closed)}" in told


@pytest.fixture(scope="module")
def newer(planner: Served) -> dict[str, Any]:
    """What pyogrio's GDAL reads, all in one process, and what it asks for."""
    planner.log.clear()
    cases: list[tuple[str, dict[str, Any]]] = [
        ("sites", {}),
        ("sites", {"PAGE_SIZE": "50"}),
        ("sites", {"bbox": BOX}),
        ("sites", {"CRS": "EPSG:3857"}),
        ("regencies", {"read_geometry": False}),
        *(("sites", {"where": where}) for where, _, _ in CONDITIONS),
    ]
    told = json.loads(
        planner.run(sys.executable, OGR_READS, f"OAPIF:{planner.url}/ogc", text=json.dumps(cases))
    )
    return {**told, "asked": planner.items()}


def test_a_newer_one_reads_all(
    newer: dict[str, Any], planner: Served, features: list[dict[str, Any]]
) -> None:
    regions = {"provinces": "MultiPolygon", "regencies": "MultiPolygon"}
    assert newer["layers"] == {"sites": newer["layers"]["sites"], **regions, "centres": "Point"}
    assert (newer["title"], newer["features"]) == ("Sites", len(features))
    assert newer["types"]["closed_on"] == "OFTDate"
    whole, paged, boxed, in_metres, regencies = newer["found"][:5]
    assert list(map(str, whole["ids"])) == list(map(str, paged["ids"])) == keys(features)
    box = shapely.box(*BOX)
    assert list(map(str, boxed["ids"])) == keys(
        [each for each in features if each["geometry"] and box.intersects(shape(each))]
    )
    assert regencies["ids"] == keys(planner.features("regencies"))
    assert 'AUTHORITY["OGC","CRS84"]' in whole["crs"]
    assert in_metres["crs"] == "EPSG:3857"
    longitude, latitude = whole["first"]
    radius = 6_378_137
    mercator = (
        radius * math.radians(longitude),
        radius * math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2)),
    )
    assert in_metres["first"] == pytest.approx(mercator, abs=1)


def test_a_newer_one_asks_for_the_largest_pages_and_leaves_conditions_to_the_server(
    newer: dict[str, Any], features: list[dict[str, Any]]
) -> None:
    assert max(int(each["limit"]) for each in newer["asked"]) == 10_000
    assert sum("after" in each for each in newer["asked"]) == (len(features) - 1) // 50
    assert any(each.get("bbox") == "110,-9,115,-6" for each in newer["asked"])
    assert [each["filter"] for each in newer["asked"] if "filter" in each] == [
        asked for _, asked, _ in CONDITIONS
    ]
    for found, (where, _, meant) in zip(newer["found"][5:], CONDITIONS, strict=True):
        expected = keys([each for each in features if meant(each["properties"])])
        assert list(map(str, found["ids"])) == expected, where


def shape(feature: dict[str, Any]) -> Any:
    return shapely.from_geojson(json.dumps(feature["geometry"]))
