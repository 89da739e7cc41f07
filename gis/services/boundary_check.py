"""Checks of the boundary files: what a coverage, a code list and a lineage must hold."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.domain.region_shapes import Shapes, area_km2, polygons_of, shapes_of
from gis.domain.regions import level_of
from gis.errors import AtlasError, InvalidInputError
from gis.services.boundary_files import BoundarySet, read_regions

PROVINCES, REGENCIES = 38, 514
OVERLAP_TOLERANCE_DEG2 = 1e-9  # 12 m²: what rounding to 6 decimals leaves
NEIGHBOUR_TOLERANCE_DEG2 = 1e-6  # 1.2 ha along a whole land border
AREA_TOLERANCE = 1e-4  # of the stated area
#: Areas that belong to no regency, each with a point inside; a forest is among them.
LAKES = {
    "Danau Toba": (98.902, 2.611),
    "Danau Ranau": (103.904, -4.890),
    "Danau Singkarak": (100.540, -0.614),
    "Waduk Cirata": (107.284, -6.755),
    "Danau Tondano": (124.890, 1.228),
    "Waduk Kedungombo": (110.820, -7.295),
    "Waduk Duriangkang": (104.068, 1.063),
    "Hutan Gunung Ungaran": (110.364, -7.170),
    "Danau Mooat": (124.460, 0.750),
}


@dataclass(frozen=True)
class Finding:
    """Something that is not as it must be; `where` names the region, file or site."""

    rule: str
    where: str
    message: str


def check_files(directory: Path) -> list[Finding]:
    """Everything that is wrong with the files of a boundary folder; empty if nothing is.

    Parameters
    ----------
    directory : a folder such as data/boundaries
    """
    try:
        boundaries = read_regions(directory)
    except AtlasError as error:
        return [Finding("readable", str(directory), str(error))]
    # Each step stands on the one before: parents on codes, unions on a coverage.
    if findings := list(_codes(boundaries)):
        return findings
    if findings := [*_shapes(boundaries), *_lineage(boundaries)]:
        return findings
    return [*_nesting(boundaries), *_neighbours(boundaries)]


def _codes(boundaries: BoundarySet) -> Iterator[Finding]:
    provinces, regencies = boundaries.provinces, boundaries.regencies
    for frame, level, expected in ((provinces, "province", PROVINCES), (regencies, "regency", REGENCIES)):
        if frame["code"].nunique() != expected or len(frame) != expected:
            yield Finding("codes", level, f"found {frame['code'].nunique()} codes; expected {expected}")
        for code in frame["code"]:
            if _level_of(code) != level:
                yield Finding("codes", code, f"is no Kemendagri code of a {level}")
    for code, parent in zip(regencies["code"], regencies["parent_code"], strict=True):
        if parent not in set(provinces["code"]) or parent != code[:2]:
            yield Finding("codes", code, f"its province {parent} does not exist or is not {code[:2]}")
    if provinces["iso_code"].nunique() != PROVINCES:
        yield Finding("codes", "province", "ISO 3166-2 codes are missing or borne twice")


def _level_of(code: str) -> str | None:
    try:
        return level_of(code)
    except InvalidInputError:
        return None


def _shapes(boundaries: BoundarySet) -> Iterator[Finding]:
    for frame in (boundaries.provinces, boundaries.regencies):
        codes, shapes = list(frame["code"]), shapes_of(frame)
        invalid = ~shapely.is_valid(shapes)
        for code, shape in zip(np.array(codes)[invalid], shapes[invalid], strict=True):
            yield Finding("valid", code, shapely.is_valid_reason(shape))
        if invalid.any():
            continue
        for code, shape, stated in zip(codes, shapes, frame["area_km2"], strict=True):
            if not all(part.exterior.is_ccw for part in shape.geoms):
                yield Finding("winding", code, "a shell is not counter-clockwise (RFC 7946, 3.1.6)")
            if abs(area_km2(shape) - stated) > AREA_TOLERANCE * stated:
                yield Finding("area", code, f"states {stated} km²; its shape has {area_km2(shape):.3f}")
        if not shapely.coverage_is_valid(shapes):
            yield from _edges(codes, shapes)
            yield from _overlaps(codes, shapes)


def _edges(codes: Sequence[str], shapes: Shapes) -> Iterator[Finding]:
    for code, edges in zip(codes, shapely.coverage_invalid_edges(shapes), strict=True):
        if not edges.is_empty:
            at = shapely.get_coordinates(edges)[0].tolist()
            yield Finding("edges", code, f"an edge does not match that of its neighbour, at {at}")


def _overlaps(codes: Sequence[str], shapes: Shapes) -> Iterator[Finding]:
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = first < second
    areas = shapely.area(shapely.intersection(shapes[first[pairs]], shapes[second[pairs]]))
    for one, other, area in zip(first[pairs], second[pairs], areas, strict=True):
        if area > OVERLAP_TOLERANCE_DEG2:
            yield Finding("overlap", codes[one], f"overlaps {codes[other]} by {area:.3g} square degrees")


def _nesting(boundaries: BoundarySet) -> Iterator[Finding]:
    parents = np.asarray(boundaries.regencies["parent_code"])
    regencies, provinces = shapes_of(boundaries.regencies), shapes_of(boundaries.provinces)
    everything = shapely.coverage_union_all(provinces)
    for code, province in zip(boundaries.provinces["code"], provinces, strict=True):
        land = shapely.coverage_union_all(regencies[parents == code])
        if not shapely.equals_identical(shapely.normalize(land), shapely.normalize(province)):
            yield from _difference(code, province, land)
        for ring in (ring for part in province.geoms for ring in part.interiors):
            unfilled = shapely.difference(shapely.Polygon(ring), everything)
            if unfilled.area > OVERLAP_TOLERANCE_DEG2:  # else an enclave of another province
                yield Finding("gap", code, f"a hole of {area_km2(unfilled):.3f} km², at {ring.centroid.wkt}")


def _difference(code: str, province: BaseGeometry, land: BaseGeometry) -> Iterator[Finding]:
    listed = shapely.points(list(LAKES.values()))
    outside = shapely.area(shapely.difference(land, province))
    if outside > OVERLAP_TOLERANCE_DEG2:
        yield Finding("nesting", code, f"regencies reach {outside:.3g} square degrees beyond it")
    for gap in polygons_of(shapely.difference(province, land)).geoms:
        if gap.area > OVERLAP_TOLERANCE_DEG2 and not shapely.covers(gap, listed).any():
            at = shapely.point_on_surface(gap).wkt
            yield Finding("gap", code, f"{area_km2(gap):.3f} km² in no regency and no listed lake, at {at}")


def _lineage(boundaries: BoundarySet) -> Iterator[Finding]:
    lineage, regencies = boundaries.lineage, boundaries.regencies
    listed = {period.regency_code for period in lineage.all_periods()}
    for code in sorted(listed.symmetric_difference(regencies["code"])):
        yield Finding("lineage", code, "stands in one of lineage.csv and regencies.geojson only")
    for frame, since in (
        (regencies, {each.code: each for each in lineage.all_periods() if each.valid_to is None}),
        (boundaries.provinces, {each.code: each for each in lineage.vintages() if each.valid_to is None}),
    ):
        for code, stated in zip(frame["code"], frame["valid_from"], strict=True):
            expected = since[code].valid_from if code in since else None
            if (stated if isinstance(stated, date) else None) != expected:
                yield Finding("lineage", code, f"valid from {stated}; by lineage.csv from {expected}")
    for code, parent in zip(regencies["code"], regencies["parent_code"], strict=True):
        if code in listed and lineage.periods(code)[-1].province_code != parent:
            yield Finding("lineage", code, f"lies in {parent}; by lineage.csv in another province")


def _neighbours(boundaries: BoundarySet) -> Iterator[Finding]:
    land = shapely.coverage_union_all(shapes_of(boundaries.provinces))
    names, shapes = boundaries.neighbours["name"], shapes_of(boundaries.neighbours)
    for name, shape in zip(names, shapes, strict=True):
        if not shapely.is_valid(shape):
            yield Finding("valid", name, shapely.is_valid_reason(shape))
        elif (area := shapely.area(shapely.intersection(shape, land))) > NEIGHBOUR_TOLERANCE_DEG2:
            yield Finding("neighbour", name, f"overlaps Indonesia by {area:.3g} square degrees")
