"""The attacker: what withheld numbers of people can be, by everything that is published, now and before.

He has the published numbers and this source, and nothing else; he shares no code with the rule that made them
but the words of it. A number is a whole one, a rounded one stands for what rounds to it, the nation's is that
of all its provinces. Only where some are withheld and it is the sum of the others as they are told, it says
nothing that they do not. What is published alike on two days he takes for the same number. For each withheld
number he asks an integer programme (HiGHS) for the least and the most that it can be.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis.domain.complementary_suppression import PublishedPeople


class Narrowed(NamedTuple):
    """A withheld number that can be told more exactly than 1 to 9."""

    province_code: str
    least: int
    most: int
    day: PublishedPeople
    beside: PublishedPeople


def attack(releases: Sequence[Mapping[date, PublishedPeople]]) -> list[Narrowed]:
    """Every withheld number of one definition that can be told more exactly than "1 to 9".

    Parameters
    ----------
    releases : what each release says of its figure days

    Returns
    -------
    nothing, when the rules hold
    """
    # Days that are told alike are one, so that each pair is asked once.
    told: dict[PublishedPeople, int] = {}
    numbered = [{on: told.setdefault(day, len(told)) for on, day in days.items()} for days in releases]
    days = list(told)
    pairs = {(min(pair), max(pair)) for pair in _pairs(numbered)}
    return [found for day, beside in sorted(pairs) for found in _narrowed(days[day], days[beside])]


def _pairs(releases: Sequence[Mapping[date, int]]) -> Iterator[tuple[int, int]]:
    """Each day by itself, beside the next one, and beside the same day in each other release."""
    for number, days in enumerate(releases):
        in_order = [days[on] for on in sorted(days)]
        yield from ((day, day) for day in in_order)
        yield from pairwise(in_order)
        for others in releases[:number]:
            yield from ((days[on], others[on]) for on in days.keys() & others.keys())


def _narrowed(day: PublishedPeople, beside: PublishedPeople) -> Iterator[Narrowed]:
    """What two days, whose equal numbers are taken for the same, tell of those that are withheld."""
    codes = sorted({code for each in (day, beside) for code, _ in each.provinces})
    told = [dict(each.provinces) for each in (day, beside)]
    shared = [told[0].get(code, 0) == told[1].get(code, 0) for code in codes]
    # One unknown for a province that is published alike on both days, else one for each.
    columns: list[tuple[str, int]] = list(
        chain.from_iterable(
            [(code, 0)] if is_shared else [(code, 0), (code, 1)]
            for code, is_shared in zip(codes, shared, strict=True)
        )
    )
    limits = [_stands_for(told[number].get(code, 0)) for code, number in columns]
    rows, low, high = [], [], []
    for number, each in enumerate((day, beside)):
        if each.nation is None or _repeats_its_provinces(each):
            continue
        alike = dict(zip(codes, shared, strict=True))
        rows.append([1 if alike[code] or of == number else 0 for code, of in columns])
        least, most = _stands_for(each.nation)
        low.append(least)
        high.append(most)
    if not rows:
        return
    asked = [
        column
        for column, (code, number) in enumerate(columns)
        if told[number].get(code, 0) is None and any(row[column] for row in rows)
    ]
    # Where no numbers fit, something that is published alike is not the same.
    for column, least, most in _extremes(np.array(rows), np.array([low, high]), np.array(limits), asked):
        if (least, most) != (1, 9):
            yield Narrowed(columns[column][0], least, most, day, beside)


def _repeats_its_provinces(day: PublishedPeople) -> bool:
    told = [n for _, n in day.provinces if n is not None]
    return len(told) < len(day.provinces) and day.nation == sum(told)


def _stands_for(published: int | None) -> tuple[int, int]:
    """The whole numbers that a published one may stand for, as the page of methods tells them."""
    if published is None:
        return 1, 9
    if published <= 10:
        return published, 14 if published else 0
    return published - 5, published + 4


def _extremes(
    rows: NDArray[np.int64], sums: NDArray[np.int64], limits: NDArray[np.int64], asked: Sequence[int]
) -> list[tuple[int, int, int]]:
    """The least and the most that some unknowns can be: column, least, most; nothing where no numbers fit.

    Each question is a programme of its own, and all of them are put beside each other and solved at once.
    """
    goals = [(column, sign) for column in asked for sign in (1, -1)]
    if not goals:
        return []
    weights = np.zeros((len(goals), rows.shape[1]))
    for question, (column, sign) in enumerate(goals):
        weights[question, column] = sign
    low, high = np.tile(sums, len(goals))
    least, most = np.tile(limits, (len(goals), 1)).T
    # Half a second of a web server's start, and it attacks only when something is published.
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import eye_array, kron

    answer = milp(
        weights.ravel(),
        constraints=LinearConstraint(kron(eye_array(len(goals)), rows), low, high),
        bounds=Bounds(least, most),
        integrality=np.ones(weights.size, dtype=np.int64),
    )
    if answer.x is None:
        return []
    values = answer.x.reshape(weights.shape)
    ends = [round(float(values[question, column])) for question, (column, _) in enumerate(goals)]
    return list(zip(asked, ends[::2], ends[1::2], strict=True))
