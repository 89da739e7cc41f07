"""The second attacker: where a site could lie that is not published, by every row of a release.

He knows the rows and nothing of the register. Of each province he knows how many sites are not closed, and on
which figure days; he looks for anything that would tell in which regency, or where, one of them lies.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from gis.domain.disclosure import cell_center
from gis.domain.releases import Rows

_REGENCY = re.compile(r"\d\d\.\d\d")
_POINT = re.compile(r"SRID=4326;POINT\((\S+) (\S+)\)")
#: Tables whose rows are of provinces or of the nation.
_COARSE = ("figure", "people", "claim", "aid", "reactivation")


class Clue(NamedTuple):
    """A row that tells of a place which is not that of a published site."""

    table: str
    row: dict[str, Any]


def place(contents: Mapping[str, Rows]) -> list[Clue]:
    """Every row from which something follows about where a site lies that is not published.

    Parameters
    ----------
    contents : the rows of a release, by table

    Returns
    -------
    nothing, when the rules hold
    """
    return [*_places(contents), *_regencies(contents), *_unexplained(contents)]


def _places(contents: Mapping[str, Rows]) -> Iterator[Clue]:
    """Places that are no centres of cells, and places in rows of anything but published sites."""
    for table, rows in contents.items():
        for row in rows:
            if table != "site" and row.get("geom") is not None:
                yield Clue(table, row)
            elif row.get("geom") is not None:
                told = _POINT.fullmatch(row["geom"])
                lon, lat = (float(part) for part in told.groups()) if told else (0.0, 0.0)
                if cell_center(lon, lat) != (lon, lat):
                    yield Clue(table, row)


def _regencies(contents: Mapping[str, Rows]) -> Iterator[Clue]:
    """Rows that name a regency which no published site lies in, or a site which is not published."""
    known = {row["id"] for row in contents["site"]}
    named = {code for row in contents["site"] for code in row["region_codes"]}
    for table in _COARSE:
        for row in contents[table]:
            if any(isinstance(value, str) and _REGENCY.fullmatch(value) for value in row.values()):
                yield Clue(table, row)
    for table in ("event", "decree"):
        for row in contents[table]:
            of_site, of_region = row.get("site_id"), row.get("region_code")
            is_known = of_site in known if of_site is not None else of_region is None or of_region in named
            if not is_known:
                yield Clue(table, row)


def _unexplained(contents: Mapping[str, Rows]) -> Iterator[Clue]:
    """Figures that count other closed sites than the published ones: one more could be looked for."""
    days = sorted({row["figure_on"] for row in contents["figure"]})
    closed: Counter[tuple[Any, str, str]] = Counter()
    for row in contents["site"]:
        for day in days[bisect_left(days, row["closed_on"]) :]:
            closed[day, row["province_code"] or "", row["site_type"]] += 1
    for row in contents["figure"]:
        if row["closed"] != closed[row["figure_on"], row["province_code"], row["site_type"]]:
            yield Clue("figure", row)
