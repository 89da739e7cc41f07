"""Decodes quantised TopoJSON polygons: a small format, which no well-kept Python library reads by itself."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Ring = NDArray[np.float64]


def decode(topology: dict[str, Any], name: str) -> list[tuple[dict[str, Any], BaseGeometry]]:
    """The members of one geometry collection, as (properties, valid polygon or multipolygon).

    Parameters
    ----------
    topology : a parsed TopoJSON document with a `transform`, coordinates in degrees, CRS84
    name : the key below `objects`
    """
    arcs = _arcs(topology)
    members = topology["objects"][name]["geometries"]
    return [(member["properties"], _geometry(member, arcs)) for member in members if member.get("arcs")]


def _arcs(topology: dict[str, Any]) -> list[Ring]:
    scale, shift = (np.asarray(topology["transform"][key]) for key in ("scale", "translate"))
    return [np.cumsum(np.asarray(arc), axis=0) * scale + shift for arc in topology["arcs"]]


def _geometry(member: dict[str, Any], arcs: list[Ring]) -> BaseGeometry:
    parts = member["arcs"] if member["type"] == "MultiPolygon" else [member["arcs"]]
    polygons = [_polygon([_ring(ring, arcs) for ring in part]) for part in parts]
    kept = shapely.MultiPolygon([polygon for polygon in polygons if polygon is not None])
    return shapely.make_valid(kept, method="structure")


def _polygon(rings: list[Ring]) -> shapely.Polygon | None:
    # Quantising has made some islets flat: fewer than three corners enclose nothing.
    shell, *holes = rings
    if len(shell) < 4:
        return None
    return shapely.Polygon(shell, [hole for hole in holes if len(hole) >= 4])


def _ring(indices: Sequence[int], arcs: list[Ring]) -> Ring:
    # A negative index means the arc of its complement, backwards; neighbours share their end points.
    pieces = [arcs[index] if index >= 0 else arcs[~index][::-1] for index in indices]
    return np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])])
