"""Withheld numbers of people stay withheld: the rule, and the attacker who knows its words alone."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gis.domain.complementary_suppression import PublishedPeople, publish_people
from gis.domain.disclosure import rounded
from gis.domain.disclosure_attack import attack

CODES = ("11", "12", "64", "65")
COUNTED = st.dictionaries(st.sampled_from(CODES), st.integers(0, 30))
DAYS = st.lists(COUNTED, min_size=1, max_size=5)


def bounds(published: int | None) -> tuple[int, int]:
    """The least and the most that a published number can stand for."""
    alike = [n for n in range(1, 4_000) if rounded(n) == published] if published != 0 else [0]
    return min(alike), max(alike)


def withheld(day: PublishedPeople) -> list[str]:
    return [code for code, n in day.provinces if n is None]


def by_day(days: list[PublishedPeople]) -> dict[date, PublishedPeople]:
    first = date(2016, 1, 31)
    return {first + timedelta(days=number): day for number, day in enumerate(days)}


def published(days: list[dict[str, int]]) -> dict[date, PublishedPeople]:
    return by_day([publish_people(day) for day in days])


def naive(day: dict[str, int]) -> PublishedPeople:
    return PublishedPeople(
        tuple((code, rounded(n)) for code, n in sorted(day.items())), rounded(sum(day.values()))
    )


@given(DAYS, DAYS)
def test_the_attacker_learns_nothing_of_two_releases(
    days: list[dict[str, int]], later: list[dict[str, int]]
) -> None:
    assert attack([published(days), published(later)]) == []


@given(COUNTED, st.data())
def test_whoever_knows_the_rule_learns_nothing_from_what_is_not_told(
    counted: dict[str, int], data: st.DataObject
) -> None:
    # Each withheld number may be any of 1 to 9, whatever the others are: the same is published.
    told = publish_people(counted)
    for code in withheld(told):
        for n in range(1, 10):
            others = {
                other: data.draw(st.integers(*bounds(rounded(m)))) if withheld(told) else m
                for other, m in counted.items()
            }
            assert publish_people({**others, code: n}) == told


@given(COUNTED)
def test_what_is_told_is_what_was_counted(counted: dict[str, int]) -> None:
    told = publish_people(counted)
    assert dict(told.provinces) == {code: rounded(n) for code, n in counted.items()}
    if not withheld(told):
        assert told.nation == rounded(sum(counted.values()))
    elif told.nation is not None:
        assert abs(told.nation - sum(counted.values())) < 10 * len(counted)


def test_a_sum_that_would_give_a_number_back_is_found() -> None:
    # 9 and 8 people, and a sum that stands for 15 to 24: neither is below 6.
    found = attack([by_day([naive({"64": 9, "65": 8})])])
    assert [(each.province_code, each.least, each.most) for each in found] == [("64", 6, 9), ("65", 6, 9)]


def test_two_days_beside_each_other_that_give_a_number_back_are_found() -> None:
    # Each sum by itself leaves 1 to 9. Of both together, where 20 people look the same: at least 6.
    told = [naive({"12": 18, "64": 9}), naive({"12": 18, "64": 25})]
    assert [attack([by_day([day])]) for day in told] == [[], []]
    beside = attack([by_day(told)])
    assert [(each.province_code, each.least, each.most) for each in beside] == [("64", 6, 9)]
    assert attack([by_day(told[:1]), by_day(told[1:])]) == beside


def test_where_a_province_is_withheld_the_nation_is_the_sum_of_the_others() -> None:
    day = {"11": 504, "64": 303, "65": 3}
    assert publish_people(day) == PublishedPeople((("11", 500), ("64", 300), ("65", None)), 800)
    assert publish_people({"11": 504, "64": 304}).nation == 810


def test_a_few_people_in_all_are_withheld() -> None:
    assert publish_people({"64": 7}) == PublishedPeople((("64", None),), None)
    assert publish_people({"64": 7, "65": 0}).nation is None
    assert publish_people({"64": 0}) == PublishedPeople((("64", 0),), 0)
