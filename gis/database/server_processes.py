"""Which processes belong to a data folder, and ending those that outlived their server; never others."""

import os
import select
import signal
import time
from pathlib import Path

from gis.database.server_files import SOCKET_NAME
from gis.database.server_user import ServerUser
from gis.errors import ClusterError

GRACE_S = 3.0


def find_own(user: ServerUser, data: Path) -> list[int]:
    """The ids of all PostgreSQL processes that work in a data folder, ascending.

    A process is ours if it runs `postgres` with the folder as working directory, as each server process does.
    The search runs as the server's user: in containers not even root may look at other users' processes.

    Parameters
    ----------
    user : whom the server runs as
    data : the data folder
    """
    pattern = ["(", "-name", "cwd", "-o", "-name", "exe", ")", "-printf", r"%h\t%f\t%l\0"]
    listing = user.run(["find", "/proc", "-mindepth", "2", "-maxdepth", "2", *pattern]).stdout
    links: dict[int, dict[str, str]] = {}
    for entry in listing.split("\0"):
        folder, _, rest = entry.partition("\t")
        name, _, target = rest.partition("\t")
        pid = folder.removeprefix("/proc/")
        if pid.isdigit():
            links.setdefault(int(pid), {})[name] = target
    return sorted(pid for pid, link in links.items() if _is_server(link, data))


def read_postmaster_pid(data: Path) -> int | None:
    """The process id in a data folder's lock file; None if there is no file or it is broken."""
    return _read_pid(data / "postmaster.pid")


def end_orphans(user: ServerUser, data: Path) -> None:
    """End the server processes of a data folder whose postmaster is gone: they would block the next start.

    Asked first, killed after a grace time. A handle is taken before the check that a process is ours, so
    that an id which passes to somebody else in between cannot be hit.

    Parameters
    ----------
    user : whom the server ran as
    data : the data folder

    Raises
    ------
    ClusterError : a process does not go away
    """
    handles = {pid: os.pidfd_open(pid) for pid in find_own(user, data) if Path(f"/proc/{pid}").exists()}
    try:
        own = set(find_own(user, data))
        alive = {pid: handle for pid, handle in handles.items() if pid in own}
        for number in (signal.SIGTERM, signal.SIGKILL):
            for handle in alive.values():
                _send(handle, number)
            alive = _still_alive(alive)
        if alive:
            raise ClusterError(
                f"processes {sorted(alive)} of the old server do not end; a restart of the machine helps"
            )
    finally:
        for handle in handles.values():
            os.close(handle)


def remove_stale_locks(data: Path, socket: Path) -> None:
    """Remove lock files that would block the start though no server works in the data folder.

    PostgreSQL sorts out most of them by itself; it stays blocked by an empty file, which a full disk leaves,
    and by an id that meanwhile belongs to another process of the same user.

    Parameters
    ----------
    data : the data folder; the caller has made sure that no process works in it
    socket : the folder of its socket
    """
    for path in (data / "postmaster.pid", socket / f"{SOCKET_NAME}.lock"):
        if path.exists() and (not (pid := _read_pid(path)) or Path(f"/proc/{pid}").exists()):
            path.unlink()


def _read_pid(path: Path) -> int | None:
    try:
        first = path.read_text(encoding="utf-8", errors="replace").partition("\n")[0].strip()
    except FileNotFoundError:
        return None
    return int(first) if first.isdecimal() else None


def _is_server(link: dict[str, str], data: Path) -> bool:
    # The kernel marks a program that was replaced by an upgrade while it ran.
    program = link.get("exe", "").removesuffix(" (deleted)")
    return Path(program).name == "postgres" and link.get("cwd") == str(data)


def _send(handle: int, number: signal.Signals) -> None:
    try:
        signal.pidfd_send_signal(handle, number)
    except ProcessLookupError:
        return  # it went by itself


def _still_alive(handles: dict[int, int]) -> dict[int, int]:
    deadline = time.monotonic() + GRACE_S
    while handles and (left := deadline - time.monotonic()) > 0:
        ended, _, _ = select.select(list(handles.values()), [], [], left)
        handles = {pid: handle for pid, handle in handles.items() if handle not in ended}
    return handles
