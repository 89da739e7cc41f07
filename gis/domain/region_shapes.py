"""Shapes of regions: provinces of an earlier date, coverages for maps, places for labels. Degrees, CRS84."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from gis.errors import BoundaryError

Shapes = NDArray[Any]  # of shapely geometries
_GEOD = Geod(ellps="WGS84")
_NO_LAKE_DEG2 = 1e-9  # 10 m²: what floating point makes of two equal areas


@dataclass(frozen=True)
class Detail:
    """How coarse a coverage for maps is.

    Parameters
    ----------
    tolerance_deg : Visvalingam–Whyatt's: the square root of the smallest triangle that is kept
    decimals : of the rounded coordinates
    smallest_part_deg2 : islands below this are left out, but never a region's largest
    """

    tolerance_deg: float
    decimals: int
    smallest_part_deg2: float


MAP = Detail(tolerance_deg=0.005, decimals=4, smallest_part_deg2=0.0)
OVERVIEW = Detail(tolerance_deg=0.05, decimals=3, smallest_part_deg2=0.0004)


def polygons_of(geometry: BaseGeometry) -> shapely.MultiPolygon:
    """The polygons of a geometry; lines and points that an overlay left behind are dropped."""
    parts = shapely.get_parts(shapely.get_parts(geometry))
    polygons = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    return shapely.MultiPolygon(list(polygons))


def shapes_of(frame: gpd.GeoDataFrame) -> Shapes:
    """The geometries of a frame as an array of shapely objects."""
    return np.asarray(frame.geometry.values, dtype=object)


def area_km2(geometry: BaseGeometry) -> float:
    """The geodesic area on WGS 84, whatever the winding."""
    area_m2, _ = _GEOD.geometry_area_perimeter(shapely.orient_polygons(geometry))
    return abs(area_m2) / 1e6


def with_lakes(regencies: Shapes, provinces: Shapes, province_of: Sequence[int]) -> Shapes:
    """Regencies that together fill their provinces: a lake goes to the one with the longest shore.

    Parameters
    ----------
    regencies, provinces : valid coverages; lakes are holes in the first and filled in the second
    province_of : for each regency the position of its province
    """
    filled = regencies.copy()
    owner = np.asarray(province_of)
    for number, province in enumerate(provinces):
        members = np.flatnonzero(owner == number)
        land = shapely.coverage_union_all(regencies[members])
        if shapely.area(province) - shapely.area(land) < _NO_LAKE_DEG2:
            continue
        for lake in polygons_of(shapely.difference(province, land)).geoms:
            shores = shapely.length(shapely.intersection(lake.exterior, regencies[members]))
            host = members[int(np.argmax(shores))]
            filled[host] = polygons_of(shapely.coverage_union(filled[host], lake))
    return filled


def merged(coverage: Shapes, groups: Sequence[Sequence[int]]) -> Shapes:
    """One multipolygon for each group of positions in a coverage; edges inside a group vanish."""
    return np.array([polygons_of(shapely.coverage_union_all(coverage[list(group)])) for group in groups])


def simplified(coverage: Shapes, detail: Detail) -> Shapes:
    """A coverage with fewer vertices in which shared edges stay shared, wound as RFC 7946 wants it.

    Raises
    ------
    BoundaryError : the result is no valid coverage, even with more decimals
    """
    fewer = shapely.coverage_simplify(coverage, detail.tolerance_deg)
    kept = np.array([_without_islets(shape, detail.smallest_part_deg2) for shape in fewer])
    # Rounding can fold a narrow strait or islet onto itself; a few more decimals unfold it.
    for decimals in range(detail.decimals, detail.decimals + 4):
        rounded = _rounded(kept, decimals)
        if shapely.is_valid(rounded).all() and shapely.coverage_is_valid(rounded):
            return cast(Shapes, shapely.orient_polygons(rounded))
    raise BoundaryError(f"simplifying by {detail.tolerance_deg}° leaves no valid coverage")


def label_point(geometry: BaseGeometry, outline: BaseGeometry) -> shapely.Point:
    """A point well inside the largest part of a region.

    Parameters
    ----------
    geometry : the region, which the point must lie in
    outline : the same, simplified, from which the point is found faster
    """
    part = _largest(outline)
    centre = shapely.Point(shapely.maximum_inscribed_circle(part, 0.002).coords[0])
    return centre if shapely.covers(geometry, centre) else shapely.point_on_surface(_largest(geometry))


def _largest(geometry: BaseGeometry) -> shapely.Polygon:
    parts = shapely.get_parts(geometry)
    return cast(shapely.Polygon, parts[int(np.argmax(shapely.area(parts)))])


def _without_islets(shape: BaseGeometry, smallest_deg2: float) -> shapely.MultiPolygon:
    parts = shapely.get_parts(shape)
    areas = shapely.area(parts)
    return shapely.MultiPolygon(list(parts[areas >= min(smallest_deg2, areas.max())]))


def _rounded(shapes: Shapes, decimals: int) -> Shapes:
    return cast(Shapes, shapely.transform(shapes, lambda points: np.round(points, decimals)))
