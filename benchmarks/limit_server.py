"""What the wire can carry at most: a bare loop of psycopg over a socket, in front of one flat table.

It checks nothing, knows nobody, and answers what `benchmarks/over_http.py` asks by one statement each:

    python benchmarks/limit_server.py PORT CONNINFO
"""

import re
import socket
import socketserver
import sys
import threading
from urllib.parse import unquote

import psycopg

# The text is put together as this program does, which is quicker than building JSON out of JSON.
_TEXT = """'{"type":"Feature","id":' || f.id || ',"geometry":' || ST_AsGeoJSON(f.geom, 7, 0)
           || ',"properties":' || row_to_json(p.*) || '}'"""
_PROPERTIES = """CROSS JOIN LATERAL (
    SELECT f.id, f.name, f.site_type, f.status, f.status_group, f.status_since, f.closed_on, f.province_code,
           f.province_name, f.regency_code, f.regency_name, f.province_join_method, f.regency_join_method,
           f.shared_with, f.location_accuracy, f.people, f.synthetic, f.source_url, f.updated_at) p"""
_ITEM = f"SELECT {_TEXT} FROM bench.sites f {_PROPERTIES} WHERE f.id = %s"
_PAGE = "SELECT '{\"type\":\"FeatureCollection\",\"features\":[' || string_agg(t, ',') || ']}' FROM ("
_BOX = (
    f"{_PAGE} SELECT {_TEXT} AS t FROM bench.sites f {_PROPERTIES}"
    " WHERE f.geom && ST_MakeEnvelope(%s, %s, %s, %s, 4326) ORDER BY f.id LIMIT %s) s"
)
_FILTER = (
    f"{_PAGE} SELECT {_TEXT} AS t FROM bench.sites f {_PROPERTIES}"
    " WHERE f.status = %s ORDER BY f.id LIMIT %s) s"
)
_TILE = """SELECT ST_AsMVT(t, 'sites', 4096, 'geom', 'id') FROM (
    SELECT f.id, f.name, f.site_type, f.status, f.status_group, f.location_accuracy, f.synthetic,
           ST_AsMVTGeom(ST_Transform(f.geom, 3857), ST_TileEnvelope(%(z)s, %(x)s, %(y)s)) AS geom
    FROM bench.sites f WHERE f.geom && ST_Transform(ST_TileEnvelope(%(z)s, %(x)s, %(y)s), 4326)) t"""
_EXPORT = f"COPY (SELECT {_TEXT} FROM bench.sites f {_PROPERTIES} ORDER BY f.id) TO STDOUT "
_LINES = "(FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')"
_ITEMS = re.compile(r"/items/(\d+)")
_BBOX = re.compile(r"bbox=([-\d.]+),([-\d.]+),([-\d.]+),([-\d.]+)&limit=(\d+)")
_STATUS = re.compile(r"status=(\w+)&limit=(\d+)")
_TILES = re.compile(r"/tiles/(\d+)/(\d+)/(\d+)")
_own = threading.local()


class Handler(socketserver.StreamRequestHandler):
    """One connection of a client: requests one after another."""

    def handle(self) -> None:
        """Answer until the client leaves."""
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with psycopg.connect(sys.argv[2], autocommit=True, prepare_threshold=0) as connection:
            while (head := self.rfile.readline()) not in (b"", b"\r\n"):
                while self.rfile.readline() not in (b"", b"\r\n"):
                    pass
                path = unquote(head.split()[1].decode())
                if path == "/export":
                    self._export(connection)
                else:
                    body = _answer(connection, path)
                    self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    def _export(self, connection: psycopg.Connection) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        with connection.cursor() as cursor, cursor.copy(_EXPORT + _LINES) as lines:
            for line in lines:
                self.wfile.write(b"%x\r\n%b\r\n" % (len(line), bytes(line)))
        self.wfile.write(b"0\r\n\r\n")


class Server(socketserver.ThreadingTCPServer):
    """A thread for each client."""

    allow_reuse_address = True
    daemon_threads = True


def _answer(connection: psycopg.Connection, path: str) -> bytes:
    if found := _ITEMS.search(path):
        row = connection.execute(_ITEM, [int(found[1])]).fetchone()
    elif found := _BBOX.search(path):
        row = connection.execute(_BOX, [*map(float, found.groups()[:4]), int(found[5])]).fetchone()
    elif found := _STATUS.search(path):
        row = connection.execute(_FILTER, [found[1], int(found[2])]).fetchone()
    elif found := _TILES.search(path):
        z, x, y = map(int, found.groups())
        row = connection.execute(_TILE, {"z": z, "x": x, "y": y}, binary=True).fetchone()
    else:
        row = None
    if row is None or row[0] is None:
        return b""
    return row[0].encode() if isinstance(row[0], str) else bytes(row[0])


if __name__ == "__main__":
    Server(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
