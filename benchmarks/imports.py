"""Times `atlas import sites` on a list of 100,000 rows, as an agency would send it, into an empty register.

    python benchmarks/imports.py [--rows 100000]

Prints the seconds on the clock, the largest resident memory of the importing process, and the receipt. A
private cluster is made in a temporary folder and removed. Wanted on two cores: less than 60 s and 1 GiB.
"""

import argparse
import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import geopandas

PROJECT = Path(__file__).resolve().parent.parent
ATLAS = Path(sys.executable).with_name("atlas")
SPREAD_DEGREES = 0.003
STATUSES = ("ditutup", "terdata", "sosialisasi")
HEADER = (
    *("Nama Lokalisasi", "Kabupaten/Kota", "Kode Wilayah", "Lintang", "Bujur"),
    *("Status", "Tanggal Penutupan", "Sumber"),
)


def main() -> None:
    """Make the list, import it, print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory(prefix="atlas-benchmark-") as folder:
        home, path = Path(folder), Path(folder) / "list.csv"
        home.chmod(0o755)
        write_list(path, rows)
        environment = {**os.environ, "ATLAS_HOME": str(home / "home")}
        for words in (("db", "start"), ("db", "migrate"), ("boundaries", "load")):
            subprocess.run([ATLAS, *words], env=environment, check=True, stdout=subprocess.DEVNULL)
        try:
            begun = time.perf_counter()
            command = [str(ATLAS), "import", "sites", str(path), "--json"]
            with (home / "receipt.json").open("wb") as receipt:
                importing = subprocess.Popen(command, env=environment, stdout=receipt)
                _, status, used = os.wait4(importing.pid, 0)
            seconds = time.perf_counter() - begun
            told = (home / "receipt.json").read_text(encoding="utf-8")
        finally:
            subprocess.run([ATLAS, "db", "stop"], env=environment, check=True, stdout=subprocess.DEVNULL)
    if status:
        sys.exit("the import was refused")
    measured = {"seconds": round(seconds, 1), "peak_mib": used.ru_maxrss // 1024}
    print(json.dumps({**measured, **json.loads(told)}))


def write_list(path: Path, rows: int) -> None:
    """A list with Indonesian headers, decimal commas, `;` and d/m/Y, the same for the same number of rows."""
    dice = random.Random(rows)
    regions = geopandas.read_file(PROJECT / "data" / "boundaries" / "regencies.geojson")
    places = list(zip(regions["name"], regions["code"], regions.geometry.representative_point(), strict=True))
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, delimiter=";")
        writer.writerow(HEADER)
        for number in range(rows):
            name, code, point = dice.choice(places)
            lat, lon = (
                f"{value + dice.gauss(0, SPREAD_DEGREES):.6f}".replace(".", ",")
                for value in (point.y, point.x)
            )
            day = f"{dice.randint(1, 28)}/{dice.randint(1, 12)}/{dice.randint(2010, 2019)}"
            writer.writerow([f"Situs {number}", name, code, lat, lon, dice.choice(STATUSES), day, "Dinsos"])


if __name__ == "__main__":
    main()
