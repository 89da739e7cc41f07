"""Requests of a GIS against this program, tipg, pygeoapi, and a bare loop over a socket.

    python -m benchmarks.over_http [--sites 100000] [--seconds 2] [--peers FOLDER] [--without tipg,pygeoapi]

All of them ask one private PostGIS. This program reads its register as a planner may, through row policies;
the peers and the bare loop ("limit", benchmarks/limit_server.py) read a flat copy of the same rows. The peers
are installed into environments of their own in FOLDER. Each request is made in turns by all for some seconds;
told are medians in milliseconds, and of this program and of tipg the ratio to the limit (limit / own; 1 is as
fast).
"""

import argparse
import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.many_sites import FIRST_ID, private_register
from benchmarks.peers import PORTS, peers
from gis.database.connection import Database
from gis.services.sessions import hash_of, new_token
from webmap.cookies import SESSION

# Two of three sites are closed, and the rows are copied flat for those who read one table.
_PREPARE = """
UPDATE register.site_state SET status = 'closed', status_group = 'closed', closed_on = '2010-01-01'
WHERE site_id % 3 <> 0;
CREATE SCHEMA bench;
CREATE TABLE bench.sites AS
    SELECT f.id, f.name, f.site_type, f.status, f.status_group, f.status_since, f.closed_on, f.province_code,
           f.province_name, f.regency_code, f.regency_name, f.province_join_method, f.regency_join_method,
           f.shared_with, f.location_accuracy, f.people, f.synthetic, f.source_url, f.updated_at,
           f.geom::geometry(Point, 4326) AS geom
    FROM register.site_features(current_date, NULL, current_date) f;
ALTER TABLE bench.sites ADD PRIMARY KEY (id);
CREATE INDEX ON bench.sites USING gist (geom);
CREATE INDEX ON bench.sites (status, id);
"""
BOX = "117.0,-0.7,117.3,-0.3"


def requests(site: int) -> Iterator[tuple[str, int, dict[str, str]]]:
    """What is asked: its name, by how many clients at once, and its address at each contender."""
    item = {
        "limit": f"/items/{site}",
        "atlas": f"/ogc/collections/sites/items/{site}",
        "tipg": f"/collections/bench.sites/items/{site}",
        "pygeoapi": f"/collections/sites/items/{site}?f=json",
    }
    yield "one feature by id, 1 client", 1, item
    yield "one feature by id, 8 clients", 8, item
    query = f"bbox={BOX}&limit=100"
    yield "bbox, 100 features", 1, _items(query, query)
    query = "status=closed&limit=1000"
    yield "filter, 1,000 features", 1, _items(query, query)
    for z, x, y in ((10, 845, 513), (6, 52, 32)):
        yield (
            f"tile z{z}",
            1,
            {
                "limit": f"/tiles/{z}/{x}/{y}",
                "atlas": f"/ogc/collections/sites/tiles/WebMercatorQuad/{z}/{y}/{x}",
                "tipg": f"/collections/bench.sites/tiles/WebMercatorQuad/{z}/{x}/{y}",
            },
        )
    yield (
        "export, all features",
        1,
        {
            "limit": "/export",
            "atlas": "/exports/sites.geojson",
            "tipg": "/collections/bench.sites/items?limit=10000000",
        },
    )


def _items(query: str, tipg: str) -> dict[str, str]:
    return {
        "limit": f"/items?{query}",
        "atlas": f"/ogc/collections/sites/items?{query}",
        "tipg": f"/collections/bench.sites/items?{tipg}",
        "pygeoapi": f"/collections/sites/items?f=json&{query}",
    }


def ask(port: int, path: str, cookie: str, seconds: float, clients: int) -> tuple[float, int, float] | None:
    """Ask one address again and again.

    Returns
    -------
    the median in milliseconds, the bytes of an answer, and answers a second; none where it is refused
    """
    times: list[float] = []
    sizes: list[int] = []
    started = time.perf_counter()

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
        headers = {"Cookie": cookie} if cookie else {}
        while not times or time.perf_counter() - started < seconds:
            begun = time.perf_counter()
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            size = 0
            while chunk := response.read(1 << 20):
                size += len(chunk)
            if response.status != 200:
                print(f"port {port}: {path} answered {response.status}", file=sys.stderr)
                break
            times.append(time.perf_counter() - begun)
            sizes.append(size)
        connection.close()

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - started
    if not times:
        return None
    return statistics.median(times) * 1000, sizes[0], len(times) / took


def prepare(database: Database) -> str:
    """Copy the sites flat for who reads one table; the cookie of a planner's session."""
    token = new_token()
    with database.session() as connection:
        connection.execute(_PREPARE)
        connection.execute("VACUUM ANALYZE")
        connection.execute(
            "WITH made AS (INSERT INTO register.account (name, role) VALUES ('bench', 'planner')"
            " RETURNING id) INSERT INTO register.session (token_hash, account_id, expires_at)"
            " SELECT %s, id, now() + interval '3 hours' FROM made",
            [hash_of(token)],
        )
    return f"{SESSION}={token}"


@contextmanager
def serving(command: list[str], environment: dict[str, str], port: int) -> Iterator[float]:
    """A server as a process of its own; the seconds until it listened."""
    begun = time.perf_counter()
    server = subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
    try:
        while True:
            try:
                http.client.HTTPConnection("127.0.0.1", port, timeout=5).connect()
                break
            except OSError as error:
                if server.poll() is not None or time.perf_counter() - begun > 60:
                    raise SystemExit(f"{command[0]} does not listen on {port}") from error
                time.sleep(0.02)
        yield time.perf_counter() - begun
    finally:
        server.terminate()
        server.wait()


def main() -> None:
    """Serve, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--peers", type=Path, default=Path(tempfile.gettempdir()) / "atlas-peers")
    parser.add_argument("--without", default="", help="a comma list of peers that are left out")
    asked = parser.parse_args()
    with private_register(asked.sites) as (cluster, database), ExitStack() as stack:
        cookie = prepare(database)
        for name, command, environment in peers(cluster, asked.peers, cluster.home):
            if name not in asked.without.split(","):
                took = stack.enter_context(serving(command, environment, PORTS[name]))
                print(f"{name} listens after {took:.2f} s", file=sys.stderr)
        serving_names = [name for name in PORTS if name not in asked.without.split(",")]
        print(
            f"| request, {asked.sites:,} sites | " + " | ".join(f"{name}, ms" for name in serving_names),
            end="",
        )
        print(" | answers/s | atlas / limit | tipg / limit | atlas, KB |")
        print("|---" * (len(serving_names) + 5) + "|")
        for name, clients, paths in requests(FIRST_ID + 7):
            answers = {
                who: ask(PORTS[who], path, cookie if who == "atlas" else "", asked.seconds, clients)
                for who, path in paths.items()
                if who in serving_names
            }
            found = {who: answer for who, answer in answers.items() if answer is not None}
            print(row(name, clients, found, serving_names), flush=True)


def row(name: str, clients: int, found: dict[str, tuple[float, int, float]], names: list[str]) -> str:
    """A line of the table; of several clients the ratio is that of answers a second."""

    def ratio(who: str) -> str:
        if not {who, "limit"} <= set(found):
            return "–"
        if clients > 1:
            return f"{found[who][2] / found['limit'][2]:.2f}"
        return f"{found['limit'][0] / found[who][0]:.2f}"

    times = " | ".join(f"{found[who][0]:.1f}" if who in found else "–" for who in names)
    rate = f"{found['atlas'][2]:.0f}" if clients > 1 and "atlas" in found else "–"
    size = f"{found['atlas'][1] / 1000:,.0f}" if "atlas" in found else "–"
    return f"| {name} | {times} | {rate} | {ratio('atlas')} | {ratio('tipg')} | {size} |"


if __name__ == "__main__":
    main()
