"""Decrees and by-laws of a release: public law on its regions and on the sites that are published."""

from gis.database import published_topics
from gis.database.connection import Database
from gis.services.catalogue import View
from gis.services.public.moments import PublicView, state_of
from gis.services.public.regions import region_of

DECREE_COLUMNS = (
    *("id", "kind", "issuer", "number", "dated", "dated_precision", "region_code", "region_name"),
    *("site_id", "site_name", "source", "source_url", "synthetic"),
)


def decrees_view(database: Database, asked: PublicView, region: str | None = None) -> View:
    """Decrees and by-laws up to a day, newest first; one on a site from its closing on.

    Parameters
    ----------
    database : as the role of visitors
    asked : the release, its day and whose boundaries
    region : only those of a province or regency and of sites in it; none for all

    Raises
    ------
    NotFoundError : no region bears that code on that day
    """
    moment = asked.moment
    with database.transaction() as connection:
        place = region_of(connection, moment, region)
        rows = published_topics.find_decrees(connection, moment, region)
        provinces = published_topics.list_provinces(connection, moment)
    return {
        **state_of(asked),
        "region": place,
        "provinces": provinces,
        "decrees": rows,
        "synthetic": any(row["synthetic"] for row in rows),
    }


def table_rows(view: View) -> list[View]:
    """The decrees of a view as rows of a table with `DECREE_COLUMNS`."""
    return [{**row, "synthetic": str(row["synthetic"]).lower()} for row in view["decrees"]]
