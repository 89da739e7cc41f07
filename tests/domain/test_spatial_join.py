"""The rule of the join on frames: hard cases, exactness against plain point-in-polygon tests, checks."""

from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.config import PROJECT_DIRECTORY
from gis.domain.grid_index import RegionIndex
from gis.domain.spatial_join import assign_regions
from gis.errors import BoundaryError, CrsMismatchError, InvalidInputError
from gis.services.boundaries import BoundarySet, read_regions
from tests.hard_cases import CASES, HardCase


@cache
def boundaries() -> BoundarySet:
    return read_regions(PROJECT_DIRECTORY / "data" / "boundaries")


@cache
def index() -> RegionIndex:
    found = boundaries()
    return RegionIndex.build(found.provinces, found.regencies, found.neighbours)


def points(x: object, y: object, crs: str = "EPSG:4326") -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y), crs=crs)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_hard_case(case: HardCase) -> None:
    frame = gpd.GeoDataFrame(geometry=[case.shape()], crs=case.srid)
    if "error" in case.expected:
        with pytest.raises(InvalidInputError, match="row 1, geometry") as raised:
            assign_regions(frame, index())
        assert type(raised.value).__name__ == case.expected["error"]
        return
    row = assign_regions(frame, index()).iloc[0]
    found = {name: None if isinstance(value, float) else value for name, value in row.items()}
    assert found == {**case.expected, "shared_with": tuple(case.expected["shared_with"])}


def test_all_hard_cases_in_one_frame_keep_rows_and_index() -> None:
    good = [case for case in CASES if "error" not in case.expected and case.srid == 4326]
    frame = gpd.GeoDataFrame(
        geometry=[case.shape() for case in good], crs=4326, index=[f"row {n}" for n in range(len(good))]
    )
    joined = assign_regions(frame, index())
    assert joined.index.equals(frame.index)
    codes = joined["regency_code"].astype(object).where(joined["regency_code"].notna(), None)
    assert codes.tolist() == [case.expected["regency_code"] for case in good]


# --- exactness -------------------------------------------------------------------------------------------


def brute_force(x: np.ndarray, y: np.ndarray) -> pd.DataFrame:
    """The lowest code among all regions that cover each point, without any index of ours.

    The regency is one of the point's province: on the Lampung shore of Danau Ranau, which lies in Sumatera
    Selatan, a point is on the border of both provinces and of Lampung's regency alone.
    """
    tree = shapely.STRtree(shapely.points(x, y))
    provinces, regencies = boundaries().provinces, boundaries().regencies
    region, point = tree.query(provinces.geometry.to_numpy(), predicate="covers")
    lowest = pd.Series(provinces["code"].to_numpy()[region]).groupby(point).min().reindex(range(len(x)))
    region, point = tree.query(regencies.geometry.to_numpy(), predicate="covers")
    inside = regencies["parent_code"].to_numpy()[region] == lowest.to_numpy()[point]
    nested = pd.Series(regencies["code"].to_numpy()[region[inside]]).groupby(point[inside]).min()
    return pd.DataFrame({"province_code": lowest, "regency_code": nested.reindex(range(len(x)))})


def assert_same_as_brute_force(x: np.ndarray, y: np.ndarray) -> None:
    joined = assign_regions(points(x, y), index())
    expected = brute_force(x, y)
    in_regency = expected["regency_code"].notna()
    for name in ("province_code", "regency_code"):
        wanted = expected.loc[in_regency, name].astype(object)
        pd.testing.assert_series_equal(joined.loc[in_regency, name].astype(object), wanted)
    is_covered = joined["regency_join_method"].isin(["covers", "tie"])
    assert is_covered.to_numpy().tolist() == in_regency.tolist()
    in_province = joined["province_join_method"].isin(["covers", "tie"])
    assert in_province.tolist() == expected["province_code"].notna().tolist()


@cache
def vertices() -> np.ndarray:
    return shapely.get_coordinates(boundaries().regencies.geometry.to_numpy())


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), reach=st.sampled_from([0.0, 1e-15, 1e-12, 1e-9, 1e-6, 1e-3, 0.02]))
def test_points_at_and_near_vertices_are_as_by_brute_force(seed: int, reach: float) -> None:
    random = np.random.default_rng(seed)
    near = vertices()[random.integers(0, len(vertices()), 300)] + random.uniform(-reach, reach, (300, 2))
    assert_same_as_brute_force(*near.T)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), offset=st.sampled_from([0.0, 1e-16, 1e-14, 1e-11, 1e-7]))
def test_points_on_and_beside_borders_are_as_by_brute_force(seed: int, offset: float) -> None:
    random = np.random.default_rng(seed)
    start = random.integers(0, len(vertices()) - 1, 300)
    along = random.uniform(0, 1, (300, 1))
    on_border = vertices()[start] * (1 - along) + vertices()[start + 1] * along
    assert_same_as_brute_force(*(on_border + random.normal(0, offset, (300, 2))).T)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_points_anywhere_on_cell_edges_are_as_by_brute_force(seed: int) -> None:
    random = np.random.default_rng(seed)
    x, y = np.round(random.uniform(95, 141, 2000), 2), random.uniform(-11, 6, 2000)
    assert_same_as_brute_force(x, np.where(random.random(2000) < 0.5, np.round(y, 2), y))


def test_overlapping_regions_are_a_tie_in_the_overlap_and_nowhere_else() -> None:
    left, right = shapely.box(110, -8, 112, -6), shapely.box(111, -8, 113, -6)
    provinces = gpd.GeoDataFrame({"code": ["33"]}, geometry=[left.union(right)], crs=4326)
    regencies = gpd.GeoDataFrame(
        {"code": ["33.01", "33.02"], "parent_code": "33"}, geometry=[left, right], crs=4326
    )
    abroad = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1)], crs=4326)
    joined = assign_regions(
        points([110.5, 111.5, 112.5], [-7, -7, -7]), RegionIndex.build(provinces, regencies, abroad)
    )
    assert joined["regency_code"].tolist() == ["33.01", "33.01", "33.02"]
    assert joined["regency_join_method"].tolist() == ["covers", "tie", "covers"]
    assert joined["shared_with"].tolist() == [(), ("33.02",), ()]


def test_regencies_add_up_to_their_province() -> None:
    random = np.random.default_rng(7)
    corners = vertices()[random.integers(0, len(vertices()), 200)]
    frame = gpd.GeoDataFrame(geometry=shapely.buffer(shapely.points(corners), 0.02), crs=4326)
    joined = assign_regions(frame, index())
    known = joined.dropna(subset=["province_code"])
    assert len(known) > 150
    assert (known["regency_code"].astype(str).str[:2] == known["province_code"].astype(str)).all()


# --- checks ----------------------------------------------------------------------------------------------


def test_a_frame_without_crs_is_refused() -> None:
    frame = gpd.GeoDataFrame(geometry=gpd.points_from_xy([117.0], [-0.5]))
    with pytest.raises(CrsMismatchError, match="state"):
        assign_regions(frame, index())


def test_a_bad_row_is_named_by_its_number_in_the_file() -> None:
    with pytest.raises(InvalidInputError, match=r"row 1003, geometry.*swapped"):
        assign_regions(points([117, 117, -0.5], [-0.5, -0.5, 117]), index(), first_row=1001)


def test_a_large_invalid_polygon_is_refused_before_it_takes_all_memory() -> None:
    ring = np.random.default_rng(0).uniform((110, -8), (111, -7), (5000, 2))
    frame = gpd.GeoDataFrame(geometry=[shapely.Point(110, -7), shapely.Polygon(ring)], crs=4326)
    with pytest.raises(InvalidInputError, match=r"row 2, geometry.*Self-intersection"):
        assign_regions(frame, index())


def test_an_empty_frame_gives_an_empty_frame() -> None:
    joined = assign_regions(points([], []), index())
    assert joined.columns.tolist() == [
        "province_code", "regency_code", "province_join_method", "regency_join_method", "shared_with",
    ]  # fmt: skip
    assert len(joined) == 0


def test_a_regency_of_an_unknown_province_is_refused() -> None:
    found = boundaries()
    with pytest.raises(BoundaryError, match="parent_code 11"):
        RegionIndex.build(found.provinces.iloc[1:], found.regencies, found.neighbours)
