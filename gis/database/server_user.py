"""Who the private server runs as, and running a program as that user; never root: PostgreSQL refuses it."""

import os
import pwd
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gis.errors import ClusterError

SYSTEM_USER = "postgres"


@dataclass(frozen=True)
class ServerUser:
    """An ordinary user of this system.

    Parameters
    ----------
    name : for messages
    uid, gid : what processes run as and files belong to
    """

    name: str
    uid: int
    gid: int

    def run(
        self, command: list[str], *, directory: Path = Path("/"), timeout_s: float | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a program as this user, with a clean environment, and collect what it prints.

        Parameters
        ----------
        command : the program and its arguments
        directory : the working directory; one that this user can enter
        timeout_s : after this many seconds the program is killed and `subprocess.TimeoutExpired` raised
        """
        change: dict[str, Any] = {}
        if os.geteuid() == 0:
            change = {"user": self.uid, "group": self.gid, "extra_groups": []}
        # PGDATA, PGHOST, PGOPTIONS and the like of the caller must not reach the server's programs.
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "HOME": "/"}
        return subprocess.run(
            command,
            cwd=directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=timeout_s,
            **change,
        )

    def make_directory(self, path: Path) -> None:
        """Make a folder, if it is absent, that belongs to this user and that nobody else can enter.

        Parameters
        ----------
        path : the folder; its parent exists

        Raises
        ------
        ClusterError : something of that name is there that is not such a folder
        OSError : the folder cannot be made
        """
        if not os.path.lexists(path):
            # Made under another name first: nobody may ever see it with the wrong owner.
            new = Path(tempfile.mkdtemp(prefix=f"{path.name}-", dir=path.parent))
            try:
                if os.geteuid() == 0:
                    os.chown(new, self.uid, self.gid)
                new.rename(path)
            except OSError:
                new.rmdir()
                if not path.is_dir():
                    raise
        status = path.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != self.uid or status.st_mode & 0o077:
            raise ClusterError(
                f"{path} must be a folder of user {self.name} with mode 0700: remove it, or change ATLAS_HOME"
            )

    def check_access(self, path: Path) -> None:
        """Make sure that this user can enter a folder.

        Raises
        ------
        ClusterError : a folder on the way is closed to it; it is named
        """
        for folder in (*reversed(path.parents), path):
            if self.run(["test", "-x", str(folder)]).returncode != 0:
                raise ClusterError(
                    f"user {self.name}, who runs the database, cannot enter {folder}:"
                    f" chmod o+x {folder}, or set ATLAS_HOME elsewhere"
                )


def server_user(directory: Path) -> ServerUser:
    """The user for a server whose files are under a folder.

    For root it is the folder's owner, else the system user `postgres`; for anybody else it is the caller.

    Parameters
    ----------
    directory : the cluster's folder, which need not exist yet

    Raises
    ------
    ClusterError : there is no such user, or the folder belongs to somebody else
    """
    owner = directory.stat().st_uid if directory.exists() else None
    if os.geteuid() != 0:
        if owner not in (None, os.geteuid()):
            raise ClusterError(f"{directory} belongs to another user; run as that user, or set ATLAS_HOME")
        return _by_uid(os.geteuid())
    if owner:
        return _by_uid(owner)
    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        raise ClusterError(
            f"there is no system user {SYSTEM_USER} to run the database as: apt-get install postgresql-common"
        ) from None
    return ServerUser(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _by_uid(uid: int) -> ServerUser:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise ClusterError(f"user id {uid} has no name on this system, and PostgreSQL needs one") from None
    return ServerUser(entry.pw_name, entry.pw_uid, entry.pw_gid)
