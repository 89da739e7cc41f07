"""What the public may see, as a lawyer can read it beside the table of the domain ("Who sees what").

Each function takes what is true and returns what is published. Nothing else makes a public value.

1. **Sites.** A lokalisasi or lokasi is published from its first closing on, with its name, the centre of its
   cell and its sources; before that it is a number of its province. That it was active again is no site's,
   and no province's: the public closing is the first one, whatever came after, so that a site which is open
   again looks like all the others. Once published, a site stays, with its day. Which of its events are told:
   `gis.domain.published_events`.
2. **Counts** of sites are exact, by province, at the end of figure days. `closed` is the number of published
   sites.
3. **People** are by province, rounded to 10; 1 to 9 are withheld. The nation's number is rounded as well;
   where a province is withheld it is the sum of the others as they are told (complementary suppression).
4. **Aid** is told by the people behind one amount: rounded and withheld as people are, and money is that
   number times the amount. Sums are sums of what is published.
5. **Claims** are those on the nation and on provinces. One about 1 to 9 people is withheld, and with it what
   could be set against it: of its definition, on its region and the nation, in the same report or for the
   same day; and if it speaks of a period, all others of its definition on its region.
6. **Reactivations** are counted in the nation, by year.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import floor

from gis.domain.lifecycle import StatusGroup

RULE_VERSION = "1"
#: The rules as a release carries them, since the page of methods may be worded anew.
METHOD = (
    "Sites are public from their first closing on, whatever came after, with their name, the centre of a "
    "cell of 0.01 degrees and their sources; before that they are counted by province. Figures are those "
    "of the end of each month, of the days of claims and of the day of the release. People are told by "
    "province, in tens; 1 to 9 are withheld, and beside a withheld province the nation is the sum of what "
    "is told. Money of aid is the people behind one amount, in tens, times the amount. Claims are those "
    "on the nation and on provinces; of 1 to 9 people, and what could give them back, the number is "
    "withheld. Reactivations are counted in the nation, by year."
)
STEP = 10  # people are told in tens
FEWEST = 10  # 1 to 9 are never told
CELL_DEGREES = 0.01

OPEN_GROUPS = (StatusGroup.active, StatusGroup.planned)
#: The groups that the public sees, as they are named in `Counts`.
PUBLIC_GROUPS = (*OPEN_GROUPS, StatusGroup.closed)


def rounded(people: int) -> int | None:
    """A number of people as it is published: to the nearest ten, halves up; none (withheld) for 1 to 9.

    Parameters
    ----------
    people : as counted; 0 may be said
    """
    if 0 < people < FEWEST:
        return None
    return (people + STEP // 2) // STEP * STEP


def cell_center(lon: float, lat: float) -> tuple[float, float]:
    """The centre of the cell of 0.01° that holds a point: lon, lat in degrees.

    Never a random shift, which averages out, and always the same cell for a place (domain.md, "Who sees
    what", 3).
    """
    return _center(lon), _center(lat)


def _center(degrees: float) -> float:
    # The small term keeps a written 117.15 in the cell that begins there, as 117.15 / 0.01 is 11714.999….
    cell = floor(degrees / CELL_DEGREES + 1e-9)
    return round((cell + 0.5) * CELL_DEGREES, 3)


@dataclass(frozen=True)
class State:
    """Since when a site has a status group, until its next state."""

    since: date
    group: StatusGroup


@dataclass(frozen=True)
class SiteHistory:
    """What the rules have to know of a site.

    Parameters
    ----------
    site_id : its id
    site_type : lokalisasi or lokasi
    province_code : its primary province, of today; empty in none
    states : its periods, in their order, the first from its first event on
    published_on : its closing as it is told, where that is not its first one: in an earlier release, or as
        `gis.domain.published_events` says; none otherwise
    """

    site_id: int
    site_type: str
    province_code: str
    states: tuple[State, ...]
    published_on: date | None = None

    @property
    def closed_on(self) -> date | None:
        """The day from which it is public: as it is told, else of its first closing."""
        if self.published_on is not None:
            return self.published_on
        return next((state.since for state in self.states if state.group is StatusGroup.closed), None)

    @property
    def public_states(self) -> list[tuple[date, StatusGroup]]:
        """Since when it counts publicly in which group, each until the next one."""
        closed_on = self.closed_on
        found: list[tuple[date, StatusGroup]] = []
        for state in self.states:
            if closed_on is not None and state.since >= closed_on:
                break
            # A closing that an earlier release did not have yet, and a reactivation, are told as what came
            # before.
            told = (
                state.group if state.group in OPEN_GROUPS else (found[-1][1] if found else StatusGroup.active)
            )
            if not found or found[-1][1] is not told:
                found.append((state.since, told))
        if closed_on is not None:
            found.append((closed_on, StatusGroup.closed))
        return found


@dataclass(frozen=True)
class Counts:
    """Sites of one type in one province at the end of a day."""

    active: int = 0
    planned: int = 0
    closed: int = 0


def count_sites(
    histories: Iterable[SiteHistory], days: Sequence[date]
) -> dict[tuple[date, str, str], Counts]:
    """Public counts by day, province and type of site (rule 2); what would be all zero is not there.

    Parameters
    ----------
    histories : of all sites
    days : the figure days, in their order
    """
    changes: dict[tuple[str, str], dict[int, dict[StatusGroup, int]]] = {}
    for history in histories:
        before = None
        for since, group in history.public_states:
            position = bisect_left(days, since)
            by_day = changes.setdefault((history.province_code, history.site_type), {})
            change = by_day.setdefault(position, dict.fromkeys(PUBLIC_GROUPS, 0))
            change[group] += 1
            if before is not None:
                change[before] -= 1
            before = group
    found = {}
    for (province_code, site_type), by_day in changes.items():
        total = dict.fromkeys(PUBLIC_GROUPS, 0)
        for position, day in enumerate(days):
            for changed, n in by_day.get(position, {}).items():
                total[changed] += n
            if any(total.values()):
                found[(day, province_code, site_type)] = Counts(*total.values())
    return found


@dataclass(frozen=True)
class AidNumbers:
    """People behind one amount: how many were promised it, how many got it; none is withheld."""

    promised: int | None
    paid: int | None


def published_aid(promised: int, paid: int) -> AidNumbers:
    """Numbers of people behind one amount of one payer in one province, as they are published (rule 4)."""
    return AidNumbers(rounded(promised), rounded(paid))


@dataclass(frozen=True)
class ClaimValue:
    """What the rules have to know of a claim.

    Parameters
    ----------
    report : what is read together
    definition : what is counted
    region_code : a province; none for the nation
    holds_on : the day that it speaks of
    value : the number; none is withheld
    counted_from : the first day of the period that it counts in; none from the beginning
    """

    report: str
    definition: str
    region_code: str | None
    holds_on: date
    value: int | None
    counted_from: date | None = None

    @property
    def of_few(self) -> bool:
        """Whether it speaks of 1 to 9 people."""
        return self.definition.startswith("people_") and self.value is not None and 0 < self.value < FEWEST

    def may_give_back(self, few: "ClaimValue") -> bool:
        """Whether a claim of a few people may be a difference between this one and others that are told."""
        if self.definition != few.definition or self.region_code not in (None, few.region_code):
            return False
        is_period = few.counted_from is not None and self.region_code == few.region_code
        return is_period or self.report == few.report or self.holds_on == few.holds_on


def published_claims(claims: Sequence[ClaimValue]) -> list[ClaimValue]:
    """Claims on the nation and on provinces as they are published: some without their value (rule 5).

    Parameters
    ----------
    claims : on the nation and on provinces, that stand

    Returns
    -------
    in their order
    """
    of_few = [claim for claim in claims if claim.of_few]
    return [
        replace(claim, value=None) if any(claim.may_give_back(few) for few in of_few) else claim
        for claim in claims
    ]


def count_years(reactivated_on: Mapping[int, Iterable[date]]) -> dict[int, int]:
    """Sites reported active again, by year, in the nation (rule 6); a site counts once a year.

    Parameters
    ----------
    reactivated_on : the days of each site
    """
    found: dict[int, int] = {}
    for days in reactivated_on.values():
        for year in {day.year for day in days}:
            found[year] = found.get(year, 0) + 1
    return dict(sorted(found.items()))
