"""What RFC 7946 asks of a GeoJSON text, beyond what any parser of JSON asks."""

from collections.abc import Iterator
from typing import Any

import shapely
from shapely.geometry import shape

NESTED = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}


def breaches(text: dict[str, Any]) -> list[str]:
    """Which rules a FeatureCollection or a Feature breaks."""
    return list(_collection(text) if text.get("type") == "FeatureCollection" else _feature(text))


def _collection(text: dict[str, Any]) -> Iterator[str]:
    if {"crs", "coordinates", "geometries", "geometry", "properties"} & set(text):
        yield "a FeatureCollection has members of other kinds (7.1), or crs (4)"
    for each in text["features"]:
        yield from _feature(each)


def _feature(it: dict[str, Any]) -> Iterator[str]:
    name = str(it.get("id"))
    if it.get("type") != "Feature":
        yield f"{name}: no Feature (3.2)"
    if {"crs", "coordinates", "geometries", "features"} & set(it):
        yield f"{name}: members of other kinds (7.1), or crs (4)"
    if not isinstance(it.get("id"), str | int):
        yield f"{name}: an id is a string or a number (3.2)"
    if "properties" not in it or not isinstance(it["properties"], dict):
        yield f"{name}: properties are an object (3.2)"
    if "geometry" not in it:
        yield f"{name}: a geometry is there, or null (3.2)"
    elif it["geometry"] is not None:
        yield from (f"{name}: {breach}" for breach in _geometry(it["geometry"]))


def _geometry(it: dict[str, Any]) -> Iterator[str]:
    if it.get("type") not in NESTED:
        yield f"{it.get('type')} is no type of geometry (1.4)"
        return
    if {"geometry", "properties", "features", "crs"} & set(it):
        yield "members of other kinds (7.1), or crs (4)"
    depth = NESTED[it["type"]]
    if not all(_is_position(position) for position in _flat(it["coordinates"], depth)):
        yield "a position is two or three numbers, longitude and latitude in degrees (3.1.1, 4)"
        return
    rings = _flat(it["coordinates"], depth - 1) if "Polygon" in it["type"] else ()
    if not all(len(ring) >= 4 and ring[0] == ring[-1] for ring in rings):
        yield "a ring is closed and of four positions at least (3.1.6)"
        return
    for part in shapely.get_parts(shape(it)):
        inner = part.interiors if part.geom_type == "Polygon" else ()
        outer = (part.exterior,) if part.geom_type == "Polygon" else ()
        if not all(ring.is_ccw for ring in outer) or any(ring.is_ccw for ring in inner):
            yield "outer rings run counterclockwise and inner ones clockwise (3.1.6)"


def _flat(coordinates: Any, depth: int) -> Iterator[Any]:
    if depth == 0:
        yield coordinates
    else:
        for each in coordinates:
            yield from _flat(each, depth - 1)


def _is_position(it: Any) -> bool:
    if not isinstance(it, list) or len(it) not in (2, 3) or not all(type(n) in (int, float) for n in it):
        return False
    return bool(-180 <= it[0] <= 180 and -90 <= it[1] <= 90)
