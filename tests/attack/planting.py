"""Rows of every kind that an attacker may not see, with words, numbers and places found nowhere else.

They lie in two regencies of two provinces. Beside them stand sites that cross into the attackers' regions:
the sites are for both sides to see, the people, aid and plans of the other part are not.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from psycopg import ClientCursor

from gis.database.connection import Database

OURS = 5_555_000_000_000_000  # the same in every register: what both sides see


@dataclass(frozen=True)
class Place:
    """Where hidden rows lie, and the attackers' regency that a site of theirs crosses into."""

    regency: str
    crossing_into: str
    centre_point: tuple[float, float]


PLACES = (Place("33.24", "64.72", (110.2, -7.03)), Place("35.78", "35.76", (112.74, -7.27)))


@dataclass(frozen=True)
class Marks:
    """What makes the hidden rows of one register unmistakable.

    Parameters
    ----------
    word : stands in every text
    first_id : ids are this one and some thousands that follow
    n : numbers of people are this one and the 40 that follow
    rupiah : an amount
    shift : degrees that every place is moved by
    day : of every date that a text could tell
    sites : how many sites a place has
    """

    word: str
    first_id: int
    n: int
    rupiah: int
    shift: float
    day: str
    sites: int

    @property
    def telling(self) -> re.Pattern[str]:
        """Whatever of it stands in an answer tells of a hidden row."""
        numbers = "|".join(str(number) for number in range(self.n, self.n + 41))
        dotted = "|".join(f"{number:,}".replace(",", "[.,]") for number in range(self.n, self.n + 41))
        money = f"{self.rupiah}|{self.rupiah:,}".replace(",", "[.,]")
        digits = rf"(?<![\d.])(?:{numbers}|{dotted}|{money})(?!\d)"
        shown = (f"{n + self.shift:.6f}"[:-1] for place in PLACES for n in place.centre_point)
        places = "|".join(map(re.escape, shown))
        ids = str(self.first_id)[:8] + r"\d{8}"
        first = rf"(?=[-\d{self.word[0]}])"  # most letters need no more than this to be passed over
        return re.compile(f"{first}(?:{self.word}|{digits}|{places}|{ids}|{self.day})", re.IGNORECASE)

    def site_id(self, place: int) -> int:
        """The id of the first hidden site of a place."""
        return self.first_id + 1000 * place + 1

    def batch_id(self, place: int) -> int:
        """The id of the hidden batch of a place."""
        return self.first_id + 1000 * place + 50

    def account_id(self, place: int) -> int:
        """The id of the account that entered the hidden rows of a place."""
        return self.first_id + 1000 * place + 60


def crossing_id(place: int, *, primary_is_hidden: bool) -> int:
    """The id of a site that lies in a hidden regency and in one of the attackers'."""
    return OURS + 1000 * place + (1 if primary_is_hidden else 2)


def plant_shared(database: Database) -> None:
    """Sites that cross, with the people of the attackers' part, and a centre in each hidden regency."""
    for number, place in enumerate(PLACES):
        values = {
            "base": OURS + 1000 * number,
            "hidden": place.regency,
            "own": place.crossing_into,
        }
        _execute(database, "shared_rows", values)


def plant(database: Database, marks: Marks) -> None:
    """All that is hidden."""
    for number, place in enumerate(PLACES):
        lon, lat = (round(n + marks.shift, 6) for n in place.centre_point)
        values = {
            "word": marks.word,
            "base": marks.first_id + 1000 * number,
            "ours": OURS + 1000 * number,
            "hidden": place.regency,
            "province": place.regency[:2],
            "name": f"{marks.word}-{number}",
            "n": marks.n,
            "rupiah": marks.rupiah,
            "lon": lon,
            "lat": lat,
            "day": marks.day,
            "sites": marks.sites,
            "few": 7 - number,
        }
        _execute(database, "hidden_rows", values)


def _execute(database: Database, name: str, values: dict[str, object]) -> None:
    statements = Path(__file__).with_name(f"{name}.sql").read_bytes()
    with database.transaction() as connection:
        ClientCursor(connection).execute(statements, values)
