"""What stands in a cluster's folder: where each thing is, and its configuration, written at each start."""

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

SUPERUSER = "atlas"
SOCKET_NAME = ".s.PGSQL.5432"
MAX_SOCKET_PATH_BYTES = 107  # sockaddr_un of Linux, without the closing zero
_PLAIN_PATH = re.compile(r"[\w/.+@-]+")  # what needs no quoting in a list of folders

_SETTINGS = """\
# Written by `atlas` at each start: what is changed here is lost. Your own lines go into postgresql.conf,
# below the include of this file.
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
port = 5432
max_connections = 100
shared_buffers = 256MB
work_mem = 32MB
maintenance_work_mem = 128MB
effective_cache_size = 1GB
random_page_cost = 1.1
jit = off
wal_level = minimal
max_wal_senders = 0
wal_compression = on
min_wal_size = 80MB
max_wal_size = 512MB
log_line_prefix = '%m [%p] '
log_timezone = 'UTC'
timezone = 'UTC'
lc_messages = 'C'
"""
_NOT_DURABLE = """\
fsync = off
full_page_writes = off
"""
_HBA = """\
# Written by `atlas`. The socket's folder has mode 0700: whoever can reach the socket is its owner or root.
local all all trust
"""
_INCLUDE = "include 'atlas.conf'\n"


@dataclass(frozen=True)
class ServerFiles:
    """Where a cluster's things are.

    Parameters
    ----------
    directory : the cluster's own folder, `postgres` under `ATLAS_HOME`, without symbolic links
    """

    directory: Path

    @property
    def data(self) -> Path:
        """The data folder, made by initdb."""
        return self.directory / "data"

    @property
    def log(self) -> Path:
        """What the server reports."""
        return self.directory / "server.log"

    @property
    def lock(self) -> Path:
        """The file whose lock lets one caller at a time start or stop the server."""
        return self.directory / "cluster.lock"

    @property
    def socket(self) -> Path:
        """The folder for the socket.

        It is inside the cluster's folder, unless that path is too long for a socket or holds characters that
        the server would read as a list; then in /tmp, named by a hash of the path: every caller finds it.
        """
        inside = self.directory / "socket"
        if len(os.fsencode(inside / SOCKET_NAME)) <= MAX_SOCKET_PATH_BYTES and _PLAIN_PATH.fullmatch(
            str(inside)
        ):
            return inside
        digest = hashlib.sha256(os.fsencode(self.directory)).hexdigest()[:16]
        return Path("/tmp") / f"closure-atlas-{digest}"  # noqa: S108 - owner and mode are checked before use

    def major(self) -> int | None:
        """The major version of the PostgreSQL that made the data folder; None before it is made."""
        try:
            return int((self.data / "PG_VERSION").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None

    def write_configuration(self, *, durable: bool) -> None:
        """Write our settings and the rule of access; postgresql.conf includes the first.

        Parameters
        ----------
        durable : False adds what gives up safety against power loss for speed
        """
        settings = _SETTINGS.format(socket=self.socket) + ("" if durable else _NOT_DURABLE)
        self._replace("atlas.conf", settings)
        self._replace("pg_hba.conf", _HBA)
        text = (self.data / "postgresql.conf").read_text(encoding="utf-8")
        if _INCLUDE not in text:
            self._replace("postgresql.conf", f"{text}\n{_INCLUDE}")

    def _replace(self, name: str, text: str) -> None:
        # Whole or not at all, so that a full disk leaves the old file; and not at all if nothing changes.
        path = self.data / name
        if path.exists() and path.read_text(encoding="utf-8") == text:
            return
        new = path.with_name(f"{name}.new")
        new.write_text(text, encoding="utf-8")
        new.chmod(0o600)
        if os.geteuid() == 0:
            owner = self.data.stat()
            os.chown(new, owner.st_uid, owner.st_gid)
        new.replace(path)
