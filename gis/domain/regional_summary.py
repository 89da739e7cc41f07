"""What a regional summary holds: counts of a region, and what follows from them."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

TARGET_ON = date(2019, 12, 31)  # "no lokalisasi by 2019" (minister, 22 February 2016; domain.md, "Claims")
DAYS_A_YEAR = 365.25
LAST_PROJECTED_YEAR = 2199


@dataclass(frozen=True)
class Pace:
    """How fast sites close, against what the 2019 target needs or needed.

    Parameters
    ----------
    per_year : closures in the twelve months up to the date
    needed_per_year : closures a year until the target that would close the rest; none after the target, when
        nothing can reach it any more, and when nothing is left
    target_on : the day of the target
    remaining : sites not closed
    missed_by_sites, missed_by_years : after the target, how many sites are open and for how long since
    projected_end_on : the day on which the present pace would close the last one; none without a pace
    """

    per_year: float
    needed_per_year: float | None
    target_on: date
    remaining: int
    missed_by_sites: int | None
    missed_by_years: float | None
    projected_end_on: date | None


def pace(remaining: int, closed_12_months: int, as_of: date) -> Pace:
    """The pace at a date.

    Parameters
    ----------
    remaining : sites that exist and are not closed
    closed_12_months : sites whose present closing fell in the twelve months up to `as_of`
    as_of : the day that is asked about
    """
    years_left = (TARGET_ON - as_of).days / DAYS_A_YEAR
    missed = as_of > TARGET_ON and remaining > 0
    return Pace(
        per_year=float(closed_12_months),
        needed_per_year=round(remaining / years_left, 1) if years_left > 0 and remaining else None,
        target_on=TARGET_ON,
        remaining=remaining,
        missed_by_sites=remaining if missed else None,
        missed_by_years=round(-years_left, 1) if missed else None,
        projected_end_on=_projected_end(remaining, closed_12_months, as_of),
    )


@dataclass(frozen=True)
class RegionSummary:
    """The summary of one region at a moment: *lokalisasi* in the totals, *lokasi* beside them.

    A site across a border counts in its primary region, so that regions add up to the nation; `shared` says
    how many more lie here in part. People are headcounts of residents of lokalisasi, the latest up to the
    date, each in the region that it was counted for.
    """

    level: str
    code: str | None
    iso_code: str | None
    name: str
    kind: str | None
    parent_code: str | None
    parent_name: str | None
    valid_from: date | None
    valid_to: date | None
    area_km2: float | None
    sites_total: int
    active: int
    planned: int
    closed: int
    reactivated: int
    lokasi_total: int
    lokasi_active: int
    lokasi_planned: int
    lokasi_closed: int
    lokasi_reactivated: int
    shared: int
    disputed: int
    people: int | None
    lokasi_people: int | None
    last_event_on: date | None
    closed_12_months: int

    @property
    def closed_share(self) -> float | None:
        """Closed sites as a share of all, 0…1; none where there are no sites."""
        return round(self.closed / self.sites_total, 4) if self.sites_total else None

    @property
    def target_gap(self) -> int:
        """Sites that the 2019 target wants closed and that are not."""
        return self.sites_total - self.closed

    def to_record(self, as_of: date) -> dict[str, Any]:
        """The summary as every output shows it: the fields, what follows from them, and the pace.

        Parameters
        ----------
        as_of : the date of the summary
        """
        record = asdict(self)
        area_km2 = self.area_km2
        record["area_km2"] = None if area_km2 is None else round(area_km2, 1)
        derived = {"closed_share": self.closed_share, "target_gap": self.target_gap}
        return {**record, **derived, "pace": asdict(self.pace(as_of))}

    def pace(self, as_of: date) -> Pace:
        """The pace of this region at the date of the summary."""
        return pace(self.target_gap, self.closed_12_months, as_of)


def _projected_end(remaining: int, closed_12_months: int, as_of: date) -> date | None:
    if not remaining or not closed_12_months:
        return None
    years = remaining / closed_12_months
    if as_of.year + years > LAST_PROJECTED_YEAR:
        return None
    return as_of + timedelta(days=round(years * DAYS_A_YEAR))
