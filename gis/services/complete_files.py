"""Files that are complete or not there."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gis.errors import InvalidInputError


@contextmanager
def complete_or_absent(path: Path, field: str = "--output") -> Iterator[Path]:
    """A path to write to, which takes the place of `path` when the block ends well.

    It is in a folder of its own beside it, with the same ending, since GDAL writes side files and looks at
    names. Whatever happens, the folder goes, and an older file of that name stays until the new one is whole.

    Parameters
    ----------
    path : the file
    field : what the caller's user knows it by

    Raises
    ------
    InvalidInputError : the folder is not there, cannot be written, or the disk is full
    """
    try:
        with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
            unfinished = Path(folder) / path.name
            yield unfinished
            with unfinished.open("rb") as file:
                os.fsync(file.fileno())
            unfinished.replace(path)
    except OSError as error:
        allowed = f"a file in a folder that can be written ({error.strerror or error})"
        raise InvalidInputError(field, str(path), allowed) from error
