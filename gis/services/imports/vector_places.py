"""Geometries as the register keeps them: EPSG:4326, flat, within the world, valid; or the reason why not.

Repair happens here and nowhere else: this runs in the reading process, which may die of it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from gis.services.imports.limits import Limits
from gis.services.imports.raw_table import Cell, RawRow
from gis.services.imports.refusals import Problem, refusal

_BATCH = 4096
_POINT, _POLYGON, _MULTIPOINT, _MULTIPOLYGON, _COLLECTION = 0, 3, 4, 6, 7
_ALLOWED = (_POINT, _POLYGON, _MULTIPOLYGON)
Geometries = npt.NDArray[Any]


class Feature(NamedTuple):
    """One feature as its format has it; `broken` says that a geometry is there and cannot be read."""

    cells: tuple[Cell, ...]
    geometry: BaseGeometry | None
    broken: str | None = None


@dataclass
class _Batch:
    geometries: Geometries
    problems: dict[int, Problem] = field(default_factory=dict)
    repaired: set[int] = field(default_factory=set)

    def refuse(self, place: int, code: str, found: object, **details: str | int) -> None:
        """Mark a geometry, which stays as it is, for a person to see."""
        self.problems[place] = Problem("geometry", found, code, details)

    def drop(self, place: int, code: str, found: object, **details: str | int) -> None:
        """Mark a geometry that nothing may look at any more."""
        self.refuse(place, code, found, **details)
        self.geometries[place] = None


class Places:
    """Brings geometries to EPSG:4326, batch by batch.

    Parameters
    ----------
    crs : that they are in
    stated : the caller's words for it, where the file says nothing: then it has to be plausible
    limits : of vertices
    """

    def __init__(self, crs: pyproj.CRS, stated: str | None, limits: Limits) -> None:
        self._stated, self._limits, self._is_projected = stated, limits, crs.is_projected
        same = crs.equals("EPSG:4326", ignore_axis_order=True)
        self._transformer = None if same else pyproj.Transformer.from_crs(crs, 4326, always_xy=True)
        self._vertices = 0

    def rows(self, features: Iterable[Feature]) -> Iterator[RawRow]:
        """A row a feature, numbered from 1.

        Raises
        ------
        ImportRefusedError : too many vertices in all, or not the reference system that the caller stated
        """
        iterator, number = iter(features), 1
        while part := list(islice(iterator, _BATCH)):
            batch = self._brought(part)
            blobs = shapely.to_wkb(batch.geometries, output_dimension=2)
            for place, feature in enumerate(part):
                problem = batch.problems.get(place)
                repaired = place in batch.repaired and problem is None
                yield RawRow(
                    number,
                    feature.cells,
                    blobs[place],
                    () if problem is None else (problem,),
                    (Problem("geometry", "", "geometry_repaired"),) if repaired else (),
                )
                number += 1

    def _brought(self, part: list[Feature]) -> _Batch:
        batch = _Batch(np.array([each.geometry for each in part], dtype=object))
        for place, each in enumerate(part):
            if each.broken is not None:
                batch.drop(place, "geometry_broken", each.broken)
        # First of all: what follows costs more the more vertices there are.
        self._refuse_large(batch)
        _keep_plain_types(batch)
        self._refuse_implausible(batch.geometries)
        batch.geometries = shapely.force_2d(batch.geometries)
        _refuse_not_finite(batch)
        if self._transformer is not None:
            batch.geometries = shapely.transform(
                batch.geometries,
                self._transformer.transform,  # type: ignore[arg-type]  # of many forms, one of which fits
                interleaved=False,
            )
            _refuse_not_finite(batch)
        self._refuse_outside(batch)
        _repair(batch)
        return batch

    def _refuse_large(self, batch: _Batch) -> None:
        counts = shapely.get_num_coordinates(batch.geometries)
        self._vertices += int(counts.sum())
        if self._vertices > self._limits.all_vertices:
            raise refusal("too_many_vertices", limit=self._limits.all_vertices)
        for place in np.flatnonzero(counts > self._limits.vertices).tolist():
            batch.drop(place, "geometry_vertices", int(counts[place]), limit=self._limits.vertices)

    def _refuse_implausible(self, geometries: Geometries) -> None:
        """Degrees that somebody calls metres: the other way round is seen as outside of the world."""
        if self._stated is None or not self._is_projected:
            return
        west, south, east, north = shapely.total_bounds(geometries)
        if west >= -180 and south >= -90 and east <= 180 and north <= 90:
            raise refusal("crs_implausible", stated=self._stated)

    def _refuse_outside(self, batch: _Batch) -> None:
        west, south, east, north = shapely.bounds(batch.geometries).T
        outside = (west < -180) | (south < -90) | (east > 180) | (north > 90)
        for place in np.flatnonzero(outside).tolist():
            if self._stated is not None:
                raise refusal("crs_implausible", stated=self._stated)
            batch.refuse(place, "geometry_outside", f"{west[place]:.6g} {south[place]:.6g}")


def _keep_plain_types(batch: _Batch) -> None:
    """Points, polygons and multipolygons; a multipoint or collection of one is that one; no empty ones."""
    types = shapely.get_type_id(batch.geometries)
    single = np.isin(types, (_MULTIPOINT, _COLLECTION)) & (shapely.get_num_geometries(batch.geometries) == 1)
    batch.geometries = np.where(single, shapely.get_geometry(batch.geometries, 0), batch.geometries)
    batch.geometries[shapely.is_empty(batch.geometries)] = None
    types = shapely.get_type_id(batch.geometries)
    for place in np.flatnonzero((types >= 0) & ~np.isin(types, _ALLOWED)).tolist():
        batch.refuse(place, "geometry_type", batch.geometries[place].geom_type)


def _refuse_not_finite(batch: _Batch) -> None:
    coordinates, places = shapely.get_coordinates(batch.geometries, return_index=True)
    for place in np.unique(places[~np.isfinite(coordinates).all(axis=1)]).tolist():
        batch.drop(place, "geometry_outside", "NaN or infinity")


def _repair(batch: _Batch) -> None:
    invalid = ~shapely.is_valid(batch.geometries) & ~shapely.is_missing(batch.geometries)
    for place in np.flatnonzero(invalid).tolist():
        if place in batch.problems:
            continue
        mended = shapely.make_valid(batch.geometries[place], method="structure", keep_collapsed=False)
        if mended.geom_type not in {"Polygon", "MultiPolygon"} or mended.is_empty or not mended.is_valid:
            batch.refuse(place, "geometry_invalid", batch.geometries[place].geom_type)
        else:
            batch.geometries[place] = mended
            batch.repaired.add(place)
