"""Releases: what is published on a day, as rows that never change."""

import calendar
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

Rows = list[dict[str, Any]]
LICENCE = "CC BY 4.0"
LONGEST_NOTE = 2000
#: The tables of a release, in the order in which they are written.
TABLES = (
    "figure",
    "people",
    "site",
    "event",
    "decree",
    "claim",
    "centre",
    "aid",
    "reactivation",
)


@dataclass(frozen=True)
class Release:
    """A dated release.

    Parameters
    ----------
    id : its day, with a number behind it where there were several, such as 2026-11-24.2
    number : the order of all releases, from 1
    published_on : the day in Jakarta at whose end its facts are true and known
    boundaries_id : the checksum of the boundary files
    rule_version : of the rules of disclosure
    method : those rules in words
    licence : of its contents
    note : what was said at publication
    synthetic : whether it holds rows that are made up for demonstration
    checksum : SHA-256 of its contents, hexadecimal
    """

    id: str
    number: int
    published_on: date
    boundaries_id: str
    rule_version: str
    method: str
    licence: str
    note: str
    synthetic: bool
    checksum: str


def checksum(contents: Mapping[str, Rows], boundaries_id: str) -> str:
    """SHA-256 over all rows of a release and its boundaries, as hexadecimal; the same for the same contents.

    Parameters
    ----------
    contents : rows by table, each table in its order
    boundaries_id : of the boundary files
    """
    digest = hashlib.sha256(boundaries_id.encode())
    for table in TABLES:
        for row in contents[table]:
            line = json.dumps([table, row], ensure_ascii=False, default=str, separators=(",", ":"))
            digest.update(line.encode() + b"\n")
    return digest.hexdigest()


def figure_days(first: date | None, published_on: date, claim_days: Iterable[date]) -> list[date]:
    """The days at whose end a release has figures: month's ends, the days of claims, and its own.

    Parameters
    ----------
    first : the day of the first event; none for an empty register
    published_on : the day of the release, the last one
    claim_days : the days that claims speak of
    """
    if first is None:
        return [published_on]
    days = {published_on, *(day for day in claim_days if first <= day <= published_on)}
    month_end = _month_end(first)
    while month_end < published_on:
        days.add(month_end)
        month_end = _month_end(month_end + timedelta(days=1))
    return sorted(days)


def release_id(published_on: date, existing: Sequence[Release]) -> str:
    """The id of one more release on a day."""
    same_day = sum(release.published_on == published_on for release in existing)
    return f"{published_on}.{same_day + 1}" if same_day else str(published_on)


def _month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
