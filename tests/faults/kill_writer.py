"""A worker that loads one load after the other until it is killed; run as a program by test_kill.py.

Called with the database's address. On standard input it gets the number of the load to begin with; on
standard output it says `done N` once load N is committed, and `away N` when the database was not there and it
tries again.
"""

import os
import sys
import time
from datetime import date

from gis.database import loading
from gis.database.connection import Database
from gis.database.loading import EventRecord, HeadcountRecord, SiteRecord
from gis.errors import UnavailableError

SITES = 40
FIRST_ID = 2_000_000_000_000_000


def sites(load: int) -> list[SiteRecord]:
    return [
        SiteRecord(
            FIRST_ID + load * SITES + n,
            f"load {load} site {n}",
            [],
            "lokasi",
            f"POINT({116 + n / 100} -0.5)",
            "exact",
            f"load {load}",
            [],
            True,
            None,
        )
        for n in range(SITES)
    ]


def events(load: int) -> list[EventRecord]:
    return [
        EventRecord(
            f"load {load} {kind} {site.id}",
            site.id,
            kind,
            date(2014 + year, 3, 1),
            "day",
            False,
            None,
            None,
            f"load {load}",
            None,
            None,
            None,
            True,
            None,
        )
        for site in sites(load)
        for year, kind in enumerate(("recorded", "closed"))
    ]


def headcounts(load: int) -> list[HeadcountRecord]:
    return [
        HeadcountRecord(
            f"load {load} {site.id}",
            site.id,
            None,
            date(2014, 3, 1),
            load % 1000,
            "resident",
            f"load {load}",
            None,
            None,
            True,
        )
        for site in sites(load)
    ]


def write(database: Database, load: int) -> None:
    with database.transaction() as connection:
        loading.hold_load_lock(connection)
        loading.load_records(connection, "sites", sites(load))
        loading.load_records(connection, "events", events(load))
        loading.load_records(connection, "headcounts", headcounts(load))


def main() -> None:
    database = Database(sys.argv[1])
    load = int(sys.stdin.readline())
    while True:
        try:
            write(database, load)
        except UnavailableError:
            os.write(1, f"away {load}\n".encode())
            time.sleep(0.05)
        else:
            os.write(1, f"done {load}\n".encode())
            load += 1


if __name__ == "__main__":
    main()
