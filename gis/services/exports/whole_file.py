"""Files that are complete or not there."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from gis.errors import InvalidInputError


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that takes its name when the block ends well, and leaves no trace when it does not.

    Parameters
    ----------
    path : where it shall be; an older file of that name stays until the new one is whole

    Raises
    ------
    InvalidInputError : the folder is not there or cannot be written
    """
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise InvalidInputError(
            "file", str(path), f"a file in a folder that can be written ({error.strerror})"
        ) from error
    partial = Path(name)
    try:
        with os.fdopen(handle, "wb") as target:
            yield target
            target.flush()
            os.fsync(target.fileno())
        partial.chmod(0o666 & ~_umask())  # mkstemp's 0600 is for secrets, which this is not
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
