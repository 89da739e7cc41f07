"""Finds the PostgreSQL programs of this machine, and among several the newest with PostGIS."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from gis.errors import ClusterError

INSTALL_HINT = "apt-get install postgresql postgresql-postgis (make serve does it), or set DATABASE_URL"
_DEBIAN_ROOT = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Binaries:
    """One installed PostgreSQL.

    Parameters
    ----------
    major : its major version, such as 15
    directory : the folder of initdb, pg_ctl and postgres
    has_postgis : whether the PostGIS extension is installed for this version
    """

    major: int
    directory: Path
    has_postgis: bool

    def program(self, name: str) -> str:
        """The path of one of its programs."""
        return str(self.directory / name)


def find_installed() -> list[Binaries]:
    """Every PostgreSQL server on PATH and in Debian's versioned folders, the newest first."""
    candidates = [path / "pg_config" for path in _DEBIAN_ROOT.glob("*/bin")]
    on_path = shutil.which("pg_config")
    if on_path:
        candidates.append(Path(on_path))
    found: dict[Path, Binaries] = {}
    for candidate in candidates:
        binaries = _inspect(candidate)
        if binaries is not None:
            found.setdefault(binaries.directory, binaries)
    return sorted(found.values(), key=lambda binaries: binaries.major, reverse=True)


def get_binaries(major: int | None = None) -> Binaries:
    """The newest installed PostgreSQL with PostGIS.

    Parameters
    ----------
    major : only this major version will do, since a data folder was made by it

    Raises
    ------
    ClusterError : none is installed, or none with PostGIS, or not the wanted version
    """
    installed = find_installed()
    if not installed:
        raise ClusterError(f"PostgreSQL is not installed: {INSTALL_HINT}")
    usable = [binaries for binaries in installed if binaries.has_postgis]
    if not usable:
        newest = installed[0].major
        raise ClusterError(
            f"PostgreSQL {newest} is installed without PostGIS: apt-get install postgresql-{newest}-postgis-3"
            " (make serve does it), or set DATABASE_URL"
        )
    for binaries in usable:
        if major in (None, binaries.major):
            return binaries
    versions = ", ".join(str(binaries.major) for binaries in usable)
    raise ClusterError(
        f"the data were made by PostgreSQL {major}, installed with PostGIS is {versions}:"
        f" apt-get install postgresql-{major} postgresql-{major}-postgis-3, or move the old data away"
    )


def _inspect(pg_config: Path) -> Binaries | None:
    # Debian puts pg_config into a development package on some releases; the folder itself tells as much.
    if pg_config.is_file() and os.access(pg_config, os.X_OK):
        shown = subprocess.run(
            [str(pg_config), "--bindir", "--sharedir", "--version"],
            capture_output=True,
            text=True,
            check=False,
        ).stdout.splitlines()
        version = re.search(r"(\d+)", shown[2]) if len(shown) == 3 else None
        if version is None:
            return None
        directory, share, major = Path(shown[0]), Path(shown[1]), int(version[1])
    else:
        name = pg_config.parent.parent.name
        if not name.isdigit():
            return None
        directory, share, major = pg_config.parent, Path("/usr/share/postgresql") / name, int(name)
    if not all((directory / program).exists() for program in ("initdb", "pg_ctl", "postgres")):
        return None
    return Binaries(major, directory, (share / "extension" / "postgis.control").is_file())
