"""The region index, kept in a file beside everything else that can be made again."""

import zipfile
from pathlib import Path

import numpy as np

from gis.config import Settings
from gis.domain.grid_index import RegionIndex
from gis.domain.index_arrays import FORMAT_VERSION, from_arrays, to_arrays
from gis.errors import InvalidInputError
from gis.services.boundary_files import checksum, read_regions
from gis.services.complete_files import complete_or_absent


def open_index(settings: Settings) -> RegionIndex:
    """The index of the boundaries in `settings.data`, from `settings.home` if it was kept there.

    The file's name holds the boundaries' checksum and the format, so that one of other boundaries or of
    another version is never taken. A broken file is made anew; where nothing can be written, nothing is kept.

    Raises
    ------
    BoundaryError : the boundary files are missing or broken
    """
    directory = settings.data / "boundaries"
    kept = settings.home / "cache" / f"join-index-{FORMAT_VERSION}-{checksum(directory)[:32]}.npz"
    index = _read(kept)
    if index is None:
        found = read_regions(directory)
        index = RegionIndex.build(found.provinces, found.regencies, found.neighbours)
        _keep(index, kept)
    return index


def _read(path: Path) -> RegionIndex | None:
    """The kept index; nothing if there is none or it is broken (each array has a checksum in the file)."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return from_arrays(dict(arrays))
    except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile):
        return None


def _keep(index: RegionIndex, path: Path) -> None:
    """Keep the index for the next call, if that can be done."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with complete_or_absent(path) as unfinished:
            np.savez(unfinished, allow_pickle=False, **to_arrays(index))
    except (OSError, InvalidInputError):
        return  # a read-only home, or a full disk: the next call builds it again
