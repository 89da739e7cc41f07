"""What a caller may ask: frozen values that are right once they exist."""

import math
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal
from zoneinfo import ZoneInfo

from gis.domain.lifecycle import StatusGroup
from gis.domain.sites import SiteType
from gis.errors import InvalidInputError

JAKARTA = ZoneInfo("Asia/Jakarta")
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
ALL_GROUPS = tuple(StatusGroup)


def today() -> date:
    """The current day in Jakarta, which is what "today" means in this register."""
    return datetime.now(JAKARTA).date()


class Boundaries(StrEnum):
    """Which regions facts are summed by: those of the date that is asked about, or today's."""

    then = "then"
    today = "today"


#: What a summary can be of; `gis.domain.regions.Level` are those that have a geometry.
SummaryLevel = Literal["nation", "province", "regency"]


@dataclass(frozen=True)
class BoundingBox:
    """West, south, east and north in degrees (CRS84: longitude before latitude).

    Raises
    ------
    InvalidInputError : a number is not finite or outside the world, or south is above north. West above east
        is a box across the antimeridian (RFC 7946, 5.2), which Indonesia does not reach: refused as well.
    """

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        found = f"{self.west},{self.south},{self.east},{self.north}"
        allowed = "west,south,east,north in degrees (-180…180, -90…90), west ≤ east and south ≤ north"
        numbers = (self.west, self.south, self.east, self.north)
        in_world = -180 <= self.west <= self.east <= 180 and -90 <= self.south <= self.north <= 90
        if not all(map(math.isfinite, numbers)) or not in_world:
            raise InvalidInputError("bbox", found, allowed)


@dataclass(frozen=True)
class Moment:
    """Both clocks, and whose boundaries.

    Parameters
    ----------
    as_of : what was true at the end of that day in Jakarta
    known_at : as known at the end of that day; none for what is known today
    boundaries : regions as of then, or today's

    Raises
    ------
    InvalidInputError : a date outside 1900…2199
    """

    as_of: date = field(default_factory=today)
    known_at: date | None = None
    boundaries: Boundaries = Boundaries.then

    def __post_init__(self) -> None:
        for name in ("as_of", "known_at"):
            day = getattr(self, name)
            if day is not None and not EARLIEST <= day <= LATEST:
                raise InvalidInputError(name, day.isoformat(), f"a date from {EARLIEST} to {LATEST}")

    @property
    def regions_on(self) -> date:
        """The day whose regions are meant."""
        return self.as_of if self.boundaries is Boundaries.then else today()


@dataclass(frozen=True)
class SiteQuery:
    """Which sites, as of when.

    Parameters
    ----------
    moment : both clocks and whose boundaries
    region : a province or regency code of the moment's boundaries; none for the nation
    with_shared : also sites that lie in the region in part and count elsewhere
    groups : status groups; all by default
    site_type : one type; none for both
    bbox : only sites whose geometry meets it, so none of those known by their region only
    """

    moment: Moment = field(default_factory=Moment)
    region: str | None = None
    with_shared: bool = False
    groups: tuple[StatusGroup, ...] = ALL_GROUPS
    site_type: SiteType | None = None
    bbox: BoundingBox | None = None
