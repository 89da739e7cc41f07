"""Where a synthetic site lies: on land in its regency, away from borders, or deliberately across one."""

import math
from dataclasses import dataclass

import shapely
from shapely.geometry import MultiPolygon, Polygon

from gis.errors import BoundaryError
from gis.services.demo_generator.dice import Dice

MARGIN_DEG = 0.012  # at least 1.3 km from every border; less in a town that has no such place
M_PER_DEGREE = 111_320.0
TRIES = 20_000
CELL_PER_DEGREE = 100  # 0.01° cells, as in a public release

SHAPES = {"exact": 0.62, "approximate": 0.16, "cell": 0.09, "polygon": 0.08, "regency": 0.05}


@dataclass(frozen=True)
class Location:
    """A site's geometry as it goes into sites.csv.

    Parameters
    ----------
    wkt : lon before lat, EPSG:4326; none when only the regency is known
    accuracy : exact, approximate, cell or regency
    region_codes : the regencies it claims, primary first
    """

    wkt: str | None
    accuracy: str
    region_codes: tuple[str, ...]


def locate(regency_code: str, regency: MultiPolygon, dice: Dice) -> Location:
    """Draw a place in a regency: mostly a point, sometimes a polygon, a cell, or nothing but the regency.

    Parameters
    ----------
    regency_code : Kemendagri, of today
    regency : its shape, EPSG:4326
    dice : of this site
    """
    shape = dice.weighted(SHAPES)
    if shape == "regency":
        return Location(None, "regency", (regency_code,))
    part = max(regency.geoms, key=lambda polygon: polygon.area)
    lon, lat = _inland_point(part, dice)
    if shape == "polygon":
        outline = _outline(lon, lat, dice)
        return Location(outline.wkt, "exact", (regency_code,))
    if shape == "cell":
        lon, lat = _cell_centre(lon), _cell_centre(lat)
    digits = {"exact": 5, "approximate": 2 if part.area > 0.2 else 3, "cell": 3}[shape]
    return Location(f"POINT ({lon:.{digits}f} {lat:.{digits}f})", shape, (regency_code,))


def locate_across(codes: tuple[str, str], regencies: dict[str, MultiPolygon], dice: Dice) -> Location:
    """A polygon that lies for 55 to 80 % in the first regency and for the rest in the second.

    Parameters
    ----------
    codes : two neighbours, the primary one first
    regencies : shapes by code, EPSG:4326
    dice : of this site

    Raises
    ------
    BoundaryError : the two share no border with room for it
    """
    first, second = (regencies[code] for code in codes)
    shared = sorted(_vertices(first) & _vertices(second))
    for _ in range(TRIES if shared else 0):
        lon, lat = dice.pick(shared)
        outline = _outline(lon + dice.number(-0.001, 0.001), lat + dice.number(-0.001, 0.001), dice)
        share = first.intersection(outline).area / outline.area
        rest = second.intersection(outline).area / outline.area
        if 0.55 < share < 0.8 and share + rest > 0.9999:
            return Location(outline.wkt, "exact", codes)
    raise BoundaryError(f"{codes[0]} and {codes[1]}: no place found for a site across their border")


def _inland_point(part: Polygon, dice: Dice) -> tuple[float, float]:
    west, south, east, north = part.bounds
    margin = min(MARGIN_DEG, 0.12 * math.sqrt(part.area))
    border = part.boundary
    shapely.prepare(part)
    for _ in range(TRIES):
        lon, lat = round(dice.number(west, east), 5), round(dice.number(south, north), 5)
        if shapely.contains_xy(part, lon, lat) and border.distance(shapely.Point(lon, lat)) > margin:
            return lon, lat
    raise BoundaryError(f"no point {margin:.4f}° from the border found in {part.bounds}")


def _outline(lon: float, lat: float, dice: Dice) -> Polygon:
    """A ring as if drawn by hand, 100–400 m across, counterclockwise, around a point that it holds."""
    corners = dice.whole(6, 10)
    radius_m = dice.number(70, 180)
    stretch = dice.number(0.6, 1.0)
    ring = []
    for corner in range(corners):
        angle = 2 * math.pi * (corner + dice.number(-0.25, 0.25)) / corners
        reach_m = radius_m * dice.number(0.75, 1.1)
        east_m, north_m = reach_m * math.cos(angle), reach_m * stretch * math.sin(angle)
        ring.append(
            (
                round(lon + east_m / (M_PER_DEGREE * math.cos(math.radians(lat))), 6),
                round(lat + north_m / M_PER_DEGREE, 6),
            )
        )
    return Polygon(ring)


def _cell_centre(degrees: float) -> float:
    return (math.floor(degrees * CELL_PER_DEGREE) + 0.5) / CELL_PER_DEGREE


def _vertices(geometry: MultiPolygon) -> set[tuple[float, float]]:
    return {(float(lon), float(lat)) for lon, lat in shapely.get_coordinates(geometry)}
