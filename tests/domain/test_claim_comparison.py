"""A claim beside the register: the difference, and the rules that may explain it."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.domain.claim_comparison import (
    PeopleNumbers,
    Reason,
    RegisterCounts,
    SiteNumbers,
    compare,
    counts_of,
)
from gis.domain.claims import Claim, Definition, read_reports
from gis.domain.lifecycle import DatePrecision
from gis.domain.sites import SiteType

from .test_claims import LOKALISASI, claim, sets_of_claims

D = Definition
KEYS = [(definition, kind) for definition in Definition for kind in (None, *SiteType)]
numbers = st.dictionaries(st.sampled_from(KEYS), st.none() | st.integers(0, 200))
counts = st.builds(
    RegisterCounts,
    numbers,
    st.dictionaries(st.sampled_from([None, *SiteType]), st.integers(0, 3)),
    st.dictionaries(st.sampled_from(KEYS), st.integers(0, 3)),
)


def reasons(said: Claim, derived: int, *others: Claim, now: RegisterCounts | None = None) -> set[Reason]:
    now = now or RegisterCounts({})
    key = (said.definition, said.site_type)
    now = replace(now, numbers={key: derived, **now.numbers})
    readings = read_reports([said, *others])[said.report]
    return set(compare(said, now, [said, *others], readings).reasons)


@given(sets_of_claims().filter(bool), counts)
def test_any_claim_beside_any_register(claims: list[Claim], now: RegisterCounts) -> None:
    readings = read_reports(claims)
    for said in claims:
        found = compare(said, now, claims, readings[said.report])
        assert found == compare(said, now, claims, readings[said.report])
        key = (said.definition, said.site_type)
        assert found.derived == now.numbers.get(key)
        assert found.late == now.late.get(key, 0)
        if found.derived is None:
            assert (found.difference, found.reasons) == (None, ())
            continue
        assert found.difference is not None
        assert found.derived + found.difference == said.value
        # There is a reason exactly where there is a difference, each once, and the last only by itself.
        assert bool(found.reasons) == (found.difference != 0)
        assert len(set(found.reasons)) == len(found.reasons)
        assert Reason.other_list not in found.reasons or len(found.reasons) == 1


@given(sets_of_claims().filter(bool), counts)
def test_a_register_that_says_the_same_needs_no_reason(claims: list[Claim], now: RegisterCounts) -> None:
    said = claims[0]
    same = replace(now, numbers={**now.numbers, (said.definition, said.site_type): said.value})
    found = compare(said, same, claims, read_reports(claims)[said.report])
    assert (found.difference, found.reasons) == (0, ())


@pytest.mark.parametrize(
    ("said", "derived", "others", "reason"),
    [
        (claim(1, "64", 22), 24, [], Reason.other_list),
        (claim(1, "64", 22, uncertain=True), 24, [], Reason.uncertain),
        (claim(1, "64", 22), 24, [claim(2, "64.72", 24)], Reason.own_report),
        (claim(1, "35", 47), 40, [claim(2, "35", 41)], Reason.contradicted),
        (claim(1, None, 122, counted_from=date(2014, 1, 1)), 116, [], Reason.counted_from),
        (claim(1, None, 122, as_of_precision=DatePrecision.year), 116, [], Reason.imprecise_date),
        (claim(1, None, 36_000, "people_resident"), 11_968, [], Reason.rounded),
        (claim(1, None, 118, "sites_closed"), 162, [claim(2, None, 168)], Reason.other_total),
    ],
)
def test_what_the_claims_themselves_tell(
    said: Claim, derived: int, others: list[Claim], reason: Reason
) -> None:
    assert reasons(said, derived, *others) == {reason}


def test_two_claims_of_other_times_do_not_contradict() -> None:
    other = claim(2, None, 99, as_of=date(2016, 3, 3))
    assert Reason.contradicted not in reasons(claim(1, None, 100), 98, other)
    assert Reason.contradicted in reasons(
        claim(1, None, 100), 98, replace(other, as_of_precision=DatePrecision.year)
    )


def test_what_the_register_tells() -> None:
    opened = RegisterCounts({}, {LOKALISASI: 2})
    assert reasons(claim(1, None, 9, "sites_closed"), 7, now=opened) == {Reason.reactivated}
    assert reasons(claim(1, None, 5, "sites_closed"), 7, now=opened) == {Reason.other_list}
    assert reasons(claim(1, None, 5, "sites_left"), 7, now=opened) == {Reason.reactivated}
    with_lokasi = RegisterCounts({(D.sites_total, None): 40})
    assert reasons(claim(1, "64", 40), 24, now=with_lokasi) == {Reason.with_lokasi}
    split = claim(1, "64", 40, other_boundaries=True)
    assert reasons(split, 24) == {Reason.other_boundaries}


def test_what_was_reported_later_is_said() -> None:
    said = claim(1, None, 10)
    key = (said.definition, said.site_type)
    found = compare(said, RegisterCounts({key: 12}, {}, {key: 3}), [said], [])
    assert (found.derived, found.late, found.reasons) == (12, 3, (Reason.late_entry,))


def test_numbers_of_a_region() -> None:
    found = counts_of(
        {LOKALISASI: SiteNumbers(24, 4, 1, 2), SiteType.lokasi: SiteNumbers(16, 6, 0, 1)},
        [],
        {
            (D.people_resident, LOKALISASI): PeopleNumbers(1453, 5),
            (D.people_resident, SiteType.lokasi): PeopleNumbers(None, 1),
            (D.people_returned, LOKALISASI): PeopleNumbers(7),
        },
    )
    assert found.numbers[D.sites_left, LOKALISASI] == 20
    assert found.numbers[D.sites_total, SiteType.lokasi] == 16
    assert found.numbers[D.sites_closed, None] == 10
    assert found.numbers[D.people_resident, None] == 1453
    assert found.numbers[D.people_resident, SiteType.lokasi] is None
    assert found.numbers[D.people_returned, None] == 7
    assert found.numbers[D.people_beneficiary, None] is None
    assert found.numbers.get((D.provinces_left, LOKALISASI)) is None
    assert found.reactivated == {LOKALISASI: 1, SiteType.lokasi: 0, None: 1}
    assert found.late[D.sites_left, None] == 3
    assert found.late[D.people_resident, LOKALISASI] == 5
    assert found.late[D.people_returned, None] == 0


def test_provinces_are_counted_and_not_added() -> None:
    lokasi = SiteType.lokasi
    provinces = [
        {LOKALISASI: SiteNumbers(3, 1)},
        {LOKALISASI: SiteNumbers(2, 2), lokasi: SiteNumbers(1, 0)},
        {lokasi: SiteNumbers(4, 4)},
        {},
    ]
    found = counts_of({LOKALISASI: SiteNumbers(5)}, provinces, {}).numbers
    of_provinces = (D.provinces_total, D.provinces_closed, D.provinces_left)
    assert [found[definition, LOKALISASI] for definition in of_provinces] == [2, 2, 1]
    assert [found[definition, None] for definition in of_provinces] == [3, 3, 2]
