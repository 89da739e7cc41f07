"""Loads aid.csv and aid_rates.csv of a demonstration folder."""

from pathlib import Path

from gis.database import aid
from gis.database.connection import Connection
from gis.domain.records.aid import AidRateRow, AidRow
from gis.services.demo_files import read_rows, write_rows
from gis.services.demo_generator.aid import aid_rows
from gis.services.demo_rows import DemoRegister

AID, RATES = "aid.csv", "aid_rates.csv"


def load(connection: Connection, directory: Path) -> tuple[int, int]:
    """Load what the folder holds of aid; a row whose external id is stored stays as it is.

    Parameters
    ----------
    connection : in a transaction that holds the load lock, with the sites loaded
    directory : such as data/demo; without these files nothing happens

    Returns
    -------
    how many rows of aid came in, and how many were there before

    Raises
    ------
    InvalidInputError : the first row that cannot be taken, with its number, column and what is allowed
    """
    if (directory / RATES).is_file():
        rates = [row.model_dump(mode="json") for row in read_rows(directory / RATES, AidRateRow)]
        aid.insert_rates(connection, rates)
    if not (directory / AID).is_file():
        return 0, 0
    rows = [row.model_dump(mode="json") for row in read_rows(directory / AID, AidRow)]
    inserted = aid.insert_rows(connection, rows)
    return inserted, len(rows) - inserted


def build(register: DemoRegister, rates: Path, directory: Path) -> int:
    """Write aid.csv for a demonstration register; the same register and rates give the same bytes.

    Parameters
    ----------
    register : its sites, events and headcounts
    rates : aid_rates.csv, which is kept by hand
    directory : which is there; aid.csv in it is replaced

    Returns
    -------
    how many rows it has
    """
    rows = aid_rows(register, list(read_rows(rates, AidRateRow)))
    write_rows(directory / AID, AidRow, rows)
    return len(rows)
