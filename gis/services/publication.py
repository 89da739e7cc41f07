"""Making a release: what is true becomes what is published, an attacker tries it, and it is kept for good."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from gis.database import publications, regions, releases
from gis.database.connection import Connection, Database
from gis.database.publications import Row
from gis.domain import disclosure
from gis.domain.disclosure import SiteHistory, State
from gis.domain.hidden_names import NamedText, find_named
from gis.domain.lifecycle import StatusGroup
from gis.domain.placing_attack import place
from gis.domain.published_events import told_closing
from gis.domain.queries import today
from gis.domain.releases import LICENCE, LONGEST_NOTE, Release, Rows, checksum, figure_days, release_id
from gis.errors import ConflictError, InvalidInputError
from gis.services import publication_rows as rows_of

Report = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Publication:
    """A release and its rows by table, which `published` holds or would hold.

    Parameters
    ----------
    release : what it is
    contents : its rows by table
    named : its texts that name a site which is not in it
    """

    release: Release
    contents: dict[str, Rows]
    named: tuple[NamedText, ...] = ()


def publish(database: Database, note: str = "", on: date | None = None) -> Release:
    """Make a release of the register as it is, and keep it; see `make`."""
    return make(database, note, on).release


def make(
    database: Database,
    note: str = "",
    on: date | None = None,
    report: Report = lambda _step, _done, _total: None,
    seen: str | None = None,
) -> Publication:
    """Make a release of the register as it is, and keep it.

    Parameters
    ----------
    database : as the owner, or acting as an admin, to write
    note : what is said with it
    on : its day; today by default
    report : told which step begins, how much is done, and of how much
    seen : the checksum of the preview that was looked at; none if nobody asks

    Raises
    ------
    ConflictError : there are no boundaries, an attacker could tell a withheld number or where a hidden site
        lies, a later release is there, somebody makes one just now, or it would not be what was looked at
    ForbiddenError : whoever acts is not an admin
    InvalidInputError : the note is too long
    """
    if len(note) > LONGEST_NOTE:
        raise InvalidInputError("note", f"{len(note)} characters", f"at most {LONGEST_NOTE}")
    with database.transaction(snapshot=True) as connection:
        releases.hold_publication(connection)
        boundaries_id = releases.keep_boundaries(connection)
        made = _make(connection, boundaries_id, note, on or today(), report)
        if seen not in (None, made.release.checksum):
            raise ConflictError("no release was made: the register has changed since it was looked at")
        report("writing the release", 1, 1)
        releases.insert_release(connection, made.release, made.contents)
    return made


def preview(database: Database, on: date | None = None) -> Publication:
    """What a release would be now; nothing is kept.

    Parameters
    ----------
    database : as for `publish`; it may be read only
    on : its day; today by default

    Raises
    ------
    ConflictError : an attacker could tell something that is withheld, or a later release is there
    """
    with database.transaction(snapshot=True) as connection:
        return _make(connection, regions.find_checksum(connection) or "", "", on or today())


def find_releases(database: Database) -> list[Release]:
    """All releases, the newest first."""
    with database.transaction() as connection:
        return releases.find_releases(connection)


def _make(
    connection: Connection,
    boundaries_id: str,
    note: str,
    on: date,
    report: Report = lambda _step, _done, _total: None,
) -> Publication:
    report("reading the register", 0, 1)
    existing = releases.find_releases(connection)
    if existing and existing[0].published_on > on:
        raise ConflictError(
            f"no release was made: there is one of {existing[0].published_on}, and releases never go back"
        )
    found = {row["id"]: row for row in publications.find_sites(connection, on)}
    histories, logs = _histories(connection, found, on)
    closed_on = {
        site_id: history.closed_on
        for site_id, history in histories.items()
        if history.closed_on is not None and history.closed_on <= on
    }
    claims = publications.find_claims(connection, on)
    first = min((history.states[0].since for history in histories.values() if history.states), default=None)
    days = figure_days(first, on, (row["holds_on"] for row in claims))
    events = rows_of.events(logs, closed_on, rows_of.by_site(releases.find_published_events(connection)))
    contents: dict[str, Rows] = {
        "figure": rows_of.figures(histories.values(), days),
        "people": rows_of.people(
            publications.find_people_changes(connection, on),
            days,
            releases.find_published_people(connection),
            lambda done, total: report("trying to tell what is withheld", done, total),
        ),
        "site": rows_of.sites(found, closed_on, events),
        "event": events,
        "decree": rows_of.decrees(publications.find_decrees(connection, on), found, closed_on),
        "claim": rows_of.claims(claims),
        "centre": publications.find_centres(connection, on),
        "aid": rows_of.aid(publications.find_aid(connection, on)),
        "reactivation": [
            {"year": year, "sites": n}
            for year, n in disclosure.count_years(publications.find_reactivations(connection, on)).items()
        ],
    }
    if place(contents):
        raise ConflictError("no release was made: where a hidden site lies could be told from it")
    release = Release(
        id=release_id(on, existing),
        number=len(existing) + 1,
        published_on=on,
        boundaries_id=boundaries_id,
        rule_version=disclosure.RULE_VERSION,
        method=disclosure.METHOD,
        licence=LICENCE,
        note=note,
        synthetic=any(row.get("synthetic") for rows in contents.values() for row in rows),
        checksum=checksum(contents, boundaries_id),
    )
    hidden = [row for site_id, row in found.items() if site_id not in closed_on]
    names = [name for row in hidden for name in (row["name"], *row["alternative_names"])]
    return Publication(release, contents, tuple(find_named(contents, names)))


def _histories(
    connection: Connection, found: Mapping[int, Row], on: date
) -> tuple[dict[int, SiteHistory], dict[int, list[Row]]]:
    """What the rules have to know of each site, and the events of those that were ever closed."""
    published = releases.find_published_sites(connection)
    histories = {site_id: _history(row, published.get(site_id)) for site_id, row in found.items()}
    closed = [site_id for site_id, history in histories.items() if history.closed_on is not None]
    logs = rows_of.by_site(publications.find_events(connection, closed, on))
    for site_id, rows in logs.items():
        if histories[site_id].published_on is None:
            told = told_closing(rows_of.log_of(rows))
            histories[site_id] = replace(histories[site_id], published_on=told)
    return histories, logs


def _history(row: Row, published_on: date | None) -> SiteHistory:
    states = tuple(State(date.fromisoformat(since), StatusGroup(group)) for since, group in row["states"])
    return SiteHistory(row["id"], row["site_type"], row["province_code"] or "", states, published_on)
