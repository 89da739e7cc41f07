"""Features Part 3, filter: the parameters `filter`, `filter-lang` and `filter-crs` of the features."""

import json

import shapely

from tests.conformance.answers import COLLECTIONS, CRS84, EPSG, Side, place_of

_PART_3 = "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/"
CLASSES = (f"{_PART_3}filter", f"{_PART_3}features-filter")
LANGUAGES = ("cql2-text", "cql2-json")
BOX = (108.3, -8.1, 115.7, -6.2)


def test_filter_param(side: Side) -> None:
    """/req/filter, /req/features-filter: `filter` is defined as a string for the items of each collection."""
    for name in COLLECTIONS:
        it = side.parameters(f"/ogc/collections/{name}/items")["filter"]
        assert (it["in"], it["required"], it["schema"]["type"]) == ("query", False, "string")


def test_filter_lang_param(side: Side) -> None:
    """/req/filter: `filter-lang` is defined with the languages there are; others are refused."""
    for name in COLLECTIONS:
        schema = side.parameters(f"/ogc/collections/{name}/items")["filter-lang"]["schema"]
        assert schema["type"] == "string"
        assert set(LANGUAGES) <= set(schema["enum"])
        assert schema["default"] == "cql2-text"
        refused = {"filter": "name IS NULL", "filter-lang": "sql"}
        assert side.get(f"/ogc/collections/{name}/items", refused).status == 400


def test_filter_lang_default(side: Side) -> None:
    """/req/filter: without `filter-lang` a filter is CQL2 text."""
    for text in ("province_code = '35'", "name LIKE 'K%'"):
        assert side.filtered("sites", text) == side.filtered("sites", text, **{"filter-lang": "cql2-text"})
    tree = json.dumps({"op": "=", "args": [{"property": "province_code"}, "35"]})
    assert side.get("/ogc/collections/sites/items", {"filter": tree}).status == 400
    assert side.filtered("sites", tree, **{"filter-lang": "cql2-json"})


def test_filter_crs_param(side: Side) -> None:
    """/req/features-filter: `filter-crs` is defined with those of the collection; others are refused."""
    for name in COLLECTIONS:
        schema = side.parameters(f"/ogc/collections/{name}/items")["filter-crs"]["schema"]
        assert schema["enum"] == side.found(f"/ogc/collections/{name}").json["crs"]
        refused = {"filter": "name IS NULL", "filter-crs": f"{EPSG}99999"}
        assert side.get(f"/ogc/collections/{name}/items", refused).status == 400


def test_filter_crs_default(side: Side) -> None:
    """/req/filter: without `filter-crs` the places of a filter are in CRS84."""
    text = "S_INTERSECTS(geom, BBOX(108.3, -8.1, 115.7, -6.2))"
    meant = side.met_by("sites", shapely.box(*BOX))
    assert side.filtered("sites", text) == meant != []
    assert side.filtered("sites", text, **{"filter-crs": CRS84}) == meant


def test_filter_crs_response(side: Side) -> None:
    """/req/features-filter: places of a filter are read in the axes of `filter-crs`, whatever `crs` is."""
    meant = side.met_by("sites", shapely.box(*BOX))
    swapped = "S_INTERSECTS(geom, POLYGON((-8.1 108.3, -8.1 115.7, -6.2 115.7, -6.2 108.3, -8.1 108.3)))"
    for code in (4326, 9470):
        assert side.filtered("sites", swapped, **{"filter-crs": f"{EPSG}{code}"}) == meant
    metres = "S_INTERSECTS(geom, BBOX(12055900.8, -904716.5, 12879665.1, -691508.7))"
    for crs in (CRS84, f"{EPSG}3857"):
        assert side.filtered("sites", metres, **{"filter-crs": f"{EPSG}3857", "crs": crs}) == meant


def test_filter_response(side: Side) -> None:
    """/req/filter: only features come for which the filter is true; their number is told."""
    for name, text, own in (
        ("sites", "regency_name LIKE 'Kota%'", "regency_name"),
        ("provinces", "name LIKE 'Ja%' OR code = '11'", "name"),
        ("centres", "province_code = '35'", "province_code"),
    ):
        answer = side.items(name, {"filter": text})
        assert answer.json["numberMatched"] == len(answer.ids)
        assert 0 < len(answer.ids) < len(side.whole(name))
        assert all(each["properties"][own] for each in answer.features)


def test_filter_mixing_expressions(side: Side) -> None:
    """/req/filter: a filter holds together with bbox, datetime, properties as parameters, and pages."""
    text = "site_type = 'lokalisasi' OR site_type = 'lokasi'"
    query = {"bbox": "108.3,-8.1,115.7,-6.2", "datetime": "2012-01-01/2016-12-31", "status_group": "closed"}
    answer = side.items("sites", {"filter": f"({text}) AND name LIKE '%a%'", **query})
    boxed = side.in_box("sites", *BOX)
    meant = side.expected(
        "sites",
        lambda it: (
            "a" in it["properties"]["name"]
            and it in boxed
            and "2012-01-01" <= it["properties"]["status_since"] <= "2016-12-31"
            and it["properties"]["status_group"] == "closed"
        ),
    )
    assert answer.ids == meant != []
    either = side.items("sites", {"filter": text, **query})  # the OR does not reach out of the filter
    assert set(meant) <= set(either.ids) < {each["id"] for each in side.whole("sites")}
    page = side.items("sites", {"filter": f"({text}) AND name LIKE '%a%'", **query, "limit": 2})
    assert page.ids + side.found(page.link("next")).ids == meant[:4]


def test_filter_invalid(side: Side) -> None:
    """/req/filter: what is no filter, or compares what cannot be compared, is refused and told by name."""
    for text in (
        *("", " ", "name", "name =", "= 'x'", "name = 'x", "name = x", "(name = 'x'", "name = 'x') OR true"),
        *("name = 1", "name > DATE('2016-01-01')", "geom = 'x'", "name; DROP TABLE site", "name = 'a\0b'"),
        *("DATE('2016-02-30') = DATE('2016-02-30')", "S_INTERSECTS(name, POINT(1 2))", "colour = 'red'"),
        *("S_INTERSECTS(geom, POINT(1))", "S_NEAR(geom, POINT(1 2))", "name LIKE 5", "name IN ()", "NOT"),
    ):
        answer = side.get("/ogc/collections/centres/items", {"filter": text})
        assert answer.status == 400, text
        assert answer.json["detail"].startswith("filter"), answer.json["detail"]


def test_filter_of_one_feature(side: Side) -> None:
    """/req/core/query-param-unknown: one feature takes no filter, which its definition does not have."""
    key = side.whole("centres")[0]["id"]
    path = "/ogc/collections/centres/items/"
    assert "filter" not in side.parameters(f"{path}{{key}}")
    assert side.get(f"{path}{key}", {"filter": "name IS NULL"}).status == 400


def test_filter_of_what_has_no_place(side: Side) -> None:
    """/req/features-filter: where there is no place, no spatial condition is true, and none is false."""
    placed = side.expected("sites", place_of)
    text = "S_INTERSECTS(geom, BBOX(90, -20, 150, 20))"
    assert side.filtered("sites", text) == placed
    assert side.filtered("sites", f"NOT {text}") == []
