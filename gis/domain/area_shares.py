"""How much of a polygon each region holds, by geodesic area."""

import numpy as np
import shapely

from gis.domain.borders import Floats, Geometries, Ints
from gis.domain.grid_index import Layer
from gis.domain.shores import WGS84

# A region that holds less of a polygon does not count as touched by it (design decision 2).
MIN_SHARE = 0.01
# Shares are compared as rounded, so that equal parts are equal in PostGIS too.
SHARE_DECIMALS = 9
POLYGON_TYPE = 3


def shares_of_polygons(polygons: Geometries, layer: Layer) -> tuple[Ints, Ints, Floats]:
    """The regions of a layer that hold at least 1 % of each polygon.

    Parameters
    ----------
    polygons : (n,) valid, EPSG:4326, lon before lat
    layer : the regions of one level

    Returns
    -------
    polygon, region, share : positions, and the part of the polygon's geodesic area from MIN_SHARE to 1; by
        polygon, then by share, the largest first, then by code
    """
    polygon, region = layer.tree.query(polygons, predicate="intersects")
    share = np.ones(len(polygon))
    parted = np.flatnonzero(~shapely.covers(layer.geometries[region], polygons[polygon]))
    pieces = shapely.intersection(layer.geometries[region[parted]], polygons[polygon[parted]])
    wholes, whole = np.unique(polygon[parted], return_inverse=True)
    areas = geodesic_area_m2(polygons[wholes])[whole]
    share[parted] = np.divide(geodesic_area_m2(pieces), areas, out=np.zeros(len(parted)), where=areas > 0)
    share = np.minimum(np.round(share, SHARE_DECIMALS), 1)
    order = np.lexsort([region, -share, polygon])
    order = order[share[order] >= MIN_SHARE]
    return polygon[order], region[order], share[order]


def geodesic_area_m2(geometries: Geometries) -> Floats:
    """The area in square metres of the polygons in each geometry, on the WGS 84 ellipsoid."""
    parts, owner = shapely.get_parts(geometries, return_index=True)
    nested = shapely.get_type_id(parts) > POLYGON_TYPE
    if nested.any():
        flat, index = shapely.get_parts(parts, return_index=True)
        parts, owner = flat, owner[index]
    is_polygon = shapely.get_type_id(parts) == POLYGON_TYPE
    rings, ring_part = shapely.get_rings(shapely.orient_polygons(parts[is_polygon]), return_index=True)
    areas = [WGS84.polygon_area_perimeter(*shapely.get_coordinates(ring).T)[0] for ring in rings]
    # Holes run clockwise, and so have negative areas.
    return np.asarray(
        np.bincount(owner[is_polygon][ring_part], weights=areas, minlength=len(geometries)), dtype=np.float64
    )
