"""Loads and makes plans.csv of a demonstration folder."""

from pathlib import Path

from gis.database.connection import Connection
from gis.database.loading import load_records
from gis.database.plans import PlanRecord
from gis.domain.records.plans import PlanRow
from gis.errors import InvalidInputError
from gis.services.demo_files import read_rows, write_rows
from gis.services.demo_generator.documents import plan_rows
from gis.services.demo_rows import DemoRegister

PLANS = "plans.csv"


def load(connection: Connection, directory: Path) -> tuple[int, int]:
    """Load the plans of a folder; one whose external id is stored stays as it is.

    Parameters
    ----------
    connection : in a transaction that holds the load lock, with the sites loaded
    directory : such as data/demo; without the file nothing happens

    Returns
    -------
    how many came in, and how many were there before

    Raises
    ------
    InvalidInputError : the first row that cannot be taken, with its number, column and what is allowed
    """
    if not (directory / PLANS).is_file():
        return 0, 0
    rows = list(read_rows(directory / PLANS, PlanRow))
    _check_references(rows)
    records = (PlanRecord._make(getattr(row, name) for name in PlanRecord._fields) for row in rows)
    inserted = load_records(connection, "plans", records)
    return inserted, len(rows) - inserted


def build(register: DemoRegister, directory: Path) -> int:
    """Write plans.csv for a demonstration register; the same register gives the same bytes.

    Parameters
    ----------
    register : its sites and events
    directory : which is there; plans.csv in it is replaced

    Returns
    -------
    how many rows it has
    """
    rows = plan_rows(register)
    write_rows(directory / PLANS, PlanRow, rows)
    return len(rows)


def _check_references(rows: list[PlanRow]) -> None:
    """Refuse a key that comes twice, and a document that names none further up."""
    keys: set[str] = set()
    for number, row in enumerate(rows, start=1):
        for field in ("replaces_external_id", "corrects_external_id"):
            named = getattr(row, field)
            if named is not None and named not in keys:
                raise InvalidInputError(
                    f"{PLANS}, {field}", named, "the external_id of an earlier row", number
                )
        if row.external_id in keys:
            raise InvalidInputError(
                f"{PLANS}, external_id", row.external_id, "a key that no earlier row has", number
            )
        keys.add(row.external_id)
