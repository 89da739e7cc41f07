"""Settings, read once from the environment; each variable is listed in the README."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from gis.errors import InvalidInputError

PROJECT_DIRECTORY = Path(__file__).resolve().parent.parent
ROOT_HOME = Path("/var/lib/closure-atlas")
_HOST_NAME = re.compile(r"[a-z0-9.-]+|\[[0-9a-f:.]+\]")


@dataclass(frozen=True)
class Settings:
    """What can be set from outside.

    Parameters
    ----------
    home : where the private cluster and all other state live (`ATLAS_HOME`)
    data : the folder with `boundaries/` and `demo/` (`ATLAS_DATA`)
    database_url : a managed PostGIS that takes the private cluster's place (`DATABASE_URL`)
    app_database_url : the same as the web application's role reaches it (`ATLAS_APP_DATABASE_URL`)
    visitor_database_url : the same as the role of visitors reaches it (`ATLAS_VISITOR_DATABASE_URL`)
    host, port : where the server listens (`HOST`, `PORT`)
    trusted_hosts : the names under which it answers, beside loopback and `host` (`ATLAS_TRUSTED_HOSTS`)
    proxies : how many reverse proxies of one's own stand in front of it (`ATLAS_PROXIES`)
    workers, threads : gunicorn's processes and threads in each (`ATLAS_WORKERS`, `ATLAS_THREADS`)
    pool_size : database connections a process may hold (`ATLAS_POOL_SIZE`)
    statement_timeout_ms : the longest that one statement may run (`ATLAS_STATEMENT_TIMEOUT_MS`)
    contact : to whom one objects to what is published: an address of the web or of mail, or words
        (`ATLAS_CONTACT`)
    """

    home: Path
    data: Path = PROJECT_DIRECTORY / "data"
    database_url: str | None = None
    app_database_url: str | None = None
    visitor_database_url: str | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    trusted_hosts: tuple[str, ...] = ()
    proxies: int = 0
    workers: int = 2
    threads: int = 24
    pool_size: int = 8
    statement_timeout_ms: int = 30_000
    contact: str | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Settings from environment variables; an empty one counts as unset.

        Raises
        ------
        InvalidInputError : a number is not a number or out of range
        """
        given = {name: value for name, value in environment.items() if value.strip()}
        return cls(
            home=Path(given.get("ATLAS_HOME", default_home())).expanduser().absolute(),
            data=Path(given.get("ATLAS_DATA", cls.data)).expanduser().absolute(),
            database_url=given.get("DATABASE_URL"),
            app_database_url=given.get("ATLAS_APP_DATABASE_URL"),
            visitor_database_url=given.get("ATLAS_VISITOR_DATABASE_URL"),
            host=given.get("HOST", cls.host),
            port=_whole(given, "PORT", cls.port, 1, 65_535),
            trusted_hosts=_names(given, "ATLAS_TRUSTED_HOSTS"),
            proxies=_whole(given, "ATLAS_PROXIES", cls.proxies, 0, 5),
            workers=_whole(given, "ATLAS_WORKERS", cls.workers, 1, 64),
            threads=_whole(given, "ATLAS_THREADS", cls.threads, 1, 256),
            pool_size=_whole(given, "ATLAS_POOL_SIZE", cls.pool_size, 1, 256),
            statement_timeout_ms=_whole(
                given, "ATLAS_STATEMENT_TIMEOUT_MS", cls.statement_timeout_ms, 100, 3_600_000
            ),
            contact=given.get("ATLAS_CONTACT"),
        )


def default_home() -> Path:
    """The state folder of whoever calls; for root a system folder, which the cluster's user can reach."""
    return ROOT_HOME if os.geteuid() == 0 else Path(platformdirs.user_state_dir("closure-atlas"))


def _names(given: Mapping[str, str], name: str) -> tuple[str, ...]:
    parts = tuple(part.strip().lower() for part in given.get(name, "").split(",") if part.strip())
    for part in parts:
        if not _HOST_NAME.fullmatch(part):
            raise InvalidInputError(name, part, "host names or addresses without ports, with commas between")
    return parts


def _whole(given: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = given.get(name)
    if text is None:
        return default
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise InvalidInputError(name, text, f"a whole number from {low} to {high}")
    return int(text)
