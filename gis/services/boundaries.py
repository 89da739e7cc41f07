"""Loads data/boundaries as regions with vintages."""

from dataclasses import dataclass
from pathlib import Path

from gis.database import Database
from gis.database import regions as database_regions
from gis.services.boundary_files import BoundarySet, checksum, read_regions
from gis.services.boundary_rows import neighbour_rows, region_rows

__all__ = ["BoundarySet", "LoadReport", "load", "read_regions"]


@dataclass(frozen=True)
class LoadReport:
    """What a load did; `regions` counts rows of all vintages and is 0 when the files were loaded before."""

    checksum: str
    changed: bool
    regions: int
    neighbours: int


def load(database: Database, directory: Path) -> LoadReport:
    """Load a boundary folder as regions with vintages; nothing is done if its files are loaded already.

    Other files replace all regions in one transaction, and all sites are joined again in it.

    Parameters
    ----------
    database : migrated
    directory : a folder such as data/boundaries

    Raises
    ------
    BoundaryError : a file is missing or cannot be read, or its coverage is broken
    """
    wanted = checksum(directory)
    with database.transaction() as connection:
        if database_regions.find_checksum(connection) == wanted:
            return LoadReport(wanted, changed=False, regions=0, neighbours=0)
    boundaries = read_regions(directory)
    regions, neighbours = region_rows(boundaries), neighbour_rows(boundaries)
    with database.transaction() as connection:
        database_regions.lock_for_replace(connection)
        # Another process may have loaded them while these rows were made.
        if database_regions.find_checksum(connection) == boundaries.checksum:
            return LoadReport(wanted, changed=False, regions=0, neighbours=0)
        database_regions.replace_regions(connection, regions, neighbours, boundaries.checksum)
    return LoadReport(boundaries.checksum, changed=True, regions=len(regions), neighbours=len(neighbours))
