"""The private PostgreSQL with PostGIS: made, started, recovered and stopped without a person.

It listens on a Unix socket in a folder that only its user (and root) can enter; that folder is the password.
"""

import fcntl
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg.conninfo import make_conninfo

from gis.database import server_files, server_processes
from gis.database.binaries import Binaries, get_binaries
from gis.database.server_user import ServerUser, server_user
from gis.errors import ClusterError

DATABASE_NAME = "atlas"
START_TIMEOUT_S = 300  # recovery after a crash replays the log first
STOP_TIMEOUT_S = 60
MAX_LOG_BYTES = 5_000_000


@dataclass(frozen=True)
class ClusterStatus:
    """What there is at the moment: `pid` is None while it does not run, `major` None before it is made."""

    running: bool
    pid: int | None
    major: int | None
    data: Path
    socket: Path
    log: Path


class Cluster:
    """The private server of one `ATLAS_HOME`.

    Parameters
    ----------
    home : the folder in which it lives, made when needed
    durable : False gives up safety against power loss for speed; for throw-away clusters of tests
    """

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        self.home = Path(os.path.realpath(home))
        self.durable = durable
        self.directory = self.home / "postgres"
        self.data = self.directory / "data"
        self.log = self.directory / "server.log"
        self.socket = server_files.socket_directory(self.directory)

    def conninfo(self, dbname: str = DATABASE_NAME) -> str:
        """The libpq connection string of a database; the server need not run."""
        return make_conninfo(host=str(self.socket), port=5432, user=server_files.SUPERUSER, dbname=dbname)

    def url(self, dbname: str = DATABASE_NAME) -> str:
        """The same as a URL, for psql, QGIS, GDAL and whatever else takes one."""
        host = quote(str(self.socket), safe="")
        return f"postgresql://{server_files.SUPERUSER}@/{dbname}?host={host}"

    def start(self) -> bool:
        """Bring the server up, whatever state it is in; several callers at once take turns.

        Returns
        -------
        True if this call started it, False if it ran already.

        Raises
        ------
        ClusterError : it cannot be made or started; the message says what to do
        """
        if self._answers(DATABASE_NAME):
            return False
        user = self._prepare()
        with self._lock(user):
            started = False
            if not self._answers("postgres"):
                started = self._bring_up(user)
            self._create_database()
        return started

    def stop(self) -> bool:
        """Stop the server: sessions are ended, transactions under way rolled back, data are kept.

        Returns
        -------
        True if this call stopped it, False if it did not run.

        Raises
        ------
        ClusterError : it does not stop
        """
        if not self.data.exists():
            return False
        user = server_user(self.directory)
        with self._lock(user):
            if self._postmaster(user) is None:
                return False
            result = self._pg_ctl(user, "stop", "-m", "fast", "-w", "-t", str(STOP_TIMEOUT_S))
            if result.returncode != 0 and self._postmaster(user) is not None:
                raise ClusterError(f"the database does not stop: {_last_line(result.stderr)}; see {self.log}")
        return True

    def status(self) -> ClusterStatus:
        """Whether it runs, and where its files are; changes nothing."""
        pid = self._postmaster(server_user(self.directory)) if self.data.exists() else None
        return ClusterStatus(pid is not None, pid, self._major(), self.data, self.socket, self.log)

    def _prepare(self) -> ServerUser:
        user = server_user(self.directory)
        try:
            missing = [path for path in (self.home, *self.home.parents) if not path.exists()]
            for path in reversed(missing):
                path.mkdir()
                path.chmod(0o755)  # whatever the umask: the server's user has to get through
        except OSError as error:
            raise ClusterError(
                f"cannot make {self.home}: {error.strerror}; set ATLAS_HOME elsewhere"
            ) from error
        user.check_access(self.home)
        user.make_directory(self.directory)
        user.make_directory(self.socket)
        return user

    def _bring_up(self, user: ServerUser) -> bool:
        if not self.data.exists():
            self._initialise(user)
        if self._wait_for_living_server(user):
            return False
        server_processes.end_orphans(user, self.data)
        server_files.write_configuration(self.data, self.socket, durable=self.durable)
        if self.log.exists() and self.log.stat().st_size > MAX_LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        offset = self.log.stat().st_size if self.log.exists() else 0
        result = self._pg_ctl(user, "start", "-l", str(self.log), "-w", "-t", str(START_TIMEOUT_S))
        if result.returncode != 0:
            raise ClusterError(self._why_not_started(offset, result.stderr))
        return True

    def _initialise(self, user: ServerUser) -> None:
        binaries = get_binaries()
        partial = self.directory / "data.partial"
        if partial.exists():
            shutil.rmtree(partial)
        command = [binaries.program("initdb"), "--pgdata", str(partial), "--username", server_files.SUPERUSER]
        command += ["--data-checksums", "--encoding=UTF8", "--locale=C.UTF-8", "--auth=trust"]
        command += [] if self.durable else ["--no-sync"]
        result = user.run(command)
        if result.returncode != 0:
            raise ClusterError(self._explain(result.stderr, "cannot make the database"))
        partial.rename(self.data)

    def _wait_for_living_server(self, user: ServerUser) -> bool:
        # It may be starting, recovering or shutting down; it ends in an answer or is gone.
        deadline = time.monotonic() + START_TIMEOUT_S
        while self._postmaster(user) is not None:
            if self._answers("postgres"):
                return True
            if time.monotonic() > deadline:
                raise ClusterError(f"the database runs but does not answer; see {self.log}")
            time.sleep(0.1)
        return False

    def _postmaster(self, user: ServerUser) -> int | None:
        pid = server_processes.read_postmaster_pid(self.data)
        return pid if pid in server_processes.find_own(user, self.data) else None

    def _major(self) -> int | None:
        try:
            return int((self.data / "PG_VERSION").read_text(encoding="ascii"))
        except FileNotFoundError:
            return None

    def _pg_ctl(self, user: ServerUser, action: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        program = self._binaries().program("pg_ctl")
        return user.run([program, action, "--pgdata", str(self.data), *arguments], directory=self.data)

    def _binaries(self) -> Binaries:
        return get_binaries(self._major())

    def _answers(self, dbname: str) -> bool:
        try:
            with psycopg.connect(self.conninfo(dbname), connect_timeout=5):
                return True
        except psycopg.OperationalError:
            return False

    def _create_database(self) -> None:
        with psycopg.connect(self.conninfo("postgres"), autocommit=True) as connection:
            row = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %(name)s", {"name": DATABASE_NAME}
            ).fetchone()
            if row is None:
                connection.execute("CREATE DATABASE atlas")

    @contextmanager
    def _lock(self, user: ServerUser) -> Iterator[None]:
        path = self.directory / "cluster.lock"
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            if os.geteuid() == 0:
                os.chown(path, user.uid, user.gid)
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _why_not_started(self, offset: int, printed: str) -> str:
        try:
            with self.log.open("rb") as file:
                file.seek(offset)
                text = file.read().decode("utf-8", "replace")
        except OSError:
            text = printed
        return self._explain(text, f"cannot start the database (log: {self.log})")

    def _explain(self, text: str, what: str) -> str:
        if "No space left on device" in text:
            return f"the disk of {self.directory} is full: free some space there, then try again"
        lines = [line for line in text.splitlines() if "FATAL" in line or "PANIC" in line or "error:" in line]
        return f"{what}: {lines[-1] if lines else _last_line(text)}"


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "no reason given"
