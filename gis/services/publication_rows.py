"""The rows of a release, table by table: what is true, put through the rules."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from gis.database.publications import PeopleChange, Row
from gis.database.releases import Series
from gis.domain import disclosure
from gis.domain.complementary_suppression import PublishedPeople, publish_people
from gis.domain.disclosure import ClaimValue, SiteHistory
from gis.domain.disclosure_attack import attack
from gis.domain.lifecycle import DatePrecision
from gis.domain.published_events import TOLD_CLOSING, Event, published_events
from gis.domain.releases import Rows
from gis.errors import ConflictError

Published = Mapping[Series, list[dict[date, PublishedPeople]]]
EventsBySite = Mapping[int, list[Row]]
_OF_SITE = (
    *("id", "name", "site_type", "province_code", "regency_code", "region_codes", "synthetic"),
    *("province_join_method", "regency_join_method"),
)
_OF_CLAIM = ("report", "definition", "region_code", "holds_on", "value", "counted_from")
_OF_EVENT = (
    *("site_id", "kind", "occurred_on", "date_precision", "legal_instrument", "legal_number"),
    *("source", "source_url", "synthetic"),
)


def figures(histories: Iterable[SiteHistory], days: Sequence[date]) -> Rows:
    """Counts of sites by day, province and type.

    Parameters
    ----------
    histories : of all sites
    days : the figure days, in their order
    """
    counted = disclosure.count_sites(histories, days)
    return [
        {"figure_on": on, "province_code": code, "site_type": site_type, **vars(counts)}
        for (on, code, site_type), counts in sorted(counted.items(), key=itemgetter(0))
    ]


def people(
    changes: Sequence[PeopleChange],
    days: Sequence[date],
    earlier: Published,
    report: Callable[[int, int], None] = lambda _done, _total: None,
) -> Rows:
    """Numbers of people as they are published, after the attacker has tried them beside the earlier ones.

    Parameters
    ----------
    changes : of the numbers of people, of all series
    days : the figure days, in their order
    earlier : what earlier releases tell
    report : told how many series are done, of how many

    Raises
    ------
    ConflictError : the attacker could tell a withheld number
    """
    rows: Rows = []
    by_series: dict[Series, list[PeopleChange]] = {}
    for change in sorted(changes, key=lambda each: (each.site_type, each.definition, each.on)):
        by_series.setdefault((change.site_type, change.definition), []).append(change)
    for done, (series, of_series) in enumerate(by_series.items()):
        report(done, len(by_series))
        made = {on: publish_people(counted) for on, counted in running(of_series, days).items()}
        if attack([*earlier.get(series, []), made]):
            raise ConflictError("no release was made: a withheld number of people could be told from it")
        rows.extend(row for on, day in made.items() for row in _people_rows(series, on, day))
    return rows


def _people_rows(series: Series, on: date, day: PublishedPeople) -> Rows:
    numbers: list[tuple[str | None, int | None]] = [*day.provinces, (None, day.nation)]
    return [
        {"figure_on": on, "province_code": code, "site_type": series[0], "definition": series[1], "n": n}
        for code, n in numbers
    ]


def running(changes: Sequence[PeopleChange], days: Sequence[date]) -> dict[date, dict[str, int]]:
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


def sites(found: Mapping[int, Row], closed_on: Mapping[int, date], told: Rows) -> Rows:
    """Sites as they are published. What is said of a place and its source is that of the closing.

    Parameters
    ----------
    found : all sites, by id
    closed_on : the public closing of those that are published
    told : the events that are published
    """
    sources: dict[int, str] = {}
    for event in sorted(told, key=lambda event: event["kind"] != TOLD_CLOSING):
        if event["source_url"] is not None:
            sources.setdefault(event["site_id"], event["source_url"])
    return [_site(found[site_id], day, sources.get(site_id)) for site_id, day in closed_on.items()]


def _site(row: Row, closed_on: date, source_url: str | None) -> dict[str, Any]:
    placed = row["lon"] is not None
    cell = disclosure.cell_center(row["lon"], row["lat"]) if placed else None
    # How a region was found would tell on which side of a border the place itself lies, and how near.
    methods = {
        name: "none" if row[name] == "none" else "declared"
        for name in ("province_join_method", "regency_join_method")
    }
    return {
        **{name: row[name] for name in _OF_SITE},
        **methods,
        "source_url": source_url,
        "closed_on": closed_on,
        "location_accuracy": "cell" if placed else "regency",
        "geom": f"SRID=4326;POINT({cell[0]} {cell[1]})" if cell else None,
    }


def log_of(rows: Iterable[Row]) -> list[Event]:
    """Rows of events as the rules take them."""
    return [
        Event(row["kind"], row["effective_on"], row["occurred_on"], DatePrecision(row["date_precision"]))
        for row in rows
    ]


def events(logs: EventsBySite, closed_on: Mapping[int, date], earlier: EventsBySite) -> Rows:
    """The events of published sites that are told.

    Parameters
    ----------
    logs : the events that count and have happened, in their order
    closed_on : the public closing of each site
    earlier : what the newest release tells
    """
    found: Rows = []
    for site_id, day in closed_on.items():
        rows, told = logs.get(site_id, []), earlier.get(site_id, [])
        before = [(row["kind"], row["occurred_on"], row["date_precision"]) for row in told]
        log = log_of(rows)
        chosen = [{**rows[at], "kind": log[at].told_kind} for at in published_events(day, log, before)]
        if all(row["kind"] != TOLD_CLOSING for row in chosen):
            # A closing that was told stays, though it be corrected or retracted.
            closings = [row for row in told if row["kind"] == TOLD_CLOSING]
            at = sum(row["kind"] == "decreed" for row in chosen)
            chosen[at:at] = closings
        found.extend(
            {**{name: row[name] for name in _OF_EVENT}, "number": number}
            for number, row in enumerate(chosen, start=1)
        )
    return found


def decrees(rows: Sequence[Row], found: Mapping[int, Row], closed_on: Mapping[int, date]) -> Rows:
    """Public law: of a published site up to its closing, or of a region that has a published site.

    Parameters
    ----------
    rows : decrees and by-laws that stand
    found : all sites, by id
    closed_on : the public closing of those that are published
    """
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


def claims(rows: Sequence[Row]) -> Rows:
    """Claims on the nation and on provinces, some without their value."""
    told = disclosure.published_claims(
        [ClaimValue(**{name: row[name] for name in _OF_CLAIM}) for row in rows]
    )
    return [{**row, "value": claim.value} for row, claim in zip(rows, told, strict=True)]


def aid(rows: Sequence[Row]) -> Rows:
    """People behind each amount of aid, as they are published."""
    return [{**row, **vars(disclosure.published_aid(row["promised"], row["paid"]))} for row in rows]


def by_site(rows: Iterable[Row]) -> dict[int, list[Row]]:
    """Rows that come by site, in lists by site."""
    return {site_id: list(grouped) for site_id, grouped in groupby(rows, key=itemgetter("site_id"))}
