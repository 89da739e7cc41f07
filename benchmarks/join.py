"""The join against its peers: `python benchmarks/join.py [--points N] [--runs N]`.

One million random points on land, today's 514 regencies, the same boundaries for all, in turns, so that
whatever else the machine does falls on all alike. Medians, ratios to `geopandas.sjoin`, and how many rows
differ. SedonaDB takes part where `sedonadb` can be imported, PostGIS where its programs are installed.
"""

import argparse
import importlib.util
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import psycopg
import pyarrow as pa
import shapely
from psycopg import sql

from gis.config import PROJECT_DIRECTORY
from gis.database.cluster import Cluster
from gis.domain.grid_index import RegionIndex
from gis.domain.spatial_join import assign_regions
from gis.errors import ClusterError
from gis.services.boundaries import BoundarySet, read_regions

RESULTS = Path(__file__).parent / "results" / "join.md"
KEPT, BUILT = "closure-atlas, index kept", "closure-atlas, index built first"
SJOIN, SEDONA, POSTGIS = "geopandas.sjoin within", "SedonaDB ST_Within", "PostGIS ST_Covers"
READING = "reading the coordinates alone"
Contender = Callable[[], np.ndarray]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    boundaries = read_regions(PROJECT_DIRECTORY / "data" / "boundaries")
    frame = points_on_land(boundaries.regencies, options.points)
    with tempfile.TemporaryDirectory(prefix="atlas-benchmark-") as home:
        # The private server's own user must get in when root calls.
        Path(home).chmod(0o755)
        cluster = Cluster(Path(home), durable=False)
        try:
            contenders = local_contenders(frame, boundaries) | peers(frame, boundaries, cluster)
            seconds, answers = take_turns(contenders, options.runs)
        finally:
            cluster.stop()
    table = to_table(seconds, answers, options)
    print(table)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(table + "\n", encoding="utf-8")


def points_on_land(regencies: gpd.GeoDataFrame, count: int) -> gpd.GeoDataFrame:
    """Random points, evenly over the regencies' area in degrees; always the same ones."""
    random = np.random.default_rng(1)
    west, south, east, north = regencies.total_bounds
    tree, found, total = shapely.STRtree(regencies.geometry.to_numpy()), [], 0
    while total < count:
        places = random.uniform((west, south), (east, north), (200_000, 2))
        on_land = np.unique(tree.query(shapely.points(places), predicate="within")[0])
        found.append(places[on_land])
        total += len(on_land)
    return gpd.GeoDataFrame(geometry=shapely.points(np.concatenate(found)[:count]), crs=4326)


def local_contenders(frame: gpd.GeoDataFrame, boundaries: BoundarySet) -> dict[str, Contender]:
    regencies = boundaries.regencies[["code", "geometry"]]
    kept = RegionIndex.build(boundaries.provinces, boundaries.regencies, boundaries.neighbours)

    def ours(index: RegionIndex) -> np.ndarray:
        return assign_regions(frame, index)["regency_code"]

    def build_and_join() -> np.ndarray:
        return ours(RegionIndex.build(boundaries.provinces, boundaries.regencies, boundaries.neighbours))

    def sjoin() -> np.ndarray:
        return gpd.sjoin(frame, regencies, how="left", predicate="within")["code"]

    def read() -> np.ndarray:
        return shapely.get_coordinates(frame.geometry.to_numpy())

    return {KEPT: lambda: ours(kept), BUILT: build_and_join, SJOIN: sjoin, READING: read}


def peers(frame: gpd.GeoDataFrame, boundaries: BoundarySet, cluster: Cluster) -> dict[str, Contender]:
    found = {}
    if importlib.util.find_spec("sedonadb"):
        found[SEDONA] = sedona(frame, boundaries.regencies)
    else:
        print("without SedonaDB: the package sedonadb is not installed")
    try:
        cluster.start()
        found[POSTGIS] = postgis(frame, boundaries.regencies, cluster.conninfo("postgres"))
    except ClusterError as error:
        print(f"without PostGIS: {error}")
    return found


def sedona(frame: gpd.GeoDataFrame, regencies: gpd.GeoDataFrame) -> Contender:
    import sedonadb

    engine = sedonadb.connect()
    numbered = frame.assign(n=np.arange(len(frame)))
    # In memory before the clock starts, as the frames of the others are.
    engine.create_data_frame(numbered).to_memtable().to_view("points")
    engine.create_data_frame(regencies[["code", "geometry"]]).to_memtable().to_view("regions")
    query = "SELECT p.n, r.code FROM points p JOIN regions r ON ST_Within(p.geometry, r.geometry)"

    def run() -> np.ndarray:
        joined = pa.table(engine.sql(query))
        codes = np.full(len(frame), None, dtype=object)
        codes[joined["n"].to_numpy()] = joined["code"].to_numpy()
        return codes

    return run


def postgis(frame: gpd.GeoDataFrame, regencies: gpd.GeoDataFrame, conninfo: str) -> Contender:
    connection = psycopg.connect(conninfo, autocommit=True)
    connection.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    connection.execute("CREATE UNLOGGED TABLE regions (code text, geom geometry)")
    connection.execute("CREATE UNLOGGED TABLE points (n int, geom geometry)")
    copies = (("regions", regencies["code"], regencies), ("points", range(len(frame)), frame))
    for table, keys, shapes in copies:
        into = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
        with connection.cursor().copy(into) as copy:
            for key, wkb in zip(keys, shapely.to_wkb(shapes.geometry.to_numpy(), hex=True), strict=True):
                copy.write_row((key, wkb))
    connection.execute("CREATE INDEX ON points USING gist (geom)")
    connection.execute("VACUUM ANALYZE points, regions")
    query = (
        "SELECT array_agg(p.n), r.code FROM regions r JOIN points p ON ST_Covers(r.geom, p.geom) GROUP BY 2"
    )

    def run() -> np.ndarray:
        codes = np.full(len(frame), None, dtype=object)
        for members, code in connection.execute(query).fetchall():
            codes[members] = code
        return codes

    return run


def take_turns(
    contenders: dict[str, Contender], runs: int
) -> tuple[dict[str, list[float]], dict[str, np.ndarray]]:
    """Seconds of every run after a first one that does not count, and each one's codes."""
    answers = {name: contend() for name, contend in contenders.items()}
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(runs):
        for name, contend in contenders.items():
            start = time.perf_counter()
            contend()
            seconds[name].append(time.perf_counter() - start)
    del answers[READING]
    return seconds, {name: np.asarray(found, dtype=object) for name, found in answers.items()}


def to_table(
    seconds: dict[str, list[float]], answers: dict[str, np.ndarray], options: argparse.Namespace
) -> str:
    medians = {name: statistics.median(times) for name, times in seconds.items()}
    ordered = sorted(medians, key=medians.__getitem__)
    lines = [
        f"{options.points:,} points on land, 514 regencies; median of {options.runs} runs in turns; "
        f"{os.cpu_count()} processors ({platform.machine()}), Python {platform.python_version()}, "
        f"shapely {shapely.__version__}, GEOS {shapely.geos_version_string}, geopandas {gpd.__version__}.",
        "",
        "| what | median s | fastest–slowest s | times as fast as sjoin | rows that differ from sjoin |",
        "|---|---:|---:|---:|---:|",
    ]
    for name in ordered:
        times = seconds[name]
        differing = "–" if name == READING else f"{int((answers[name] != answers[SJOIN]).sum()):,}"
        lines.append(
            f"| {name} | {medians[name]:.3f} | {min(times):.3f}–{max(times):.3f} "
            f"| {medians[SJOIN] / medians[name]:.1f} | {differing} |"
        )
    lines += ["", f"Index kept: {medians[KEPT] / medians[READING]:.1f} times the reading of the coordinates."]
    if SEDONA in medians:
        lines[-1] += f" {medians[SEDONA] / medians[KEPT]:.1f} times as fast as SedonaDB."
    return "\n".join(lines)


if __name__ == "__main__":
    main()
