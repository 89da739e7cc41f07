"""The parts of an installation that are no rows: programs, disk, the private server, what pages need."""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from gis.config import PROJECT_DIRECTORY
from gis.database.binaries import get_binaries
from gis.database.cluster import Cluster
from gis.errors import AtlasError

OLDEST_PYTHON = (3, 11)
FULL_DISK_MB = 100
NEARLY_FULL_DISK_MB = 1_000
WEB = PROJECT_DIRECTORY / "webmap"
VENDOR_FILES = ("atlas.js", "basemap.geojson", "leaflet.css", "leaflet.js")
CATALOGUES = ("id/LC_MESSAGES/messages.po",)  # English is the language of the templates themselves


@dataclass(frozen=True)
class Finding:
    """What was found about one part.

    Parameters
    ----------
    part : the part, in a word or two
    state : `ok`; `warning`, it works but may not for long; `problem`, it does not work
    message : what is so
    advice : what to do; empty if nothing is to be done
    """

    part: str
    state: Literal["ok", "warning", "problem"]
    message: str
    advice: str = ""


def check_python() -> Finding:
    """The version of Python that runs this."""
    version = ".".join(str(number) for number in sys.version_info[:3])
    if sys.version_info < OLDEST_PYTHON:
        return Finding("python", "problem", f"Python {version} is too old", "install Python 3.11 or later")
    return Finding("python", "ok", f"Python {version}")


def check_web_assets() -> Finding:
    """What the browser is served, built from npm packages."""
    missing = [name for name in VENDOR_FILES if not (WEB / "static" / "vendor" / name).is_file()]
    if missing:
        return Finding(
            "web assets", "problem", f"missing: {', '.join(missing)}", "run `make serve`, it builds them"
        )
    return Finding("web assets", "ok", "Leaflet, the scripts and the basemap are there")


def check_translations() -> Finding:
    """The catalogues of the languages other than that of the templates."""
    missing = [name for name in CATALOGUES if not (WEB / "translations" / name).is_file()]
    if missing:
        return Finding("translations", "problem", f"missing: {', '.join(missing)}", "restore them with git")
    return Finding("translations", "ok", "the catalogues are there")


def check_binaries(cluster: Cluster) -> Finding:
    """PostgreSQL with PostGIS, of the version that made the data.

    Parameters
    ----------
    cluster : the private cluster, made or not
    """
    try:
        binaries = get_binaries(cluster.files.major())
    except AtlasError as error:
        return Finding("programs", "problem", str(error), "run `make serve`, it installs what it can")
    return Finding("programs", "ok", f"PostgreSQL {binaries.major} with PostGIS in {binaries.directory}")


def check_disk(home: Path) -> Finding:
    """Room on the disk of the state folder.

    Parameters
    ----------
    home : `ATLAS_HOME`, made or not
    """
    existing = next(path for path in (home, *home.parents) if path.exists())
    free_mb = shutil.disk_usage(existing).free // 1_000_000
    message = f"{free_mb} MB are free on the disk of {home}"
    if free_mb < FULL_DISK_MB:
        return Finding(
            "disk", "problem", message, f"free at least {NEARLY_FULL_DISK_MB} MB, or change ATLAS_HOME"
        )
    if free_mb < NEARLY_FULL_DISK_MB:
        return Finding(
            "disk", "warning", message, f"free some space, {NEARLY_FULL_DISK_MB} MB are comfortable"
        )
    return Finding("disk", "ok", message)


def check_server(cluster: Cluster) -> Finding:
    """Whether the private server runs, or left a lock file behind when it died.

    Parameters
    ----------
    cluster : the private cluster, made or not
    """
    try:
        status = cluster.status()
    except (AtlasError, PermissionError) as error:
        return Finding(
            "server", "problem", str(error), "run this as the user who owns the folder, or as root"
        )
    if status.running:
        return Finding("server", "ok", f"runs as process {status.pid}, socket in {status.socket}")
    if status.major is None:
        return Finding(
            "server", "problem", f"not made yet in {cluster.home}", "atlas serve, or atlas db start"
        )
    if (cluster.files.data / "postmaster.pid").exists():
        message = f"does not run, and left a stale lock file behind: {cluster.files.data / 'postmaster.pid'}"
        return Finding(
            "server", "problem", message, f"atlas db start recovers it; why it died is in {status.log}"
        )
    return Finding("server", "problem", "does not run", "atlas db start")


def check_lock(cluster: Cluster) -> Finding:
    """Whether another process is starting or stopping the private server, or hangs in it.

    Parameters
    ----------
    cluster : the private cluster, made or not
    """
    holder = cluster.find_lock_holder()
    if holder is None:
        return Finding("lock", "ok", "nobody is starting or stopping the server")
    message = f"process {holder} is starting or stopping the server"
    return Finding("lock", "warning", message, "wait a minute; if it hangs, end that process")
