"""Bulk loading of sites, events and headcounts: copied into temporary tables, then inserted."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Literal, NamedTuple

from gis.database.connection import Connection
from gis.database.statements import load

Noun = Literal["sites", "events", "headcounts", "plans"]


class SiteRecord(NamedTuple):
    """A site as it is staged: `wkt` in EPSG:4326, lon before lat, None where only the region is known."""

    id: int
    name: str
    alternative_names: list[str]
    site_type: str
    wkt: str | None
    location_accuracy: str
    location_source: str
    declared_region_codes: list[str]
    synthetic: bool
    source_url: str | None


class EventRecord(NamedTuple):
    """An event as it is staged; `corrects_external_id` names one that stands before it, or is stored."""

    external_id: str
    site_id: int
    kind: str
    occurred_on: date
    date_precision: str
    planned: bool
    legal_instrument: str | None
    legal_number: str | None
    source: str
    source_url: str | None
    reported_on: date | None
    corrects_external_id: str | None
    synthetic: bool
    note: str | None


class HeadcountRecord(NamedTuple):
    """A headcount as it is staged; `region_code` is None for the site's primary regency."""

    external_id: str
    site_id: int
    region_code: str | None
    counted_on: date
    n: int
    definition: str
    source: str
    source_url: str | None
    reported_on: date | None
    synthetic: bool


def hold_load_lock(connection: Connection) -> None:
    """Let only this transaction load in bulk until it ends, and take the time that it needs."""
    connection.execute(load("register_load_begin"))


def analyse(connection: Connection) -> None:
    """Tell the planner about what was loaded."""
    connection.execute(load("register_analyze"))


def load_records(connection: Connection, noun: Noun, records: Iterable[Sequence[Any]]) -> int:
    """Insert the rows whose key is not there yet, in their order and in one statement.

    One statement, so that sites are joined once and states derived once, for all of them. Events and
    headcounts count as approved now.

    Parameters
    ----------
    connection : in a transaction that holds the load lock
    noun : sites (keyed by id), then events and headcounts (keyed by external id)
    records : `SiteRecord`, `EventRecord` or `HeadcountRecord`

    Returns
    -------
    how many were inserted
    """
    connection.execute(load(f"register_stage_{noun}"))
    with connection.cursor() as cursor, cursor.copy(load(f"register_copy_{noun}")) as copy:
        for record in records:
            copy.write_row(record)
    return connection.execute(load(f"register_insert_{noun}")).rowcount
