"""Loads a demonstration folder into the register: all of it or nothing, and a second time nothing more."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from gis.database import Database, loading, regions
from gis.database.loading import EventRecord, HeadcountRecord, SiteRecord
from gis.domain.records.fields import Record
from gis.errors import ConflictError
from gis.services import demo_aid, demo_boundaries, demo_centres, demo_claims, demo_plans
from gis.services.demo_files import read_register

Kind = TypeVar("Kind", SiteRecord, EventRecord, HeadcountRecord)


@dataclass(frozen=True)
class Loaded:
    """How many rows of one kind came in, and how many were there before."""

    inserted: int
    present: int


@dataclass(frozen=True)
class DemoReport:
    """What a load did, a kind of row."""

    sites: Loaded
    events: Loaded
    headcounts: Loaded
    boundaries: Loaded
    claims: Loaded
    plans: Loaded
    centres: Loaded
    occupancies: Loaded
    aid: Loaded


def load(database: Database, directory: Path) -> DemoReport:
    """Load sites.csv, events.csv and headcounts.csv, and what else the folder holds, in one transaction.

    Every row is checked first. A site whose id is stored, and an event or headcount whose external id is
    stored, stays as it is. What is loaded counts as approved now, and as known from its `reported_on`.

    Parameters
    ----------
    database : migrated, with boundaries loaded
    directory : such as data/demo

    Raises
    ------
    NotFoundError : a file is missing
    InvalidInputError : the first row that cannot be taken, with its number, column and what is allowed
    ConflictError : there are no regions to join the sites with
    """
    register = read_register(directory)
    with database.transaction() as connection:
        loading.hold_load_lock(connection)
        if regions.find_checksum(connection) is None:
            raise ConflictError("the database holds no boundaries; run `atlas boundaries load` first")
        sites = loading.load_records(connection, "sites", _records(SiteRecord, register.sites))
        events = loading.load_records(connection, "events", _records(EventRecord, register.events))
        headcounts = loading.load_records(
            connection, "headcounts", _records(HeadcountRecord, register.headcounts)
        )
        boundaries = Loaded(*demo_boundaries.load(connection, directory))
        claims = Loaded(*demo_claims.load(connection, directory))
        plans = Loaded(*demo_plans.load(connection, directory))
        centres, occupancies = demo_centres.load(connection, directory)
        aid = Loaded(*demo_aid.load(connection, directory))
        if sites or events or headcounts:
            loading.analyse(connection)
    return DemoReport(
        sites=_loaded(sites, register.sites),
        events=_loaded(events, register.events),
        headcounts=_loaded(headcounts, register.headcounts),
        boundaries=boundaries,
        claims=claims,
        plans=plans,
        centres=Loaded(*centres),
        occupancies=Loaded(*occupancies),
        aid=aid,
    )


def _records(kind: type[Kind], rows: Iterable[Record]) -> Iterator[Kind]:
    for row in rows:
        values = (getattr(row, name) for name in kind._fields)
        # The driver writes a list as an array, and a tuple as a composite value.
        yield kind._make(list(value) if isinstance(value, tuple) else value for value in values)


def _loaded(inserted: int, rows: Sequence[Record]) -> Loaded:
    return Loaded(inserted=inserted, present=len(rows) - inserted)
