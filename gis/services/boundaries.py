"""Loads data/boundaries as regions with vintages."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gis.database import Database, joins
from gis.database import regions as database_regions
from gis.services.boundary_check import Finding, check_files
from gis.services.boundary_files import BoundarySet, checksum, read_regions
from gis.services.boundary_rows import neighbour_rows, region_rows

__all__ = ["BoundarySet", "Finding", "LoadReport", "check", "load", "read_regions"]

MOST_JOINS_SHOWN = 100


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


def check(database: Database | None, directory: Path) -> list[Finding]:
    """Everything that is wrong with the boundary files and, given a database, with what stands on them.

    Parameters
    ----------
    database : migrated; its regions must come from these files, its stored joins are compared with ST_Covers
    directory : a folder such as data/boundaries

    Returns
    -------
    Findings, empty if all is well; of wrong joins the first `MOST_JOINS_SHOWN`.
    """
    findings = check_files(directory)
    return findings if database is None else [*findings, *_check_database(database, directory)]


def _check_database(database: Database, directory: Path) -> Iterator[Finding]:
    with database.transaction() as connection:
        loaded = database_regions.find_checksum(connection)
        wrong = joins.find_wrong_joins(connection, MOST_JOINS_SHOWN)
    if loaded is None:
        yield Finding("loaded", "database", "holds no regions; run: atlas boundaries load")
    elif loaded != checksum(directory):
        yield Finding("loaded", "database", "its regions come from other files; run: atlas boundaries load")
    for each in wrong:
        stored = f"{each.stored_code or 'none'} by {each.method or 'no join'}"
        message = f"{each.level} is {stored}; {each.covering_code or 'none'} covers it"
        yield Finding("join", f"site {each.site_id}", message)
