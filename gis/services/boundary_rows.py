"""Makes the rows of all vintages from the boundary files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import shapely

from gis.database.regions import RegionRow
from gis.domain import region_shapes
from gis.domain.region_shapes import MAP, OVERVIEW, Shapes, shapes_of
from gis.domain.regions import Lineage, ProvinceVintage
from gis.services.boundary_files import BoundarySet


@dataclass(frozen=True)
class Outlines:
    """The shapes of regions in three details, position by position."""

    full: Shapes
    map: Shapes
    overview: Shapes

    def merged(self, groups: Sequence[Sequence[int]]) -> "Outlines":
        """The same for unions of regions; edges that two unions share stay shared."""
        return Outlines(
            *(region_shapes.merged(each, groups) for each in (self.full, self.map, self.overview))
        )


def region_rows(boundaries: BoundarySet) -> list[RegionRow]:
    """The rows of all provinces, a row a vintage, and of all regencies, a row a period.

    Parameters
    ----------
    boundaries : as `read_regions` gives it
    """
    return [*_province_rows(boundaries), *_regency_rows(boundaries)]


def neighbour_rows(boundaries: BoundarySet) -> list[tuple[str, str]]:
    """Foreign land as (name, hexadecimal EWKB)."""
    frame = boundaries.neighbours
    return [(name, _ewkb(geometry)) for name, geometry in zip(frame["name"], frame.geometry, strict=True)]


def _regency_rows(boundaries: BoundarySet) -> Iterator[RegionRow]:
    frame = boundaries.regencies
    outlines = _outlines(shapes_of(frame))
    for number, code in enumerate(frame["code"]):
        today = _row(frame.iloc[number], outlines, number)
        for period in boundaries.lineage.periods(code):
            yield today._replace(
                code=period.code,
                parent_code=period.province_code,
                valid_from=period.valid_from,
                valid_to=period.valid_to,
            )


def _province_rows(boundaries: BoundarySet) -> Iterator[RegionRow]:
    frame = boundaries.provinces.set_index("code", drop=False)
    position = {code: number for number, code in enumerate(frame.index)}
    today = _outlines(shapes_of(frame))
    vintages = boundaries.lineage.vintages()
    earlier = [vintage for vintage in vintages if vintage.valid_to is not None]
    before = _earlier_outlines(boundaries, earlier)
    for vintage in vintages:
        if vintage.valid_to is None:
            row = _row(frame.loc[vintage.code], today, position[vintage.code])
        else:
            row = _row(frame.loc[vintage.code], before, earlier.index(vintage))
        yield row._replace(valid_from=vintage.valid_from, valid_to=vintage.valid_to)


def _earlier_outlines(boundaries: BoundarySet, earlier: Sequence[ProvinceVintage]) -> Outlines:
    # Regencies that always shared a province make one block. Blocks are simplified together, so vintages are
    # unions of them that share their edges with one another and with today's provinces, which are blocks too.
    codes = list(boundaries.regencies["code"])
    provinces = list(boundaries.provinces["code"])
    province_of = [provinces.index(code) for code in boundaries.regencies["parent_code"]]
    filled = region_shapes.with_lakes(
        shapes_of(boundaries.regencies), shapes_of(boundaries.provinces), province_of
    )
    blocks = _blocks(boundaries.lineage, codes)
    outlines = _outlines(region_shapes.merged(filled, blocks))
    groups = [
        [number for number, block in enumerate(blocks) if codes[block[0]] in vintage.regency_codes]
        for vintage in earlier
    ]
    return outlines.merged(groups)


def _blocks(lineage: Lineage, codes: Sequence[str]) -> list[list[int]]:
    days = [date.min, *lineage.change_dates()]
    blocks: dict[tuple[str, ...], list[int]] = {}
    for number, code in enumerate(codes):
        blocks.setdefault(tuple(lineage.province_of(code, day) for day in days), []).append(number)
    return [blocks[key] for key in sorted(blocks)]


def _outlines(shapes: Shapes) -> Outlines:
    wound = np.asarray(shapely.orient_polygons(shapes))
    return Outlines(wound, region_shapes.simplified(wound, MAP), region_shapes.simplified(wound, OVERVIEW))


def _row(described: "pd.Series[Any]", outlines: Outlines, number: int) -> RegionRow:
    full, coarse, coarsest = (
        shapely.orient_polygons(each[number]) for each in (outlines.full, outlines.map, outlines.overview)
    )
    texts = {
        name: described[name] if isinstance(described[name], str) else None
        for name in ("parent_code", "iso_code", "bps_code")
    }
    return RegionRow(
        level=described["level"],
        code=described["code"],
        code_today=described["code"],
        name=described["name"],
        kind=described["kind"],
        **texts,
        valid_from=None,
        valid_to=None,
        area_km2=round(region_shapes.area_km2(full), 3),
        label_point=_ewkb(region_shapes.label_point(full, coarse)),
        geom=_ewkb(full),
        geom_map=_ewkb(coarse),
        geom_overview=_ewkb(coarsest),
    )


def _ewkb(geometry: shapely.Geometry) -> str:
    return shapely.to_wkb(shapely.set_srid(geometry, 4326), hex=True, include_srid=True)
