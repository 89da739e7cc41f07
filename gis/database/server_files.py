"""What stands in a cluster's folder: where its socket is, and its configuration, new at each start."""

import hashlib
import os
import re
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
min_wal_size = 80MB
max_wal_size = 512MB
wal_level = minimal
max_wal_senders = 0
wal_compression = on
log_line_prefix = '%m [%p] '
log_timezone = 'UTC'
timezone = 'UTC'
lc_messages = 'C'
"""
_NOT_DURABLE = """\
fsync = off
full_page_writes = off
synchronous_commit = off
"""
_HBA = """\
# Written by `atlas`. The socket's folder has mode 0700: whoever can reach the socket is its owner or root.
local all all trust
"""


def socket_directory(directory: Path) -> Path:
    """The folder for the socket of a cluster.

    It is inside the cluster's folder, unless that path is too long for a socket or holds characters that the
    server would read as a list; then a folder in /tmp, named by a hash of the path: every caller finds it.

    Parameters
    ----------
    directory : the cluster's folder
    """
    inside = directory / "socket"
    if len(os.fsencode(inside / SOCKET_NAME)) <= MAX_SOCKET_PATH_BYTES and _PLAIN_PATH.fullmatch(str(inside)):
        return inside
    digest = hashlib.sha256(os.fsencode(directory)).hexdigest()[:16]
    return Path("/tmp") / f"closure-atlas-{digest}"  # noqa: S108 - checked for owner and mode before use


def write_configuration(data: Path, socket: Path, *, durable: bool) -> None:
    """Write our settings and the rule of access into a data folder; postgresql.conf includes the first.

    Parameters
    ----------
    data : the data folder, made by initdb
    socket : the folder for the socket
    durable : False adds what gives up safety against power loss for speed
    """
    settings = _SETTINGS.format(socket=socket) + ("" if durable else _NOT_DURABLE)
    (data / "atlas.conf").write_text(settings, encoding="utf-8")
    (data / "pg_hba.conf").write_text(_HBA, encoding="utf-8")
    main = data / "postgresql.conf"
    text = main.read_text(encoding="utf-8")
    include = "include 'atlas.conf'\n"
    if include not in text:
        main.write_text(f"{text}\n{include}", encoding="utf-8")
