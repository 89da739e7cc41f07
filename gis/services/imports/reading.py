"""Reads one table of a file that somebody sent, whatever it is; the parsing happens in a process apart."""

from dataclasses import asdict
from pathlib import Path

from gis.services.imports.limits import DEFAULT_LIMITS, Limits
from gis.services.imports.raw_table import RawTable, load_table
from gis.services.imports.reading_worker import Options
from gis.services.imports.subprocess_run import read_apart
from gis.services.imports.turns import Turns

#: In one process; a reading takes `Limits.seconds` at most, so that nobody waits for more than two of them.
TURNS = Turns(at_once=2, waiting=2, longest_s=2 * DEFAULT_LIMITS.seconds)


def read_table(path: Path, options: Options = Options(), limits: Limits = DEFAULT_LIMITS) -> RawTable:  # noqa: B008 frozen
    """One table of a file.

    Parameters
    ----------
    path : CSV, XLSX, GeoJSON, GeoPackage, zipped Shapefile, KML or GeoParquet; its name plays no part
    options : which table, and what the file does not say of itself
    limits : what the file may ask for

    Returns
    -------
    the table with its rows, and the names of the file's other tables

    Raises
    ------
    ImportRefusedError : with a code of `refusals.REFUSALS`, in bounded time and memory
    BusyError : too many files are being read by this process
    """
    with TURNS.turn(), read_apart(path, asdict(options), limits) as (folder, sha256):
        return load_table(folder, sha256)
