"""The first release over the demonstration data, so that a visitor of a fresh installation sees something."""

import csv
from pathlib import Path

from gis.database import publications, releases
from gis.database.connection import Database
from gis.domain.releases import Release
from gis.services import publication

NOTE = "Data demonstrasi: yang sintetis ditandai sintetis."


def publish_first(database: Database, directory: Path) -> Release | None:
    """Make a release where there is none and the register holds the demonstration data and nothing else.

    What is in a register of one's own is published when a person says so.

    Parameters
    ----------
    database : as the owner
    directory : data/demo

    Returns
    -------
    the release; none where nothing was to be done
    """
    if not is_wanted(database, directory):
        return None
    return publication.publish(database, NOTE)


def is_wanted(database: Database, directory: Path) -> bool:
    """Whether there is no release, and there are sites, all of them of the demonstration data."""
    with database.transaction() as connection:
        if releases.find_releases(connection):
            return False
        stored = publications.find_site_ids(connection)
    path = directory / "sites.csv"
    if not stored or not path.is_file():
        return False
    with path.open(encoding="utf-8", newline="") as file:
        return stored <= {int(row["id"]) for row in csv.DictReader(file)}
