"""Checks what a join is asked about: its reference system, its geometries, and whether they are on Earth."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from gis.domain.borders import Bools, Floats, Geometries, Ints
from gis.errors import CrsMismatchError, InvalidInputError

JOIN_CRS = "OGC:CRS84"  # the coordinates of EPSG:4326, longitude first
POINT, POLYGON, MULTI_POINT, MULTI_POLYGON = 0, 3, 4, 6
# A repair's time and memory grow with the crossings, up to the square of the vertices: a random ring of 1,000
# vertices takes seconds, one of 10,000 all memory.
MAX_REPAIRED_VERTICES = 1_000
FARTHEST_DEGREES = 360.0  # beyond it, numbers can only be metres
ALLOWED_DEGREES = "longitudes from -180 to 180 and latitudes from -90 to 90"
# Where the numbers of Indonesia's latitudes and longitudes lie, with a margin.
LATITUDES, LONGITUDES = (-15.0, 15.0), (90.0, 145.0)


@dataclass(frozen=True)
class Places:
    """Geometries fit for the join.

    Parameters
    ----------
    geometries : (n,) EPSG:4326, lon before lat, valid; rows in neither of the two lists may hold anything
    points, polygons : positions of finite points and of polygons
    x, y : (points,) degrees
    """

    geometries: Geometries
    points: Ints
    polygons: Ints
    x: Floats
    y: Floats


def checked_places(frame: gpd.GeoDataFrame, first_row: int = 1) -> Places:
    """The points and polygons of a frame; what is missing, empty or not finite is in neither list.

    Parameters
    ----------
    frame : any CRS that is stated
    first_row : the number of the frame's first row, for messages

    Raises
    ------
    CrsMismatchError : no CRS, or coordinates that look like metres under a CRS in degrees
    InvalidInputError : coordinates outside the world, a geometry that is neither point nor polygon, or an
        invalid polygon that is too large to be repaired
    """
    geometries = np.asarray(_in_degrees(frame).geometry.array, dtype=object)
    try:
        x, y = shapely.get_x(geometries), shapely.get_y(geometries)  # NaN for all but points
    except shapely.errors.GEOSException:  # an empty point has none; asking each one first would cost more
        geometries = np.where(shapely.is_empty(geometries), np.array(None), geometries)
        x, y = shapely.get_x(geometries), shapely.get_y(geometries)
    is_point = np.isfinite(x) & np.isfinite(y)
    if is_point.all():
        _refuse_impossible(x, y, np.arange(len(x)), first_row)
        return Places(geometries, np.arange(len(x)), np.zeros(0, dtype=np.int64), x, y)
    others = np.flatnonzero(~is_point)
    geometries = geometries.copy()
    geometries[others] = shapely.force_2d(geometries[others])
    others = others[_has_area_or_place(geometries[others])]
    kinds = shapely.get_type_id(geometries[others])
    _refuse_other_kinds(geometries, others, kinds, first_row)
    single = others[kinds == MULTI_POINT]
    geometries[single] = shapely.get_geometry(geometries[single], 0)
    x[single], y[single] = shapely.get_x(geometries[single]), shapely.get_y(geometries[single])
    points = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    _refuse_impossible(x[points], y[points], points, first_row)
    polygons = others[np.isin(kinds, (POLYGON, MULTI_POLYGON))]
    corners = shapely.bounds(geometries[polygons])
    _refuse_impossible(corners[:, 0], corners[:, 1], polygons, first_row)
    _refuse_impossible(corners[:, 2], corners[:, 3], polygons, first_row)
    _repair(geometries, polygons, first_row)
    return Places(geometries, points, polygons[~shapely.is_empty(geometries[polygons])], x[points], y[points])


def _in_degrees(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    if frame.crs is None:
        allowed = (
            "a reference system such as EPSG:4326 or EPSG:32750; state the one that the coordinates are in"
        )
        raise CrsMismatchError("crs", None, allowed)
    if frame.crs.equals(JOIN_CRS, ignore_axis_order=True):
        return frame
    return frame.to_crs(JOIN_CRS)


def _has_area_or_place(geometries: Geometries) -> Bools:
    """Whether geometries are there and finite in every coordinate."""
    answer = ~shapely.is_missing(geometries)
    coordinates, index = shapely.get_coordinates(geometries, return_index=True)
    answer[index[~np.isfinite(coordinates).all(axis=1)]] = False
    return np.asarray(answer)


def _refuse_other_kinds(geometries: Geometries, rows: Ints, kinds: Ints, first_row: int) -> None:
    is_single = (kinds == MULTI_POINT) & (shapely.get_num_geometries(geometries[rows]) == 1)
    refused = rows[~(np.isin(kinds, (POLYGON, MULTI_POLYGON)) | is_single)]
    if len(refused):
        found = geometries[refused[0]].geom_type
        raise InvalidInputError(
            "geometry", found, "Point, Polygon or MultiPolygon", int(refused[0]) + first_row
        )


def _repair(geometries: Geometries, polygons: Ints, first_row: int) -> None:
    """Put repaired polygons in the place of invalid ones, by the method that keeps their areas."""
    broken = polygons[~shapely.is_valid(geometries[polygons])]
    too_large = broken[shapely.get_num_coordinates(geometries[broken]) > MAX_REPAIRED_VERTICES]
    if len(too_large):
        allowed = f"a valid polygon, or one of at most {MAX_REPAIRED_VERTICES} vertices; repair it first"
        reason = shapely.is_valid_reason(geometries[too_large[0]])
        raise InvalidInputError("geometry", reason, allowed, int(too_large[0]) + first_row)
    geometries[broken] = shapely.make_valid(geometries[broken], method="structure", keep_collapsed=False)


def _refuse_impossible(x: Floats, y: Floats, rows: Ints, first_row: int) -> None:
    """Raise for the first coordinates outside the world, saying what they look like.

    Swapped ones are told by what is impossible alone: latitudes go no farther than 90, and every longitude of
    Indonesia does. What is possible but in the wrong place is no error, and belongs nowhere.
    """
    impossible = np.flatnonzero((np.abs(x) > 180) | (np.abs(y) > 90))
    if not len(impossible):
        return
    at = impossible[0]
    row, found = int(rows[at]) + first_row, (float(x[at]), float(y[at]))
    if max(map(abs, found)) > FARTHEST_DEGREES:
        hint = f"{ALLOWED_DEGREES}; these look like metres (EPSG:3857?), so state the CRS that they are in"
        raise CrsMismatchError("geometry", found, hint, row)
    if LATITUDES[0] <= found[0] <= LATITUDES[1] and LONGITUDES[0] <= found[1] <= LONGITUDES[1]:
        hint = f"{ALLOWED_DEGREES}; these look swapped, the longitude comes first"
        raise InvalidInputError("geometry", found, hint, row)
    raise InvalidInputError("geometry", found, ALLOWED_DEGREES, row)
