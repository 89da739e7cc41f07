"""Coverages: what is shared stays shared."""

import numpy as np
import pytest
import shapely

from gis.domain import region_shapes
from gis.domain.region_shapes import Detail

#: Two squares side by side, the right one with a pond at the border of both.
LEFT = shapely.Polygon([(0, 0), (1, 0), (1, 0.4), (0.9, 0.5), (1, 0.6), (1, 1), (0, 1)])
RIGHT = shapely.Polygon([(1, 0), (2, 0), (2, 1), (1, 1), (1, 0.6), (1.3, 0.5), (1, 0.4)])
PROVINCE = shapely.box(0, 0, 2, 1)


def test_a_lake_goes_to_the_regency_with_the_longest_shore() -> None:
    left, right = region_shapes.with_lakes(np.array([LEFT, RIGHT]), np.array([PROVINCE]), [0, 0])
    assert left.area == pytest.approx(LEFT.area)
    assert left.area + right.area == pytest.approx(PROVINCE.area)
    assert shapely.coverage_is_valid([left, right])


def test_without_lakes_nothing_changes() -> None:
    halves = np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)])
    assert shapely.equals_exact(region_shapes.with_lakes(halves, np.array([PROVINCE]), [0, 0]), halves).all()


def test_unions_are_multipolygons_without_inner_edges() -> None:
    halves = np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), shapely.box(2, 0, 3, 1)])
    one, other = region_shapes.merged(halves, [[0, 1], [2]])
    assert one.geom_type == "MultiPolygon"
    assert one.equals(PROVINCE)
    assert other.equals(halves[2])


def wavy_pair() -> np.ndarray:
    y = np.linspace(0, 10, 400)
    border = np.column_stack([5 + 0.02 * np.sin(y * 9), y])
    left = shapely.Polygon([(0, 0), *border, (0, 10)])
    right = shapely.Polygon([(10, 0), (10, 10), *border[::-1]])
    islet = shapely.box(12, 0, 12.01, 0.01)
    return np.array([shapely.MultiPolygon([left]), shapely.MultiPolygon([right, islet])])


def test_simplified_neighbours_still_share_their_border() -> None:
    detail = Detail(tolerance_deg=0.1, decimals=3, smallest_part_deg2=0.0)
    fewer = region_shapes.simplified(wavy_pair(), detail)
    assert shapely.get_num_coordinates(fewer).sum() < 100
    assert shapely.coverage_is_valid(fewer)
    assert shapely.is_valid(fewer).all()
    assert shapely.union_all(fewer).area == pytest.approx(100.0001, abs=1e-3)
    assert all(part.exterior.is_ccw for shape in fewer for part in shape.geoms)


def test_islets_are_left_out_but_never_a_region() -> None:
    detail = Detail(tolerance_deg=0.1, decimals=3, smallest_part_deg2=1000.0)
    fewer = region_shapes.simplified(wavy_pair(), detail)
    assert [len(shape.geoms) for shape in fewer] == [1, 1]


def test_a_label_lies_inside_the_largest_part() -> None:
    horseshoe = shapely.Polygon([(0, 0), (4, 0), (4, 3), (3, 3), (3, 1), (1, 1), (1, 3), (0, 3)])
    shape = shapely.MultiPolygon([horseshoe, shapely.box(1.8, 1.8, 2.2, 2.2)])
    point = region_shapes.label_point(shape, shape)
    assert horseshoe.contains(point)
    assert not horseshoe.contains(horseshoe.centroid)


def test_a_label_is_inside_even_if_the_outline_is_off() -> None:
    shape = shapely.MultiPolygon([shapely.box(0, 0, 1, 1)])
    assert shape.contains(region_shapes.label_point(shape, shapely.MultiPolygon([shapely.box(5, 5, 6, 6)])))


def test_areas_are_geodesic_and_independent_of_winding() -> None:
    cell = shapely.box(117, 0, 118, 1)  # one degree at the equator: 110.57 km by 111.32 km
    assert region_shapes.area_km2(cell) == pytest.approx(12_308.8, abs=0.5)
    assert region_shapes.area_km2(cell.reverse()) == region_shapes.area_km2(cell)
