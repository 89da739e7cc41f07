"""The one rule of which province and regency a place belongs to, for frames (design decision 2).

`register.assign_regions` (migration 0004) is the same rule in PostGIS; tests/data/hard_cases.json is run
against both.
"""

import geopandas as gpd
import numpy as np
import pandas as pd

from gis.domain.area_shares import shares_of_polygons
from gis.domain.assignment import Assignment, Held, Method
from gis.domain.borders import Geometries, Ints
from gis.domain.grid_index import Layer, RegionIndex
from gis.domain.places import Places, checked_places
from gis.domain.shores import MAX_DISTANCE_DEGREES, MAX_DISTANCE_M, is_across_land


def assign_regions(frame: gpd.GeoDataFrame, regions: RegionIndex, *, first_row: int = 1) -> pd.DataFrame:
    """Find the province and the regency of every point and polygon, with today's codes.

    A point belongs to the province and the regency that cover it, on a shared border to the lowest code. In
    a province's lake it belongs to that province and to its nearest regency, at whatever distance. Outside of
    all it belongs to the nearest region within 5 km, unless the shortest line touches foreign land or a land
    border is within 5 km. A polygon belongs to every region that holds at least 1 % of its geodesic area; the
    largest is primary, and the primary regency is the largest one *within the primary province*, so that the
    regencies of a province add up to it. A polygon in no region is treated as a point outside of all.

    Parameters
    ----------
    frame : points and polygons in any CRS that is stated; missing, empty or not finite ones belong nowhere,
        and an invalid polygon is measured as repaired
    regions : the index
    first_row : the number of the frame's first row, for messages

    Returns
    -------
    Same index and rows as `frame`, never fewer; categorical columns province_code, regency_code (missing for
    none), province_join_method, regency_join_method (covers, tie, nearest, area, none), and shared_with, a
    tuple of the codes of all other regions that it touches, provinces first.

    Raises
    ------
    CrsMismatchError : the frame states no CRS, or coordinates outside the world that look like metres
    InvalidInputError : coordinates outside the world, also if they look swapped; a line or other geometry; an
        invalid polygon of more than 1,000 vertices
    """
    places = checked_places(frame, first_row)
    assignment = Assignment.of_nothing(len(frame))
    _assign_points(places, regions, assignment)
    _assign_polygons(places, regions, assignment)
    in_lakes = np.flatnonzero((assignment.province >= 0) & (assignment.regency < 0))
    _assign_in_lakes(places.geometries, in_lakes, regions, assignment)
    nowhere = np.flatnonzero(assignment.province < 0)
    if len(nowhere):
        outside = nowhere[np.isin(nowhere, np.concatenate([places.points, places.polygons]))]
        _assign_outside(places.geometries, outside, regions, assignment)
    return assignment.to_frame(frame.index, regions.provinces.codes, regions.regencies.codes)


def _assign_points(places: Places, regions: RegionIndex, assignment: Assignment) -> None:
    regency, province, undecided = regions.locate(places.x, places.y)
    is_all = len(places.points) == len(places.geometries)
    rows = slice(None) if is_all else places.points  # a slice is faster
    assignment.province[rows], assignment.regency[rows] = province, regency
    assignment.province_method[rows] = province >= 0  # Method.covers or Method.none
    assignment.regency_method[rows] = regency >= 0
    if len(undecided):
        at, x, y = places.points[undecided], places.x[undecided], places.y[undecided]

        def covering(layer: Layer) -> Held:
            point, region = layer.covering(x, y)
            return Held(at[point], region, np.ones(len(point)))

        _enter(covering(regions.provinces), covering(regions.regencies), regions, assignment, Method.tie)


def _assign_polygons(places: Places, regions: RegionIndex, assignment: Assignment) -> None:
    if len(places.polygons):
        polygons = places.geometries[places.polygons]

        def holding(layer: Layer) -> Held:
            polygon, region, share = shares_of_polygons(polygons, layer)
            return Held(places.polygons[polygon], region, share)

        _enter(holding(regions.provinces), holding(regions.regencies), regions, assignment, Method.area)


def _enter(
    provinces: Held, regencies: Held, regions: RegionIndex, assignment: Assignment, many: Method
) -> None:
    assignment.set_held(provinces, regencies, regions.parent, many)
    assignment.share_with(provinces, assignment.province, regions.provinces.codes)
    assignment.share_with(regencies, assignment.regency, regions.regencies.codes)


def _assign_in_lakes(
    geometries: Geometries, rows: Ints, regions: RegionIndex, assignment: Assignment
) -> None:
    """Give what lies in a province and in none of its regencies to the nearest of them."""
    for province in np.unique(assignment.province[rows]):
        here = rows[assignment.province[rows] == province]
        assignment.set_nearest(here, regions.shore_of(int(province)).nearest(geometries[here]).region)


def _assign_outside(geometries: Geometries, rows: Ints, regions: RegionIndex, assignment: Assignment) -> None:
    """Give what lies in no province to the nearest region across water."""
    nearest = regions.shore.nearest(geometries[rows], MAX_DISTANCE_DEGREES)
    near = np.flatnonzero((nearest.region >= 0) & (nearest.distance_m <= MAX_DISTANCE_M))
    rows, regency, lines = rows[near], nearest.region[near], nearest.lines[near]
    across = ~is_across_land(geometries[rows], lines, regions.outline, regions.foreign_tree)
    assignment.set_nearest(rows[across], regency[across], regions.parent[regency[across]])
