"""Vector tiles of 100,000 sites: `python benchmarks/tiles.py [--sites 100000]`.

A private cluster is made in a temporary folder and removed. A tile of zoom 6 that sums up sites, and one of
zoom 10 with single ones, as a planner gets them: the first after a write, the next of the same state of the
register, and one that is kept. The limit is a bare ST_AsMVT over a flat table: of as many points as there are
sites, all in the tile of zoom 6, and of those in the tile of zoom 10. Printed are medians, and how many times
as fast as the limit each is.
"""

import argparse
import gzip
import statistics
import time
from collections.abc import Callable

from benchmarks.many_sites import private_register
from gis.database.connection import Database
from gis.domain.access import Identity, Role
from gis.domain.feature_query import FeatureQuery
from gis.domain.queries import SiteQuery
from gis.domain.tiles import Tile
from gis.services import tiles
from gis.services.features import Reader

FAR, BESIDE, NEAR = Tile(6, 32, 52), Tile(6, 33, 52), Tile(10, 513, 845)
ROUNDS = 15
_FLAT = """
CREATE SCHEMA bench;
CREATE TABLE bench.near AS SELECT id, name, site_type, geom::geometry(Point, 4326) AS geom FROM register.site;
CREATE INDEX ON bench.near USING gist (geom);
CREATE TABLE bench.far AS SELECT id, name, site_type,
    ST_Point({west} + random() * {width}, {south} + random() * {height}, 4326)::geometry(Point, 4326) AS geom
FROM register.site;
CREATE INDEX ON bench.far USING gist (geom);
ANALYZE bench.near; ANALYZE bench.far;
"""
_LIMIT = """
SELECT ST_AsMVT(t, 'sites', 4096, 'geom', 'id') FROM (
    SELECT id, name, site_type,
           ST_AsMVTGeom(ST_Transform(geom, 3857), ST_TileEnvelope(%(z)s, %(x)s, %(y)s)) AS geom
    FROM bench.{table} WHERE geom && ST_Transform(ST_TileEnvelope(%(z)s, %(x)s, %(y)s), 4326)) t
"""


def main() -> None:
    """Make the register, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=100_000)
    count = parser.parse_args().sites
    with private_register(count) as (_, database):
        compare(database)


def compare(database: Database) -> None:
    """Print a line for each way to get a tile."""
    box = FAR.box
    flat = _FLAT.format(
        west=box.west, south=box.south, width=box.east - box.west, height=box.north - box.south
    )
    with database.transaction() as connection:
        connection.execute(flat.encode())
        row = connection.execute(
            "INSERT INTO register.account (name, role) VALUES ('planner', 'planner') RETURNING id"
        ).fetchone()
    reader = Reader(database.acting_as(Identity(row[0] if row else 0, "planner", Role.planner, None)))

    def limit(table: str, tile: Tile) -> bytes:
        with database.transaction() as connection:
            found = connection.execute(_LIMIT.format(table=table).encode(), vars(tile)).fetchone()
        return bytes(found[0]) if found else b""

    def own(tile: Tile) -> bytes:
        return tiles.get_tile(reader, "sites", SiteQuery(), FeatureQuery(), tile)

    def keep_nothing_of(*beside: Tile) -> None:
        tiles.forget()
        for tile in beside:
            own(tile)

    print("| tile | ms | bytes | gzip | times as fast as the limit |")
    print("|---|---|---|---|---|")
    far = row_of("z6, all points (limit)", lambda: limit("far", FAR))
    row_of("z6, first after a write", lambda: own(FAR), keep_nothing_of, than=far)
    row_of("z6, next", lambda: own(FAR), lambda: keep_nothing_of(BESIDE), than=far)
    row_of("z6, kept", lambda: own(FAR), lambda: own(FAR), than=far)
    near = row_of("z10, bare (limit)", lambda: limit("near", NEAR))
    row_of("z10, not kept", lambda: own(NEAR), keep_nothing_of, than=near)
    row_of("z10, kept", lambda: own(NEAR), lambda: own(NEAR), than=near)


def row_of(
    name: str,
    make: Callable[[], bytes],
    prepare: Callable[[], object] = lambda: None,
    *,
    than: float | None = None,
) -> float:
    """Print the line of one way; the median in milliseconds."""
    took = []
    for _ in range(ROUNDS):
        prepare()
        begun = time.perf_counter()
        body = make()
        took.append((time.perf_counter() - begun) * 1000)
    median = statistics.median(took)
    ratio = "" if than is None else f"{than / median:.2f}"
    print(f"| {name} | {median:.1f} | {len(body):,} | {len(gzip.compress(body)):,} | {ratio} |", flush=True)
    return median


if __name__ == "__main__":
    main()
