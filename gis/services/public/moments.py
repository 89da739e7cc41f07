"""Which release is read, and which of its days."""

import time
from bisect import bisect_right
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import TypeVar

from gis.database import published, releases
from gis.database.connection import Connection, Database
from gis.database.published import PublicMoment
from gis.domain.disclosure import PUBLIC_GROUPS
from gis.domain.lifecycle import StatusGroup
from gis.domain.queries import Boundaries
from gis.domain.regions import Level
from gis.domain.releases import Release
from gis.errors import NotFoundError, UnavailableError
from gis.services.catalogue import View
from gis.services.kept import Kept

Made = TypeVar("Made")
KEPT = 32  # a page and its twin are asked for together, and in two languages
FRESH_S = 10.0  # how late a process may notice a new release; the public answers may be kept for longer


@dataclass(frozen=True)
class PublicView:
    """What a page of a release is asked for.

    Parameters
    ----------
    moment : the release and its day
    boundaries : whose, as the address has it
    groups : the status groups that are shown
    """

    moment: PublicMoment
    boundaries: Boundaries = Boundaries.then
    groups: tuple[StatusGroup, ...] = PUBLIC_GROUPS


class ReleaseIndex:
    """The releases and their figure days, kept in the process, so that most answers ask no database for them.

    Parameters
    ----------
    database : as the role of visitors
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self._lock = Lock()
        self._releases: list[Release] = []
        self._days: dict[str, list[date]] = {}
        self._kept: Kept[Hashable, object] = Kept(KEPT)
        self._asked_at = float("-inf")

    @property
    def is_empty(self) -> bool:
        """Whether no release is known yet; no database is asked."""
        return not self._releases

    def all(self) -> list[Release]:
        """Every release, the newest first."""
        self._refresh()
        return list(self._releases)

    def find(self, release_id: str | None = None, known_at: date | None = None) -> Release | None:
        """The release of an id, else the newest one not later than a day; none if there is no such one.

        Parameters
        ----------
        release_id : none for the newest
        known_at : none for today
        """
        held = next((each for each in self._releases if each.id == release_id), None)
        if held is None:
            self._refresh()
        for release in self._releases:
            if release_id in (None, release.id) and (known_at is None or release.published_on <= known_at):
                return release
        return None

    def moment(
        self, release: Release, as_of: date | None = None, boundaries: Boundaries = Boundaries.then
    ) -> PublicMoment:
        """A day of a release: the last figure day up to a day; the day of the release by default.

        Parameters
        ----------
        release : that is read
        as_of : the day that is asked about; one before all figure days stays, with nothing to tell of it
        boundaries : regions as of then, or those of the day of the release
        """
        asked = release.published_on if as_of is None else min(as_of, release.published_on)
        days = self._figure_days(release.id)
        position = bisect_right(days, asked)
        day = days[position - 1] if position else asked
        return PublicMoment(release, day, day if boundaries is Boundaries.then else release.published_on)

    def kept(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What was made of a release a moment ago, or is made now; nobody may change it.

        Parameters
        ----------
        key : names it, with its release
        make : makes it
        """
        return self._kept.take(key, make)  # type: ignore[return-value]  # what bears this key was made by the same function

    def forget(self) -> None:
        """Ask for the releases anew at the next question, for who has just made one."""
        self._asked_at = float("-inf")
        self._releases = []

    def _figure_days(self, release_id: str) -> list[date]:
        if release_id not in self._days:
            with self.database.transaction() as connection:
                self._days[release_id] = published.find_figure_days(connection, release_id)
        return self._days[release_id]

    def _refresh(self) -> None:
        with self._lock:
            if time.monotonic() - self._asked_at < FRESH_S:
                return
            try:
                with self.database.transaction() as connection:
                    self._releases = releases.find_releases(connection)
            except UnavailableError:
                # A release never changes: what is known of it may be told while the database is away.
                if not self._releases:
                    raise
            self._asked_at = time.monotonic()


def chosen(index: ReleaseIndex, release_id: str | None, known_at: date | None) -> Release:
    """The release that is asked for.

    Raises
    ------
    NotFoundError : there is none with this id, or none so early
    """
    release = index.find(release_id, known_at)
    if release is None:
        raise NotFoundError(f"release {release_id or ''}: there is none")
    return release


def release_record(release: Release) -> View:
    """How a view names a release."""
    told = ("id", "published_on", "note", "licence", "rule_version", "checksum", "synthetic")
    return {name: getattr(release, name) for name in told}


def state_of(asked: PublicView) -> View:
    """The release, its day and whose boundaries, as every public view has them."""
    return {
        "as_of": asked.moment.as_of,
        "known_at": None,
        "boundaries": asked.boundaries.value,
        "today": asked.moment.release.published_on,
        "release": release_record(asked.moment.release),
    }


def site_record(row: View) -> View:
    """A published site as every public output has it: closed, since its first closing."""
    closed = {"status": "closed", "status_group": "closed", "status_since": row["closed_on"]}
    return {**row, **closed}


def layer_of(connection: Connection, moment: PublicMoment, level: Level, parent_code: str | None) -> View:
    """Which layer of regions a map draws."""
    return {
        "level": level,
        "vintage": published.vintage_of(connection, moment, level),
        "parent_code": parent_code,
        "checksum": moment.release.boundaries_id[:12],
    }
