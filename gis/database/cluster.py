"""The private PostgreSQL with PostGIS: made, started, recovered and stopped without a person.

It listens on a Unix socket in a folder that only its user (and root) can enter; that folder is the password.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn, Ping

from gis.database import server_control, server_processes
from gis.database.server_files import SUPERUSER, ServerFiles
from gis.database.server_user import ServerUser, server_user
from gis.errors import ClusterError

DATABASE_NAME = "atlas"


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
        self.files = ServerFiles(self.home / "postgres")

    def conninfo(self, dbname: str = DATABASE_NAME, user: str = SUPERUSER) -> str:
        """The libpq connection string of a database; the server need not run."""
        return make_conninfo(host=str(self.files.socket), port=5432, user=user, dbname=dbname)

    def url(self, dbname: str = DATABASE_NAME) -> str:
        """The same as a URL, for psql, QGIS, GDAL and whatever else takes one."""
        return f"postgresql://{SUPERUSER}@/{quote(dbname)}?host={quote(str(self.files.socket), safe='')}"

    def start(self) -> bool:
        """Bring the server up, whatever state it is in; several callers at once take turns.

        Returns
        -------
        True if this call started it, False if it ran already.

        Raises
        ------
        ClusterError : it cannot be made or started; the message says what to do
        """
        if self._answers() and self._has_database():
            return False
        with self._explained():
            user = self._prepare()
            with self._lock(user):
                user.make_directory(self.files.socket)
                started = not self._answers() and self._bring_up(user)
                if not self._has_database():
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
        if not self.files.data.exists():
            return False
        with self._explained():
            user = server_user(self.files.directory)
            with self._lock(user):
                running = self._postmaster(user) is not None
                if running:
                    server_control.stop(self.files, user)
                server_processes.end_orphans(user, self.files.data)
        return running

    def status(self) -> ClusterStatus:
        """Whether it runs, and where its files are; changes nothing."""
        files = self.files
        pid = self._postmaster(server_user(files.directory)) if files.data.exists() else None
        return ClusterStatus(pid is not None, pid, files.major(), files.data, files.socket, files.log)

    def find_lock_holder(self) -> int | None:
        """The process that is starting or stopping this server at the moment, if there is one.

        Raises
        ------
        PermissionError : the lock file belongs to another user
        """
        try:
            status = self.files.lock.stat()
        except FileNotFoundError:
            return None
        # A line of /proc/locks: `1: FLOCK  ADVISORY  WRITE 4711 08:01:131090 0 EOF`, device in hexadecimal.
        wanted = f"{os.major(status.st_dev):02x}:{os.minor(status.st_dev):02x}:{status.st_ino}"
        for line in Path("/proc/locks").read_text(encoding="ascii").splitlines():
            fields = line.split()
            if fields[1] == "FLOCK" and fields[5] == wanted:
                return int(fields[4])
        return None

    def _prepare(self) -> ServerUser:
        missing = [path for path in (self.home, *self.home.parents) if not path.exists()]
        for path in reversed(missing):
            path.mkdir(exist_ok=True)
            path.chmod(0o755)  # whatever the umask: the server's user has to get through
        user = server_user(self.files.directory)
        user.check_access(self.home)
        user.make_directory(self.files.directory)
        return user

    def _bring_up(self, user: ServerUser) -> bool:
        if not self.files.data.exists():
            server_control.initialise(self.files, user, durable=self.durable)
        if self._wait_for_living_server(user):
            return False
        server_processes.end_orphans(user, self.files.data)
        server_processes.remove_stale_locks(self.files.data, self.files.socket)
        self.files.write_configuration(durable=self.durable)
        server_control.start(self.files, user)
        return True

    def _wait_for_living_server(self, user: ServerUser) -> bool:
        # It may be starting, recovering or shutting down: in the end it answers or is gone.
        deadline = time.monotonic() + server_control.START_TIMEOUT_S
        while self._postmaster(user) is not None:
            if self._answers():
                return True
            if time.monotonic() > deadline:
                raise ClusterError(f"the database runs but does not answer; see {self.files.log}")
            time.sleep(0.1)
        return False

    def _postmaster(self, user: ServerUser) -> int | None:
        pid = server_processes.read_postmaster_pid(self.files.data)
        return pid if pid in server_processes.find_own(user, self.files.data) else None

    def _answers(self) -> bool:
        # A ping says OK also when no connection is free, where connecting would fail.
        return PGconn.ping(self.conninfo("postgres").encode()) == Ping.OK

    def _has_database(self) -> bool:
        try:
            with psycopg.connect(self.conninfo(), connect_timeout=5):
                return True
        except psycopg.OperationalError:
            return False

    def _create_database(self) -> None:
        try:
            with psycopg.connect(self.conninfo("postgres"), autocommit=True) as connection:
                connection.execute("CREATE DATABASE atlas")
        except psycopg.errors.DuplicateDatabase:
            return  # it was there, and only out of connections
        except psycopg.Error as error:
            raise ClusterError(f"the database runs but lets nobody in: {error}") from error

    @contextmanager
    def _lock(self, user: ServerUser) -> Iterator[None]:
        handle = os.open(self.files.lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            if os.geteuid() == 0:
                os.chown(handle, user.uid, user.gid)
            fcntl.flock(handle, fcntl.LOCK_EX)  # the kernel lets go of it when the holder dies
            yield
        finally:
            os.close(handle)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            what = f"{error.filename or self.files.directory}: {error.strerror}"
            raise ClusterError(
                f"{what}; free some space or give access there, or change ATLAS_HOME"
            ) from error
