"""What the forms of a site show beside their fields: the stored site, where a place belongs, what waits."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from gis.database.connection import Connection
from gis.database.statements import load
from gis.domain.forms.sites import StoredSite
from gis.domain.regions import Level
from gis.errors import NotFoundError


class FoundRegion(NamedTuple):
    """A region of today in which a place lies, and how that was found."""

    level: Level
    code: str
    name: str
    share: float
    is_primary: bool
    method: str


class Located(NamedTuple):
    """The regions of a place, and whether whoever acts may enter it."""

    regions: list[FoundRegion]
    within_scope: bool


class Waiting(NamedTuple):
    """A draft about a site that nobody has decided on."""

    batch_id: int
    state: str
    author_name: str
    entered_at: datetime
    collection: str
    content: dict[str, Any]


def get_stored_site(connection: Connection, site_id: int) -> StoredSite:
    """A site as it is stored.

    Raises
    ------
    NotFoundError : it is not there, or not for whoever acts
    """
    row = connection.execute(load("site_get_stored"), {"site_id": site_id}).fetchone()
    if row is None:
        raise NotFoundError(f"there is no site {site_id}")
    return StoredSite._make(row)


def locate(connection: Connection, wkt: str | None, declared: Sequence[str], *, is_national: bool) -> Located:
    """Where a place would belong, by the rule of all sites.

    Parameters
    ----------
    connection : in a transaction that may write; a site is put there and taken back
    wkt : valid, in EPSG:4326, of at most `LARGEST_DRAWN` vertices; none if only regions are known
    declared : codes of regencies of today
    is_national : whoever acts is bound to no region; it may enter what lies in none

    Raises
    ------
    ForbiddenError : nobody acts
    InvalidInputError : too many vertices, no valid shape, or a code that no region of today bears
    """
    values = {"wkt": wkt, "declared": list(declared)}
    rows = connection.execute(load("site_locate"), values).fetchall()
    within = all(row[-1] for row in rows) if rows else is_national
    return Located([FoundRegion._make(row[:-1]) for row in rows], within)


def find_waiting(connection: Connection, site_id: int) -> list[Waiting]:
    """Drafts about a site that are not decided, newest first, as far as whoever acts may see them."""
    return [Waiting._make(row) for row in connection.execute(load("draft_of_site"), {"site_id": site_id})]
