"""One gapless coverage of regencies out of two sources, and the provinces that it makes."""

from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.domain.region_shapes import Shapes, polygons_of
from gis.errors import BoundaryError
from gis.services.boundary_build.features import DECIMALS
from gis.services.boundary_build.outlines import Outlines

SNAPPING_DEG = 0.0002  # 20 m
GAP_WIDTH_DEG = 0.01  # 1 km: gaps up to this go to the neighbour with the longest border


def regencies_and_lakes(
    finer: Outlines, wider: Outlines
) -> tuple[dict[str, BaseGeometry], list[BaseGeometry]]:
    """Regencies that meet without gaps and overlaps, and the areas between them that belong to none.

    Parameters
    ----------
    finer : whose borders win where it has any
    wider : which fills coast and islands

    Returns
    -------
    Multipolygons by Kemendagri's code, sorted, rounded to `features.DECIMALS`; polygons of lakes.

    Raises
    ------
    BoundaryError : the result is no valid coverage
    """
    codes = sorted(wider.regencies)
    land = shapely.union_all([*finer.regencies.values(), *finer.in_none])
    beyond = {code: shapely.difference(shape, land) for code, shape in wider.regencies.items()}
    members = [shapely.union(finer.regencies.get(code, shapely.Polygon()), beyond[code]) for code in codes]
    raw = np.array([polygons_of(shape) for shape in [*members, *finer.in_none]])
    clean = shapely.coverage_clean(  # type: ignore[attr-defined]  # newer than the stubs
        raw, snapping_distance=SNAPPING_DEG, gap_width=GAP_WIDTH_DEG
    )
    rounded = shapely.transform(clean, lambda points: np.round(points, DECIMALS))
    _require_coverage(rounded, "regencies")
    lakes = shapely.get_parts(rounded[len(codes) :])
    return {code: polygons_of(shape) for code, shape in zip(codes, rounded, strict=False)}, list(lakes)


def provinces(
    regencies: Mapping[str, BaseGeometry], lakes: Sequence[BaseGeometry]
) -> dict[str, BaseGeometry]:
    """Unions of regencies, without holes but for other provinces.

    Parameters
    ----------
    regencies : a valid coverage, by Kemendagri's code
    lakes : polygons between them; each goes whole to the province of the regency with the longest shore

    Raises
    ------
    BoundaryError : the result is no valid coverage
    """
    members: dict[str, list[BaseGeometry]] = {}
    for code, shape in regencies.items():
        members.setdefault(code[:2], []).append(shape)
    for lake in lakes:
        members[_host(regencies, lake)[:2]].append(lake)
    made = {code: shapely.coverage_union_all(shapes) for code, shapes in sorted(members.items())}
    filled = {code: _without_holes(shape, made, code) for code, shape in made.items()}
    _require_coverage(np.array(list(filled.values())), "provinces")
    return filled


def _host(regencies: Mapping[str, BaseGeometry], lake: BaseGeometry) -> str:
    shores = shapely.length(shapely.intersection(lake.boundary, np.array(list(regencies.values()))))
    return list(regencies)[int(np.argmax(shores))]


def _without_holes(shape: BaseGeometry, everything: Mapping[str, BaseGeometry], code: str) -> BaseGeometry:
    others = shapely.get_parts([other for name, other in everything.items() if name != code])
    parts = []
    for part in polygons_of(shape).geoms:
        enclaves = [ring for ring in part.interiors if shapely.contains(shapely.Polygon(ring), others).any()]
        parts.append(shapely.Polygon(part.exterior, enclaves))
    return polygons_of(shapely.union_all(parts))  # an islet in a lake is part of what filled the lake


def _require_coverage(shapes: Shapes, what: str) -> None:
    if not shapely.is_valid(shapes).all() or not shapely.coverage_is_valid(shapes):
        raise BoundaryError(f"{what}: overlaps, gaps or invalid shapes are left after cleaning")
