"""PostgreSQL's own programs: initdb makes the data folder, pg_ctl starts and stops the server."""

import shutil
import subprocess

from gis.database.binaries import get_binaries
from gis.database.server_files import SUPERUSER, ServerFiles
from gis.database.server_user import ServerUser
from gis.errors import ClusterError

START_TIMEOUT_S = 300  # after a crash the server first replays its log
STOP_TIMEOUT_S = 60
MAX_LOG_BYTES = 5_000_000
FULL_DISK_BYTES = 1_000_000


def initialise(files: ServerFiles, user: ServerUser, *, durable: bool) -> None:
    """Make the data folder: UTF-8, checksums on each page, and a superuser named after the project.

    Parameters
    ----------
    files : where; the cluster's folder exists
    user : whom the files shall belong to
    durable : False leaves out the flush to disk

    Raises
    ------
    ClusterError : PostgreSQL or PostGIS is missing, the disk is full, or initdb fails otherwise
    """
    binaries = get_binaries()
    # Renamed when complete: a broken-off attempt leaves no half folder behind that looks whole.
    partial = files.directory / "data.partial"
    if partial.exists():
        shutil.rmtree(partial)
    command = [binaries.program("initdb"), "--pgdata", str(partial), "--username", SUPERUSER]
    command += ["--data-checksums", "--encoding=UTF8", "--locale=C.UTF-8", "--auth=trust"]
    command += [] if durable else ["--no-sync"]
    result = user.run(command)
    if result.returncode != 0:
        raise ClusterError(_explain(files, result.stderr, "cannot make the database"))
    partial.rename(files.data)


def start(files: ServerFiles, user: ServerUser) -> None:
    """Start the server and wait until it answers; it outlives the calling process and its terminal.

    Parameters
    ----------
    files : where; the data folder is made and configured, and no server works in it
    user : whom the server runs as

    Raises
    ------
    ClusterError : the version does not fit the data, the disk is full, or the server refuses otherwise
    """
    if files.log.exists() and files.log.stat().st_size > MAX_LOG_BYTES:
        files.log.replace(files.log.with_name("server.log.1"))
    offset = files.log.stat().st_size if files.log.exists() else 0
    result = _pg_ctl(files, user, "start", "-l", str(files.log), "-w", "-t", str(START_TIMEOUT_S))
    if result.returncode != 0:
        reported = _read_from(files, offset) + result.stderr
        raise ClusterError(_explain(files, reported, f"cannot start the database (log: {files.log})"))


def stop(files: ServerFiles, user: ServerUser) -> None:
    """Stop the server in an orderly way: sessions end, transactions under way are rolled back.

    Parameters
    ----------
    files : where
    user : whom the server runs as

    Raises
    ------
    ClusterError : it does not stop
    """
    result = _pg_ctl(files, user, "stop", "-m", "fast", "-w", "-t", str(STOP_TIMEOUT_S))
    if result.returncode != 0:
        raise ClusterError(_explain(files, result.stderr, f"the database does not stop (log: {files.log})"))


def _pg_ctl(
    files: ServerFiles, user: ServerUser, action: str, *arguments: str
) -> subprocess.CompletedProcess[str]:
    program = get_binaries(files.major()).program("pg_ctl")
    return user.run([program, action, "--pgdata", str(files.data), *arguments], directory=files.data)


def _read_from(files: ServerFiles, offset: int) -> str:
    if not files.log.exists():
        return ""
    with files.log.open("rb") as file:
        file.seek(offset)
        return file.read().decode("utf-8", "replace")


def _explain(files: ServerFiles, text: str, what: str) -> str:
    free = shutil.disk_usage(files.directory).free
    if "No space left on device" in text or free < FULL_DISK_BYTES:
        return f"the disk of {files.directory} is full: free some space there, then try again"
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if any(mark in line for mark in ("FATAL:", "PANIC:", "error:"))]
    return f"{what}: {(telling or lines or ['no reason given'])[-1]}"
