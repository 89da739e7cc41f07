"""Loads claims.csv of a demonstration folder."""

from pathlib import Path

from gis.database import claims
from gis.database.connection import Connection
from gis.domain.records.claims import ClaimContent
from gis.services.demo_files import read_rows

CLAIMS = "claims.csv"


def load(connection: Connection, directory: Path) -> tuple[int, int]:
    """Load the claims of a folder; one whose external id is stored stays as it is.

    Parameters
    ----------
    connection : in a transaction that holds the load lock
    directory : such as data/demo; without the file nothing happens

    Returns
    -------
    how many came in, and how many were there before

    Raises
    ------
    InvalidInputError : the first row that cannot be taken, with its number, column and what is allowed
    """
    if not (directory / CLAIMS).is_file():
        return 0, 0
    rows = [row.model_dump(mode="json") for row in read_rows(directory / CLAIMS, ClaimContent)]
    inserted = claims.insert_claims(connection, rows)
    return inserted, len(rows) - inserted
