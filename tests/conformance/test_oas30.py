"""Features, OpenAPI 3.0: the definition tells all there is, and all that it tells is so."""

import re
from typing import Any

from schemathesis.specs.openapi.definitions import OPENAPI_30_VALIDATOR

from tests.conformance.answers import COLLECTIONS, HTML, OPENAPI, Side

CLASSES = ("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",)


#: Parameters whose values are all told.
CHOICES = {"f", "filter-lang", "crs", "bbox-crs", "filter-crs"}


def _operations(side: Side) -> list[tuple[str, dict[str, Any]]]:
    return [(path, made) for path, made in side.paths.items() if path.startswith("/ogc")]


def _filled(side: Side, path: str) -> str:
    path = re.sub(r"{tile\w+}", "0", path)  # the tile that holds the whole world
    name = next((each for each in COLLECTIONS if f"/{each}/" in path), "")
    return path.replace("{key}", str(side.whole(name)[0]["id"])) if name else path


def _few(path: str) -> dict[str, object]:
    return {"limit": 1} if path.endswith("/items") else {}


def test_oas_definition_1(side: Side) -> None:
    """/req/oas30/oas-definition-1: the definition comes as OpenAPI 3.0 in JSON, and for people."""
    assert side.found("/ogc/api", accept=OPENAPI).headers["Content-Type"] == OPENAPI
    assert side.found("/ogc/api", {"f": "json"}).headers["Content-Type"] == OPENAPI
    assert side.found("/ogc/api", {"f": "html"}).media_type == HTML


def test_oas_definition_2(side: Side) -> None:
    """/req/oas30/oas-definition-2: the JSON is valid by the schema of OpenAPI 3.0."""
    assert [error.message for error in OPENAPI_30_VALIDATOR.iter_errors(side.document)] == []
    names = [operation["operationId"] for _path, operation in _operations(side)]
    assert len(names) == len(set(names))
    for path, operation in _operations(side):
        own = [(each["in"], each["name"]) for each in operation["parameters"]]
        assert len(own) == len(set(own)), path


def test_oas_impl(side: Side) -> None:
    """/req/oas30/oas-impl: each path answers as it is defined, also with the defaults."""
    for path, operation in _operations(side):
        answer = side.found(_filled(side, path), _few(path))
        declared = {kind.split(";")[0] for kind in operation["responses"]["200"]["content"]}
        assert answer.media_type in declared, path
        given = {each["name"]: each["schema"] for each in operation["parameters"] if each["in"] == "query"}
        defaults = {name: schema["default"] for name, schema in given.items() if "default" in schema}
        assert side.found(_filled(side, path), {**defaults, **_few(path)}).media_type in declared, path
        for name in CHOICES & set(given) if "/centres" in path else ():
            for value in given[name]["enum"]:
                assert side.found(_filled(side, path), {name: value}).status == 200


def test_oas_completeness(side: Side) -> None:
    """/req/oas30/completeness: whatever a link of a document leads to within the API is defined."""
    defined = {path for path, _operation in _operations(side)}
    for path in sorted(defined):
        answer = side.found(_filled(side, path), _few(path))
        document = answer.json if answer.media_type.endswith("json") else {}
        for link in document.get("links", []) if isinstance(document, dict) else []:
            target = link["href"].removeprefix("http://localhost").split("?")[0]
            key = "/items/" in target
            if target.startswith("/ogc") and "/tiles" not in target:
                assert (target.rpartition("/")[0] + "/{key}" if key else target) in defined, target


def test_oas_exceptions_codes(side: Side) -> None:
    """/req/oas30/exceptions-codes: the statuses of errors are defined, and are those that come."""
    refusals = [("/ogc/collections/sites/items", {"limit": "x"}), ("/ogc/collections/sites/items/{key}", {})]
    for path, query in refusals:
        answer = side.get(path.replace("{key}", "0"), query)
        defined = side.paths[path]["responses"][str(answer.status)]
        assert answer.media_type in defined["content"]
        assert {"title", "status", "detail"} <= set(answer.json)
        assert answer.json["status"] == answer.status


def test_oas_security(side: Side) -> None:
    """/req/oas30/security: how to be let in is defined, and that public data needs nothing."""
    schemes = side.document["components"]["securitySchemes"]
    used = {name for each in side.document["security"] for name in each}
    assert used <= set(schemes)
    assert {} in side.document["security"]
