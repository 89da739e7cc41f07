"""The schemas of answers in the OpenAPI document, made from the properties that collections have."""

from collections.abc import Mapping
from typing import Any

from gis.domain.collections import Collection
from webmap.ogc_documents import schema_of

Document = dict[str, Any]
_TEXT: Document = {"type": "string"}
_COUNT: Document = {"type": "integer", "minimum": 0}
_OBJECT: Document = {"type": "object"}
_TEXTS: Document = {"type": "array", "items": _TEXT}
_GEOMETRIES = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")


def schemas(collections: Mapping[str, Collection]) -> Document:
    """What the answers look like, by name.

    Parameters
    ----------
    collections : that whoever asks reads
    """
    links = {"type": "array", "items": reference("link")}
    described = _object({"id": _TEXT, "title": _TEXT, "description": _TEXT, "links": links}, "id", "links")
    return {
        "problem": _object({"type": _TEXT, "title": _TEXT, "detail": _TEXT, "status": {"type": "integer"}}),
        "link": _object({"href": _TEXT, "rel": _TEXT, "type": _TEXT, "title": _TEXT}, "href", "rel"),
        "landing": _object({"title": _TEXT, "description": _TEXT, "links": links}, "links"),
        "conformance": _object({"conformsTo": _TEXTS, "links": links}, "conformsTo"),
        "collections": _object(
            {"links": links, "collections": {"type": "array", "items": reference("collection")}},
            *("links", "collections"),
        ),
        "collection": described,
        "queryables": _object({"$id": _TEXT, "title": _TEXT, "properties": _OBJECT}, "properties"),
        "geometry": {
            "type": "object",
            "nullable": True,
            "required": ["type", "coordinates"],
            "properties": {
                "type": {"type": "string", "enum": list(_GEOMETRIES)},
                "coordinates": {"type": "array", "items": {}},
            },
        },
        **{f"{it.id}.feature": _feature(it, links) for it in collections.values()},
        **{f"{it.id}.features": _features(it, links) for it in collections.values()},
    }


def reference(name: str) -> Document:
    """A schema by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def _feature(it: Collection, links: Document) -> Document:
    key = next(each for each in it.properties if each.name == it.key)
    members = {
        "type": {"type": "string", "enum": ["Feature"]},
        "id": schema_of(key),
        "geometry": reference("geometry"),
        "properties": {
            "type": "object",
            # Any may be null, and be left out by the parameter `properties`. A release has others.
            "properties": {each.name: _nullable(schema_of(each)) for each in it.properties},
        },
        "links": links,
    }
    return _object(members, "type", "id", "geometry", "properties")


def _features(it: Collection, links: Document) -> Document:
    members = {
        "type": {"type": "string", "enum": ["FeatureCollection"]},
        "numberMatched": _COUNT,
        "numberReturned": _COUNT,
        "links": links,
        "features": {"type": "array", "items": reference(f"{it.id}.feature")},
    }
    return _object(members, *members)


def _nullable(schema: Document) -> Document:
    told = {**schema, "nullable": True}
    return {**told, "enum": [*schema["enum"], None]} if "enum" in schema else told


def _object(properties: Document, *required: str) -> Document:
    made = {"type": "object", "properties": properties}
    return {**made, "required": list(required)} if required else made
