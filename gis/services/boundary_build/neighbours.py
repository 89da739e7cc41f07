"""Foreign land near Indonesia, fitted to our own land borders."""

from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from gis.domain.region_shapes import polygons_of
from gis.services.boundary_build.features import DECIMALS, Feature
from gis.services.boundary_build.topojson import decode

WINDOW = (90.0, -15.0, 146.0, 13.0)  # west, south, east, north in degrees: all that a map of Indonesia shows
#: Natural Earth's inland borders stray up to 2 km from ours; a gap of twice the 5 km rule's reach is closed.
GAP_WIDTH_DEG = 0.09
#: Parts below this are slivers of the fit (about 1 ha).
SMALLEST_PART_DEG2 = 1e-6
INDONESIA = "Indonesia"


def neighbours(countries: dict[str, Any], indonesia: BaseGeometry) -> list[Feature]:
    """Foreign land within the window, by name, that neither overlaps our land nor leaves a gap beside it.

    The join lets "nearest" hold only across water (design, decision 2), so a point just beyond a land border
    must lie on foreign land: what Natural Earth counts as Indonesia and we do not goes to its neighbour.

    Parameters
    ----------
    countries : world-atlas' countries-10m.json, parsed
    indonesia : the union of all regions of today, in degrees, CRS84
    """
    land = dict(_land(countries))
    stray = polygons_of(shapely.difference(land.pop(INDONESIA), indonesia))
    found: list[Feature] = []
    for name in sorted(land):
        fitted = _fit(land[name], stray, indonesia)
        if not fitted.is_empty:
            found.append(({"name": name}, fitted))
    return found


def _land(countries: dict[str, Any]) -> list[tuple[str, BaseGeometry]]:
    window = shapely.box(*WINDOW)
    clipped = [
        (str(properties["name"]), polygons_of(shapely.intersection(geometry, window)))
        for properties, geometry in decode(countries, "countries")
        if geometry.intersects(window)
    ]
    return [(name, geometry) for name, geometry in clipped if not geometry.is_empty]


def _fit(foreign: BaseGeometry, stray: BaseGeometry, indonesia: BaseGeometry) -> shapely.MultiPolygon:
    border = shapely.buffer(foreign, GAP_WIDTH_DEG)
    parts = shapely.get_parts(shapely.intersection(stray, border))
    beside = parts[shapely.intersects(parts, foreign)]
    whole = shapely.difference(shapely.union_all([foreign, *beside]), indonesia)
    rounded = polygons_of(shapely.set_precision(whole, 10.0**-DECIMALS))
    return shapely.MultiPolygon([part for part in rounded.geoms if part.area > SMALLEST_PART_DEG2])
