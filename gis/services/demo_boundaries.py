"""Loads and makes boundaries.csv of a demonstration folder: boundaries of decrees."""

from pathlib import Path

from gis.database import decree_boundaries
from gis.database.connection import Connection
from gis.domain.records.boundaries import BoundaryRow
from gis.services.demo_files import read_rows, write_rows
from gis.services.demo_generator.decree_areas import boundary_rows
from gis.services.demo_rows import DemoRegister

BOUNDARIES = "boundaries.csv"


def load(connection: Connection, directory: Path) -> tuple[int, int]:
    """Load what the folder holds of decreed boundaries; a row whose external id is stored stays as it is.

    Parameters
    ----------
    connection : in a transaction that holds the load lock, with the sites loaded
    directory : such as data/demo; without the file nothing happens

    Returns
    -------
    how many rows came in, and how many were there before

    Raises
    ------
    InvalidInputError : the first row that cannot be taken, with its number, column and what is allowed
    """
    path = directory / BOUNDARIES
    if not path.is_file():
        return 0, 0
    rows = [row.model_dump(mode="json") for row in read_rows(path, BoundaryRow)]
    inserted = decree_boundaries.insert_rows(connection, rows)
    return inserted, len(rows) - inserted


def build(register: DemoRegister, directory: Path) -> int:
    """Write boundaries.csv for a demonstration register; the same register gives the same bytes.

    Parameters
    ----------
    register : its sites and events
    directory : which is there; boundaries.csv in it is replaced

    Returns
    -------
    how many rows it has
    """
    rows = boundary_rows(register)
    write_rows(directory / BOUNDARIES, BoundaryRow, rows)
    return len(rows)
