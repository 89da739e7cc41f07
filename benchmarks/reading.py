"""Reading lists of 100,000 rows: `python benchmarks/reading.py [--rows N]`.

A CSV, a workbook, a GeoPackage, a GeoJSON and a GeoParquet with the columns that agencies send; time on the
clock and on the processor, and the most memory that the reading process and the asking one take.
"""

import argparse
import datetime
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import geopandas as gpd
import shapely
import xlsxwriter

HEADER = ["No", "Nama Lokalisasi", "Kabupaten/Kota", "Provinsi", "Lintang", "Bujur", "Jumlah WTS", "Status"]
HEADER += ["Tanggal Penutupan", "Nomor SK", "Sumber", "Tautan"]
PROBE = """
import json, resource, sys, time
from pathlib import Path
from gis.services.imports.reading import read_table
def own_peak():
    # Of this program alone; what getrusage tells may be of the one that started it.
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024
began, own = time.perf_counter(), time.process_time()
table = read_table(Path(sys.argv[1]))
took, here = time.perf_counter() - began, time.process_time() - own
apart = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({"rows": len(table.rows), "seconds": took, "cpu": here + apart.ru_utime + apart.ru_stime,
    "reader": apart.ru_maxrss / 1024, "caller": own_peak()}))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    print("| format | MB | rows | s | s of processor | reader, MiB | caller, MiB |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for path in made(Path(folder), rows):
            done = subprocess.run([sys.executable, "-c", PROBE, str(path)], capture_output=True, check=True)
            found = json.loads(done.stdout)
            figures = [path.stat().st_size / 1e6, found["rows"], found["reader"], found["caller"]]
            size, read, reader, caller = (f"{figure:.0f}" for figure in figures)
            times = f"{found['seconds']:.1f} | {found['cpu']:.1f}"
            print(f"| {path.suffix[1:]} | {size} | {read} | {times} | {reader} | {caller} |")


def made(folder: Path, count: int) -> list[Path]:
    """The same rows in each format."""
    dice = random.Random(1)
    first = datetime.date(2014, 1, 1)
    rows = [
        [
            number,
            f"Lokalisasi contoh {number}",
            "Kota Samarinda",
            "Kalimantan Timur",
            round(dice.uniform(-1, 0), 6),
            round(dice.uniform(116, 118), 6),
            dice.randint(0, 500),
            "ditutup",
            first + datetime.timedelta(days=number % 1000),
            f"SK/{number}/2016",
            "Dinsos Kaltim",
            f"https://example.org/{number}",
        ]
        for number in range(count)
    ]
    frame = gpd.GeoDataFrame(
        {name: [row[place] for row in rows] for place, name in enumerate(HEADER)},
        geometry=shapely.points([(row[5], row[4]) for row in rows]),
        crs=4326,
    )
    frame[HEADER[8]] = frame[HEADER[8]].astype(str)
    paths = [folder / f"list.{ending}" for ending in ("csv", "xlsx", "gpkg", "geojson", "parquet")]
    frame[HEADER].to_csv(paths[0], sep=";", decimal=",", index=False)
    write_workbook(paths[1], rows)
    frame.to_crs(32750).to_file(paths[2], layer="situs")
    frame.to_file(paths[3])
    frame.to_crs(9470).to_parquet(paths[4])
    return paths


def write_workbook(path: Path, rows: list[list[object]]) -> None:
    """With numbers and days as such."""
    book = xlsxwriter.Workbook(path, {"strings_to_urls": False})
    page, day = book.add_worksheet("Data"), book.add_format({"num_format": "dd/mm/yyyy"})
    page.write_row(0, 0, HEADER)
    for place, row in enumerate(rows, start=1):
        page.write_row(place, 0, row[:8])
        page.write_datetime(place, 8, row[8], day)
        page.write_row(place, 9, row[9:])
    book.close()


if __name__ == "__main__":
    main()
