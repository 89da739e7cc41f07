"""Rehabilitation centres: services, the bands in which numbers and distances are told, what is missing."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class Service(StrEnum):
    """What a centre offers; there is none that tells of a safe house."""

    doctor = "doctor"
    counsellor = "counsellor"
    psychologist = "psychologist"
    sewing = "sewing"
    embroidery = "embroidery"
    cake_making = "cake_making"
    cooking = "cooking"
    hairdressing = "hairdressing"
    handicraft = "handicraft"
    business_training = "business_training"
    schooling = "schooling"


class Operator(StrEnum):
    """Who runs a centre."""

    ministry = "ministry"
    province = "province"
    regency = "regency"
    foundation = "foundation"


#: Places of a centre by band: the least and the most, if there is a most. Twin: register.capacity_band.
CAPACITY_BANDS: dict[str, tuple[int, int | None]] = {
    "0-50": (0, 50),
    "51-100": (51, 100),
    "101-200": (101, 200),
    "201-": (201, None),
}
#: People of a hundred places; register.occupancy_band is the twin.
OCCUPANCY_BANDS = ("0-49", "50-79", "80-99", "full")
FULL = "full"
#: Kilometres from one city's centre to another's, by band: up to, but not including.
DISTANCE_BANDS: dict[str, float] = {
    "0-25": 25,
    "25-50": 50,
    "50-100": 100,
    "100-200": 200,
    "200-500": 500,
    "500-": float("inf"),
}

# Characters that are not seen would part a word that is refused.
_UNSEEN = re.compile(
    "[\N{SOFT HYPHEN}\N{ZERO WIDTH SPACE}-\N{RIGHT-TO-LEFT MARK}\N{WORD JOINER}\N{ZERO WIDTH NO-BREAK SPACE}]"
)
_SAFE_HOUSE = re.compile(
    r"(^|[^a-z])(rumah[^a-z]*(aman|perlindungan)|safe[^a-z]*houses?|trauma[^a-z]*cent(er|re)s?"
    r"|r[^a-z]{0,2}p[^a-z]{0,2}t[^a-z]{0,2}c)([^a-z]|$)"
)
_OFFICE = re.compile(
    r"(dinas|dinsos|kementerian|kemensos|direktorat|balai|sentra|upt|uptd|bidang|seksi|kantor|sekretariat|unit)(\s|$)"
)
_PERSON = re.compile(r"\d{5}|(^|[^a-z])(bapak|bpk|pak|sdri?)([^a-z]|$)")


def names_safe_house(said: str) -> bool:
    """Whether a text names a safe house, which this register holds nowhere; the twin of the function in SQL.

    Parameters
    ----------
    said : a name, a source, an office: any text of a centre
    """
    plain = _UNSEEN.sub("", unicodedata.normalize("NFKC", said).lower())
    return _SAFE_HOUSE.search(plain) is not None


def names_office(said: str) -> bool:
    """Whether a referral contact begins as an office's name does, and holds no person's title or number."""
    plain = said.lower()
    return _OFFICE.match(plain) is not None and _PERSON.search(plain) is None


def distance_band(metres: float) -> str:
    """The band of a distance between a region's point and a city's centre.

    Parameters
    ----------
    metres : geodesic
    """
    return next(band for band, below in DISTANCE_BANDS.items() if metres / 1000 < below)


@dataclass(frozen=True)
class Places:
    """How many places centres have together: the least and the most; the same where numbers are known.

    Parameters
    ----------
    least : at least so many
    most : at most so many; none where no band bounds it
    """

    least: int
    most: int | None

    def __add__(self, other: "Places") -> "Places":
        most = None if self.most is None or other.most is None else self.most + other.most
        return Places(self.least + other.least, most)

    def missing_for(self, people: int) -> "Places":
        """Of people to be served, those without a place: what `most` places leave, and what `least` leave."""
        least = 0 if self.most is None else max(0, people - self.most)
        return Places(least, max(0, people - self.least))


def places_of(capacity: int | None, band: str | None) -> Places:
    """The places of one centre, by its number where that is known, else by its band.

    A centre of which neither is known counts as none: what nobody has counted is no place that can be given.
    """
    if capacity is not None:
        return Places(capacity, capacity)
    return Places(*CAPACITY_BANDS[band]) if band is not None else Places(0, 0)
