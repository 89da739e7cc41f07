"""The nearest region of a place, by geodesic distance, and where "nearest" does not hold."""

from dataclasses import dataclass

import numpy as np
import shapely
from pyproj import Geod

from gis.domain.borders import Bools, Floats, Geometries, Ints, ring_segments

WGS84 = Geod(ellps="WGS84")
MAX_DISTANCE_M = 5_000.0
# 5 km as a difference of longitude at 12° north or south, farther than Indonesia reaches; as one of latitude
# it is less.
MAX_DISTANCE_DEGREES = 0.0461
# Foreign land is good to 1–2 km: a border that lies this near to it is a land border.
LAND_BORDER_DEGREES = 0.018
# Distances are compared as whole millimetres, so that a shared vertex is equally far in both its regions.
DISTANCE_DECIMALS = 3
BUFFER_QUADRANT_SEGMENTS = 8


@dataclass(frozen=True)
class Nearest:
    """The nearest region of each place.

    Parameters
    ----------
    region : (n,) position of the region, -1 for none
    distance_m : (n,) geodesic
    lines : (n,) the shortest line, degrees; None where there is none
    """

    region: Ints
    distance_m: Floats
    lines: Geometries


@dataclass(frozen=True)
class Shore:
    """Border segments and whose they are.

    Parameters
    ----------
    segments : (n,) two-point lines, degrees
    owner : (n,) the region of each
    tree : over `segments`
    """

    segments: Geometries
    owner: Ints
    tree: shapely.STRtree

    @classmethod
    def of_regions(cls, regions: Geometries, owners: Ints) -> "Shore":
        """The borders of polygons; `owners` says for each which region it is."""
        ends, region = ring_segments(regions)
        segments = np.asarray(shapely.linestrings(ends.reshape(-1, 2, 2)))
        return cls(segments, owners[region], shapely.STRtree(segments))

    def nearest(self, places: Geometries, max_degrees: float | None = None) -> Nearest:
        """The region whose border is nearest to each place, the lowest one of several as near.

        Parameters
        ----------
        places : (n,) points or polygons in no region, EPSG:4326
        max_degrees : how far to look; None: however far

        Returns
        -------
        Distances are geodesic between the two ends of the shortest line, which is found in a plane whose
        longitudes are shortened as at the place: true to a few parts in ten thousand of its position.
        """
        (found, _), reach = self.tree.query_nearest(
            places, max_distance=max_degrees, return_distance=True, all_matches=False
        )
        # Shortened longitudes can bring nearer by 1 / cos(12°), 2.3 %, what is farther in degrees.
        index, segment = self.tree.query(places[found], predicate="dwithin", distance=reach * 1.03 + 1e-9)
        place = found[index]
        lines = _shortest_lines(places[place], self.segments[segment])
        start, end = shapely.get_coordinates(lines).reshape(-1, 2, 2).transpose(1, 2, 0)
        distance_m = np.round(WGS84.inv(*start, *end)[2], DISTANCE_DECIMALS)
        order = np.lexsort([self.owner[segment], distance_m, place])
        best = order[np.flatnonzero(np.append(True, np.diff(place[order]) > 0))[: len(order)]]
        result = Nearest(
            np.full(len(places), -1), np.full(len(places), np.inf), np.full(len(places), None, dtype=object)
        )
        result.region[place[best]] = self.owner[segment[best]]
        result.distance_m[place[best]] = distance_m[best]
        result.lines[place[best]] = lines[best]
        return result


def is_across_land(places: Geometries, lines: Geometries, outline: Shore, foreign: shapely.STRtree) -> Bools:
    """Whether the way to the nearest region leads over foreign land, or a land border is within 5 km.

    A border counts as a land border where foreign land is within 2 km of it, which is how good the outlines
    of neighbours are (design decision 2).

    Parameters
    ----------
    places : (n,) points or polygons
    lines : (n,) their shortest lines to the nearest region
    outline : the borders of the provinces
    foreign : over the polygons of foreign land
    """
    answer = np.zeros(len(places), dtype=bool)
    answer[foreign.query(lines, predicate="intersects")[0]] = True
    reach = MAX_DISTANCE_DEGREES + LAND_BORDER_DEGREES
    near = np.unique(foreign.query(places, predicate="dwithin", distance=reach)[0])
    around = shapely.buffer(places[near], MAX_DISTANCE_DEGREES, quad_segs=BUFFER_QUADRANT_SEGMENTS)
    index, segment = outline.tree.query(around, predicate="intersects")
    borders = shapely.intersection(outline.segments[segment], around[index])
    on_land = foreign.query(borders, predicate="dwithin", distance=LAND_BORDER_DEGREES)[0]
    answer[near[index[on_land]]] = True
    return answer


def _shortest_lines(places: Geometries, segments: Geometries) -> Geometries:
    """From each place to its segment, in degrees."""
    shortening = longitude_shortening(shapely.bounds(places)[:, [1, 3]].mean(axis=1))
    lines = shapely.shortest_line(_stretch(places, shortening), _stretch(segments, shortening))
    return _stretch(lines, 1 / shortening)


def longitude_shortening(latitude: Floats) -> Floats:
    """A degree of longitude in degrees of latitude, at a latitude in degrees, on the WGS 84 ellipsoid."""
    angle = np.radians(latitude)
    return np.cos(angle) * (1 - WGS84.es * np.sin(angle) ** 2) / (1 - WGS84.es)


def _stretch(geometries: Geometries, factors: Floats) -> Geometries:
    coordinates, index = shapely.get_coordinates(geometries, return_index=True)
    coordinates[:, 0] *= factors[index]
    return shapely.set_coordinates(geometries.copy(), coordinates)
