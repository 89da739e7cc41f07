"""The OpenAPI 3.0 document, made from the definitions that requests are read by."""

from collections.abc import Mapping
from typing import Any

from flask import request

from gis.domain.collections import Collection
from gis.domain.crs import CRSS
from gis.domain.tiles import MAX_ZOOM
from gis.services.tiles import TILED
from webmap import ogc_documents as documents
from webmap import public, tile_documents
from webmap.feature_parameters import (
    DEFAULT_LIMIT,
    FILTER_LANGUAGES,
    HYPHENATED,
    MAX_LIMIT,
    FeatureParameters,
    ItemParameters,
    MomentAndRelease,
    PageParameters,
)
from webmap.negotiation import GEOJSON, HTML, JSON, JSON_LD
from webmap.openapi_schemas import reference, schemas
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
_LIMIT = {"$ref": "#/components/parameters/limit"}
_PROBLEM = {"application/problem+json": {"schema": reference("problem")}}


def document(collections: Mapping[str, Collection]) -> Document:
    """The whole API for whoever asks.

    Parameters
    ----------
    collections : that he reads
    """
    moment = _parameters(MomentAndRelease)
    # From where the API is, as GDAL looks for them to know what it can leave to the server.
    paths: Document = {
        "/": _get("landing", "The landing page", JSON, moment, "landing"),
        "/conformance": _get("conformance", "The conformance classes", JSON, moment, "conformance"),
        "/api": _get("api", "This document", documents.OPENAPI, moment),
        "/collections": _get("collections", "The collections", JSON, moment, "collections"),
    }
    for it in collections.values():
        paths |= _of_collection(it)
    paths |= _matrix_sets()
    root = request.url_root.rstrip("/")
    paths |= {path: {"servers": [{"url": root}], **made} for path, made in _beside().items()}
    return {
        "openapi": "3.0.3",
        "info": {
            "title": documents.TITLE,
            "description": documents.DESCRIPTION,
            "version": "1.0.0",
            "license": {"name": "CC BY 3.0 IGO (boundaries)"},
        },
        "servers": [{"url": f"{root}/ogc"}],
        "security": [{}, {"session": []}, {"token": []}],
        "paths": paths,
        "components": {
            "schemas": schemas(collections),
            "parameters": {"limit": _limit()},
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": "session"},
                "token": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def name_of(parameter: Document) -> str:
    """The name of a parameter, which may be defined elsewhere in the document."""
    return str(parameter.get("name") or parameter["$ref"].rpartition("/")[2])


def _of_collection(it: Collection) -> Document:
    root = f"/collections/{it.id}"
    page = [each if each["name"] != "limit" else _LIMIT for each in _parameters(PageParameters)]
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
    tiled = _of_tiles(it, own) if it.id in TILED else {}
    moment = _parameters(MomentAndRelease)
    return {
        **tiled,
        root: _get(f"{it.id}.collection", it.title, JSON, moment, "collection"),
        f"{root}/queryables": _get(
            f"{it.id}.queryables", "What filters may name", documents.SCHEMA, moment, "queryables"
        ),
        f"{root}/items": _get(f"{it.id}.items", it.description, GEOJSON, [*page, *own], f"{it.id}.features"),
        f"{root}/items/{{key}}": _get(
            f"{it.id}.item",
            f"One {it.item}",
            GEOJSON,
            [key, *_parameters(ItemParameters)],
            f"{it.id}.feature",
        ),
    }


def _of_tiles(it: Collection, own: list[Document]) -> Document:
    root = f"/collections/{it.id}/tiles"
    moment = _parameters(MomentAndRelease, form=False)
    filters = [
        each
        for each in _parameters(FeatureParameters, form=False)
        if each["name"] not in tile_documents.NOT_OF_TILES
    ]
    place = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": description,
            "schema": {"type": "integer", "minimum": 0},
        }
        for name, description in (
            ("tileMatrix", f"the zoom, at most {MAX_ZOOM}"),
            ("tileRow", "the row, counted from the north"),
            ("tileCol", "the column, counted from the west"),
        )
    ]
    form = _parameter("f", {"type": "string", "enum": ["json", "tilejson"]}, "the form of the answer")
    tile = _get(f"{it.id}.tile", "A vector tile", tile_documents.MVT, [*place, *filters, *own])
    tile["get"]["responses"]["204"] = {"description": "there is nothing in this tile"}
    return {
        root: _get(f"{it.id}.tilesets", "The sets of tiles", JSON, moment),
        f"{root}/{tile_documents.MATRIX_SET}": _get(
            f"{it.id}.tileset", "What a set of tiles holds", JSON, [form, *filters, *own]
        ),
        f"{root}/{tile_documents.MATRIX_SET}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}": tile,
    }


def _matrix_sets() -> Document:
    moment = _parameters(MomentAndRelease, form=False)
    return {
        "/tileMatrixSets": _get("tileMatrixSets", "The ways of cutting maps", JSON, moment),
        f"/tileMatrixSets/{tile_documents.MATRIX_SET}": _get(
            "tileMatrixSet", "The definition of one", JSON, moment
        ),
    }


def _beside() -> Document:
    """What lies beside the API of OGC."""
    return {
        documents.CATALOG: _get(
            "catalog",
            "The catalogue, as DCAT 3",
            JSON_LD,
            _parameters(public.NamedReleaseParameters, form=False),
        ),
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
    operation_id: str, summary: str, media_type: str, parameters: list[Document], schema: str | None = None
) -> Document:
    content: Document = {media_type: {"schema": reference(schema)} if schema else {}}
    if any(
        name_of(each) == "f" and "html" in each["schema"]["enum"] for each in parameters if "schema" in each
    ):
        content[HTML] = {}
    refusals = {code: {"description": "refused", "content": _PROBLEM} for code in ("400", "401")}
    absent = {"404": {"description": "there is no such thing, or no such release", "content": _PROBLEM}}
    away = {"503": {"description": "the database is away; try again", "content": _PROBLEM}}
    answers = {"200": {"description": "the answer", "content": content}, **refusals, **absent, **away}
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
    return schema or {"type": "string"}


def _limit() -> Document:
    """Where QGIS and GDAL look for it (core, requirement 20).

    Without a default, which they would take for the size of their pages: so they ask for the most there is.
    """
    (made,) = (each for each in _parameters(PageParameters) if each["name"] == "limit")
    words = f"a whole number from 1: {DEFAULT_LIMIT} where it is not given, {MAX_LIMIT} at most"
    return {**made, "description": words, "schema": {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT}}
