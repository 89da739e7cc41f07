"""Random choices that are the same on every machine and for every version of Python."""

import hashlib
import itertools
import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TypeVar

SEED = "closure-atlas demo 1"
LOWEST_ID = 1_000_000_000_000_000
IDS = 8_000_000_000_000_000

Item = TypeVar("Item")


class Dice:
    """Choices that depend on nothing but a key.

    Only `random.random()` is used: its sequence is guaranteed, that of `choice` or `shuffle` may change.

    Parameters
    ----------
    key : what the choices are for; another key gives choices that are independent of these
    """

    def __init__(self, key: str) -> None:
        self._random = random.Random(f"{SEED}/{key}")  # noqa: S311  (made to be repeated, not to be secret)

    def chance(self, probability: float) -> bool:
        """True with that probability."""
        return self._random.random() < probability

    def number(self, low: float, high: float) -> float:
        """A real number from `low` up to but without `high`."""
        return low + (high - low) * self._random.random()

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int((high - low + 1) * self._random.random())

    def pick(self, items: Sequence[Item]) -> Item:
        """One of the items, all equally likely."""
        return items[self.whole(0, len(items) - 1)]

    def weighted(self, weights: Mapping[Item, float]) -> Item:
        """One of the keys, as likely as its weight among all."""
        drawn = self.number(0, sum(weights.values()))
        bounds = itertools.accumulate(weights.values())
        return next(item for item, bound in zip(weights, bounds, strict=True) if drawn < bound)

    def day(self, first: date, last: date) -> date:
        """A day from `first` to `last`, both included."""
        return first + timedelta(days=self.whole(0, (last - first).days))


def stable_id(key: str) -> int:
    """The 16-digit id of a site: looks random, and is the same for a key for ever."""
    digest = hashlib.sha256(f"{SEED}/{key}".encode()).digest()
    return LOWEST_ID + int.from_bytes(digest[:8], "big") % IDS
