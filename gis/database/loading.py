"""Bulk loading of sites, events and headcounts: copied into temporary tables, then inserted."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from gis.database.connection import Connection
from gis.database.statements import load


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


def load_sites(connection: Connection, records: Iterable[SiteRecord]) -> int:
    """Insert the sites whose id is not there yet, in their order; the join runs once, for all of them.

    Parameters
    ----------
    connection : in a transaction that holds the load lock

    Returns
    -------
    how many were inserted
    """
    return _load(connection, "sites", records)


def load_events(connection: Connection, records: Iterable[EventRecord]) -> int:
    """Insert the events whose external id is not there yet, approved now; states are derived once, from all.

    Parameters
    ----------
    connection : in a transaction that holds the load lock; the sites are stored

    Returns
    -------
    how many were inserted
    """
    return _load(connection, "events", records)


def load_headcounts(connection: Connection, records: Iterable[HeadcountRecord]) -> int:
    """Insert the headcounts whose external id is not there yet, approved now.

    Parameters
    ----------
    connection : in a transaction that holds the load lock; the sites are stored

    Returns
    -------
    how many were inserted
    """
    return _load(connection, "headcounts", records)


def _load(connection: Connection, noun: str, records: Iterable[Sequence[Any]]) -> int:
    connection.execute(load(f"register_stage_{noun}"))
    with connection.cursor() as cursor, cursor.copy(load(f"register_copy_{noun}")) as copy:
        for record in records:
            copy.write_row(record)
    return connection.execute(load(f"register_insert_{noun}")).rowcount
