"""Loads centres.csv and occupancies.csv of a demonstration folder."""

from pathlib import Path

from gis.database import centres
from gis.database.connection import Connection
from gis.domain.records.centres import CentreContent, OccupancyContent
from gis.domain.records.fields import Id
from gis.services.demo_files import read_rows

CENTRES, OCCUPANCIES = "centres.csv", "occupancies.csv"


class CentreRow(CentreContent):
    """A row of centres.csv: an entry with its id; that of a centre's first entry is the centre's own."""

    id: Id


class OccupancyRow(OccupancyContent):
    """A row of occupancies.csv: a count with its id."""

    id: Id


def load(connection: Connection, directory: Path) -> tuple[tuple[int, int], tuple[int, int]]:
    """Load what the folder holds of centres; a row whose external id is stored stays as it is.

    Parameters
    ----------
    connection : in a transaction that holds the load lock
    directory : such as data/demo; without these files nothing happens

    Returns
    -------
    how many centres came in and how many were there before, and the same of counts

    Raises
    ------
    InvalidInputError : the first row that cannot be taken, with its number, column and what is allowed
    """
    return (
        _load(connection, directory / CENTRES, CentreRow),
        _load(connection, directory / OCCUPANCIES, OccupancyRow),
    )


def _load(connection: Connection, path: Path, kind: type[CentreRow] | type[OccupancyRow]) -> tuple[int, int]:
    if not path.is_file():
        return 0, 0
    entries = [(row.id, row.model_dump(mode="json", exclude={"id"})) for row in read_rows(path, kind)]
    insert = centres.insert_centres if kind is CentreRow else centres.insert_occupancies
    inserted = insert(connection, entries)
    return inserted, len(entries) - inserted
