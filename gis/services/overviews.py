"""Overviews of the nation and of a region: what their pages and data twins show, from one snapshot."""

from collections.abc import Callable, Hashable
from dataclasses import fields, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from gis.database import events, regions, sites, summaries
from gis.database.connection import Connection, Database
from gis.domain.queries import BoundingBox, Moment, SiteQuery, today
from gis.domain.regional_summary import RegionSummary
from gis.domain.regions import Level, Region
from gis.errors import NotFoundError
from gis.services.aid_sections import aid_section
from gis.services.catalogue import View, layer_of, series_of, state_of
from gis.services.claims import region_claims
from gis.services.kept import Kept
from gis.services.nearest_centres import region_centres
from gis.services.plan_sections import overdue_of, reactivations_of
from gis.services.scope import moment_within
from gis.services.seen import seen_now

MAX_LISTED_SITES = 500
BUBBLE = (
    *("code", "name", "parent_code", "sites_total", "lokasi_total"),
    *("active", "planned", "closed", "reactivated"),
)
# All of Indonesia (EPSG:1263, area of use), rounded outwards.
NATION_BBOX = BoundingBox(94.9, -11.1, 141.1, 6.1)


class Overview(NamedTuple):
    """A view, which a page and its twin share, and the monthly counts, which only the page's chart needs."""

    view: View
    series: list[View]


#: Of the last moments and regions that were looked at; nobody changes one.
_overviews: Kept[Hashable, Overview] = Kept(50)


def nation_overview(database: Database, query: SiteQuery) -> Overview:
    """The nation at a moment: its summary, its provinces, bubbles by regency, what happened and what is late.

    Parameters
    ----------
    database : the register
    query : the moment and the status groups; its other parts are not used

    Raises
    ------
    NotFoundError : the account is bound to a region
    """
    query = replace(query, moment=moment_within(database, query.moment, None))
    with database.transaction(snapshot=True) as connection:
        return _remembered(connection, database, query, None, lambda: _nation(connection, query))


def region_overview(database: Database, code: str, query: SiteQuery) -> Overview:
    """A province or regency at a moment: as the nation, with its sites and what it belonged to before.

    Parameters
    ----------
    database : the register
    code : Kemendagri's, of the day whose boundaries are meant or of another one
    query : the moment and the status groups; its other parts are not used

    Returns
    -------
    the overview; `exists` is false, and all counts are zero, where the code was not borne on that day

    Raises
    ------
    NotFoundError : nothing ever bore that code, or it is not for this account
    """
    query = replace(query, moment=moment_within(database, query.moment, code))
    with database.transaction(snapshot=True) as connection:
        return _remembered(connection, database, query, code, lambda: _region(connection, query, code))


def _remembered(
    connection: Connection,
    database: Database,
    query: SiteQuery,
    code: str | None,
    make: Callable[[], Overview],
) -> Overview:
    """An overview that is made once for each state of the register: it reads all of it."""
    key = (seen_now(connection, database), query, query.moment.regions_on, today(), code)
    return _overviews.take(key, make)


def _nation(connection: Connection, query: SiteQuery) -> Overview:
    rows = summaries.summarise_levels(connection, ("nation", "province", "regency"), query.moment)
    (nation,), provinces = rows["nation"], rows["province"]
    series = series_of(connection, query.moment, None)
    view = _frame(connection, query, nation, series, NATION_BBOX)
    view["bubbles"] = _bubbles(connection, query, rows["regency"])
    unplaced = nation.sites_total - sum(row.sites_total for row in provinces)
    parts = {
        **_children("province", provinces, query),
        "claims": region_claims(connection, query.moment, None),
        "aid": aid_section(connection, query.moment, None),
    }
    return Overview({**view, **parts, "unplaced": unplaced}, series)


def _region(connection: Connection, query: SiteQuery, code: str) -> Overview:
    region, exists = _region_on(connection, code, query.moment.regions_on)
    rows = summaries.summarise_levels(connection, ("province", "regency"), query.moment, code)
    summary = next((row for row in rows[region.level] if row.code == code), None) or _empty_summary(region)
    series = series_of(connection, query.moment if exists else _borne(region, query), code)
    view = _frame(connection, query, summary, series, BoundingBox(*region.bbox))
    view["bubbles"] = _bubbles(connection, query, rows["regency"])
    is_province = region.level == "province"
    parts = {
        **(_children("regency", rows["regency"], query) if is_province else _children(None, [], query)),
        **_listed_sites(connection, code, query),
        "exists": exists,
        "parent": {"code": summary.parent_code, "name": summary.parent_name} if summary.parent_name else None,
        "former": _former(connection, code),
        "centres": region_centres(connection, query.moment, code, region.level) if exists else None,
        "claims": region_claims(connection, query.moment, region.code_today),
        "aid": aid_section(connection, query.moment, code),
    }
    return Overview({**view, **parts}, series)


def _frame(
    connection: Connection, query: SiteQuery, summary: RegionSummary, series: list[View], bbox: BoundingBox
) -> View:
    moment, code = query.moment, summary.code
    extent = sites.extent_of_sites(connection, SiteQuery(moment, region=code, with_shared=True))
    drawn: Level = "province" if code is None else "regency"
    within = summary.parent_code if summary.level == "regency" else code
    return {
        **state_of(moment),
        "status": list(query.groups),
        "region": summary.to_record(moment.as_of),
        "parent": None,
        "former": [],
        "exists": True,
        "unplaced": 0,
        "events": events.find_recent_events(connection, moment, code),
        **overdue_of(connection, moment, code),
        "reactivations": reactivations_of(connection, moment, code),
        "slider": slider_of(series),
        "layer": layer_of(connection, drawn, moment, within),
        "bbox": [bbox.west, bbox.south, bbox.east, bbox.north],
        "synthetic": extent.synthetic,
        "people_definition": "resident",
    }


def _children(level: Level | None, rows: list[RegionSummary], query: SiteQuery) -> View:
    as_of = query.moment.as_of
    return {"children_level": level, "children": [row.to_record(as_of) for row in rows]}


def _bubbles(connection: Connection, query: SiteQuery, regencies: list[RegionSummary]) -> list[View]:
    """Regencies that hold at least one site, with a point inside each, for the map far out."""
    held = {row.code or "": row for row in regencies if row.sites_total + row.lokasi_total}
    points = regions.find_label_points(connection, "regency", query.moment.regions_on, list(held))
    return [
        {"lon": points[code][0], "lat": points[code][1], **{name: getattr(row, name) for name in BUBBLE}}
        for code, row in held.items()
    ]


def _listed_sites(connection: Connection, code: str, query: SiteQuery) -> View:
    asked = SiteQuery(query.moment, region=code, with_shared=True, groups=query.groups)
    found = sites.find_sites(connection, asked, MAX_LISTED_SITES + 1)
    return {"sites": found[:MAX_LISTED_SITES], "sites_truncated": len(found) > MAX_LISTED_SITES}


def slider_of(series: list[View]) -> View:
    """Where a date slider starts and ends, and the months in which a count changed."""
    if not series:
        return {"first": today(), "last": today(), "ticks": []}
    counts = [{**month, "on": None} for month in series]
    moved = [True, *(now != before for before, now in pairwise(counts))]
    ticks = [f"{month['on']:%Y-%m}" for month, changed in zip(series, moved, strict=True) if changed]
    return {"first": series[0]["on"], "last": series[-1]["on"], "ticks": ticks}


def _region_on(connection: Connection, code: str, on: date) -> tuple[Region, bool]:
    """The region that bore the code on a day; else the latest that did, and that it did not on that day."""
    borne = [region for region in regions.find_history(connection, code) if region.code == code]
    if not borne:
        raise NotFoundError(f"region {code}: no province or regency has this Kemendagri code")
    for region in borne:
        if (region.valid_from or date.min) <= on < (region.valid_to or date.max):
            return region, True
    return borne[-1], False


def _borne(region: Region, query: SiteQuery) -> Moment:
    """A moment at which the code was borne, so that a date slider can lead there."""
    day = region.valid_from or query.moment.as_of
    if region.valid_to and region.valid_to <= query.moment.as_of:
        day = region.valid_to - timedelta(days=1)
    return Moment(day, query.moment.known_at)


def _empty_summary(region: Region) -> RegionSummary:
    """All counts zero, of a region that is not there on the day whose boundaries are meant."""
    values: dict[str, Any] = {field.name: 0 for field in fields(RegionSummary)}
    values |= dict.fromkeys(("people", "lokasi_people", "last_event_on", "parent_name"))
    values |= {name: getattr(region, name) for name in values if hasattr(region, name)}
    return RegionSummary(**values)


def _former(connection: Connection, code: str) -> list[View]:
    """What a region belonged to before: the province that its regencies came from, until the day before."""
    return [
        {"code": change.from_code, "name": change.from_name, "until": change.on - timedelta(days=1)}
        for change in regions.find_changes(connection, code)
        if code != change.from_code
    ]
