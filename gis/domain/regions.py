"""Regions, the code systems that name them, and how provinces came out of one another."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

from gis.errors import BoundaryError, InvalidInputError, NotFoundError

Level = Literal["province", "regency"]
Kind = Literal["provinsi", "kabupaten", "kota"]

#: The order in which every output shows a region and its summary: GeoJSON, CSV, pages.
REGION_PROPERTIES = (
    "code",
    "iso_code",
    "level",
    "name",
    "parent_code",
    "valid_from",
    "valid_to",
    "area_km2",
    "sites_total",
    "lokasi_total",
    "shared",
    "active",
    "planned",
    "closed",
    "reactivated",
    "closed_share",
    "people",
    "target_gap",
)

#: How sure a code of an earlier period is; see data/boundaries/ATTRIBUTION.md.
CERTAINTIES = ("known", "inferred", "carried_back")


@dataclass(frozen=True)
class Region:
    """A province or regency as it was during one period, without its geometry.

    Parameters
    ----------
    level : province or regency
    code : Kemendagri's code during the period ("64", "64.72"), which is the key
    code_today : a regency's code today; of a province the same as `code`
    parent_code : the province's code during the period; None for a province
    name, kind : as in Kemendagri's list of today
    iso_code : ISO 3166-2, provinces only
    bps_code : the statistical office's code, where known; another system than Kemendagri's
    valid_from, valid_to : the period, [from, to); None is open
    area_km2 : geodesic, of the shapes of today
    label_point : lon, lat inside the largest part, degrees
    bbox : west, south, east, north, degrees
    """

    level: Level
    code: str
    code_today: str
    parent_code: str | None
    name: str
    kind: Kind
    iso_code: str | None
    bps_code: str | None
    valid_from: date | None
    valid_to: date | None
    area_km2: float
    label_point: tuple[float, float]
    bbox: tuple[float, float, float, float]


@dataclass(frozen=True)
class RegionChange:
    """Regencies that went from one province to another on a day; names are those of the two provinces."""

    on: date
    from_code: str
    from_name: str
    to_code: str
    to_name: str
    regency_codes: tuple[str, ...]


@dataclass(frozen=True)
class LineagePeriod:
    """Where one of today's regencies belonged during one period, and under which code.

    Parameters
    ----------
    regency_code : Kemendagri's code today
    code : the code borne during the period
    province_code : the province during the period
    valid_from, valid_to : the period, [from, to), days in Jakarta; None is open (before 1999; until now)
    law : what began the period; empty for the first one
    certainty : of `code`: known, inferred, or carried_back (the earliest code that is known)
    """

    regency_code: str
    code: str
    province_code: str
    valid_from: date | None
    valid_to: date | None
    law: str = ""
    certainty: str = "known"

    def holds(self, on: date) -> bool:
        """Whether the period includes a day."""
        return (self.valid_from or date.min) <= on < (self.valid_to or date.max)


@dataclass(frozen=True)
class ProvinceVintage:
    """A province while its extent did not change; `regency_codes` are of today, sorted."""

    code: str
    valid_from: date | None
    valid_to: date | None
    regency_codes: tuple[str, ...]


class Lineage:
    """All periods of all regencies, checked.

    Parameters
    ----------
    periods : any order

    Raises
    ------
    BoundaryError : a regency's periods have a gap or overlap, or two regencies bear one code on a day
    """

    def __init__(self, periods: Iterable[LineagePeriod]) -> None:
        grouped: dict[str, list[LineagePeriod]] = defaultdict(list)
        for period in sorted(periods, key=lambda each: (each.regency_code, each.valid_from or date.min)):
            grouped[period.regency_code].append(period)
        self._periods = dict(grouped)
        problems = [*self._broken_chains(), *self._codes_borne_twice()]
        if problems:
            raise BoundaryError("lineage: " + "; ".join(problems))

    def periods(self, regency_code: str) -> Sequence[LineagePeriod]:
        """The periods of one of today's regencies, oldest first.

        Raises
        ------
        NotFoundError : no regency bears that code today
        """
        if regency_code not in self._periods:
            raise NotFoundError(f"regency {regency_code}: no regency of today has this Kemendagri code")
        return tuple(self._periods[regency_code])

    def all_periods(self) -> list[LineagePeriod]:
        """Every period, by regency code of today, then by date."""
        return [period for periods in self._periods.values() for period in periods]

    def period_of(self, regency_code: str, on: date) -> LineagePeriod:
        """The one period of a regency that includes a day."""
        return next(period for period in self.periods(regency_code) if period.holds(on))

    def province_of(self, regency_code: str, on: date) -> str:
        """The code of the province that a regency of today belonged to on a day."""
        return self.period_of(regency_code, on).province_code

    def change_dates(self) -> list[date]:
        """The days on which some province began with another extent, ascending."""
        return sorted({period.valid_from for period in self.all_periods() if period.valid_from})

    def vintages(self) -> list[ProvinceVintage]:
        """Each province in each extent it has had, by code, then by date."""
        starts: list[date | None] = [None, *self.change_dates()]
        made: dict[str, list[ProvinceVintage]] = defaultdict(list)
        for start, end in zip(starts, [*starts[1:], None], strict=True):
            for code, regencies in self._members(start or date.min).items():
                earlier = made[code]
                if earlier and earlier[-1].valid_to == start and earlier[-1].regency_codes == regencies:
                    start_of_it = earlier.pop().valid_from
                else:
                    start_of_it = start
                earlier.append(ProvinceVintage(code, start_of_it, end, regencies))
        return [vintage for code in sorted(made) for vintage in made[code]]

    def _members(self, on: date) -> dict[str, tuple[str, ...]]:
        members: dict[str, list[str]] = defaultdict(list)
        for code in self._periods:
            members[self.province_of(code, on)].append(code)
        return {province: tuple(sorted(codes)) for province, codes in members.items()}

    def _broken_chains(self) -> Iterable[str]:
        for code, periods in self._periods.items():
            ends = [None, *(period.valid_to for period in periods)]
            starts = [*(period.valid_from for period in periods), None]
            if ends != starts:
                yield f"the periods of {code} leave a gap, overlap or do not reach today"
            elif periods[-1].code != code:
                yield f"the last period of {code} bears {periods[-1].code}"

    def _codes_borne_twice(self) -> Iterable[str]:
        bearers: dict[str, list[LineagePeriod]] = defaultdict(list)
        for period in self.all_periods():
            bearers[period.code].append(period)
        for code, periods in bearers.items():
            periods.sort(key=lambda each: each.valid_from or date.min)
            for first, second in pairwise(periods):
                if (first.valid_to or date.max) > (second.valid_from or date.min):
                    yield f"{first.regency_code} and {second.regency_code} bear {code} on one day"


def level_of(code: str) -> Level:
    """The level that a Kemendagri code names: "64" a province, "64.72" a regency.

    Raises
    ------
    InvalidInputError : not a Kemendagri code of either level
    """
    province, dot, regency = code.partition(".")
    well_formed = code.isascii() and len(province) == 2 and province.isdigit()
    if well_formed and not dot:
        return "province"
    if well_formed and len(regency) == 2 and regency.isdigit():
        return "regency"
    raise InvalidInputError("region", code, 'a Kemendagri code such as "64" or "64.72"')


def kind_of(name: str, level: Level) -> Kind:
    """What a region is, from the word that its official name begins with."""
    if level == "province":
        return "provinsi"
    return "kota" if name.startswith("Kota ") else "kabupaten"
