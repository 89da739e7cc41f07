"""PostgreSQL's client programs for backups: where they are, how they connect, what they complain about."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypeAlias

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from gis.errors import ClusterError

Stream: TypeAlias = IO[str] | int

PROGRAMS = ("pg_dump", "pg_restore", "psql")
_DEBIAN_ROOT = Path("/usr/lib/postgresql")
_MARK = re.compile(r"^.*\b(?:ERROR|FATAL|PANIC|error):\s+")


@dataclass(frozen=True)
class ClientPrograms:
    """pg_dump, pg_restore and psql of one version.

    Parameters
    ----------
    directory : where they are
    conninfo : the database they work on
    """

    directory: Path
    conninfo: str

    @contextmanager
    def run(
        self,
        name: str,
        *options: str,
        stdin: Stream = subprocess.DEVNULL,
        output: Stream = subprocess.DEVNULL,
        complaints: Stream = subprocess.PIPE,
        connected: bool = True,
    ) -> Iterator[subprocess.Popen[str]]:
        """A program that runs beside the block, and not longer than it.

        Parameters
        ----------
        name : pg_dump, pg_restore or psql
        options : as the program takes them
        stdin, output, complaints : where its three streams go, as for `subprocess.Popen`
        connected : whether it is told the database
        """
        environment = {**os.environ, "LC_ALL": "C", "PGCLIENTENCODING": "UTF8"}
        command = [str(self.directory / name), *options]
        if connected:
            parts = {name: str(value) for name, value in conninfo_to_dict(self.conninfo).items()}
            if "password" in parts:  # not on the command line, which every user of the machine can read
                environment["PGPASSWORD"] = parts.pop("password")
            command.append(f"--dbname={make_conninfo('', **parts)}")
        with subprocess.Popen(
            command,
            stdin=stdin,
            stdout=output,
            stderr=complaints,
            env=environment,
            encoding="utf-8",
            errors="replace",
        ) as process:
            try:
                yield process
            finally:
                process.kill()  # does nothing to one that has ended


def find_programs(major: int, conninfo: str) -> ClientPrograms:
    """The programs of a server's own version: older ones refuse it, newer ones write what it cannot read.

    Parameters
    ----------
    major : the server's major version
    conninfo : its database

    Raises
    ------
    ClusterError : they are not installed
    """
    on_path = shutil.which("pg_dump")
    directories = [_DEBIAN_ROOT / str(major) / "bin", *([Path(on_path).parent] if on_path else [])]
    for directory in directories:
        if all((directory / name).exists() for name in PROGRAMS) and _major(directory / "pg_dump") == major:
            return ClientPrograms(directory, conninfo)
    raise ClusterError(
        f"the server is PostgreSQL {major}, and its pg_dump, pg_restore and psql are not installed here:"
        f" apt-get install postgresql-client-{major}"
    )


def first_complaint(text: str) -> str:
    """The first error in what a program printed, without the words that only say who printed it."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if _MARK.match(line)]
    return _MARK.sub("", (telling or lines or ["no reason given"])[0])


def _major(program: Path) -> int | None:
    shown = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\) (\d+)", shown)
    return int(found[1]) if found else None
