"""Features, GeoJSON: media types, and texts that keep every rule of RFC 7946."""

from tests.conformance.answers import COLLECTIONS, GEOJSON, JSON, Page, Side
from tests.conformance.geojson_rules import breaches

CLASSES = ("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",)
TYPES = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "date": str,
    "date-time": str,
    "array": list,
}


def test_geojson_definition(side: Side) -> None:
    """/req/geojson/definition: features come as application/geo+json, all else as application/json."""
    for name in COLLECTIONS:
        path = f"/ogc/collections/{name}"
        key = side.whole(name)[0]["id"]
        for address in (f"{path}/items", f"{path}/items/{key}"):
            for accept in (None, GEOJSON, JSON, "*/*"):
                few = {"limit": 1} if address.endswith("/items") else {}
                assert side.found(address, few, accept=accept).media_type == GEOJSON, (address, accept)
        assert side.found(path, accept=GEOJSON).media_type == JSON


def test_geojson_content_1(some_pages: list[Page]) -> None:
    """/req/geojson/content: every page of features is GeoJSON by RFC 7946."""
    checked = [breaches(page.answer.json) for page in some_pages if len(page.answer.body) < 1_000_000]
    assert checked
    assert not any(checked)


def test_geojson_content_2(side: Side) -> None:
    """/req/geojson/content: every whole collection, and a feature alone, is GeoJSON by RFC 7946."""
    for name in COLLECTIONS:
        whole = side.whole(name)
        assert breaches({"type": "FeatureCollection", "features": whole}) == []
        assert breaches(side.found(f"/ogc/collections/{name}/items/{whole[0]['id']}").json) == []


def test_geojson_content_3(side: Side) -> None:
    """/req/geojson/content: a feature has the properties that its collection tells of, of the told types."""
    for name in COLLECTIONS:
        told = side.found(f"/ogc/collections/{name}/queryables").json["properties"]
        names = [each for each in told if each != "geom"]
        for each in side.whole(name):
            assert list(each["properties"]) == names
            for key, value in each["properties"].items():
                assert value is None or isinstance(value, TYPES[told[key]["type"]]), (name, key, value)
                assert value is None or value in told[key].get("enum", [value]), (name, key, value)


def test_geojson_content_4(side: Side) -> None:
    """/req/geojson/content: only the properties that are asked for come, in the order of the collection."""
    some = side.items("regencies", {"properties": "name,code", "limit": 3})
    assert [list(each["properties"]) for each in some.features] == [["code", "name"]] * 3
    assert side.items("regencies", {"properties": "", "limit": 1}).features[0]["properties"] == {}
    assert breaches(some.json) == []
