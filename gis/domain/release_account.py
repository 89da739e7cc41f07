"""What a release tells and what it withholds, in numbers, for whoever makes it."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from gis.domain.disclosure import OPEN_GROUPS
from gis.domain.releases import Rows

LOKALISASI = "lokalisasi"


class Withheld(NamedTuple):
    """How much is withheld by one rule of `gis.domain.disclosure`.

    Parameters
    ----------
    what : open_sites, people, nation_people, aid or claims
    rule : its number there
    n : of so many sites or numbers
    """

    what: str
    rule: int
    n: int


class ProvinceCounts(NamedTuple):
    """Lokalisasi of one province by public group, and its residents; none is withheld or not counted."""

    active: int = 0
    planned: int = 0
    closed: int = 0
    people: int | None = None
    people_withheld: bool = False


def told(contents: Mapping[str, Rows]) -> dict[str, int]:
    """How many rows of what a release tells, and for how many days it has figures."""
    counted = {table: len(rows) for table, rows in contents.items() if table not in ("figure", "people")}
    days = {row["figure_on"] for table in ("figure", "people") for row in contents[table]}
    return {**counted, "figure_days": len(days)}


def withheld(contents: Mapping[str, Rows], on: date) -> list[Withheld]:
    """What a release withholds, by rule.

    Parameters
    ----------
    contents : its rows by table
    on : its day
    """
    still_open = sum(
        row[group] for row in contents["figure"] if row["figure_on"] == on for group in OPEN_GROUPS
    )
    few = [row for row in contents["people"] if row["n"] is None]
    return [
        Withheld("open_sites", 1, still_open),
        Withheld("people", 3, sum(row["province_code"] is not None for row in few)),
        Withheld("nation_people", 3, sum(row["province_code"] is None for row in few)),
        Withheld("aid", 4, sum((row["promised"], row["paid"]).count(None) for row in contents["aid"])),
        Withheld("claims", 5, sum(row["value"] is None for row in contents["claim"])),
    ]


def by_province(contents: Mapping[str, Rows], on: date) -> dict[str, ProvinceCounts]:
    """Lokalisasi and residents of each province on the day of a release; the empty code is in no province.

    Parameters
    ----------
    contents : its rows by table; figure and people are read
    on : its day
    """
    found: dict[str, ProvinceCounts] = {}
    for row in contents["figure"]:
        if row["figure_on"] == on and row["site_type"] == LOKALISASI:
            counts = ProvinceCounts(row["active"], row["planned"], row["closed"])
            found[row["province_code"]] = counts
    for row in contents["people"]:
        series = (row["site_type"], row["definition"])
        if row["figure_on"] == on and series == (LOKALISASI, "resident") and row["province_code"] is not None:
            before = found.get(row["province_code"], ProvinceCounts())
            found[row["province_code"]] = before._replace(people=row["n"], people_withheld=row["n"] is None)
    return found
