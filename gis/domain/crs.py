"""The coordinate reference systems in which features are asked for and answered (OGC API – Features Part 2).

Everything is stored in EPSG:4326 with longitude first, as GeoJSON and PostGIS have it, which is CRS84.
"""

import re
from dataclasses import dataclass

from pyproj import Transformer

from gis.domain.queries import BoundingBox
from gis.errors import InvalidInputError

#: A number of a box, with as many decimals as programs write of a double: 0.4476883155796766 has 16.
NUMBER = re.compile(r"[+-]?\d{1,9}(\.\d{1,30})?([eE][+-]?\d{1,3})?", re.ASCII)
_MERCATOR_LIMIT_M = 20_037_508.3427892


@dataclass(frozen=True)
class Crs:
    """A coordinate reference system.

    Parameters
    ----------
    uri : by which it is asked for
    name : for people
    srid : of the coordinates in PostGIS
    flips : its first axis is latitude
    decimals : with which its coordinates are written; about a centimetre
    """

    uri: str
    name: str
    srid: int
    flips: bool
    decimals: int


CRS84 = Crs("http://www.opengis.net/def/crs/OGC/1.3/CRS84", "WGS 84, longitude first", 4326, False, 7)
EPSG_4326 = Crs("http://www.opengis.net/def/crs/EPSG/0/4326", "WGS 84, latitude first", 4326, True, 7)
EPSG_3857 = Crs("http://www.opengis.net/def/crs/EPSG/0/3857", "Web Mercator, metres", 3857, False, 2)
# Indonesia's own, which the law on maps asks for. Its frame is ITRF2008, and WGS 84's realisations lie within
# decimetres of it: taken as the same. (EPSG has no way from one to the other but by DGN95, known to 1.2 m.)
EPSG_9470 = Crs("http://www.opengis.net/def/crs/EPSG/0/9470", "SRGI2013, latitude first", 4326, True, 7)
#: In the order in which collections list them; the first is the default and the one that is stored.
CRSS = (CRS84, EPSG_4326, EPSG_3857, EPSG_9470)
_BY_NAME = {
    **{crs.uri: crs for crs in CRSS},
    **{f"[{crs.uri}]": crs for crs in CRSS},  # the safe CURIE that some clients send
}


def get_crs(uri: str, parameter: str = "crs") -> Crs:
    """The system of a URI.

    Parameters
    ----------
    uri : as it was asked for
    parameter : that holds it, for the message

    Raises
    ------
    InvalidInputError : features are not offered in it (Part 2, 7.2 requirement 8: status 400)
    """
    found = _BY_NAME.get(uri)
    if found is None:
        raise InvalidInputError(parameter, uri, "one of " + ", ".join(crs.uri for crs in CRSS))
    return found


def read_boxes(text: str, crs: Crs) -> tuple[BoundingBox, ...]:
    """The boxes that a `bbox` parameter means: one, or two where it crosses the antimeridian.

    Parameters
    ----------
    text : four numbers in the axis order of the system, or six with heights, which count for nothing
    crs : of the numbers

    Raises
    ------
    InvalidInputError : it is not a box, or lies outside of the world
    """
    allowed = "four numbers: west,south,east,north in degrees, or in the axes of bbox-crs"
    parts = text.split(",")
    if len(parts) not in (4, 6) or not all(NUMBER.fullmatch(part) for part in parts):
        raise InvalidInputError("bbox", text, allowed)
    numbers = [float(part) for part in parts]
    if len(numbers) == 6:
        numbers = [*numbers[:2], *numbers[3:5]]
    first, second, third, fourth = numbers
    west, south, east, north = (second, first, fourth, third) if crs.flips else (first, second, third, fourth)
    if crs is EPSG_3857:
        if max(map(abs, numbers)) > 2 * _MERCATOR_LIMIT_M:
            raise InvalidInputError("bbox", text, "metres of EPSG:3857")
        west, south = _unprojected(west, south)
        east, north = _unprojected(east, north)
    if west > east:  # Features core, 7.15.3: such a box crosses the antimeridian
        return (BoundingBox(west, south, 180, north), BoundingBox(-180, south, east, north))
    return (BoundingBox(west, south, east, north),)


def _unprojected(x_m: float, y_m: float) -> tuple[float, float]:
    bound = _MERCATOR_LIMIT_M
    to_degrees = Transformer.from_crs(3857, 4326, always_xy=True)
    lon, lat = to_degrees.transform(max(-bound, min(bound, x_m)), max(-bound, min(bound, y_m)))
    return float(lon), float(lat)
