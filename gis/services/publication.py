"""Making a release: what is true becomes what is published, an attacker tries it, and it is kept for good."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from gis.database import publications, releases, sites
from gis.database.connection import Connection, Database
from gis.database.publications import PeopleChange, Row
from gis.database.releases import Series
from gis.domain import disclosure
from gis.domain.complementary_suppression import PublishedPeople, publish_people
from gis.domain.disclosure import ClaimValue, Event, SiteHistory, State
from gis.domain.disclosure_attack import attack
from gis.domain.lifecycle import StatusGroup
from gis.domain.queries import today
from gis.domain.releases import LICENCE, Release, Rows, checksum, figure_days, release_id
from gis.errors import ConflictError

Published = dict[Series, list[dict[date, PublishedPeople]]]


@dataclass(frozen=True)
class Publication:
    """A release and its rows by table, which `published` holds or would hold."""

    release: Release
    contents: dict[str, Rows]


def publish(database: Database, note: str = "", on: date | None = None) -> Release:
    """Make a release of the register as it is, and keep it.

    Parameters
    ----------
    database : as the owner, or acting as an admin, to write
    note : what is said with it
    on : its day; today by default

    Raises
    ------
    ConflictError : there are no boundaries, or the attacker could tell a withheld number
    ForbiddenError : whoever acts is not an admin
    """
    with database.transaction() as connection:
        releases.hold_publication(connection)
        boundaries_id = releases.keep_boundaries(connection)
        made = _make(connection, boundaries_id, note, on or today())
        releases.insert_release(connection, made.release, made.contents)
    return made.release


def preview(database: Database, on: date | None = None) -> Publication:
    """What a release would be now; nothing is kept.

    Parameters
    ----------
    database : as for `publish`; it may be read only
    on : its day; today by default

    Raises
    ------
    ConflictError : the attacker could tell a withheld number
    """
    with database.transaction() as connection:
        sites.hold_snapshot(connection)
        return _make(connection, "", "", on or today())


def find_releases(database: Database) -> list[Release]:
    """All releases, the newest first."""
    with database.transaction() as connection:
        return releases.find_releases(connection)


def _make(connection: Connection, boundaries_id: str, note: str, on: date) -> Publication:
    existing = releases.find_releases(connection)
    known = releases.find_published_sites(connection)
    found = {row["id"]: row for row in publications.find_sites(connection, on)}
    histories = {site_id: _history(row, on, known.get(site_id)) for site_id, row in found.items()}
    closed_on = {
        site_id: history.closed_on
        for site_id, history in histories.items()
        if history.closed_on is not None and history.closed_on <= on
    }
    claims = publications.find_claims(connection, on)
    first = min((history.states[0].since for history in histories.values()), default=None)
    days = figure_days(first, on, (row["holds_on"] for row in claims))
    people = _people(
        publications.find_people_changes(connection, on), days, releases.find_published_people(connection)
    )
    contents: dict[str, Rows] = {
        "figure": _figures(histories.values(), days),
        "people": people,
        "site": [_site(found[site_id], day) for site_id, day in closed_on.items()],
        "event": _events(publications.find_events(connection, list(closed_on), on), closed_on),
        "decree": _decrees(publications.find_decrees(connection, on), found, closed_on),
        "claim": _claims(claims),
        "centre": publications.find_centres(connection, on),
        "aid": [_aid(row) for row in publications.find_aid(connection, on)],
        "reactivation": [
            {"year": year, "sites": n}
            for year, n in disclosure.count_years(publications.find_reactivations(connection, on)).items()
        ],
    }
    release = Release(
        id=release_id(on, existing),
        number=len(existing) + 1,
        published_on=on,
        boundaries_id=boundaries_id,
        rule_version=disclosure.RULE_VERSION,
        licence=LICENCE,
        note=note,
        synthetic=any(row.get("synthetic") for rows in contents.values() for row in rows),
        checksum=checksum(contents, boundaries_id),
    )
    return Publication(release, contents)


def _history(row: Row, on: date, published_on: date | None) -> SiteHistory:
    states = tuple(
        State(date.fromisoformat(since), date.fromisoformat(until) if until else None, StatusGroup(group))
        for since, until, group in row["states"]
    )
    earlier = published_on if published_on is not None and published_on <= on else None
    return SiteHistory(row["id"], row["site_type"], row["province_code"] or "", states, earlier)


def _figures(histories: Iterable[SiteHistory], days: Sequence[date]) -> Rows:
    counted = disclosure.count_sites(histories, days)
    return [
        {"figure_on": on, "province_code": code, "site_type": site_type, **vars(counts)}
        for (on, code, site_type), counts in sorted(counted.items(), key=itemgetter(0))
    ]


def _people(changes: Sequence[PeopleChange], days: Sequence[date], earlier: Published) -> Rows:
    """Numbers of people as they are published, after the attacker has tried them beside the earlier ones."""
    rows: Rows = []
    by_series = sorted(changes, key=lambda each: (each.site_type, each.definition, each.on))
    for series, of_series in groupby(by_series, key=lambda each: (each.site_type, each.definition)):
        counted = _running(list(of_series), days)
        before = earlier.get(series, [])
        told = publish_people(list(counted.values()), [day for release in before for day in release.values()])
        made = dict(zip(counted, told, strict=True))
        if attack([*before, made]):
            raise ConflictError("no release was made: a withheld number of people could be told from it")
        for on, day in made.items():
            numbers: list[tuple[str | None, int | None]] = [*day.provinces, (None, day.nation)]
            rows.extend(
                {
                    "figure_on": on,
                    "province_code": code,
                    "site_type": series[0],
                    "definition": series[1],
                    "n": n,
                }
                for code, n in numbers
            )
    return rows


def _running(changes: Sequence[PeopleChange], days: Sequence[date]) -> dict[date, dict[str, int]]:
    """The people of each province at the end of each day on which somebody was counted already."""
    total: dict[str, int] = {}
    found: dict[date, dict[str, int]] = {}
    position = 0
    for day in days:
        while position < len(changes) and changes[position].on <= day:
            change = changes[position]
            total[change.province_code] = total.get(change.province_code, 0) + change.change
            position += 1
        if total:
            found[day] = dict(total)
    return found


def _site(row: Row, closed_on: date) -> dict[str, Any]:
    placed = row["lon"] is not None
    cell = disclosure.cell_center(row["lon"], row["lat"]) if placed else None
    kept = (
        *("id", "name", "site_type", "province_code", "regency_code", "province_join_method"),
        *("regency_join_method", "region_codes", "synthetic", "source_url"),
    )
    return {
        **{name: row[name] for name in kept},
        "closed_on": closed_on,
        "location_accuracy": "cell" if placed else "regency",
        "geom": f"SRID=4326;POINT({cell[0]} {cell[1]})" if cell else None,
    }


def _events(rows: Sequence[Row], closed_on: dict[int, date]) -> Rows:
    found: Rows = []
    for site_id, grouped in groupby(rows, key=itemgetter("site_id")):
        log = list(grouped)
        chosen = disclosure.published_events(
            closed_on[site_id], [Event(row["kind"], row["effective_on"]) for row in log]
        )
        for number, position in enumerate(chosen, start=1):
            told = {name: value for name, value in log[position].items() if name != "effective_on"}
            found.append({**told, "number": number})
    return found


def _decrees(rows: Sequence[Row], found: dict[int, Row], closed_on: dict[int, date]) -> Rows:
    """Public law: of a published site up to its closing, or of a region that has a published site."""
    named = {code for site_id in closed_on for code in found[site_id]["region_codes"]}
    return [
        row
        for row in rows
        if (
            row["dated"] <= closed_on.get(row["site_id"], date.min)
            if row["site_id"] is not None
            else row["region_code"] is None or row["region_code"] in named
        )
    ]


def _claims(rows: Sequence[Row]) -> Rows:
    values = [
        ClaimValue(row["report"], row["definition"], row["region_code"], row["holds_on"], row["value"])
        for row in rows
    ]
    return [
        {**row, "value": told.value}
        for row, told in zip(rows, disclosure.published_claims(values), strict=True)
    ]


def _aid(row: Row) -> dict[str, Any]:
    return {**row, **vars(disclosure.published_aid(row["promised"], row["paid"]))}
