"""The borders of two layers of regions as one list of directed segments, each with what changes across it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

Ints = npt.NDArray[np.signedinteger[Any]]
Floats = npt.NDArray[np.floating[Any]]
Bools = npt.NDArray[np.bool_]
Geometries = npt.NDArray[np.object_]

# An answer packs four small numbers into one integer, so that adding up changes keeps all four at once:
# regency + 1 and province + 1 (0: none), and how many regencies and how many provinces hold the point.
FIELD_BITS = 15
FIELD_MASK = (1 << FIELD_BITS) - 1
HASH_FACTORS = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5], dtype=np.uint64
).view(np.int64)  # odd constants of splitmix64 and xxHash


@dataclass(frozen=True)
class Borders:
    """Every border segment once, directed upwards (a level one: to the east).

    Parameters
    ----------
    x0, y0, x1, y1 : (n,) start and end in degrees, y0 <= y1
    change : (n,) what is added to the packed answer when going from the left of the segment to its right
    """

    x0: Floats
    y0: Floats
    x1: Floats
    y1: Floats
    change: Ints

    @classmethod
    def of_layers(cls, regencies: Geometries, provinces: Geometries) -> "Borders":
        """Segments of both layers; what several regions share becomes one segment with the sum of changes.

        Parameters
        ----------
        regencies, provinces : valid polygons or multipolygons, EPSG:4326, lon before lat
        """
        layers = [_directed(regencies, 0), _directed(provinces, 1)]
        ends = np.concatenate([ends for ends, _ in layers])
        change = np.concatenate([change for _, change in layers])
        # Sorted by a hash of the ends: equal segments become neighbours. Where the hashes of different ones
        # collide, equal ones may stay apart, which is harmless, since changes add up.
        order = np.argsort(ends.view(np.int64) @ HASH_FACTORS)
        ends = ends[order]
        is_first = np.append(True, (ends[1:] != ends[:-1]).any(axis=1))
        firsts = np.flatnonzero(is_first)
        x0, y0, x1, y1 = np.ascontiguousarray(ends[firsts].T)
        return cls(x0, y0, x1, y1, np.add.reduceat(change[order], firsts))


def unpack(answers: Ints) -> tuple[Ints, Ints]:
    """Positions of the regency and of the province in packed answers, -1 for none."""
    return (answers & FIELD_MASK) - 1, ((answers >> FIELD_BITS) & FIELD_MASK) - 1


def is_single(answers: Ints) -> Bools:
    """Whether an answer holds at most one regency and one province, as where regions do not overlap."""
    return ((answers >> (2 * FIELD_BITS)) & FIELD_MASK <= 1) & (answers >> (3 * FIELD_BITS) <= 1)


def ring_segments(regions: Geometries) -> tuple[Floats, Ints]:
    """All ring segments of polygons, with the inside to the left.

    Returns
    -------
    ends : (n, 4) x0, y0, x1, y1 in the direction of the ring
    region : (n,) the position in `regions` that each belongs to
    """
    parts, part_region = shapely.get_parts(regions, return_index=True)
    rings, ring_part = shapely.get_rings(shapely.orient_polygons(parts), return_index=True)
    vertices, vertex_ring = shapely.get_coordinates(rings, return_index=True)
    is_start = vertex_ring[1:] == vertex_ring[:-1]
    ends = np.hstack([vertices[:-1], vertices[1:]])[is_start]
    return ends, part_region[ring_part[vertex_ring[:-1][is_start]]].astype(np.int64)


def _directed(regions: Geometries, layer: int) -> tuple[Floats, Ints]:
    ends, region = ring_segments(regions)
    # From the left of a ring to its right one leaves the region.
    change = -(((region + 1) << (layer * FIELD_BITS)) + (1 << ((2 + layer) * FIELD_BITS)))
    is_down = (ends[:, 3] < ends[:, 1]) | ((ends[:, 3] == ends[:, 1]) & (ends[:, 2] < ends[:, 0]))
    ends[is_down] = ends[is_down][:, [2, 3, 0, 1]]
    return ends, np.where(is_down, -change, change)
