"""Files of 1,000,000 sites: `python -m benchmarks.exports [--runs R] [--sites N] [--formats csv,gpkg]`.

A private cluster is made in a temporary folder and removed. Each format is written by a program of its own,
as the application writes it: seconds, the most memory, and the ratio to what could be had at best. For texts
that is a bare loop over COPY of the same rows, for the others that loop and then the same library, writing
from memory. Medians of some runs, in turns.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from psycopg import sql

from benchmarks.many_sites import private_register
from gis.config import PROJECT_DIRECTORY
from gis.database import features
from gis.database.collection_sources import register_source
from gis.database.connection import Database
from gis.domain.feature_query import FeatureQuery
from gis.domain.queries import SiteQuery
from gis.services.exports.formats import BY_ENDING, FORMATS
from gis.services.exports.writing import write_file
from gis.services.features import Reader

QUERY, ASKED = SiteQuery(), FeatureQuery()
SOURCE = register_source("sites", QUERY, sees_all=True)
DRIVERS = {"gpkg": "GPKG", "fgb": "FlatGeobuf"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--formats", default=",".join(each.ending for each in FORMATS))
    parser.add_argument("--database", help="of a register that is filled already")
    parser.add_argument("--part", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.part:
        print(json.dumps(measured(given.database, *given.part)))
    elif given.database:
        report(given.database, given.formats.split(","), given.runs)
    else:
        with private_register(given.sites) as (_, database):
            report(database.conninfo, given.formats.split(","), given.runs)


def report(conninfo: str, endings: list[str], runs: int) -> None:
    """A line a format; what it is compared with is measured just before it."""
    print("| format | rows | MB | s | at best, s | ratio | peak, MB |")
    print("|---|---|---|---|---|---|---|", flush=True)
    for ending in endings:
        pairs = [(run(conninfo, "best", ending), run(conninfo, "own", ending)) for _ in range(runs)]
        least, took = (median(pair[place]["seconds"] for pair in pairs) for place in (0, 1))
        own = max((pair[1] for pair in pairs), key=lambda each: each["peak"])
        figures = f"{own['rows']:,} | {own['size'] / 1e6:.0f} | {took:.1f} | {least:.1f}"
        print(f"| {ending} | {figures} | {took / least:.2f} | {own['peak']:.0f} |", flush=True)


def run(conninfo: str, part: str, ending: str) -> dict[str, Any]:
    """One measurement, in a program of its own."""
    words = [sys.executable, "-m", "benchmarks.exports", "--database", conninfo, "--part", part, ending]
    found: dict[str, Any] = json.loads(
        subprocess.run(words, check=True, capture_output=True, cwd=PROJECT_DIRECTORY).stdout
    )
    return found


def measured(conninfo: str, part: str, ending: str) -> dict[str, Any]:
    """Seconds and the most memory of one way to a file."""
    rows, size = 0, 0
    with Database(conninfo, statement_timeout_ms=0) as database, tempfile.TemporaryDirectory() as folder:
        with database.transaction() as connection:
            connection.execute("SELECT 1")  # the connection and its first words are not measured
        path = Path(folder) / f"sites.{ending}"
        begun = time.perf_counter()
        if part == "own":
            written = write_file(Reader(database), "sites", QUERY, ASKED, BY_ENDING[ending], path)
            took = time.perf_counter() - begun
            rows, size = written.receipt.features, written.receipt.size
        else:
            took = best(database, ending, path)
    peak = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
    return {"rows": rows, "size": size, "seconds": took, "peak": peak}


def best(database: Database, ending: str, path: Path) -> float:
    """Seconds of a bare loop over COPY, and of a library that writes the rows from memory."""
    with database.transaction() as connection:
        columns = sql.SQL(", ").join(sql.Identifier("f", name) for name in SOURCE.collection.names)
        output = sql.SQL("{}, encode(ST_AsBinary(f.geom), 'hex')").format(columns)
        begun = time.perf_counter()
        if ending in ("geojson", "geojsonl"):
            rows = features.stream_features(connection, SOURCE, ASKED)
            sum(len(row) for row in rows)
        else:
            statement = features.select(SOURCE, ASKED, output)
            copy = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv)").format(statement.text)
            with connection.cursor() as cursor, cursor.copy(copy, statement.values) as lines:
                sum(len(line) for line in lines)
        took = time.perf_counter() - begun
    if ending != "parquet" and ending not in DRIVERS:
        return took
    import pyarrow as pa
    import pyarrow.parquet
    import pyogrio

    from gis.database import arrow
    from gis.services.exports.ogr_files import flat, flat_schema

    with database.transaction() as connection:
        batches = list(flat(arrow.stream_batches(connection, SOURCE, ASKED)))
        table = pa.Table.from_batches(batches, flat_schema(arrow.schema_of(SOURCE.collection, ASKED)))
    begun = time.perf_counter()
    if ending == "parquet":
        pyarrow.parquet.write_table(table, path, compression="zstd")
    else:
        kind = {"geometry_name": "geom", "geometry_type": "Unknown", "crs": "EPSG:4326"}
        pyogrio.write_arrow(table, path, driver=DRIVERS[ending], **kind)
    return took + time.perf_counter() - begun


if __name__ == "__main__":
    main()
