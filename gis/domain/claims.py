"""Claims: numbers that somebody gave, read against their own report and against what the register derives.

Official numbers contradict each other (domain.md, "Seven things", 1). What contradicts is shown beside each
other; no number is ever changed to fit another.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import Literal

from gis.domain.lifecycle import DatePrecision, period
from gis.domain.sites import SiteType


class Definition(StrEnum):
    """What a number counts."""

    sites_total = "sites_total"
    sites_closed = "sites_closed"
    sites_left = "sites_left"
    people_resident = "people_resident"
    people_beneficiary = "people_beneficiary"
    people_returned = "people_returned"
    provinces_total = "provinces_total"
    provinces_closed = "provinces_closed"
    provinces_left = "provinces_left"

    @property
    def is_of_sites(self) -> bool:
        """Whether it counts sites."""
        return self.startswith("sites_")

    @property
    def is_of_people(self) -> bool:
        """Whether it counts people."""
        return self.startswith("people_")

    @property
    def is_of_provinces(self) -> bool:
        """Whether it counts the provinces that have such sites; said of the nation only."""
        return self.startswith("provinces_")


@dataclass(frozen=True)
class Claim:
    """What the rules need to know of a claim.

    Parameters
    ----------
    id : its id
    report : key of the report in which it stands
    region_code : Kemendagri's of today; none for the nation
    definition, site_type : what was counted; no type where both were
    value : the number
    as_of, as_of_precision : the day or the period that it is said of
    holds_on : the day at which the register is asked
    counted_from : it leaves out what was before that day
    uncertain : whether it was entered as uncertain
    other_boundaries : whether its region has other boundaries today
    """

    id: int
    report: str
    region_code: str | None
    definition: Definition
    site_type: SiteType | None
    value: int
    as_of: date
    as_of_precision: DatePrecision
    holds_on: date
    counted_from: date | None = None
    uncertain: bool = False
    other_boundaries: bool = False

    @property
    def period(self) -> tuple[date, date]:
        """First and last day that it is said of."""
        return period(self.as_of, self.as_of_precision)

    def is_inside(self, code: str | None) -> bool:
        """Whether its region is a part of another one."""
        mine = self.region_code
        return mine is not None and (code is None or mine.startswith(f"{code}."))

    def says_the_same_thing(self, other: "Claim") -> bool:
        """Whether both are of one definition, type and period, so that they can be added or contradict."""
        return (self.definition, self.site_type, self.period) == (
            other.definition,
            other.site_type,
            other.period,
        )


@dataclass(frozen=True)
class Reading:
    """A number of a report against others of the same report.

    Parameters
    ----------
    kind : `parts`: a region against the regions in it that the report lists; `account`: all sites against
        closed and left ones
    headline : id of the claim that the others are read against
    parts : ids of the others
    reported : what the headline says
    total : what the others add up to
    """

    kind: Literal["parts", "account"]
    headline: int
    parts: tuple[int, ...]
    reported: int
    total: int

    @property
    def difference(self) -> int:
        """By how much the others add up to more than the headline."""
        return self.total - self.reported

    @property
    def is_contradiction(self) -> bool:
        """Whether both cannot be right; a list that names less than all may be merely incomplete."""
        return self.difference > 0 if self.kind == "parts" else self.difference != 0


def read_reports(claims: Iterable[Claim]) -> dict[str, list[Reading]]:
    """What each report says of a number against its own others, by key of the report.

    A headline is read against the largest regions in it of which the same report says the same thing; a list
    that has a region twice is not read, since nobody knows which of the two belongs to it.
    """
    by_report = groupby(sorted(claims, key=lambda claim: claim.report), key=lambda claim: claim.report)
    found = {}
    for report, members in by_report:
        listed = sorted(members, key=_place_in_report)
        found[report] = [*_parts(listed), *_accounts(listed)]
    return found


def _place_in_report(claim: Claim) -> tuple[date, str, int, int]:
    return claim.holds_on, claim.region_code or "", tuple(Definition).index(claim.definition), claim.id


def _parts(listed: Sequence[Claim]) -> Iterable[Reading]:
    for headline in listed:
        inside = [
            claim
            for claim in listed
            if claim.is_inside(headline.region_code) and claim.says_the_same_thing(headline)
        ]
        largest = [
            claim for claim in inside if not any(claim.is_inside(other.region_code) for other in inside)
        ]
        if largest and len({claim.region_code for claim in largest}) == len(largest):
            yield _reading("parts", headline, largest)


def _accounts(listed: Sequence[Claim]) -> Iterable[Reading]:
    for total in listed:
        if total.definition is Definition.sites_total:
            closed = beside(total, Definition.sites_closed, listed)
            left = beside(total, Definition.sites_left, listed)
            if closed and left:
                yield _reading("account", total, [closed, left])


def _reading(kind: Literal["parts", "account"], headline: Claim, parts: Sequence[Claim]) -> Reading:
    ids = tuple(claim.id for claim in parts)
    return Reading(kind, headline.id, ids, headline.value, sum(claim.value for claim in parts))


def beside(claim: Claim, definition: Definition, others: Iterable[Claim]) -> Claim | None:
    """The one claim of another definition in the same report, of the same region, type and period."""
    found = [
        other
        for other in others
        if other.definition is definition
        and (other.report, other.region_code, other.site_type, other.period, other.counted_from)
        == (claim.report, claim.region_code, claim.site_type, claim.period, claim.counted_from)
    ]
    return found[0] if len(found) == 1 else None
