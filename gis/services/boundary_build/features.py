"""Writes feature collections as RFC 7946 wants them: right winding, bbox, no crs member, few decimals."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.domain.region_shapes import polygons_of

DECIMALS = 6  # 0.1 m at the equator, far finer than the source
Feature = tuple[dict[str, Any], BaseGeometry]


def write(path: Path, features: Iterable[Feature]) -> None:
    """Write one feature a line, so that a diff shows which region changed.

    Parameters
    ----------
    path : the file to write; replaced when it is whole
    features : (properties, polygon or multipolygon in CRS84), written in this order, as multipolygons
    """
    lines, boxes = [], []
    for properties, geometry in features:
        # RFC 7946, 3.1.6: shells counter-clockwise, holes clockwise
        oriented = shapely.orient_polygons(polygons_of(geometry))
        boxes.append(shapely.bounds(oriented))
        lines.append(_feature(properties, oriented))
    corners = np.asarray(boxes)
    bbox = [*corners[:, :2].min(axis=0), *corners[:, 2:].max(axis=0)]
    head = f'{{"type":"FeatureCollection","bbox":{_json(_rounded(bbox))},"features":[\n'
    unfinished = path.with_suffix(".part")
    unfinished.write_text(head + ",\n".join(lines) + "\n]}\n", encoding="utf-8")
    unfinished.replace(path)


def _feature(properties: dict[str, Any], geometry: shapely.MultiPolygon) -> str:
    # Not by GEOS, which writes some rounded numbers with seventeen digits; Python writes the shortest.
    coordinates = [[_ring(ring) for ring in (part.exterior, *part.interiors)] for part in geometry.geoms]
    feature = {
        "type": "Feature",
        "bbox": _rounded(shapely.bounds(geometry)),
        "properties": properties,
        "geometry": {"type": "MultiPolygon", "coordinates": coordinates},
    }
    return _json(feature)


def _ring(ring: shapely.LinearRing) -> list[list[float]]:
    points: list[list[float]] = np.round(shapely.get_coordinates(ring), DECIMALS).tolist()
    return points


def _rounded(corners: Iterable[float]) -> list[float]:
    return [round(float(corner), DECIMALS) for corner in corners]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
