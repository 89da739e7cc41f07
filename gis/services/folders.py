"""Folders for files under way, in `ATLAS_HOME`; what the dead leave goes with the next one."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gis.config import Settings

_PREFIX, _LOCK = "file-", "lock"


@contextmanager
def own_folder(settings: Settings | None = None) -> Iterator[Path]:
    """A new folder, for this process alone, which goes when the block ends.

    Parameters
    ----------
    settings : with the state folder; none for those of the environment

    Raises
    ------
    OSError : the state folder cannot be written
    """
    parent = _parent(settings or Settings.from_environment())
    with _alone(parent):
        _remove_abandoned(parent)
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
        held = _try_lock(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if held is not None:
            os.close(held)


def remove_abandoned(settings: Settings) -> int:
    """Remove the folders of processes that are no more; returns how many there were.

    Parameters
    ----------
    settings : with the state folder
    """
    parent = _parent(settings)
    with _alone(parent):
        return _remove_abandoned(parent)


def _parent(settings: Settings) -> Path:
    # By user, since each user's folders are closed to the others.
    parent = settings.home / f"reading-{os.geteuid()}"
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return parent


def _remove_abandoned(parent: Path) -> int:
    removed = 0
    for folder in parent.glob(f"{_PREFIX}*"):
        held = _try_lock(folder)
        if held is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(held)
            removed += 1
    return removed


def _try_lock(folder: Path) -> int | None:
    """Hold a folder, unless a living process does: the kernel lets go of what the dead held."""
    try:
        held = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except FileNotFoundError:  # its owner has just removed it
        return None
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(held)
        return None
    return held


@contextmanager
def _alone(parent: Path) -> Iterator[None]:
    """Nobody takes a folder for abandoned that is being made."""
    held = os.open(parent / _LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)
