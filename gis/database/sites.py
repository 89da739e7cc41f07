"""Sites as of a moment: found, counted, and as GeoJSON that PostgreSQL has made."""

from dataclasses import dataclass
from typing import Any

from gis.database.connection import Connection
from gis.database.statements import load
from gis.domain.queries import BoundingBox, Moment, SiteQuery
from gis.domain.sites import SITE_PROPERTIES
from gis.errors import NotFoundError

Row = dict[str, Any]

LIST_COLUMNS = (*SITE_PROPERTIES, "disputed", "last_event_on")
DETAIL_COLUMNS = (*LIST_COLUMNS, "alternative_names", "location_source", "declared_region_codes", "geometry")


@dataclass(frozen=True)
class Extent:
    """How many features there are, the box around them, whether any is synthetic, how many have a place."""

    n: int
    bbox: BoundingBox | None
    synthetic: bool
    placed: int | None = None


def find_sites(connection: Connection, query: SiteQuery, limit: int) -> list[Row]:
    """Sites that a query finds, by name and id.

    Parameters
    ----------
    connection : in a transaction
    query : which sites, as of when
    limit : rows at most

    Returns
    -------
    a dictionary a site: `SITE_PROPERTIES`, `disputed` and `last_event_on`
    """
    rows = connection.execute(load("site_find"), {**site_values(query), "row_limit": limit})
    return [dict(zip(LIST_COLUMNS, row, strict=True)) for row in rows]


def get_site(connection: Connection, site_id: int, moment: Moment) -> Row:
    """One site at a moment.

    Parameters
    ----------
    connection : in a transaction
    site_id : its id
    moment : both clocks and whose boundaries

    Returns
    -------
    `SITE_PROPERTIES`, `disputed`, `last_event_on`, `alternative_names`, `location_source`,
    `declared_region_codes` and `geometry` (GeoJSON, EPSG:4326; none for a place known by its region
    only). A site that did not exist yet at the moment has no status.

    Raises
    ------
    NotFoundError : there is no such site
    """
    values = {**moment_values(moment), "site_id": site_id}
    row = connection.execute(load("site_get"), values).fetchone()
    if row is None:
        raise NotFoundError(f"there is no site {site_id}")
    return dict(zip(DETAIL_COLUMNS, row, strict=True))


def find_site_regions(connection: Connection, site_id: int, moment: Moment) -> list[Row]:
    """Every region that a site lies in, with its share, primary ones first.

    Returns
    -------
    dictionaries of level, code and name (of the moment's boundaries), share (0…1) and is_primary
    """
    values = {"site_id": site_id, "regions_on": moment.regions_on}
    columns = ("level", "code", "name", "share", "is_primary")
    return [dict(zip(columns, row, strict=True)) for row in connection.execute(load("site_regions"), values)]


def extent_of_sites(connection: Connection, query: SiteQuery) -> Extent:
    """How many sites a query finds, where they lie, and whether any is synthetic."""
    row = connection.execute(load("site_extent"), site_values(query)).fetchone()
    return extent_of_row(row)


def moment_values(moment: Moment) -> Row:
    """The bind values of a moment."""
    return {"as_of": moment.as_of, "known_at": moment.known_at, "regions_on": moment.regions_on}


def site_values(query: SiteQuery) -> Row:
    """The bind values of a query."""
    box = query.bbox
    return {
        **moment_values(query.moment),
        "region": query.region,
        "with_shared": query.with_shared,
        "groups": [group.value for group in query.groups],
        "site_type": query.site_type.value if query.site_type else None,
        "west": box.west if box else None,
        "south": box.south if box else None,
        "east": box.east if box else None,
        "north": box.north if box else None,
    }


def extent_of_row(row: tuple[Any, ...] | None) -> Extent:
    """An extent from a row of n, west, south, east, north, synthetic, and maybe how many have a place."""
    if row is None:
        return Extent(0, None, synthetic=False)
    n, west, south, east, north, synthetic, *placed = row
    bbox = None if west is None else BoundingBox(west, south, east, north)
    return Extent(n, bbox, synthetic, *placed)
