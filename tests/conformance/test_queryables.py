"""Features Part 3, queryables: what filters may name, as JSON Schema; and as parameters of the address."""

import json
from collections.abc import Callable

import pytest

from tests.conformance.answers import COLLECTIONS, FEW, SCHEMA, Feature, Side

_PART_3 = "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/"
CLASSES = (f"{_PART_3}queryables", f"{_PART_3}queryables-query-parameters")
REL = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
DRAFT = "https://json-schema.org/draft/2020-12/schema"
#: What a value of a type cannot be.
WRONG = {
    "integer": ("x", "1.5", "", "9" * 30),
    "number": ("x", "", "nan", "1e999"),
    "boolean": ("yes", "2", ""),
    "date": ("x", "2016-02-30", ""),
    "date-time": ("x", "2016-02-30T00:00:00Z", ""),
}


def written(value: object) -> str:
    """A value as an address has it."""
    return value if isinstance(value, str) else json.dumps(value)


def some_value(side: Side, collection: str, name: str) -> object:
    """A value that a property has in some features; none where it has none in any."""
    values = [each["properties"][name] for each in side.whole(collection)]
    return next((value for value in values if value not in (None, [])), None)


def has(name: str, text: str) -> Callable[[Feature], bool]:
    """Whether a feature's property is this value, or holds it as one of several."""

    def holds(feature: Feature) -> bool:
        value = feature["properties"][name]
        return text in value if isinstance(value, list) else value is not None and written(value) == text

    return holds


def test_queryables_link(side: Side) -> None:
    """/req/queryables: each collection leads to its queryables, whose type is that of JSON Schema."""
    for name in COLLECTIONS:
        own = side.found(f"/ogc/collections/{name}")
        assert own.link(REL, SCHEMA).endswith(f"/ogc/collections/{name}/queryables")
        listed = side.found("/ogc/collections").json["collections"]
        told = next(each for each in listed if each["id"] == name)
        assert own.link(REL) in {link["href"] for link in told["links"] if link["rel"] == REL}


def test_queryables_response(side: Side) -> None:
    """/req/queryables: they are a JSON Schema of an object, whose `$id` is its address without a query."""
    for name in COLLECTIONS:
        answer = side.found(f"/ogc/collections/{name}/queryables", accept=SCHEMA)
        assert answer.media_type == SCHEMA
        schema = answer.json
        assert (schema["$schema"], schema["type"]) == (DRAFT, "object")
        assert schema["$id"] == f"http://localhost/ogc/collections/{name}/queryables"
        assert schema["title"]
    assert side.get("/ogc/collections/villages/queryables").status == 404


def test_queryables_properties(side: Side) -> None:
    """/req/queryables: each has a title and a type, and the place has the format of a geometry instead."""
    for name in COLLECTIONS:
        for key, each in side.found(f"/ogc/collections/{name}/queryables").json["properties"].items():
            assert each["title"]
            assert ("type" in each) != each.get("format", "").startswith("geometry-"), (name, key)
            assert each.get("type", "string") in {"string", "integer", "number", "boolean", "array"}


def test_queryables_additional_properties(side: Side) -> None:
    """/req/queryables: there are no others; a filter that names one is refused."""
    for name in COLLECTIONS:
        assert side.found(f"/ogc/collections/{name}/queryables").json["additionalProperties"] is False
        for text in ("colour = 1", "colour IS NULL", "name = colour"):
            answer = side.get(f"/ogc/collections/{name}/items", {"filter": text})
            assert answer.status == 400, (name, text)
            assert "colour" in answer.json["detail"]


def test_query_parameters_definition(side: Side) -> None:
    """/req/queryables-query-parameters: each queryable but the place is defined as a parameter."""
    for name in COLLECTIONS:
        told = side.found(f"/ogc/collections/{name}/queryables").json["properties"]
        parameters = side.parameters(f"/ogc/collections/{name}/items")
        for key, each in told.items():
            if key != "geom":
                assert parameters[key]["required"] is False
                assert parameters[key]["schema"]["type"] == each["type"].replace("array", "string")


def test_query_parameters_response(side: Side) -> None:
    """/req/queryables-query-parameters: only features come whose property is equal to the value."""
    for name in COLLECTIONS:
        # Provinces have the properties of regencies.
        for key in side.whole(name)[0]["properties"] if name != "provinces" else ("code", "closed_share"):
            value = some_value(side, name, key)
            if value is not None:
                text = value[0] if isinstance(value, list) else written(value)
                most = FEW.get(name, 10_000)
                answer = side.items(name, {key: text, "limit": most, "properties": key})
                meant = side.expected(name, has(key, text))
                assert (answer.ids, answer.json["numberMatched"]) == (meant[:most], len(meant)), (name, key)
                assert meant


def test_query_parameters_combined(side: Side) -> None:
    """/req/queryables-query-parameters: several conditions hold at once, with a box and from page to page."""
    query = {"site_type": "lokalisasi", "status_group": "closed", "province_name": "Jawa Timur"}
    answer = side.items("sites", query)
    meant = side.expected("sites", lambda it: all(it["properties"][key] == query[key] for key in query))
    assert answer.ids == meant != []
    pages, ids = side.items("sites", {**query, "limit": 3}), []
    while True:
        ids += pages.ids
        if not any(each["rel"] == "next" for each in pages.links):
            break
        pages = side.found(pages.link("next"))
    assert ids == meant


@pytest.mark.parametrize("kind", WRONG)
def test_query_parameters_invalid(side: Side, kind: str) -> None:
    """/req/queryables-query-parameters: what is no value of the type is refused, and told by its name."""
    tried = 0
    for name in COLLECTIONS:
        told = side.found(f"/ogc/collections/{name}/queryables").json["properties"]
        of_kind = [key for key, each in told.items() if each.get("format", each.get("type")) == kind]
        for key in of_kind[:2]:
            for text in WRONG[kind]:
                answer = side.get(f"/ogc/collections/{name}/items", {key: text})
                assert answer.status == 400, answer.address
                assert key in answer.json["detail"]
                tried += 1
    assert tried or kind == "date-time"
