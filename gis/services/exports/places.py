"""How a table tells of places: degrees of points, WKT of all else."""

from typing import Any, NamedTuple

import numpy as np
import shapely

LONGEST_CELL = 32_767  # letters that a cell of a workbook holds


class Places(NamedTuple):
    """The places of a batch: lon and lat of points, WKT of others; none where it is the other."""

    lon: list[float | None]
    lat: list[float | None]
    wkt: list[str | None]


def places_of(geometries: Any) -> Places:
    """The places of a batch.

    Parameters
    ----------
    geometries : a column of WKB
    """
    shapes = shapely.from_wkb(geometries.to_numpy(zero_copy_only=False))
    is_point = shapely.get_type_id(shapes) == 0
    points = np.where(is_point, shapes, None)
    others = np.where(is_point, None, shapes)
    return Places(
        [None if np.isnan(x) else float(x) for x in shapely.get_x(points)],
        [None if np.isnan(y) else float(y) for y in shapely.get_y(points)],
        list(shapely.to_wkt(others, rounding_precision=7)),
    )
