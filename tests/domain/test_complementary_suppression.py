"""Withheld numbers of people stay withheld: the rule, and the attacker who knows nothing of it."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gis.domain.complementary_suppression import PublishedPeople, publish_people
from gis.domain.disclosure import rounded
from gis.domain.disclosure_attack import attack

CODES = ("11", "12", "64", "65")
FEW = st.integers(0, 30)
DAYS = st.lists(st.dictionaries(st.sampled_from(CODES), FEW), min_size=1, max_size=5)


def by_day(days: list[PublishedPeople]) -> dict[date, PublishedPeople]:
    first = date(2016, 1, 31)
    return {first + timedelta(days=number): day for number, day in enumerate(days)}


def naive(day: dict[str, int]) -> PublishedPeople:
    return PublishedPeople(
        tuple((code, rounded(n)) for code, n in sorted(day.items())), rounded(sum(day.values()))
    )


@given(DAYS)
def test_the_attacker_learns_nothing_of_one_release(days: list[dict[str, int]]) -> None:
    assert attack([by_day(publish_people(days))]) == []


@given(DAYS, DAYS)
def test_the_attacker_learns_nothing_of_two_releases(
    days: list[dict[str, int]], later: list[dict[str, int]]
) -> None:
    first = publish_people(days)
    assert attack([by_day(first), by_day(publish_people(later, first))]) == []


@given(DAYS)
def test_what_is_told_is_what_was_counted(days: list[dict[str, int]]) -> None:
    for day, told in zip(days, publish_people(days), strict=True):
        assert dict(told.provinces) == {code: rounded(n) for code, n in day.items()}
        assert told.nation in (None, rounded(sum(day.values())))


def test_a_sum_that_would_give_a_number_back_is_withheld() -> None:
    # 10 to 14 people in one province, 10 to 14 in both: at most 4 are in the other.
    day = {"64": 10, "65": 3}
    assert naive(day).nation == 10
    (found,) = attack([by_day([naive(day)])])
    assert (found.province_code, found.least, found.most) == ("65", 1, 4)
    assert publish_people([day])[0].nation is None


def test_a_sum_that_gives_nothing_back_is_told() -> None:
    day = {"11": 500, "64": 300, "65": 3}
    assert publish_people([day])[0] == PublishedPeople((("11", 500), ("64", 300), ("65", None)), 800)


def test_two_days_beside_each_other_give_nothing_back_either() -> None:
    # Each sum by itself leaves 1 to 9. Of both together, where 20 people look the same: at least 2.
    days = [{"11": 1, "12": 23, "64": 0}, {"11": 13, "12": 23, "64": 12}]
    told = [naive(day) for day in days]
    assert [attack([by_day([day])]) for day in told] == [[], []]
    assert [(each.province_code, each.least) for each in attack([by_day(told)])] == [("11", 1)]
    assert [day.nation for day in publish_people(days)] == [20, None]


def test_a_few_people_in_all_are_withheld() -> None:
    assert publish_people([{"64": 7}])[0] == PublishedPeople((("64", None),), None)
    assert publish_people([{}, {"64": 0}])[1] == PublishedPeople((("64", 0),), 0)
