"""What visitors see: one release, read as a role that can read nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from psycopg.rows import dict_row

from gis.database.connection import Connection
from gis.database.statements import load
from gis.domain.published_summary import PublishedSummary
from gis.domain.queries import EARLIEST, BoundingBox, SummaryLevel
from gis.domain.regions import Level
from gis.domain.releases import Release
from gis.domain.sites import SiteType
from gis.errors import NotFoundError

Row = dict[str, Any]


@dataclass(frozen=True)
class PublicMoment:
    """Which release, and which of its days.

    Parameters
    ----------
    release : that is read
    as_of : one of its figure days, or a day before all of them
    regions_on : the day whose regions are meant
    """

    release: Release
    as_of: date
    regions_on: date

    @property
    def values(self) -> dict[str, Any]:
        """The parameters of every statement."""
        return {
            "release_id": self.release.id,
            "boundaries_id": self.release.boundaries_id,
            "published_on": self.release.published_on,
            "as_of": self.as_of,
            "figure_on": self.as_of,
            "regions_on": self.regions_on,
        }


class PublicSites(NamedTuple):
    """Which published sites."""

    region: str | None = None
    with_shared: bool = False
    site_type: SiteType | None = None
    bbox: BoundingBox | None = None

    @property
    def values(self) -> dict[str, Any]:
        """The parameters of the statements."""
        box = self.bbox
        return {
            "region": self.region,
            "with_shared": self.with_shared,
            "site_type": self.site_type,
            "west": box and box.west,
            "south": box and box.south,
            "east": box and box.east,
            "north": box and box.north,
        }


class PublishedRegion(NamedTuple):
    """A region that bore a code for a time."""

    level: Level
    code: str
    code_today: str
    parent_code: str | None
    name: str
    kind: str
    iso_code: str | None
    valid_from: date | None
    valid_to: date | None
    area_km2: float
    west: float
    south: float
    east: float
    north: float

    def is_on(self, day: date) -> bool:
        """Whether it bore the code on a day."""
        return (self.valid_from or date.min) <= day < (self.valid_to or date.max)


def find_figure_days(connection: Connection, release_id: str) -> list[date]:
    """The days at whose end a release has figures, in their order."""
    rows = connection.execute(load("published_figure_days"), {"release_id": release_id})
    return [day for (day,) in rows]


def summarise(
    connection: Connection, moment: PublicMoment, levels: Sequence[SummaryLevel], region: str | None = None
) -> dict[SummaryLevel, list[PublishedSummary]]:
    """The summaries of every region of some levels, zeros included, by code.

    Parameters
    ----------
    connection : in a transaction
    moment : the release and its day
    levels : of the regions that are listed
    region : only that region, and the regencies of that province; none for all
    """
    found: dict[SummaryLevel, list[PublishedSummary]] = {level: [] for level in levels}
    values = {**moment.values, "levels": list(levels), "region": region}
    for row in connection.execute(load("published_summary"), values):
        found[row[0]].append(PublishedSummary(*row))
    return found


def monthly_series(connection: Connection, moment: PublicMoment, region: str | None = None) -> list[Row]:
    """Counts at the end of every month and on the day of the release, of the nation or a province."""
    return _rows(connection, "published_series", {**moment.values, "region": region})


def find_sites(
    connection: Connection, moment: PublicMoment, asked: PublicSites, limit: int | None = None
) -> list[Row]:
    """Published sites by name, without their cells."""
    return _rows(connection, "published_site_find", {**moment.values, **asked.values, "row_limit": limit})


def get_site(connection: Connection, moment: PublicMoment, site_id: int) -> Row:
    """One published site with its cell.

    Raises
    ------
    NotFoundError : it is not public, or there is none
    """
    found = _rows(connection, "published_site_get", {**moment.values, "site_id": site_id})
    if not found:
        raise NotFoundError(f"site {site_id}: there is none with this id")
    return found[0]


def find_recent_events(
    connection: Connection, moment: PublicMoment, region: str | None, limit: int
) -> list[Row]:
    """The newest events of published closings."""
    return _rows(
        connection, "published_event_recent", {**moment.values, "region": region, "row_limit": limit}
    )


def find_site_events(connection: Connection, moment: PublicMoment, site_id: int) -> list[Row]:
    """The published events of a site, as they happened."""
    return _rows(connection, "published_event_of_site", {**moment.values, "site_id": site_id})


def find_reactivations(connection: Connection, moment: PublicMoment) -> list[Row]:
    """Lokalisasi reported active again, by year, in the nation."""
    return _rows(connection, "published_reactivations", moment.values)


def get_region(connection: Connection, moment: PublicMoment, code: str) -> PublishedRegion:
    """The region that bears a code on the moment's day; else the newest that ever did.

    Raises
    ------
    NotFoundError : nothing ever bore that code
    """
    rows = connection.execute(load("published_region_history"), {**moment.values, "code": code})
    borne = [PublishedRegion(*row) for row in rows]
    if not borne:
        raise NotFoundError(f"region {code}: no province or regency has this Kemendagri code")
    return next((region for region in borne if region.is_on(moment.regions_on)), borne[-1])


def find_former_provinces(connection: Connection, moment: PublicMoment, code: str) -> list[Row]:
    """The provinces that a province of today belonged to before it was one, until when; the latest first."""
    return _rows(connection, "published_region_former", {**moment.values, "code": code})


def vintage_of(connection: Connection, moment: PublicMoment, level: Level) -> date:
    """Since when the regions of a level are as they are on the moment's day."""
    values = {**moment.values, "level": level, "on": moment.regions_on, "earliest": EARLIEST}
    row = connection.execute(load("published_region_vintage"), values).fetchone()
    day: date = row[0] if row else EARLIEST
    return day


def find_label_points(
    connection: Connection, moment: PublicMoment, level: Level, codes: Sequence[str]
) -> dict[str, tuple[float, float]]:
    """A point inside each of some regions: lon, lat in degrees."""
    values = {**moment.values, "level": level, "on": moment.regions_on, "codes": list(codes)}
    return {
        code: (lon, lat) for code, lon, lat in connection.execute(load("published_region_points"), values)
    }


def _rows(connection: Connection, statement: str, values: dict[str, Any]) -> list[Row]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(load(statement), values).fetchall()
