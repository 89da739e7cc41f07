"""The provinces that came into being since 1999, from which lineage.csv is written."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from gis.domain.regions import Lineage, LineagePeriod

COLUMNS = ("regency_code", "code_then", "province_code", "valid_from", "valid_to", "law", "certainty", "note")


@dataclass(frozen=True)
class Split:
    """A province that left another.

    Parameters
    ----------
    province, mother : Kemendagri's codes
    on : the first day, that of the inauguration (not of the law)
    law : that made it
    note : where the date comes from
    codes_before : code today → code within the mother; regencies that are not named keep their later code
    inferred : codes of today whose earlier code only follows from the gaps in the mother's numbers
    """

    province: str
    mother: str
    on: date
    law: str
    note: str
    codes_before: Mapping[str, str] = field(default_factory=dict)
    inferred: frozenset[str] = frozenset()


def _numbered(province: str, mother: str, numbers: Sequence[int]) -> dict[str, str]:
    """Regencies numbered 01, 02, … in a province, and their numbers within the mother."""
    return {f"{province}.{new:02}": f"{mother}.{old:02}" for new, old in enumerate(numbers, start=1)}


#: Oldest first. Most regencies of the provinces of 1999–2004 were renumbered when they left, and no public
#: list of Kemendagri's numbers before that is known to us; there the earliest known code is carried back.
SPLITS = (
    Split("82", "81", date(1999, 10, 12), "UU 46/1999", "inaugurated 12 October 1999; law of 4 October 1999"),
    Split(
        "36", "32", date(2000, 11, 18), "UU 23/2000", "inaugurated 18 November 2000; law of 17 October 2000"
    ),
    Split("19", "16", date(2001, 2, 9), "UU 27/2000", "inaugurated 9 February 2001; law of 4 December 2000"),
    Split(
        "75", "71", date(2001, 2, 16), "UU 38/2000", "inaugurated 16 February 2001; law of 22 December 2000"
    ),
    Split(
        "92",
        "91",
        date(2003, 2, 6),
        "UU 45/1999",
        "in effect 6 February 2003, after Inpres 1/2003; law of 4 October 1999; Irian Jaya Barat until 2007",
    ),
    Split("21", "14", date(2004, 7, 1), "UU 25/2002", "inaugurated 1 July 2004; law of 25 October 2002"),
    Split(
        "76",
        "73",
        date(2004, 10, 16),
        "UU 26/2004",
        "inaugurated 16 October 2004; law of 5 October 2004",
        codes_before={
            "76.01": "73.25",
            "76.02": "73.21",
            "76.03": "73.23",
            "76.04": "73.19",
            "76.05": "73.20",
        },
        inferred=frozenset({"76.01", "76.02", "76.03", "76.04", "76.05"}),
    ),
    Split(
        "65",
        "64",
        date(2013, 4, 22),
        "UU 20/2012",
        "inaugurated 22 April 2013; law of 16 November 2012",
        codes_before={**_numbered("65", "64", (4, 6, 5, 10)), "65.71": "64.73"},
    ),
    Split(
        "93",
        "91",
        date(2022, 11, 11),
        "UU 14/2022",
        "inaugurated 11 November 2022; law of 25 July 2022",
        codes_before=_numbered("93", "91", (1, 16, 17, 18)),
    ),
    Split(
        "94",
        "91",
        date(2022, 11, 11),
        "UU 15/2022",
        "inaugurated 11 November 2022; law of 25 July 2022",
        codes_before=_numbered("94", "91", (4, 7, 8, 9, 25, 26, 27, 28)),
    ),
    Split(
        "95",
        "91",
        date(2022, 11, 11),
        "UU 16/2022",
        "inaugurated 11 November 2022; law of 25 July 2022",
        codes_before=_numbered("95", "91", (2, 12, 13, 14, 21, 22, 23, 24)),
    ),
    Split(
        "96",
        "92",
        date(2022, 12, 9),
        "UU 29/2022",
        "inaugurated 9 December 2022; law of 8 December 2022",
        codes_before={**_numbered("96", "92", (1, 4, 5, 9, 10)), "96.71": "92.71"},
    ),
)


def lineage(regency_codes: Iterable[str], splits: Sequence[Split] = SPLITS) -> Lineage:
    """The periods of all regencies of today.

    Parameters
    ----------
    regency_codes : Kemendagri's codes of today
    splits : oldest first
    """
    return Lineage(period for code in sorted(regency_codes) for period in _periods(code, splits))


def write(path: Path, regency_codes: Iterable[str]) -> Lineage:
    """Write lineage.csv, one row a regency and period, by code of today and date; empty dates are open."""
    notes = {(split.province, split.on): split.note for split in SPLITS}
    made = lineage(regency_codes)
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream, lineterminator="\n")
        rows.writerow(COLUMNS)
        for each in made.all_periods():
            since, until = each.valid_from or "", each.valid_to or ""
            note = notes[each.province_code, each.valid_from] if each.valid_from else ""
            period = (each.regency_code, each.code, each.province_code, since, until)
            rows.writerow((*period, each.law, each.certainty, note))
    return made


def _periods(code: str, splits: Sequence[Split]) -> list[LineagePeriod]:
    # From today backwards: each split that the regency took part in ends an earlier period.
    periods: list[LineagePeriod] = []
    borne, certainty, province, until = code, "known", code[:2], None
    for split in reversed(splits):
        if split.province != province:
            continue
        periods.append(LineagePeriod(code, borne, province, split.on, until, split.law, certainty))
        if code in split.codes_before:
            borne, certainty = split.codes_before[code], "inferred" if code in split.inferred else "known"
        else:
            certainty = "carried_back"
        province, until = split.mother, split.on
    periods.append(LineagePeriod(code, borne, province, None, until, "", certainty))
    return periods[::-1]
