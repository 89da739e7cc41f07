"""The OpenAPI 3.0 document, made from the definitions that requests are read by."""

from collections.abc import Mapping
from typing import Any

from flask import request

from gis.domain.collections import Collection
from gis.domain.crs import CRSS
from webmap import ogc_documents as documents
from webmap.feature_parameters import (
    FILTER_LANGUAGES,
    HYPHENATED,
    MAX_LIMIT,
    ItemParameters,
    MomentAndRelease,
    PageParameters,
)
from webmap.negotiation import GEOJSON, HTML, JSON
from webmap.parameters import Parameters, RegionParameters, SummaryParameters

Document = dict[str, Any]
_NAME_OF = {field: name for name, field in HYPHENATED.items()}
_CRS = {"type": "string", "format": "uri", "enum": [crs.uri for crs in CRSS], "default": CRSS[0].uri}
#: What a schema cannot know from the definition.
_SCHEMAS: dict[str, Document] = {
    "bbox": {"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}},
    "bbox_crs": _CRS,
    "crs": _CRS,
    "filter_crs": _CRS,
    "filter_lang": {"type": "string", "enum": list(FILTER_LANGUAGES), "default": FILTER_LANGUAGES[0]},
    "sortby": {"type": "array", "items": {"type": "string"}},
    "properties": {"type": "array", "items": {"type": "string"}},
}
_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/problem"}}}


def document(collections: Mapping[str, Collection]) -> Document:
    """The whole API for whoever asks.

    Parameters
    ----------
    collections : that he reads
    """
    paths: Document = {
        "/ogc": _get("landing", "The landing page", JSON, _parameters(MomentAndRelease)),
        "/ogc/conformance": _get(
            "conformance", "The conformance classes", JSON, _parameters(MomentAndRelease)
        ),
        "/ogc/api": _get("api", "This document", documents.OPENAPI, _parameters(MomentAndRelease)),
        "/ogc/collections": _get("collections", "The collections", JSON, _parameters(MomentAndRelease)),
    }
    for it in collections.values():
        paths |= _of_collection(it)
    paths |= _summaries()
    return {
        "openapi": "3.0.3",
        "info": {
            "title": documents.TITLE,
            "description": documents.DESCRIPTION,
            "version": "1.0.0",
            "license": {"name": "CC BY 3.0 IGO (boundaries)"},
        },
        "servers": [{"url": request.url_root.rstrip("/")}],
        "security": [{}, {"session": []}, {"token": []}],
        "paths": paths,
        "components": {
            "schemas": {"problem": _problem()},
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": "session"},
                "token": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def _of_collection(it: Collection) -> Document:
    root = f"/ogc/collections/{it.id}"
    page = _parameters(PageParameters)
    own = [
        {
            "name": each.name,
            "in": "query",
            "required": False,
            "description": f"only features whose {each.name} is this: {each.description}",
            "schema": {"type": "string"} if each.type == "array" else documents.schema_of(each),
        }
        for each in it.properties
    ]
    key = {
        "name": "key",
        "in": "path",
        "required": True,
        "description": f"the {it.key} of a {it.item}",
        "schema": documents.schema_of(next(each for each in it.properties if each.name == it.key)),
    }
    return {
        root: _get(f"{it.id}.collection", it.title, JSON, _parameters(MomentAndRelease)),
        f"{root}/queryables": _get(
            f"{it.id}.queryables", "What filters may name", documents.SCHEMA, _parameters(MomentAndRelease)
        ),
        f"{root}/items": _get(f"{it.id}.items", it.description, GEOJSON, [*page, *own]),
        f"{root}/items/{{key}}": _get(
            f"{it.id}.item", f"One {it.item}", GEOJSON, [key, *_parameters(ItemParameters)], "404"
        ),
    }


def _summaries() -> Document:
    return {
        "/summary.json": _get(
            "summary", "The regional summary", JSON, _parameters(SummaryParameters, form=False)
        ),
        "/summary.csv": _get(
            "summary_csv", "The regional summary", "text/csv", _parameters(SummaryParameters, form=False)
        ),
        "/series.json": _get(
            "series",
            "Counts at the end of every month",
            JSON,
            _parameters(RegionParameters, form=False),
        ),
    }


def _get(
    operation_id: str, summary: str, media_type: str, parameters: list[Document], *more: str
) -> Document:
    content: Document = {media_type: {}}
    if any(each["name"] == "f" for each in parameters):
        content[HTML] = {}
    refusals = {code: {"description": "refused", "content": _PROBLEM} for code in ("400", "401", *more)}
    away = {"503": {"description": "the database is away; try again", "content": _PROBLEM}}
    answers = {"200": {"description": "the answer", "content": content}, **refusals, **away}
    return {
        "get": {
            "operationId": operation_id,
            "summary": summary,
            "parameters": parameters,
            "responses": answers,
        }
    }


def _parameters(model: type[Parameters], *, form: bool = True) -> list[Document]:
    schemas = model.model_json_schema()
    found = [
        _parameter(
            field, _schema(field, schemas["properties"].get(field, {}), schemas.get("$defs", {})), described
        )
        for field, described in ((name, info.description or "") for name, info in model.model_fields.items())
    ]
    if form:
        choice = {"type": "string", "enum": ["json", "html"]}
        found.append(_parameter("f", choice, "the form of the answer; by Accept where it is not given"))
    return found


def _parameter(field: str, schema: Document, description: str) -> Document:
    return {
        "name": _NAME_OF.get(field, field),
        "in": "query",
        "required": False,
        "description": description,
        "schema": schema,
        "style": "form",
        "explode": False,
    }


def _schema(field: str, made: Document, definitions: Document) -> Document:
    if field in _SCHEMAS:
        return _SCHEMAS[field]
    # OpenAPI 3.0 has no type "null": what may be left out is not required.
    kinds = [kind for kind in made.get("anyOf", [made]) if kind.get("type") != "null"]
    kind = kinds[0] if kinds else {}
    reference = kind.get("$ref") or next((each["$ref"] for each in kind.get("allOf", [])), None)
    if reference:
        kind = definitions[reference.rpartition("/")[2]]
    kept = ("type", "format", "enum", "pattern", "minimum", "maxLength")
    schema = {name: kind[name] for name in kept if name in kind}
    if isinstance(made.get("default"), str | int):
        schema["default"] = made["default"]
    if field == "limit":  # so that clients ask for as much as they are given (core, requirement 20)
        schema["maximum"] = MAX_LIMIT
    return schema or {"type": "string"}


def _problem() -> Document:
    texts = {name: {"type": "string"} for name in ("type", "title", "detail")}
    return {"type": "object", "properties": {**texts, "status": {"type": "integer"}}}
