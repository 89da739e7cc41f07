"""Claims beside the register: what it derives, the difference, and the rules that may explain it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from gis.domain.claims import Claim, Definition, Reading, beside
from gis.domain.lifecycle import DatePrecision
from gis.domain.sites import SiteType

ROUND = 1_000


class Reason(StrEnum):
    """Why a claim may differ from the register; each is a rule that holds for the claim, not a verdict."""

    uncertain = "uncertain"  # it was entered as uncertain
    own_report = "own_report"  # the report's own numbers do not add up
    contradicted = "contradicted"  # another claim says otherwise of the same time
    counted_from = "counted_from"  # it counts from a day on, the register from the beginning
    imprecise_date = "imprecise_date"  # its day is not known, the register is read at the period's end
    rounded = "rounded"  # whole thousands
    other_total = "other_total"  # the report starts from another total
    reactivated = "reactivated"  # sites that opened again are left here, and may be closed there
    with_lokasi = "with_lokasi"  # it is what the register has with lokasi included
    other_boundaries = "other_boundaries"  # the region is not what it was, or will be
    late_entry = "late_entry"  # part of what the register has for the day was reported after it
    other_list = "other_list"  # none of these


Key = tuple[Definition, SiteType | None]


class SiteNumbers(NamedTuple):
    """Sites of a region on a day; `late` events up to that day became known after it."""

    total: int = 0
    closed: int = 0
    reactivated: int = 0
    late: int = 0


class PeopleNumbers(NamedTuple):
    """People of a definition; `late` counts up to that day became known after it."""

    n: int | None
    late: int = 0


@dataclass(frozen=True)
class RegisterCounts:
    """What the register derives for a region and a day.

    Parameters
    ----------
    numbers : by definition and type of site; no number where nothing of the kind was ever counted
    reactivated : sites that are active again, by type
    late : entries up to that day that became known after it, by definition and type
    """

    numbers: Mapping[Key, int | None]
    reactivated: Mapping[SiteType | None, int] = field(default_factory=dict)
    late: Mapping[Key, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Comparison:
    """A claim beside the register.

    Parameters
    ----------
    derived : what the register has for its day, region and definition, as known when the caller says
    late : how many entries up to that day became known after it
    difference : by how much more the claim says
    reasons : why they may differ; empty where they do not
    """

    derived: int | None
    late: int | None
    difference: int | None
    reasons: tuple[Reason, ...]


def compare(
    claim: Claim, now: RegisterCounts, others: Sequence[Claim], readings: Sequence[Reading]
) -> Comparison:
    """A claim beside what the register derives.

    Parameters
    ----------
    claim : the claim
    now : what the register derives for its region and day
    others : all claims that are shown on that region
    readings : of the claim's report
    """
    key = (claim.definition, claim.site_type)
    derived, late = now.numbers.get(key), now.late.get(key, 0)
    if derived is None or derived == claim.value:
        return Comparison(derived, late, None if derived is None else 0, ())
    reasons = tuple(
        reason
        for reason, holds in {
            Reason.uncertain: claim.uncertain,
            Reason.own_report: _is_contradicted_by_itself(claim, readings),
            Reason.contradicted: any(_contradict(claim, other) for other in others),
            Reason.counted_from: claim.counted_from is not None,
            Reason.imprecise_date: claim.as_of_precision is not DatePrecision.day,
            Reason.rounded: claim.value >= ROUND and claim.value % ROUND == 0,
            Reason.other_total: _starts_from_another_total(claim, now, others),
            Reason.reactivated: _may_count_reactivated_as_closed(claim, now, derived),
            Reason.with_lokasi: claim.site_type is SiteType.lokalisasi
            and now.numbers.get((claim.definition, None)) == claim.value,
            Reason.other_boundaries: claim.other_boundaries,
            Reason.late_entry: late > 0,
        }.items()
        if holds
    )
    return Comparison(derived, late, claim.value - derived, reasons or (Reason.other_list,))


def counts_of(
    sites: Mapping[SiteType, SiteNumbers],
    provinces: Sequence[Mapping[SiteType, SiteNumbers]],
    people: Mapping[tuple[Definition, SiteType], PeopleNumbers],
) -> RegisterCounts:
    """What the register derives for a region and a day.

    Parameters
    ----------
    sites : of the region, by type
    provinces : the same of all provinces, for the nation; else empty
    people : by definition and type, where any were counted
    """
    numbers: dict[Key, int | None] = {}
    late: dict[Key, int] = {}
    asked_kinds: dict[SiteType | None, tuple[SiteType, ...]] = {kind: (kind,) for kind in SiteType}
    asked_kinds[None] = tuple(SiteType)
    for asked, kinds in asked_kinds.items():
        of_kinds = _sum(sites, kinds)
        left = of_kinds.total - of_kinds.closed
        numbers[Definition.sites_total, asked] = of_kinds.total
        numbers[Definition.sites_closed, asked] = of_kinds.closed
        numbers[Definition.sites_left, asked] = left
        late |= {(definition, asked): of_kinds.late for definition in Definition}
        if provinces:
            each = [_sum(province, kinds) for province in provinces]
            numbers[Definition.provinces_total, asked] = sum(row.total > 0 for row in each)
            numbers[Definition.provinces_closed, asked] = sum(row.closed > 0 for row in each)
            numbers[Definition.provinces_left, asked] = sum(row.total > row.closed for row in each)
        for definition in (one for one in Definition if one.is_of_people):
            counted = [people[definition, kind] for kind in kinds if (definition, kind) in people]
            known = [row.n for row in counted if row.n is not None]
            numbers[definition, asked] = sum(known) if known else None
            late[definition, asked] = sum(row.late for row in counted)
    reactivated = {asked: _sum(sites, kinds).reactivated for asked, kinds in asked_kinds.items()}
    return RegisterCounts(numbers, reactivated, late)


def _sum(sites: Mapping[SiteType, SiteNumbers], kinds: Sequence[SiteType]) -> SiteNumbers:
    rows = [sites[kind] for kind in kinds if kind in sites]
    return SiteNumbers(*map(sum, zip(*rows, strict=True))) if rows else SiteNumbers()


def _is_contradicted_by_itself(claim: Claim, readings: Iterable[Reading]) -> bool:
    return any(
        reading.is_contradiction and claim.id in (reading.headline, *reading.parts) for reading in readings
    )


def _contradict(claim: Claim, other: Claim) -> bool:
    same = (claim.region_code, claim.definition, claim.site_type) == (
        other.region_code,
        other.definition,
        other.site_type,
    )
    (first, last), (other_first, other_last) = claim.period, other.period
    return same and claim.value != other.value and first <= other_last and other_first <= last


def _starts_from_another_total(claim: Claim, now: RegisterCounts, others: Sequence[Claim]) -> bool:
    if not claim.definition.is_of_sites or claim.definition is Definition.sites_total:
        return False
    stated = beside(claim, Definition.sites_total, others)
    closed = beside(claim, Definition.sites_closed, others)
    left = beside(claim, Definition.sites_left, others)
    if stated:
        total = stated.value
    elif closed and left:
        total = closed.value + left.value
    else:
        return False
    return total != now.numbers.get((Definition.sites_total, claim.site_type))


def _may_count_reactivated_as_closed(claim: Claim, now: RegisterCounts, derived: int) -> bool:
    if not now.reactivated.get(claim.site_type):
        return False
    more, fewer = claim.value > derived, claim.value < derived
    return (claim.definition is Definition.sites_closed and more) or (
        claim.definition is Definition.sites_left and fewer
    )
