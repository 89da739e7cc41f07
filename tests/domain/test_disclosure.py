"""What the public may see."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.domain.disclosure import (
    ClaimValue,
    Counts,
    SiteHistory,
    State,
    cell_center,
    count_sites,
    count_years,
    published_aid,
    published_claims,
    rounded,
)
from gis.domain.lifecycle import StatusGroup

ACTIVE, PLANNED, CLOSED, REACTIVATED = StatusGroup
DAY = date(2016, 6, 1)


def history(*groups: tuple[date, StatusGroup], published_on: date | None = None) -> SiteHistory:
    states = tuple(State(since, group) for since, group in groups)
    return SiteHistory(1, "lokalisasi", "64", states, published_on)


def group_on(site: SiteHistory, day: date) -> StatusGroup | None:
    """The group in which it counts publicly at the end of a day."""
    return next((group for since, group in reversed(site.public_states) if since <= day), None)


@pytest.mark.parametrize(
    ("people", "told"),
    [(0, 0), (1, None), (9, None), (10, 10), (14, 10), (15, 20), (24, 20), (25, 30), (1207, 1210)],
)
def test_people_are_told_in_tens(people: int, told: int | None) -> None:
    assert rounded(people) == told


@given(st.integers(10, 3000))
def test_what_is_told_is_near_and_never_few(people: int) -> None:
    told = rounded(people)
    assert told is not None
    assert told >= 10
    assert told % 10 == 0
    assert abs(told - people) <= 5


@given(st.floats(95, 141), st.floats(-11, 6))
def test_a_place_and_the_centre_of_its_cell_have_one_cell(lon: float, lat: float) -> None:
    told = cell_center(lon, lat)
    assert abs(told[0] - lon) <= 0.005 + 1e-6
    assert abs(told[1] - lat) <= 0.005 + 1e-6
    assert cell_center(*told) == told


def test_the_centre_of_a_cell_is_a_short_number() -> None:
    assert cell_center(117.15, -0.5) == (117.155, -0.495)
    assert cell_center(117.1599, -0.5001) == (117.155, -0.505)


def test_a_site_is_public_from_its_first_closing_whatever_came_after() -> None:
    site = history(
        (date(2010, 1, 1), ACTIVE), (DAY, CLOSED), (date(2018, 1, 1), REACTIVATED), (date(2020, 1, 1), CLOSED)
    )
    assert site.closed_on == DAY
    assert [group_on(site, day) for day in (date(2009, 1, 1), date(2012, 1, 1), DAY, date(2019, 1, 1))] == [
        None,
        ACTIVE,
        CLOSED,
        CLOSED,
    ]


def test_what_was_published_stays_with_its_day() -> None:
    retracted = history((date(2010, 1, 1), ACTIVE), published_on=DAY)
    assert retracted.closed_on == DAY
    assert group_on(retracted, date(2020, 1, 1)) is CLOSED
    found_earlier = history((date(2010, 1, 1), ACTIVE), (date(2015, 1, 1), CLOSED), published_on=DAY)
    assert found_earlier.closed_on == DAY
    assert group_on(found_earlier, date(2015, 6, 1)) is ACTIVE


def test_a_reactivation_without_a_closing_is_an_active_site() -> None:
    site = history((date(2010, 1, 1), REACTIVATED))
    assert site.closed_on is None
    assert group_on(site, DAY) is ACTIVE


def test_counts_are_by_day_and_province_and_type() -> None:
    sites = [history((date(2010, 1, 1), PLANNED), (DAY, CLOSED)), history((date(2012, 1, 1), ACTIVE))]
    days = [date(2011, 1, 31), date(2015, 1, 31), DAY]
    assert count_sites(sites, days) == {
        (days[0], "64", "lokalisasi"): Counts(planned=1),
        (days[1], "64", "lokalisasi"): Counts(active=1, planned=1),
        (days[2], "64", "lokalisasi"): Counts(active=1, closed=1),
    }


GROUPS = st.lists(
    st.tuples(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.sampled_from(StatusGroup)), min_size=1
)


@given(GROUPS)
def test_closed_counts_never_fall_and_tell_no_reactivation(entered: list[tuple[date, StatusGroup]]) -> None:
    groups = sorted(dict(entered).items())
    site = history(*groups)
    days = sorted({date(year, 6, 30) for year in range(2000, 2031)})
    told = [group_on(site, day) for day in days]
    assert REACTIVATED not in told
    assert [group is CLOSED for group in told] == sorted(group is CLOSED for group in told)
    # The same site with its reactivations and what followed them told otherwise looks the same.
    first_closing = next((n for n, (_, group) in enumerate(groups) if group is CLOSED), None)
    if first_closing is not None:
        quiet = history(*groups[: first_closing + 1])
        assert [group_on(quiet, day) for day in days] == told


def test_aid_is_withheld_by_the_people_behind_the_amount() -> None:
    few = published_aid(promised=12, paid=3)  # three people at Rp 3,000,000 are Rp 9,000,000
    assert (few.promised, few.paid) == (10, None)


def claim(
    value: int,
    region: str | None,
    report: str = "a",
    definition: str = "people_resident",
    holds_on: date = DAY,
    counted_from: date | None = None,
) -> ClaimValue:
    return ClaimValue(report, definition, region, holds_on, value, counted_from)


def test_a_claim_on_a_few_people_is_withheld_with_its_total() -> None:
    claims = [
        claim(100, None),
        claim(95, "64"),
        claim(5, "65"),
        claim(3, None, definition="sites_total"),
        claim(100, None, report="b"),
        claim(0, "11"),
        claim(12, "65", report="b"),  # of both types, or of another one
    ]
    assert [each.value for each in published_claims(claims)] == [None, 95, None, 3, None, 0, None]


def test_a_claim_on_a_few_people_of_the_nation_is_withheld_with_its_total() -> None:
    claims = [claim(1005, None), claim(5, None), claim(1000, None), claim(600, "64")]
    assert [each.value for each in published_claims(claims)] == [None, None, None, 600]


def test_a_few_people_of_a_period_are_no_difference_of_what_is_told() -> None:
    april, may = date(2016, 4, 30), date(2016, 5, 31)
    claims = [
        claim(140, "64", "april", holds_on=april),
        claim(146, "64", "may", holds_on=date(2016, 6, 1)),
        claim(6, "64", "period", holds_on=may, counted_from=date(2016, 5, 1)),
        claim(20_000, None, "other", holds_on=date(2017, 12, 31)),
        claim(146, "65", "may", holds_on=date(2016, 6, 1)),
    ]
    assert [each.value for each in published_claims(claims)] == [None, None, None, 20_000, 146]


def test_claims_on_many_people_are_told() -> None:
    claims = [claim(1207, "64"), claim(139, "65"), claim(1346, None)]
    assert published_claims(claims) == claims


def test_reactivations_are_counted_by_year_once_a_site() -> None:
    days = {1: [date(2016, 1, 1), date(2016, 8, 1)], 2: [date(2016, 2, 1), date(2018, 1, 1)]}
    assert count_years(days) == {2016: 2, 2018: 1}
