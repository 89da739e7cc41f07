"""Large synthetic registers for measurements, made in bulk, without the care that data/demo is drawn with."""

from collections.abc import Iterator
from datetime import date, timedelta

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from gis.services.boundaries import BoundarySet
from gis.services.demo_generator.dice import IDS, LOWEST_ID
from gis.services.demo_generator.log import SOURCE
from gis.services.demo_rows import DemoRegister, EventRow, HeadcountRow, SiteRow

LIFE = ("recorded", "verified", "decreed", "closed", "monitored")  # a site has its first two to five events
FIRST_DAY = date(2008, 1, 1)
LOKASI_SHARE = 0.2
CANDIDATES_PER_POINT = 6  # about one point in five of the bounding box lies on land


def synthetic_register(boundaries: BoundarySet, n: int, seed: int) -> DemoRegister:
    """Sites at random places on land, each with two to five events and one headcount.

    Parameters
    ----------
    boundaries : of today
    n : how many sites
    seed : another one gives other sites, with other keys

    Returns
    -------
    the register; the same arguments give the same one with the same numpy
    """
    rng = np.random.default_rng(seed)
    points, region_codes = points_on_land(boundaries.regencies, n, rng)
    ids = unique_ids(n, rng)
    types = np.where(rng.random(n) < LOKASI_SHARE, "lokasi", "lokalisasi")
    sites = [
        SiteRow(
            id=int(ids[i]),
            name=f"{str(types[i]).capitalize()} contoh {seed}-{i + 1:07} (sintetis)",
            site_type=str(types[i]),  # type: ignore[arg-type]  # checked by the row itself
            wkt=f"POINT ({points[i, 0]:.6f} {points[i, 1]:.6f})",
            location_accuracy="exact",
            location_source=SOURCE,
            declared_region_codes=(str(region_codes[i]),),
            synthetic=True,
        )
        for i in range(n)
    ]
    return DemoRegister(sites, list(_events(ids, seed, rng)), list(_headcounts(ids, seed, rng)))


def points_on_land(
    regencies: gpd.GeoDataFrame, n: int, rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.str_]]:
    """Points inside regencies, equally likely everywhere (in degrees).

    Parameters
    ----------
    regencies : with columns code and geometry, EPSG:4326
    n : how many

    Returns
    -------
    lon and lat of each, rounded to 6 decimals, shape (n, 2); and the code of its regency, shape (n,)
    """
    shapes = regencies.geometry.to_numpy()
    codes = regencies["code"].to_numpy(dtype=str)
    west, south, east, north = regencies.total_bounds
    found_points, found_codes, found = [np.empty((0, 2))], [np.empty(0, dtype=codes.dtype)], 0
    while found < n:
        low, high = (west, south), (east, north)
        points = np.round(rng.uniform(low, high, (CANDIDATES_PER_POINT * n, 2)), 6)
        # Polygons asked against points: each polygon is then prepared once.
        region, point = shapely.STRtree(gpd.points_from_xy(points[:, 0], points[:, 1])).query(
            shapes, predicate="contains"
        )
        order = np.argsort(point, kind="stable")
        found_points.append(points[point[order]])
        found_codes.append(codes[region[order]])
        found += len(point)
    return np.concatenate(found_points)[:n], np.concatenate(found_codes)[:n]


def unique_ids(n: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """So many different 16-digit ids, in random order."""
    ids = np.unique(rng.integers(LOWEST_ID, LOWEST_ID + IDS, n))
    while len(ids) < n:
        ids = np.unique(np.append(ids, rng.integers(LOWEST_ID, LOWEST_ID + IDS, n - len(ids))))
    return rng.permutation(ids)


def _events(ids: NDArray[np.int64], seed: int, rng: np.random.Generator) -> Iterator[EventRow]:
    lengths = rng.integers(2, len(LIFE) + 1, len(ids))
    days = rng.integers(0, 2200, len(ids))[:, None] + np.cumsum(
        rng.integers(30, 800, (len(ids), len(LIFE))), axis=1
    )
    for i, (site_id, length) in enumerate(zip(ids.tolist(), lengths.tolist(), strict=True)):
        for step, day in enumerate(days[i, :length].tolist()):
            occurred_on = FIRST_DAY + timedelta(days=day)
            yield EventRow(
                external_id=f"scale:{seed}:e:{i + 1:07}:{step + 1}",
                site_id=site_id,
                kind=LIFE[step],
                occurred_on=occurred_on,
                source=SOURCE,
                reported_on=occurred_on,
                synthetic=True,
            )


def _headcounts(ids: NDArray[np.int64], seed: int, rng: np.random.Generator) -> Iterator[HeadcountRow]:
    counts = rng.integers(10, 500, len(ids)).tolist()
    for i, (site_id, n) in enumerate(zip(ids.tolist(), counts, strict=True)):
        yield HeadcountRow(
            external_id=f"scale:{seed}:h:{i + 1:07}",
            site_id=site_id,
            counted_on=date(2015, 12, 31),
            n=n,
            definition="resident",
            source=SOURCE,
            reported_on=date(2015, 12, 31),
            synthetic=True,
        )
