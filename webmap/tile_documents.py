"""The documents of OGC API – Tiles (OGC 20-057) and of WebMercatorQuad (OGC 17-083r4), and TileJSON 3.0."""

from typing import Any
from urllib.parse import urlencode

from flask import request

from gis.database.region_tiles import REGION_PROPERTIES
from gis.domain.collections import Collection
from gis.domain.queries import BoundingBox
from gis.domain.tiles import HALF, MAX_ZOOM, WIDTH, cell_size, scale_denominator
from gis.services.exports.about import LICENCE
from gis.services.tiles import SINGLE_FROM
from webmap.negotiation import JSON
from webmap.ogc_documents import link, schema_of

Document = dict[str, Any]
MVT = "application/vnd.mapbox-vector-tile"
TILEJSON = "application/json"
MATRIX_SET = "WebMercatorQuad"
MATRIX_SETS = "/ogc/tileMatrixSets"
_DEFINITION = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
_CRS = "http://www.opengis.net/def/crs/EPSG/0/3857"
_SCHEME = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"
#: Of the parameters of items, those that a tile does not have: its form is its own.
NOT_OF_TILES = ("crs", "sortby", "properties")
#: A step is 0.6 m at this zoom; who looks closer enlarges its tiles.
DEEPEST = 14
_COUNT = {"type": "integer"}
_SITE = ("name", "site_type", "status", "status_group", "location_accuracy", "synthetic")


def matrix_sets() -> Document:
    """Which ways of cutting maps there are (OGC 17-083r4, 8)."""
    definition = f"{MATRIX_SETS}/{MATRIX_SET}"
    return {
        "tileMatrixSets": [
            {
                "id": MATRIX_SET,
                "title": "Google Maps Compatible for the World",
                "uri": _DEFINITION,
                "crs": _CRS,
                "links": [link("self", definition, JSON), link(_SCHEME, definition, JSON)],
            }
        ],
        "links": [link("self", MATRIX_SETS, JSON)],
    }


def matrix_set() -> Document:
    """The definition of WebMercatorQuad (OGC 17-083r4, D.1)."""
    return {
        "id": MATRIX_SET,
        "title": "Google Maps Compatible for the World",
        "uri": _DEFINITION,
        "crs": _CRS,
        "orderedAxes": ["X", "Y"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": [
            {
                "id": str(z),
                "scaleDenominator": scale_denominator(z),
                "cellSize": cell_size(z),
                "pointOfOrigin": [-HALF, HALF],
                "cornerOfOrigin": "topLeft",
                "tileWidth": WIDTH,
                "tileHeight": WIDTH,
                "matrixWidth": 2**z,
                "matrixHeight": 2**z,
            }
            for z in range(MAX_ZOOM + 1)
        ],
        "links": [link("self", f"{MATRIX_SETS}/{MATRIX_SET}", JSON)],
    }


def tilesets(it: Collection) -> Document:
    """The tilesets of a collection: one (OGC 20-057, 8)."""
    path = _path(it)
    head = {name: value for name, value in tileset(it, None).items() if name not in ("layers", "links")}
    return {
        "tilesets": [{**head, "links": [link("self", f"{path}/{MATRIX_SET}", JSON), *_tiling()]}],
        "links": [link("self", path, JSON), link("collection", f"/ogc/collections/{it.id}", JSON)],
    }


def tileset(it: Collection, bbox: BoundingBox | None) -> Document:
    """What a tileset is and holds (OGC 17-083r4, 7; OGC 20-057, 7).

    Parameters
    ----------
    it : the collection
    bbox : around its features; none where none has a place
    """
    path = f"{_path(it)}/{MATRIX_SET}"
    corners = bbox and {
        "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
        "lowerLeft": [bbox.west, bbox.south],
        "upperRight": [bbox.east, bbox.north],
    }
    return {
        "title": it.title,
        "description": it.description,
        "dataType": "vector",
        "crs": _CRS,
        "tileMatrixSetURI": _DEFINITION,
        "accessConstraints": "unclassified",
        "license": LICENCE,
        **({"boundingBox": corners} if corners else {}),
        "layers": [
            {
                "id": name,
                "dataType": "vector",
                "geometryDimension": dimension,
                "description": description,
                "propertiesSchema": {"type": "object", "properties": fields},
            }
            for name, dimension, description, fields in _layers(it)
        ],
        "links": [
            link("self", path + _query(), JSON, "This document"),
            *_tiling(),
            {**link("item", _template(it), MVT, "Tiles"), "templated": True},
            link("alternate", path + _query(f="tilejson"), TILEJSON, "TileJSON"),
            link("geodata", f"/ogc/collections/{it.id}", JSON, it.title),
        ],
    }


def tilejson(it: Collection, bbox: BoundingBox | None) -> Document:
    """The same for MapLibre, Leaflet and others (TileJSON 3.0.0)."""
    box = bbox or BoundingBox(-180, -85, 180, 85)
    return {
        "tilejson": "3.0.0",
        "name": it.title,
        "description": it.description,
        "attribution": LICENCE,
        "scheme": "xyz",
        "tiles": [request.url_root.rstrip("/") + _template(it, "{z}", "{y}", "{x}")],
        "minzoom": 0,
        "maxzoom": DEEPEST,
        "bounds": [box.west, box.south, box.east, box.north],
        "vector_layers": [
            {
                "id": name,
                "description": description,
                "fields": {field: schema.get("type", "string") for field, schema in fields.items()},
            }
            for name, _, description, fields in _layers(it)
        ],
    }


def _layers(it: Collection) -> list[tuple[str, int, str, Document]]:
    known = {each.name: schema_of(each) for each in it.properties}
    if it.id != "sites":
        fields = {name: known[name] for name in REGION_PROPERTIES if name in known}
        return [(it.id, 2, f"{it.title}; a feature's id is its code without the point", fields)]
    groups = ("closed",) if "people" not in known else ("active", "planned", "closed", "reactivated")
    counts = {
        "clustered": {"type": "string", "enum": ["regency", "grid"]},
        "code": {"type": "string"},
        "name": {"type": "string"},
        "n": _COUNT,
        **dict.fromkeys(groups, _COUNT),
    }
    single = f"Sites, from zoom {SINGLE_FROM} on; a feature's id is the site's"
    return [
        ("sites", 0, single, {name: known[name] for name in _SITE}),
        ("areas", 2, "Sites whose outline is known, as areas", {"status_group": known["status_group"]}),
        (
            "clusters",
            0,
            f"Sites summed up: by regency before zoom {SINGLE_FROM}, by a grid where a tile holds too many",
            counts,
        ),
    ]


def _tiling() -> list[Document]:
    return [link(_SCHEME, f"{MATRIX_SETS}/{MATRIX_SET}", JSON, MATRIX_SET)]


def _path(it: Collection) -> str:
    return f"/ogc/collections/{it.id}/tiles"


def _template(it: Collection, z: str = "{tileMatrix}", y: str = "{tileRow}", x: str = "{tileCol}") -> str:
    return f"{_path(it)}/{MATRIX_SET}/{z}/{y}/{x}{_query()}"


def _query(**more: str) -> str:
    """The query string of this request, so that its tiles show the same as it."""
    kept = {**{name: value for name, value in request.args.items() if name != "f"}, **more}
    return f"?{urlencode(kept)}" if kept else ""
