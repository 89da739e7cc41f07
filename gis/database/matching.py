"""What is stored already of what a file tells: sites by name, entries of logs, counts, facts of any kind."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from gis.database.connection import Connection
from gis.database.statements import load
from gis.domain.batches import JSONObject


class NameMatch(NamedTuple):
    """A site that bears a name of a draft; the distance is None where either has no place."""

    row_number: int
    site_id: int
    name: str
    province_code: str | None
    regency_code: str | None
    distance_m: float | None
    updated_at: datetime


class NamedSite(NamedTuple):
    """A site found by a name as it was written."""

    asked: str
    site_id: int
    name: str
    region_codes: list[str]


class StoredHeadcount(NamedTuple):
    """A count of people that stands; without a region it is of the site's primary one."""

    uid: int
    site_id: int
    region_code: str | None
    primary_code: str | None
    counted_on: date
    definition: str
    n: int
    source: str


def find_name_matches(connection: Connection, batch_id: int) -> list[NameMatch]:
    """Sites that bear a name of a new site of a batch, by row."""
    rows = connection.execute(load("draft_match_sites"), {"batch_id": batch_id})
    return [NameMatch._make(row) for row in rows]


def find_sites_by_name(connection: Connection, names: Sequence[str]) -> dict[str, list[NamedSite]]:
    """The sites that bear each name, as far as whoever acts may see them."""
    found: dict[str, list[NamedSite]] = {name: [] for name in names}
    for row in connection.execute(load("site_find_by_name"), {"names": list(names)}):
        found[row[0]].append(NamedSite._make(row))
    return found


def find_site_contents(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[datetime, JSONObject]]:
    """When sites were last changed, and their contents, by id."""
    rows = connection.execute(load("site_contents"), {"ids": list(ids)})
    return {site_id: (updated_at, content) for site_id, updated_at, content in rows}


def find_logged(connection: Connection, site_ids: Sequence[int]) -> set[tuple[int, str, date, str, bool]]:
    """Entries of the logs of sites: site, kind, day, precision, whether it is a planned date."""
    return set(connection.execute(load("event_find_same"), {"site_ids": list(site_ids)}))


def find_headcounts(connection: Connection, site_ids: Sequence[int]) -> list[StoredHeadcount]:
    """Counts of people of sites, the newest entry first."""
    rows = connection.execute(load("headcount_find_same"), {"site_ids": list(site_ids)})
    return [StoredHeadcount._make(row) for row in rows]


def list_regions_of_today(connection: Connection) -> list[tuple[str, str, str, str | None]]:
    """Code, level, name and parent's code of every region of today, by code."""
    return list(connection.execute(load("region_of_today_list")))
