"""Requests of a GIS against this program, tipg, pygeoapi, and a bare loop over a socket.

    python -m benchmarks.over_http [--sites 100000] [--seconds 2] [--peers FOLDER] [--without tipg,pygeoapi]

All of them ask one private PostGIS. This program reads its register as a planner may, through row policies;
the peers and the bare loop ("limit", benchmarks/limit_server.py) read a flat copy of the same rows. The peers
are installed into environments of their own in FOLDER. Each request is made in turns by all for some seconds;
told are medians in milliseconds, and of this program and of tipg the ratio to the limit (limit / own; 1 is as
fast). Before each tile that is called cold the register is written to, so that none is kept. Of an export the
first MB is told too, and of this program the most memory that a process has had.
"""

import argparse
import http.client
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from benchmarks.many_sites import FIRST_ID, private_register
from benchmarks.peers import PORTS, peers
from gis.database.connection import Database
from gis.services.sessions import hash_of, new_token
from webmap.cookies import SESSION

# The rows are copied flat for those who read one table.
_PREPARE = """
CREATE SCHEMA bench;
CREATE TABLE bench.sites AS
    SELECT f.id, f.name, f.site_type, f.status, f.status_group, f.status_since, f.closed_on, f.province_code,
           f.province_name, f.regency_code, f.regency_name, f.province_join_method, f.regency_join_method,
           f.shared_with, f.location_accuracy, f.people, f.synthetic, f.source_url, f.updated_at,
           f.geom::geometry(Point, 4326) AS geom
    FROM register.ready_site f WHERE f.first_day <= current_date AND f.end_day > current_date;
ALTER TABLE bench.sites ADD PRIMARY KEY (id);
CREATE INDEX ON bench.sites USING gist (geom);
CREATE INDEX ON bench.sites (status, id);
"""
EXPORT = "export, all features"
FIRST = {
    "atlas": "/ogc/collections/sites/items?limit=10",
    "tipg": "/collections/bench.sites/items?limit=10",
}
BOX = "117.0,-0.7,117.3,-0.3"


class Answers(NamedTuple):
    """What came: medians in milliseconds of the whole and of the first MB, its bytes, answers a second."""

    whole_ms: float
    first_mb_ms: float
    size: int
    rate: float


class Request(NamedTuple):
    """What is asked: its name, by how many clients, its address at each contender, if after a write."""

    name: str
    clients: int
    paths: dict[str, str]
    is_cold: bool = False


def requests(site: int) -> Iterator[Request]:
    """What is asked, in turns."""
    item = {
        "limit": f"/items/{site}",
        "atlas": f"/ogc/collections/sites/items/{site}",
        "tipg": f"/collections/bench.sites/items/{site}",
        "pygeoapi": f"/collections/sites/items/{site}?f=json",
    }
    yield Request("one feature by id, 1 client", 1, item)
    yield Request("one feature by id, 8 clients", 8, item)
    yield Request("bbox, 100 features", 1, _items(f"bbox={BOX}&limit=100"))
    yield Request("filter, 1,000 features", 1, _items("status=closed&limit=1000"))
    for z, x, y in ((10, 845, 513), (6, 52, 32)):
        tile = {
            "limit": f"/tiles/{z}/{x}/{y}",
            "atlas": f"/ogc/collections/sites/tiles/WebMercatorQuad/{z}/{y}/{x}",
            "tipg": f"/collections/bench.sites/tiles/WebMercatorQuad/{z}/{x}/{y}",
        }
        yield Request(f"tile z{z}, cold", 1, tile, is_cold=True)
        yield Request(f"tile z{z}, kept", 1, tile)
    export = {
        "limit": "/export",
        "atlas": "/exports/sites.geojson",
        "tipg": "/collections/bench.sites/items?limit=10000000",
    }
    yield Request(EXPORT, 1, export)


def _items(query: str) -> dict[str, str]:
    return {
        "limit": f"/items?{query}",
        "atlas": f"/ogc/collections/sites/items?{query}",
        "tipg": f"/collections/bench.sites/items?{query}",
        "pygeoapi": f"/collections/sites/items?f=json&{query}",
    }


def ask(
    port: int,
    path: str,
    cookie: str,
    seconds: float,
    clients: int = 1,
    before: Callable[[], None] | None = None,
) -> Answers | None:
    """Ask one address again and again; none where it is refused.

    Parameters
    ----------
    port, path, cookie : where and as whom
    seconds : for how long; at least once
    clients : at once
    before : done before each request, and not timed
    """
    times: list[float] = []
    first_bytes: list[float] = []
    sizes: list[int] = []
    started = time.perf_counter()

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
        headers = {"Cookie": cookie} if cookie else {}
        while not times or time.perf_counter() - started < seconds:
            if before is not None:
                before()
            begun = time.perf_counter()
            connection.request("GET", path, headers=headers)
            # Else what a server sends in two parts (uvicorn with workers) waits 40 ms for the second.
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            response = connection.getresponse()
            size = 0
            while chunk := response.read(1 << 20):
                if not size:
                    first_bytes.append(time.perf_counter() - begun)
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
    whole, first = (statistics.median(found) * 1000 for found in (times, first_bytes))
    return Answers(whole, first, sizes[0], len(times) / took)


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
def serving(command: list[str], environment: dict[str, str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A server as a process of its own that listens."""
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
        yield server
    finally:
        server.terminate()
        server.wait()


def memory_mb(server: subprocess.Popen[bytes]) -> tuple[float, float]:
    """What a server and its workers take together now, and the most that one of them has had, in MB."""
    workers = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text(encoding="ascii").split()
    together, most = 0.0, 0.0
    for number in (str(server.pid), *workers):
        shares = Path(f"/proc/{number}/smaps_rollup").read_text(encoding="ascii")
        status = Path(f"/proc/{number}/status").read_text(encoding="ascii")
        together += _kilobytes("Pss", shares) / 1000
        most = max(most, _kilobytes("VmHWM", status) / 1000)
    return together, most


def _kilobytes(name: str, text: str) -> float:
    found = re.search(rf"^{name}:\s+(\d+) kB", text, re.MULTILINE)
    return float(found[1]) if found else 0.0


def writer(database: Database) -> Callable[[], None]:
    """Writes something to the register that changes nothing: what is kept of it is not right any more."""

    def write() -> None:
        with database.transaction() as connection:
            connection.execute("UPDATE register.neighbour SET name = name WHERE false")

    return write


def main() -> None:
    """Serve, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--peers", type=Path, default=Path(tempfile.gettempdir()) / "atlas-peers")
    parser.add_argument("--without", default="", help="a comma list of peers that are left out")
    asked = parser.parse_args()
    left_out = asked.without.split(",")
    with private_register(asked.sites) as (cluster, database), ExitStack() as stack:
        cookie = prepare(database)
        servers: dict[str, subprocess.Popen[bytes]] = {}
        for name, command, environment in peers(cluster, asked.peers, cluster.home):
            if name in left_out:
                continue
            begun = time.perf_counter()
            servers[name] = stack.enter_context(serving(command, environment, PORTS[name]))
            if name in FIRST:
                ask(PORTS[name], FIRST[name], cookie if name == "atlas" else "", 0)
                print(f"{name}: first items {time.perf_counter() - begun:.2f} s after its start;", end=" ")
                print(f"at rest {memory_mb(servers[name])[0]:.0f} MB")
        print(f"\n| {asked.sites:,} sites | " + " | ".join(f"{name}, ms" for name in servers), end="")
        print(" | answers/s | atlas / limit | tipg / limit | atlas, KB |")
        print("|---" * (len(servers) + 5) + "|")
        for request in requests(FIRST_ID + 7):
            found: dict[str, Answers] = {}
            for who, path in request.paths.items():
                if who in servers:
                    own = cookie if who == "atlas" else ""
                    before = writer(database) if request.is_cold else None
                    answers = ask(PORTS[who], path, own, asked.seconds, request.clients, before)
                    found |= {} if answers is None else {who: answers}
            print(row(request.name, request.clients, found, list(servers)), flush=True)
        print(f"\nfirst MB of the export: {found['atlas'].first_mb_ms / 1000:.2f} s;", end=" ")
        print(f"the most that a process has had: {memory_mb(servers['atlas'])[1]:.0f} MB")


def row(name: str, clients: int, found: dict[str, Answers], names: list[str]) -> str:
    """A line of the table; of several clients the ratio is that of answers a second."""

    def ratio(who: str) -> str:
        if not {who, "limit"} <= set(found):
            return "–"
        if clients > 1:
            return f"{found[who].rate / found['limit'].rate:.2f}"
        return f"{found['limit'].whole_ms / found[who].whole_ms:.2f}"

    times = " | ".join(f"{found[who].whole_ms:.1f}" if who in found else "–" for who in names)
    rate = f"{found['atlas'].rate:.0f}" if clients > 1 and "atlas" in found else "–"
    size = f"{found['atlas'].size / 1000:,.0f}" if "atlas" in found else "–"
    return f"| {name} | {times} | {rate} | {ratio('atlas')} | {ratio('tipg')} | {size} |"


if __name__ == "__main__":
    main()
