"""The documents of OGC API – Features: what there is, where, and by which rules."""

import json
from collections.abc import Iterable
from typing import Any

from flask import request

from gis.domain.collections import Collection, Property
from gis.domain.crs import CRS84, CRSS
from gis.domain.queries import BoundingBox
from gis.services.exports.about import LICENCE
from gis.services.tiles import TILED
from webmap.negotiation import GEOJSON, HTML, JSON, JSON_LD

Document = dict[str, Any]
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
SCHEMA = "application/schema+json"
CATALOG = "/catalog.jsonld"
TITLE = "closure-atlas"
DESCRIPTION = (
    "How far Indonesia's programme to close its lokalisasi is: sites, provinces, regencies and "
    "rehabilitation centres. Visitors read the newest release; who is signed in reads the register as far as "
    "his account goes."
)
_PART_1 = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/"
_PART_2 = "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/"
_PART_3 = "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/"
_TILES = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/"
_REL = "http://www.opengis.net/def/rel/ogc/1.0/"
_CQL2 = "http://www.opengis.net/spec/cql2/1.0/conf/"
#: Only classes that tests/conformance and tests/webmap/test_tiles.py test.
CONFORMS_TO = (
    *(_PART_1 + name for name in ("core", "oas30", "html", "geojson")),
    _PART_2 + "crs",
    *(_PART_3 + name for name in ("queryables", "queryables-query-parameters", "filter", "features-filter")),
    *(
        _CQL2 + name
        for name in (
            *("cql2-text", "cql2-json", "basic-cql2", "advanced-comparison-operators"),
            *("case-insensitive-comparison", "basic-spatial-functions", "basic-spatial-functions-plus"),
            "temporal-functions",
        )
    ),
    *(_TILES + name for name in ("core", "tileset", "tilesets-list", "geodata-tilesets", "mvt")),
)


def link(rel: str, path: str, media_type: str, title: str | None = None) -> Document:
    """A link with an absolute address (RFC 8288).

    Parameters
    ----------
    rel : how what it leads to stands to what it stands in
    path : beneath the root of this server
    media_type : of what it leads to
    title : for people
    """
    found = {"href": request.url_root.rstrip("/") + path, "rel": rel, "type": media_type}
    return {**found, "title": title} if title else found


def landing() -> Document:
    """The landing page (Features core, 7.2)."""
    return {
        "title": TITLE,
        "description": DESCRIPTION,
        "attribution": LICENCE,
        "links": [
            *_self("/ogc"),
            link("service-desc", "/ogc/api", OPENAPI, "The API, as OpenAPI 3.0"),
            link("service-doc", "/ogc/api?f=html", HTML, "The API, for people"),
            link("conformance", "/ogc/conformance", JSON, "The conformance classes"),
            link("data", "/ogc/collections", JSON, "The collections"),
            link(_REL + "tiling-schemes", "/ogc/tileMatrixSets", JSON, "The ways of cutting maps"),
            link("describedby", CATALOG, JSON_LD, "The catalogue, as DCAT"),
            link("license", "/about", HTML, LICENCE),
        ],
    }


def conformance() -> Document:
    """The conformance classes (Features core, 7.4)."""
    return {"conformsTo": list(CONFORMS_TO), "links": _self("/ogc/conformance")}


def collections(described: Iterable[Document]) -> Document:
    """The collections (Features core, 7.13).

    Parameters
    ----------
    described : each as `collection` makes it
    """
    return {
        "links": _self("/ogc/collections"),
        "crs": [crs.uri for crs in CRSS],
        "collections": list(described),
    }


def collection(it: Collection, bbox: BoundingBox | None) -> Document:
    """One collection (Features core, 7.14; Part 2, 6.2).

    Parameters
    ----------
    it : that is described
    bbox : around its features; none where none has a place
    """
    path = f"/ogc/collections/{it.id}"
    box = None if bbox is None else [round(n, 7) for n in (bbox.west, bbox.south, bbox.east, bbox.north)]
    extent = {"extent": {"spatial": {"bbox": [box], "crs": CRS84.uri}}} if box else {}
    return {
        "id": it.id,
        "title": it.title,
        "description": it.description,
        "itemType": "feature",
        **extent,
        "crs": [crs.uri for crs in CRSS],
        "storageCrs": CRS84.uri,
        "links": [
            *_self(path),
            # Without a query string, which GDAL takes for a reason to push no filter down.
            link("items", f"{path}/items", GEOJSON, it.title),
            link("items", f"{path}/items?f=html", HTML, it.title),
            link(_REL + "queryables", f"{path}/queryables", SCHEMA, "Queryables"),
            *(
                [link(_REL + "tilesets-vector", f"{path}/tiles", JSON, "Vector tiles")]
                if it.id in TILED
                else []
            ),
            link("license", "/about", HTML, LICENCE),
        ],
    }


def queryables(it: Collection) -> Document:
    """What filters may name, as JSON Schema (Part 3, 6.2)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": request.url_root.rstrip("/") + f"/ogc/collections/{it.id}/queryables",
        "type": "object",
        "title": it.title,
        "description": it.description,
        "properties": {
            **{each.name: schema_of(each) for each in it.properties},
            "geom": {"title": "geom", "description": "its place", "format": "geometry-any"},
        },
        "additionalProperties": False,
    }


def schema_of(it: Property) -> Document:
    """A property as JSON Schema."""
    kinds: dict[str, Document] = {
        "date": {"type": "string", "format": "date"},
        "date-time": {"type": "string", "format": "date-time"},
        "array": {"type": "array", "items": {"type": "string"}},
    }
    schema = {"title": it.name, "description": it.description, **kinds.get(it.type, {"type": it.type})}
    return {**schema, "enum": list(it.values)} if it.values else schema


def items(head: Document, features: Iterable[bytes]) -> bytes:
    """A page of features (Features core, 7.15.7), whose bytes PostgreSQL has made.

    Parameters
    ----------
    head : the members beside the features
    features : each as GeoJSON
    """
    start = json.dumps({"type": "FeatureCollection", **head}, ensure_ascii=False, separators=(",", ":"))
    return b'%b,"features":[\n%b\n]}\n' % (start[:-1].encode(), b",\n".join(features))


def item(feature: str, links: list[Document]) -> str:
    """A feature with its links (Features core, 7.16)."""
    return feature[:-1] + ',"links":' + json.dumps(links, ensure_ascii=False, separators=(",", ":")) + "}\n"


def _self(path: str) -> list[Document]:
    return [
        link("self", path, JSON, "This document"),
        link("alternate", f"{path}?f=html", HTML, "This document, for people"),
    ]
