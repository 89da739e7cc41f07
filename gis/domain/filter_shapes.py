"""The geometries of a filter: GeoJSON and boxes to valid shapes in EPSG:4326.

What is not valid is refused and never repaired: PostGIS shall see no geometry that GEOS could stumble over.
"""

import math
from typing import Any, NamedTuple, NoReturn

import shapely
from shapely.geometry.base import BaseGeometry

from gis.domain.filter_nodes import Shape
from gis.errors import InvalidInputError

Tree = Any
MOST_VERTICES = 2000
_RADIUS_M = 6_378_137.0
_WORLDS = {4326: (180.0, 90.0), 3857: (20_037_508.3428, 20_037_508.3428)}
_DEPTHS = {
    "Point": 0,
    "LineString": 1,
    "Polygon": 2,
    "MultiPoint": 1,
    "MultiLineString": 2,
    "MultiPolygon": 3,
}
_POSITION = "positions of two finite numbers, or three with a height"


class Axes(NamedTuple):
    """Of which system the coordinates of a filter are, and whether latitude is the first of them."""

    srid: int = 4326
    flip: bool = False


class ShapeReader:
    """Reads the geometries of one filter, which have a number of vertices together.

    Parameters
    ----------
    axes : of the coordinates
    """

    def __init__(self, axes: Axes) -> None:
        if axes.srid not in _WORLDS:
            raise InvalidInputError("filter-crs", axes.srid, "EPSG:4326 or EPSG:3857")
        self._axes = axes
        self._left = MOST_VERTICES

    def read(self, tree: dict[str, Tree]) -> Shape:
        """The shape of a GeoJSON geometry or of a `bbox`.

        Raises
        ------
        InvalidInputError : it is none, is empty, outside of the world, too large, or not valid
        """
        shape = self._box(tree["bbox"]) if "bbox" in tree else self._geometry(tree)
        if shape.is_empty:
            _refuse(shape.geom_type, "a geometry that is not empty")
        if not shape.is_valid:
            _refuse(shape.geom_type, f"a valid geometry ({shapely.is_valid_reason(shape)})")
        return Shape(shapely.to_wkb(shape, byte_order=1), shape.geom_type == "GeometryCollection")

    def _geometry(self, tree: Tree, *, is_part: bool = False) -> BaseGeometry:
        kind = tree.get("type") if isinstance(tree, dict) else None
        if kind == "GeometryCollection" and not is_part:
            parts = _list_of(tree.get("geometries"), "geometries")
            return shapely.GeometryCollection([self._geometry(part, is_part=True) for part in parts])
        if not isinstance(kind, str) or kind not in _DEPTHS:
            _refuse(kind, f"a geometry: {', '.join(_DEPTHS)} or GeometryCollection (of the others)")
        coordinates = self._coordinates(tree.get("coordinates"), _DEPTHS[kind])
        try:
            return _made(kind, coordinates)
        except (shapely.GEOSException, ValueError) as error:
            raise InvalidInputError(
                "filter", kind, f"a {kind} with enough positions, rings closed"
            ) from error

    def _coordinates(self, tree: Tree, depth: int) -> Tree:
        if depth > 0:
            return [self._coordinates(part, depth - 1) for part in _list_of(tree, "coordinates")]
        self._left -= 1
        if self._left < 0:
            _refuse(f"more than {MOST_VERTICES}", f"{MOST_VERTICES} vertices in all")
        if not isinstance(tree, list) or len(tree) not in (2, 3) or not all(map(_is_finite, tree)):
            _refuse(tree, _POSITION)
        return self._placed(float(tree[0]), float(tree[1]))

    def _placed(self, first: float, second: float) -> tuple[float, float]:
        x, y = (second, first) if self._axes.flip else (first, second)
        most_x, most_y = _WORLDS[self._axes.srid]
        if abs(x) > most_x or abs(y) > most_y:
            _refuse(f"{first} {second}", "coordinates inside the world, in the order of filter-crs")
        if self._axes.srid == 3857:  # Web Mercator is of a sphere
            lon, lat = math.degrees(x / _RADIUS_M), math.degrees(math.atan(math.sinh(y / _RADIUS_M)))
            return max(-180.0, min(180.0, lon)), lat
        return x, y

    def _box(self, tree: Tree) -> BaseGeometry:
        if not isinstance(tree, list) or len(tree) not in (4, 6) or not all(map(_is_finite, tree)):
            _refuse(tree, "a box of four finite numbers: the lower and the upper corner")
        half = len(tree) // 2
        west, south = self._coordinates(tree[:half], 0)
        east, north = self._coordinates(tree[half:], 0)
        if south > north:
            _refuse(tree, "a box whose first corner is the lower one")
        if west > east:  # across the antimeridian, as in GeoJSON (RFC 7946, 5.2)
            halves = (_rectangle(west, south, 180, north), _rectangle(-180, south, east, north))
            return shapely.union_all(halves)
        return _rectangle(west, south, east, north)


def _made(kind: str, coordinates: Tree) -> BaseGeometry:
    if kind == "Polygon":
        return _polygon(coordinates)
    if kind == "MultiPolygon":
        return shapely.MultiPolygon([_polygon(part) for part in coordinates])
    if kind == "MultiLineString":
        return shapely.MultiLineString([shapely.LineString(part) for part in coordinates])
    if kind == "MultiPoint":
        return shapely.MultiPoint(coordinates)
    return shapely.LineString(coordinates) if kind == "LineString" else shapely.Point(coordinates)


def _polygon(rings: list[list[tuple[float, float]]]) -> shapely.Polygon:
    # Shapely would close a ring by itself.
    if any(len(ring) < 4 or ring[0] != ring[-1] for ring in rings):
        _refuse(
            "Polygon", "a Polygon whose rings have four positions or more, the last the same as the first"
        )
    return shapely.Polygon(rings[0], rings[1:])


def _rectangle(west: float, south: float, east: float, north: float) -> BaseGeometry:
    if west == east and south == north:
        return shapely.Point(west, south)
    if west == east or south == north:
        return shapely.LineString([(west, south), (east, north)])
    return shapely.box(west, south, east, north)


def _list_of(tree: Tree, name: str) -> list[Tree]:
    if not isinstance(tree, list) or not tree:
        _refuse(tree, f"{name}: a list that is not empty")
    return tree


def _is_finite(number: Tree) -> bool:
    # Neither NaN nor infinity lies between, and nor does an integer that no float can hold.
    return isinstance(number, int | float) and not isinstance(number, bool) and -1e300 < number < 1e300


def _refuse(found: object, allowed: str) -> NoReturn:
    raise InvalidInputError("filter", found, allowed)
