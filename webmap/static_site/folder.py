"""The folder that holds a static site: complete or not there, and nobody else's."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gis.config import Settings
from gis.database import open_database
from gis.database.login_roles import APP, VISITOR
from gis.errors import InvalidInputError
from webmap import create_app
from webmap.static_site.site import FORMAT, MANIFEST, Report, Site

READABLE = 0o755


def write(
    settings: Settings,
    directory: Path,
    release_id: str | None = None,
    url: str = "",
    report: Report = lambda _done, _total: None,
) -> dict[str, Any]:
    """Write the public side of a release into a folder, which is replaced as a whole at the end.

    Parameters
    ----------
    settings : where the database is
    directory : not there, empty, or written by this function before
    release_id : none for the newest
    url : where the folder will be served from; without one, citations and examples name paths alone
    report : told how many files there are, of how many that are known of

    Returns
    -------
    the manifest: release, checksum, and size and sha256 by file

    Raises
    ------
    InvalidInputError : the folder holds something else, or cannot be written
    NotFoundError : there is no such release
    """
    refuse_what_is_not_ours(directory)
    with (
        replaced_at_the_end(directory) as folder,
        open_database(settings, read_only=True, role=APP) as register,
        open_database(settings, read_only=True, role=VISITOR) as visitors,
    ):
        Site(create_app(settings, register, visitors), release_id, url).write(folder, report)
    manifest: dict[str, Any] = json.loads((directory / MANIFEST).read_bytes())
    return manifest


def refuse_what_is_not_ours(directory: Path) -> None:
    """Leave alone what somebody else put there.

    Raises
    ------
    InvalidInputError : it is a file, or a folder with contents that are not of a static site
    """
    if not directory.exists():
        return
    if directory.is_dir() and (not any(directory.iterdir()) or _is_ours(directory / MANIFEST)):
        return
    allowed = "a folder that is not there yet, is empty, or holds an earlier static site"
    raise InvalidInputError("--static", str(directory), allowed)


@contextmanager
def replaced_at_the_end(directory: Path) -> Iterator[Path]:
    """A folder to write into, which takes the place of another one when the block ends well.

    Parameters
    ----------
    directory : goes then, if it is there

    Raises
    ------
    InvalidInputError : the folder around it is not there or cannot be written, or the disk is full
    """
    try:
        with tempfile.TemporaryDirectory(prefix=f".{directory.name}.", dir=directory.parent) as beside:
            unfinished, former = Path(beside) / "new", Path(beside) / "old"
            unfinished.mkdir()
            yield unfinished
            unfinished.chmod(READABLE)  # a web server runs as somebody else
            if directory.exists():
                directory.rename(former)
            unfinished.rename(directory)
            shutil.rmtree(former, ignore_errors=True)
    except OSError as error:
        allowed = f"a folder within one that can be written ({error.strerror or error})"
        raise InvalidInputError("--static", str(directory), allowed) from error


def _is_ours(manifest: Path) -> bool:
    try:
        return bool(json.loads(manifest.read_bytes()).get("format") == FORMAT)
    except (OSError, ValueError, AttributeError):
        return False
