"""Which of the nation's numbers of people may be told beside those of its provinces.

A province's number stands for a range (`disclosure.bounds`), and the ranges of two different published
numbers have no value in common; so a number that is published alike on two days, or in two releases, is taken
for the same one by an attacker, and one that is published differently for another one. What he then knows of
two days is two sums over provinces, of which some are the same: the numbers that fit are a range again, and
its ends are found without any search.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gis.domain.disclosure import FEWEST, bounds, rounded


@dataclass(frozen=True)
class PublishedPeople:
    """What is published of one definition on one day of one release.

    Parameters
    ----------
    provinces : by code, for those with a count; none is withheld
    nation : their sum, rounded; none is withheld
    """

    provinces: tuple[tuple[str, int | None], ...]
    nation: int | None

    @property
    def withheld(self) -> tuple[str, ...]:
        """The provinces whose number is withheld."""
        return tuple(code for code, n in self.provinces if n is None)


def publish_people(
    counted: Sequence[Mapping[str, int]], earlier: Iterable[PublishedPeople] = ()
) -> list[PublishedPeople]:
    """Numbers of people of one definition as they are published, day by day.

    The nation's number of a day is withheld where, beside any other day of this or an earlier release, it
    would leave fewer than the nine numbers from 1 to 9 to a province that is withheld.

    Parameters
    ----------
    counted : of each day, the people by province
    earlier : what is published already, of any day and release

    Returns
    -------
    in the order of the days
    """
    known = _Known(sorted({code for day in counted for code in day} | _codes(earlier)))
    for day in earlier:
        known.add(day)
    made: dict[PublishedPeople, PublishedPeople] = {}
    found = []
    for people in counted:
        provinces = tuple((code, rounded(n)) for code, n in sorted(people.items()))
        wanted = PublishedPeople(provinces, rounded(sum(people.values())))
        if wanted not in made:
            told = wanted if known.leaves_all(wanted) else replace(wanted, nation=None)
            known.add(told)
            made[wanted] = told
        found.append(made[wanted])
    return found


def _codes(days: Iterable[PublishedPeople]) -> set[str]:
    return {code for day in days for code, _ in day.provinces}


@dataclass(frozen=True)
class _Days:
    """Days whose nation is told, as ranges: of each day (rows) and province (columns), and of its sum."""

    low: NDArray[np.int64]
    high: NDArray[np.int64]
    sum_low: NDArray[np.int64]
    sum_high: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.sum_low)

    def with_all(self, others: "_Days") -> "_Days":
        return _Days(*(np.concatenate([getattr(self, each), getattr(others, each)]) for each in vars(self)))


class _Known:
    """The days that are published with a sum, and whether one more would give something back."""

    def __init__(self, codes: Sequence[str]) -> None:
        self._codes = codes
        self._seen: set[PublishedPeople] = set()
        self._days = self._ranges([])

    def add(self, day: PublishedPeople) -> None:
        if day.nation is not None and day not in self._seen:
            self._seen.add(day)
            self._days = self._days.with_all(self._ranges([day]))

    def leaves_all(self, day: PublishedPeople) -> bool:
        """Whether each withheld number, of this day or a known one, can still be any of 1 to 9."""
        if day.nation is None:
            return True
        asked = self._ranges([day])
        known = self._days.with_all(asked)
        return not (_narrows(asked, known) or _narrows(known, asked))

    def _ranges(self, days: Sequence[PublishedPeople]) -> _Days:
        told = [dict(day.provinces) for day in days]
        ends = [[bounds(n.get(code, 0)) for code in self._codes] for n in told]
        found = np.array(ends, dtype=np.int64).reshape(len(days), len(self._codes), 2)
        sums = np.array([bounds(day.nation) for day in days], dtype=np.int64).reshape(len(days), 2)
        return _Days(found[..., 0], found[..., 1], sums[:, 0], sums[:, 1])


def _narrows(days: _Days, others: _Days) -> bool:
    """Whether a number that is withheld on one of some days cannot be any of 1 to 9, by another day.

    Each day is set beside each other one, where one of both is a single day.
    """
    same = (days.low == others.low) & (days.high == others.high)

    def total(ends: NDArray[np.int64], which: NDArray[np.bool_]) -> NDArray[np.int64]:
        summed: NDArray[np.int64] = np.where(which, ends, 0).sum(axis=1)
        return summed

    # What both days have in common, by itself and as each of the two sums leaves it.
    own_low, own_high = total(days.low, ~same), total(days.high, ~same)
    common_low, common_high = total(days.low, same), total(days.high, same)
    by_other_low = np.maximum(common_low, others.sum_low - total(others.high, ~same))
    by_other_high = np.minimum(common_high, others.sum_high - total(others.low, ~same))
    by_both_low = np.maximum(by_other_low, days.sum_low - own_high)
    by_both_high = np.minimum(by_other_high, days.sum_high - own_low)
    # The withheld number is what the others leave: of what is common, or of what is this day's alone.
    least = np.where(
        same,
        by_both_low[:, None] - common_high[:, None] + days.high,
        (days.sum_low - by_other_high - own_high)[:, None] + days.high,
    )
    most = np.where(
        same,
        by_both_high[:, None] - common_low[:, None] + days.low,
        (days.sum_high - by_other_low - own_low)[:, None] + days.low,
    )
    withheld = (days.low == 1) & (days.high == FEWEST - 1)
    possible = by_both_low <= by_both_high  # otherwise what is published alike is not the same
    return bool((withheld & possible[:, None] & ((least > 1) | (most < FEWEST - 1))).any())
