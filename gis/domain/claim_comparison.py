"""Claims beside the register: what it derives, the difference, and the rules that may explain it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from gis.domain.claims import Claim, Definition, Reading, beside
from gis.domain.lifecycle import DatePrecision
from gis.domain.regional_summary import RegionSummary
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
    late_entry = "late_entry"  # on the day itself the register knew another number
    other_list = "other_list"  # none of these


Numbers = Mapping[tuple[Definition, SiteType | None], int | None]


@dataclass(frozen=True)
class RegisterCounts:
    """What the register derives for a region and a day.

    Parameters
    ----------
    numbers : by definition and type of site; no number where nothing of the kind was ever counted
    reactivated : sites that are active again, by type
    other_boundaries : the region's outline of that day is not today's
    """

    numbers: Numbers
    reactivated: Mapping[SiteType | None, int] = field(default_factory=dict)
    other_boundaries: bool = False


@dataclass(frozen=True)
class Comparison:
    """A claim beside the register.

    Parameters
    ----------
    derived : what the register has for its day, region and definition, as known when the caller says
    known_then : the same as it was known at the end of that day
    difference : by how much more the claim says
    reasons : why they may differ; empty where they do not
    """

    derived: int | None
    known_then: int | None
    difference: int | None
    reasons: tuple[Reason, ...]


def compare(
    claim: Claim,
    now: RegisterCounts,
    then: RegisterCounts | None,
    others: Sequence[Claim],
    readings: Sequence[Reading],
) -> Comparison:
    """A claim beside what the register derives.

    Parameters
    ----------
    claim : the claim
    now : what the register derives, as known at the time that is asked about
    then : the same, as known at the end of the claim's day; none where that is not asked
    others : all claims that are shown
    readings : of the claim's report
    """
    key = (claim.definition, claim.site_type)
    derived, known_then = now.numbers.get(key), then.numbers.get(key) if then else None
    if derived is None or derived == claim.value:
        return Comparison(derived, known_then, None if derived is None else 0, ())
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
            Reason.other_boundaries: now.other_boundaries,
            Reason.late_entry: then is not None and known_then != derived,
        }.items()
        if holds
    )
    return Comparison(derived, known_then, claim.value - derived, reasons or (Reason.other_list,))


def counts_of(
    summary: RegionSummary,
    provinces: Sequence[RegionSummary],
    people: Numbers,
) -> RegisterCounts:
    """What the register derives, from the summary of a region.

    Parameters
    ----------
    summary : of the region at the day
    provinces : the summaries of all provinces, for the nation; else empty
    people : counts of other definitions than residents
    """
    numbers: dict[tuple[Definition, SiteType | None], int | None] = {**people}
    numbers[Definition.people_resident, SiteType.lokalisasi] = summary.people
    numbers[Definition.people_resident, SiteType.lokasi] = summary.lokasi_people
    for kind in SiteType:
        total, closed = _sites(summary, kind)
        numbers[Definition.sites_total, kind] = total
        numbers[Definition.sites_closed, kind] = closed
        numbers[Definition.sites_left, kind] = total - closed
    for definition in Definition:
        of_types = [numbers.get((definition, kind)) for kind in SiteType]
        known = [number for number in of_types if number is not None]
        numbers[definition, None] = sum(known) if known else None
    if provinces:
        for asked in (*SiteType, None):
            numbers.update(_provinces(provinces, asked))
    reactivated: dict[SiteType | None, int] = {
        SiteType.lokalisasi: summary.reactivated,
        SiteType.lokasi: summary.lokasi_reactivated,
        None: summary.reactivated + summary.lokasi_reactivated,
    }
    return RegisterCounts(numbers, reactivated, other_boundaries=summary.valid_to is not None)


def _sites(summary: RegionSummary, kind: SiteType) -> tuple[int, int]:
    if kind is SiteType.lokalisasi:
        return summary.sites_total, summary.closed
    return summary.lokasi_total, summary.lokasi_closed


def _provinces(
    provinces: Sequence[RegionSummary], asked: SiteType | None
) -> dict[tuple[Definition, SiteType | None], int | None]:
    kinds = tuple(SiteType) if asked is None else (asked,)
    sites = [tuple(map(sum, zip(*(_sites(each, kind) for kind in kinds), strict=True))) for each in provinces]
    return {
        (Definition.provinces_total, asked): sum(total > 0 for total, _ in sites),
        (Definition.provinces_closed, asked): sum(closed > 0 for _, closed in sites),
        (Definition.provinces_left, asked): sum(total > closed for total, closed in sites),
    }


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
