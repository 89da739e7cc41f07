"""CQL2: each class of it, over HTTP, against the whole collection as Python sees it."""

import json
import operator
import re
from collections.abc import Callable
from typing import Any

import pytest
import shapely

from tests.conformance.answers import COLLECTIONS, Feature, Side, place_of

_CQL2 = "http://www.opengis.net/spec/cql2/1.0/conf/"
CLASSES = tuple(
    _CQL2 + name
    for name in (
        *("cql2-text", "cql2-json", "basic-cql2", "advanced-comparison-operators"),
        *("case-insensitive-comparison", "basic-spatial-functions", "basic-spatial-functions-plus"),
    )
)
#: Provinces have the properties that regencies have.
SWEPT = ("sites", "regencies", "centres")
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
#: The same filters as text and as JSON.
BOTH_WAYS: tuple[tuple[str, Any], ...] = (
    ("province_code = '35'", {"op": "=", "args": [{"property": "province_code"}, "35"]}),
    (
        "NOT (id > 5000000000000000)",
        {"op": "not", "args": [{"op": ">", "args": [{"property": "id"}, 5 * 10**15]}]},
    ),
    ("regency_code IS NULL", {"op": "isNull", "args": [{"property": "regency_code"}]}),
    (
        "name LIKE 'P%' AND synthetic = TRUE",
        {
            "op": "and",
            "args": [
                {"op": "like", "args": [{"property": "name"}, "P%"]},
                {"op": "=", "args": [{"property": "synthetic"}, True]},
            ],
        },
    ),
    (
        "id BETWEEN 1 AND 6000000000000000",
        {"op": "between", "args": [{"property": "id"}, 1, 6 * 10**15]},
    ),
    ("province_code IN ('31','32')", {"op": "in", "args": [{"property": "province_code"}, ["31", "32"]]}),
    (
        "CASEI(name) LIKE CASEI('%PRTS%')",
        {
            "op": "like",
            "args": [
                {"op": "casei", "args": [{"property": "name"}]},
                {"op": "casei", "args": ["%PRTS%"]},
            ],
        },
    ),
    (
        "S_INTERSECTS(geom, POLYGON((105 -9, 116 -9, 116 -5, 105 -5, 105 -9)))",
        {
            "op": "s_intersects",
            "args": [
                {"property": "geom"},
                {
                    "type": "Polygon",
                    "coordinates": [[[105, -9], [116, -9], [116, -5], [105, -5], [105, -9]]],
                },
            ],
        },
    ),
    (
        "S_INTERSECTS(geom, BBOX(105,-9,116,-5))",
        {"op": "s_intersects", "args": [{"property": "geom"}, {"bbox": [105, -9, 116, -5]}]},
    ),
)
GEOMETRIES = (
    "POINT(107.6 -6.9)",
    "LINESTRING(105.9 -6.1, 110.4 -7.0, 112.7 -7.3)",
    "POLYGON((110 -9, 114.5 -9, 114.5 -6.5, 110 -6.5, 110 -9), (111 -8, 112 -8, 112 -7, 111 -7, 111 -8))",
    "MULTIPOINT((107.6 -6.9), (112.75 -7.25))",
    "MULTILINESTRING((105.9 -6.1, 110.4 -7.0), (117.1 -0.5, 116.8 -1.2))",
    "MULTIPOLYGON(((110 -8.5, 114.5 -8.5, 114.5 -6.5, 110 -8.5)), ((116 -2, 118 -2, 118 1, 116 -2)))",
    "GEOMETRYCOLLECTION(POINT(107.6 -6.9), POLYGON((116 -2, 118 -2, 118 1, 116 -2)))",
)


def literal(value: object, kind: str) -> str:
    """A value as CQL2 text has it."""
    if kind in ("date", "date-time"):
        return f"{'DATE' if kind == 'date' else 'TIMESTAMP'}('{str(value).replace('+00:00', 'Z')}')"
    if isinstance(value, str):
        return "'{}'".format(value.replace("'", "''"))
    return json.dumps(value)


def kinds(side: Side, collection: str) -> dict[str, str]:
    """The type of each queryable but the place."""
    told = side.found(f"/ogc/collections/{collection}/queryables").json["properties"]
    return {name: each.get("format", each.get("type")) for name, each in told.items() if name != "geom"}


def middle(side: Side, collection: str, name: str) -> Any:
    """A value in the middle of those that a property has, or none where it has none."""
    values = [each["properties"][name] for each in side.swept(collection)]
    known = sorted(value for value in values if value is not None)
    return known[len(known) // 2] if known else None


def compares(name: str, comparator: str, value: object) -> Callable[[Feature], bool]:
    """Whether a property that is not null compares so."""

    def holds(feature: Feature) -> bool:
        own = feature["properties"][name]
        return own is not None and COMPARE[comparator](own, value)

    return holds


def first_of_kind(side: Side, collection: str) -> dict[str, str]:
    """One queryable of each type, that is not null everywhere."""
    found: dict[str, str] = {}
    for name, kind in kinds(side, collection).items():
        if kind not in found.values() and kind != "array" and middle(side, collection, name) is not None:
            found[name] = kind
    return found


@pytest.mark.parametrize("collection", SWEPT)
def test_basic_cql2_null(side: Side, collection: str) -> None:
    """/req/basic-cql2: IS NULL and IS NOT NULL part the features by each queryable."""
    for name in kinds(side, collection):
        own = [(it["id"], it["properties"][name]) for it in side.whole(collection)]
        side.assert_found(collection, f"{name} IS NULL", [key for key, each in own if each is None])
        if name in first_of_kind(side, collection) or name == "shared_with":
            present = [key for key, each in own if each is not None]
            side.assert_found(collection, f"{name} IS NOT NULL", present)


@pytest.mark.parametrize("collection", SWEPT)
def test_basic_cql2_comparisons(side: Side, collection: str) -> None:
    """/req/basic-cql2: comparisons of each queryable with a value of its type; null compares with none."""
    every = first_of_kind(side, collection)
    for name, kind in kinds(side, collection).items():
        value = None if kind in ("array", "boolean") else middle(side, collection, name)
        for comparator in () if value is None else COMPARE if name in every else ("=", "<"):
            meant = side.expected(collection, compares(name, comparator, value))
            side.assert_found(collection, f"{name} {comparator} {literal(value, kind)}", meant)


def test_basic_cql2_booleans(side: Side) -> None:
    """/req/basic-cql2: booleans compare with TRUE and FALSE, and stand for themselves."""
    for text, meant in (
        *(("synthetic = TRUE", True), ("synthetic = false", False), ("synthetic <> TRUE", False)),
        *(("synthetic", True), ("NOT synthetic", False), ("TRUE = synthetic", True)),
    ):
        side.assert_found("centres", text, side.expected("centres", compares("synthetic", "=", meant)))
    side.assert_found("centres", "TRUE", side.expected("centres", bool))


def _in_java(it: Feature) -> bool:
    return it["properties"]["province_code"] in ("32", "33", "35")


def _is_closed(it: Feature) -> bool:
    return it["properties"]["closed_on"] is not None


def test_basic_cql2_logic(side: Side) -> None:
    """/req/basic-cql2: AND before OR, brackets, and NOT; what is unknown is not true, nor is its opposite."""
    early = compares("closed_on", "<", "2014-06-01")
    java_text = "(province_code = '32' OR province_code = '33' OR province_code = '35')"
    early_text = "closed_on < DATE('2014-06-01')"
    cases: tuple[tuple[str, Callable[[Feature], bool]], ...] = (
        (f"{java_text} AND {early_text}", lambda it: _in_java(it) and early(it)),
        (f"{early_text} OR {java_text}", lambda it: _in_java(it) or early(it)),
        (f"NOT {early_text}", lambda it: _is_closed(it) and not early(it)),
        (f"NOT ({early_text} OR {java_text})", lambda it: _is_closed(it) and not (early(it) or _in_java(it))),
        (f"{early_text} OR closed_on IS NULL", lambda it: early(it) or not _is_closed(it)),
        (f"{java_text} AND NOT closed_on IS NULL", lambda it: _in_java(it) and _is_closed(it)),
        (
            f"province_code = '32' OR {java_text} AND {early_text}",
            lambda it: it["properties"]["province_code"] == "32" or (_in_java(it) and early(it)),
        ),
    )
    for text, holds in cases:
        side.assert_found("sites", text, side.expected("sites", holds))


@pytest.mark.parametrize("pattern", ["K%", "%a", "_a%", "%(%", "Kota %", "%.%", "k%"])
def test_advanced_like(side: Side, pattern: str) -> None:
    """/req/advanced-comparison-operators: LIKE, with % for any characters and _ for one, in their case."""
    fits = re.compile(re.escape(pattern).replace("%", ".*").replace("_", "."), re.DOTALL).fullmatch
    for collection, name in (("centres", "name"), ("sites", "regency_name")):
        own = [(it["id"], it["properties"][name]) for it in side.whole(collection)]
        like = [key for key, text in own if text is not None and fits(text)]
        side.assert_found(collection, f"{name} LIKE '{pattern}'", like)
        unlike = [key for key, text in own if text is not None and not fits(text)]
        side.assert_found(collection, f"{name} NOT LIKE '{pattern}'", unlike)


@pytest.mark.parametrize("collection", ["provinces", "regencies"])
def test_advanced_between(side: Side, collection: str) -> None:
    """/req/advanced-comparison-operators: BETWEEN, both ends within, of numbers; and NOT."""
    low, high = sorted((middle(side, collection, "area_km2"), 3_000.0))
    own = [(it["id"], it["properties"]["area_km2"]) for it in side.whole(collection)]
    inside = [key for key, area in own if low <= area <= high]
    outside = [key for key, area in own if not low <= area <= high]
    assert inside
    assert outside
    side.assert_found(collection, f"area_km2 BETWEEN {low} AND {high}", inside)
    side.assert_found(collection, f"area_km2 NOT BETWEEN {low} AND {high}", outside)


@pytest.mark.parametrize("collection", SWEPT)
def test_advanced_in(side: Side, collection: str) -> None:
    """/req/advanced-comparison-operators: IN a list of values, of a queryable of each type; and NOT."""
    for name, kind in first_of_kind(side, collection).items():
        own = [(it["id"], it["properties"][name]) for it in side.whole(collection)]
        values = [
            middle(side, collection, name),
            next(each for _key, each in reversed(own) if each is not None),
        ]
        listed = ", ".join(literal(each, kind) for each in values)
        found = [key for key, each in own if each in values]
        side.assert_found(collection, f"{name} IN ({listed})", found)
        others = [key for key, each in own if each is not None and each not in values]
        side.assert_found(collection, f"{name} NOT IN ({listed})", others)


@pytest.mark.parametrize("collection", SWEPT)
def test_case_insensitive(side: Side, collection: str) -> None:
    """/req/case-insensitive-comparison: CASEI takes case out of =, LIKE and IN, on either side."""
    own = [(it["id"], it["properties"]["name"].lower()) for it in side.whole(collection)]
    word = side.swept(collection)[0]["properties"]["name"]
    same = [key for key, name in own if name == word.lower()]
    for written in (word.upper(), word.lower(), word.title()):
        quoted = literal(written, "string")
        side.assert_found(collection, f"CASEI(name) = CASEI({quoted})", same)
        side.assert_found(collection, f"CASEI(name) IN (CASEI({quoted}))", same)
    like = [key for key, name in own if "an" in name]
    assert like
    side.assert_found(collection, "CASEI(name) LIKE casei('%AN%')", like)


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_basic_spatial(side: Side, collection: str) -> None:
    """/req/basic-spatial-functions: S_INTERSECTS of the place with a point and a box, either way round."""
    places = [place for it in side.whole(collection) if (place := place_of(it)) is not None]
    point = places[0].representative_point() if places else shapely.Point(110.5, -7.5)
    for text, place in (
        (f"POINT({point.x} {point.y})", point),
        ("POINT(110.4167 -6.9833)", shapely.Point(110.4167, -6.9833)),
        ("BBOX(105, -2.5, 120, 2.5)", shapely.box(105, -2.5, 120, 2.5)),
        ("BBOX(-10, 40, 10, 60)", shapely.box(-10, 40, 10, 60)),
    ):
        meant = side.met_by(collection, place)
        side.assert_found(collection, f"S_INTERSECTS(geom, {text})", meant)
        side.assert_found(collection, f"S_INTERSECTS({text}, geom)", meant)


@pytest.mark.parametrize("text", GEOMETRIES, ids=lambda text: text.partition("(")[0])
def test_basic_spatial_plus(side: Side, text: str) -> None:
    """/req/basic-spatial-functions-plus: S_INTERSECTS of the place with a geometry of each type."""
    for collection in COLLECTIONS:
        meant = side.met_by(collection, shapely.from_wkt(text))
        side.assert_found(collection, f"S_INTERSECTS(geom, {text})", meant)


@pytest.mark.parametrize(("text", "tree"), BOTH_WAYS, ids=lambda it: it[:24] if isinstance(it, str) else "")
def test_cql2_json(side: Side, text: str, tree: object) -> None:
    """/req/cql2-json, /req/cql2-text: a filter finds the same as JSON and as text."""
    by_text = side.filtered("centres", text, **{"filter-lang": "cql2-text"})
    assert side.filtered("centres", json.dumps(tree), **{"filter-lang": "cql2-json"}) == by_text
    assert by_text or side.name == "visitor" or "NULL" in text


def test_cql2_text_writing(side: Side) -> None:
    """/req/cql2-text: words in any case, quotes in texts and names, signs of numbers, and white space."""
    meant = side.expected("sites", compares("province_code", "=", "35"))
    for text in (
        *(
            "province_code='35'",
            "\"province_code\" = '35'",
            "  province_code\n=\t'35' ",
            "'35' = province_code",
        ),
        *("province_code = '35' AnD nOt name iS nUlL", "((province_code = '35'))"),
    ):
        assert side.filtered("sites", text) == meant != [], text
    assert side.filtered("sites", "name = 'Pasar ''Kembang''' OR id = -1 OR id = +1") == []
    wide = side.expected("provinces", compares("area_km2", ">", 150_000))
    side.assert_found("provinces", "area_km2 > 1.5e5", wide)


def test_cql2_json_invalid(side: Side) -> None:
    """/req/cql2-json: JSON that is no filter is refused and told by name."""
    for tree in (
        *(
            "",
            "{",
            "null",
            "[]",
            "5",
            "{}",
            '{"op": "="}',
            '{"op": "=", "args": []}',
            '{"op": "=", "args": 5}',
        ),
        *('{"op": "drop", "args": [1, 2]}', '{"op": "=", "args": [{"property": "colour"}, 1]}'),
        *('{"op": "=", "args": [{"property": 5}, 1]}', '{"op": "and", "args": [1]}', "[" * 5_000),
        *(
            '{"op": "=", "args": [{"property": "name"}, NaN]}',
            '{"op": "in", "args": [{"property": "name"}, 5]}',
        ),
    ):
        query = {"filter": tree, "filter-lang": "cql2-json"}
        answer = side.get("/ogc/collections/centres/items", query)
        assert answer.status == 400, tree
        assert answer.json["detail"].startswith("filter")
