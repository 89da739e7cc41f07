"""The application as `atlas serve` runs it, over a register of its own that may be broken."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.many_sites import make_sites
from gis.cli.serve import server_command
from gis.config import PROJECT_DIRECTORY, Settings
from gis.database import server_processes
from gis.database.cluster import Cluster
from gis.database.connection import Database
from gis.database.migrations import migrate
from gis.database.server_user import server_user
from gis.services import boundaries
from gis.services.sessions import hash_of, new_token

SITES = 10_000
PATIENCE_S = 30
SMALL = 4096
# Shadows the function of PostGIS by which every format has its shapes. A file stops in its middle while the
# test holds the lock.
GATE = """
CREATE FUNCTION register.st_forcepolygonccw(shape public.geometry) RETURNS public.geometry
LANGUAGE plpgsql VOLATILE AS $$
DECLARE n integer := coalesce(nullif(current_setting('atlas_test.n', true), ''), '0')::integer + 1;
BEGIN
    PERFORM set_config('atlas_test.n', n::text, true);
    IF n = 5000 THEN PERFORM pg_advisory_xact_lock_shared(77); END IF;
    RETURN public.ST_ForcePolygonCCW(shape);
END $$;
GRANT EXECUTE ON FUNCTION register.st_forcepolygonccw TO PUBLIC;
"""
BUSY = """
SELECT count(*) FROM pg_stat_activity
WHERE usename = 'atlas_app' AND state <> 'idle' AND query LIKE %s
"""
AT_THE_GATE = BUSY + " AND wait_event = 'advisory'"
WAITING = BUSY + " AND wait_event_type = 'Lock'"


def wait_until(holds: Callable[[], object], limit_s: float = PATIENCE_S) -> None:
    """Wait for what nobody tells, such as the state of PostgreSQL."""
    deadline = time.monotonic() + limit_s
    while not holds():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.02)


class Register:
    """A cluster of its own with many sites, and a planner's session.

    Parameters
    ----------
    home : its folder
    """

    def __init__(self, home: Path) -> None:
        self.cluster = Cluster(home, durable=False)
        self.cluster.start()
        self.token = new_token()
        with Database(self.cluster.conninfo()) as database:
            migrate(database)
            boundaries.load(database, PROJECT_DIRECTORY / "data" / "boundaries")
            make_sites(database, SITES)
            with database.transaction() as connection:
                connection.execute(GATE)
                connection.execute(
                    "WITH made AS (INSERT INTO register.account (name, role) VALUES ('planner', 'planner')"
                    " RETURNING id) INSERT INTO register.session (token_hash, account_id, expires_at)"
                    " SELECT %s, id, now() + interval '1 hour' FROM made",
                    [hash_of(self.token)],
                )

    @contextlib.contextmanager
    def connection(self) -> Iterator[psycopg.Connection[Any]]:
        with psycopg.connect(self.cluster.conninfo(), autocommit=True) as connection:
            yield connection

    @contextlib.contextmanager
    def gate(self) -> Iterator[None]:
        """Files stop in their middle until the block ends, or the server is gone."""
        with self.connection() as connection:
            connection.execute("SELECT pg_advisory_lock(77)")
            yield

    def count(self, question: str, query: str = "%") -> int:
        with self.connection() as connection:
            ((found,),) = connection.execute(question, [query]).fetchall()
        return int(found)

    def wait_for(self, question: str, number: int, query: str = "%") -> None:
        wait_until(lambda: self.count(question, query) == number)

    def end_readers(self) -> None:
        """End the backends that read, as an administrator does."""
        with self.connection() as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE usename = 'atlas_app' AND wait_event = 'advisory'"
            )

    def kill(self) -> None:
        """Kill every process of the server."""
        user = server_user(self.cluster.files.directory)
        for pid in server_processes.find_own(user, self.cluster.files.data):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


class Served:
    """gunicorn with one worker.

    Parameters
    ----------
    register : behind it
    """

    def __init__(self, register: Register) -> None:
        self.register = register
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "HOST")}
        home = register.cluster.files.directory.parent
        told = {"ATLAS_HOME": str(home), "PYTHONPATH": str(PROJECT_DIRECTORY)}
        self.settings = Settings(home=home, port=self.port, workers=1)
        self.process = subprocess.Popen(
            server_command(self.settings),
            env={**kept, **told},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=PROJECT_DIRECTORY,
        )
        self.said: list[str] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        wait_until(self.is_well)

    def is_well(self) -> bool:
        try:
            with self.ask("/health") as answer:
                return answer.status == 200
        except OSError:
            assert self.process.poll() is None, self.said
            return False

    def send(self, path: str, version: str = "1.1") -> http.client.HTTPConnection:
        """A connection on which a planner has asked for something.

        Its own buffer is small, so that what is not read stays with the server.
        """
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        connection._http_vsn = int(version.replace(".", ""))  # type: ignore[attr-defined]
        connection._http_vsn_str = f"HTTP/{version}"  # type: ignore[attr-defined]
        connection.sock = socket.socket()
        connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
        connection.sock.settimeout(PATIENCE_S)
        try:
            connection.sock.connect(("127.0.0.1", self.port))
            connection.request("GET", path, headers={"Cookie": f"atlas_session={self.register.token}"})
        except OSError:
            connection.close()
            raise
        return connection

    @contextlib.contextmanager
    def ask(self, path: str, version: str = "1.1") -> Iterator[http.client.HTTPResponse]:
        """The beginning of an answer to a planner, who leaves at the end of the block."""
        with contextlib.closing(self.send(path, version)) as connection, connection.getresponse() as answer:
            yield answer

    def unfinished(self) -> list[Path]:
        """Folders of files that are not whole."""
        return list(self.settings.home.glob("reading-*/file-*"))

    def kill_worker(self) -> None:
        """Kill the process that answers; gunicorn makes another."""
        pid = self.process.pid
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            os.kill(int(child), signal.SIGKILL)

    def end(self) -> None:
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(PATIENCE_S)
        self._reader.join()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            self.said.extend(lines)
