"""The squares into which maps are cut: WebMercatorQuad of OGC 17-083r4 (EPSG:3857, halved at each zoom)."""

import math
from dataclasses import dataclass
from functools import cached_property

from gis.domain.queries import BoundingBox
from gis.errors import NotFoundError

MAX_ZOOM = 22
#: Half of the world's width in EPSG:3857, in metres.
HALF = math.pi * 6_378_137
#: What one pixel of the standard is on paper, in metres; scale denominators rest on it.
PIXEL_M = 0.00028
WIDTH = 256


@dataclass(frozen=True)
class Tile:
    """One square: its zoom, its row from the north and its column from the west.

    A point on the edge of two squares lies in the eastern and in the southern one, so in one alone.

    Raises
    ------
    NotFoundError : there is no such square
    """

    z: int
    y: int
    x: int

    def __post_init__(self) -> None:
        if not 0 <= self.z <= MAX_ZOOM:
            raise NotFoundError(f"tile matrix {self.z}: the matrices are 0 to {MAX_ZOOM}")
        last = 2**self.z - 1
        for name, number in (("row", self.y), ("column", self.x)):
            if not 0 <= number <= last:
                raise NotFoundError(f"tile {name} {number}: those of matrix {self.z} are 0 to {last}")

    @classmethod
    def read(cls, z: str, y: str, x: str) -> "Tile":
        """A square as an address names it.

        Raises
        ------
        NotFoundError : there is no such square
        """
        parts = []
        for name, text in (("matrix", z), ("row", y), ("column", x)):
            if not (text.isascii() and text.isdigit() and len(text) <= 8):
                raise NotFoundError(f"tile {name} {text[:40]}: it is a whole number from 0")
            parts.append(int(text))
        return cls(*parts)

    @cached_property
    def square(self) -> tuple[float, float, float, float]:
        """West, south, east and north in metres of EPSG:3857."""
        # Each edge from its number, so that neighbours have the same one to the last digit.
        side = 2 * HALF / 2.0**self.z
        west, east = (column * side - HALF for column in (self.x, self.x + 1))
        north, south = (HALF - row * side for row in (self.y, self.y + 1))
        return west, south, east, north

    @cached_property
    def box(self) -> BoundingBox:
        """The square in degrees; meridians and parallels are straight in both."""
        return self._box(0)

    def box_around(self, part: float) -> BoundingBox:
        """The square and a part of its side around it, in degrees.

        Parameters
        ----------
        part : such as 1/64
        """
        return self._box(part)

    def holds(self, lon: float, lat: float) -> bool:
        """Whether a point lies in this square, and so in no other of its zoom."""
        return self.box.west <= lon < self.box.east and self.box.south < lat <= self.box.north

    def _box(self, part: float) -> BoundingBox:
        west, south, east, north = self.square
        more = part * (east - west)
        return BoundingBox(
            max(_longitude(west - more), -180),
            _latitude(south - more),
            min(_longitude(east + more), 180),
            _latitude(north + more),
        )


def intersection(one: BoundingBox, other: BoundingBox) -> BoundingBox | None:
    """What two boxes share; none where they do not meet."""
    west, south = max(one.west, other.west), max(one.south, other.south)
    east, north = min(one.east, other.east), min(one.north, other.north)
    return BoundingBox(west, south, east, north) if west <= east and south <= north else None


def cell_size(z: int) -> float:
    """Metres of EPSG:3857 that a pixel of a zoom is wide."""
    return 2 * HALF / WIDTH / 2.0**z


def scale_denominator(z: int) -> float:
    """How many times smaller a zoom draws the equator."""
    return cell_size(z) / PIXEL_M


def _longitude(x: float) -> float:
    return x / HALF * 180


def _latitude(y: float) -> float:
    return math.degrees(2 * math.atan(math.exp(y / HALF * math.pi)) - math.pi / 2)
