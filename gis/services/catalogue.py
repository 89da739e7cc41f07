"""What pages, their data twins and the command line read: each function is one snapshot of the register."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, timedelta
from itertools import islice, pairwise
from typing import Any

from gis.database import events, regions, sites, summaries
from gis.database.connection import Connection, Database
from gis.domain.lifecycle import MILESTONES
from gis.domain.queries import BoundingBox, Moment, SiteQuery, SummaryLevel, today
from gis.domain.regional_summary import RegionSummary
from gis.domain.regions import Level, Region
from gis.domain.sites import SITE_PROPERTIES
from gis.errors import NotFoundError

View = dict[str, Any]
MAX_LISTED_SITES = 500
MAX_MAP_SITES = 5_000
# All of Indonesia (EPSG:1263, area of use), rounded outwards.
NATION_BBOX = BoundingBox(94.9, -11.1, 141.1, 6.1)


def regional_summary(
    database: Database, level: SummaryLevel, moment: Moment, region: str | None = None
) -> list[RegionSummary]:
    """Every region of a level with its counts, zeros included, by code.

    Parameters
    ----------
    database : the register
    level : nation, province or regency
    moment : both clocks and whose boundaries
    region : only that region, and the regencies of that province; none for all

    Raises
    ------
    NotFoundError : no region bears that code on the day whose boundaries are meant
    """
    with database.transaction() as connection:
        sites.hold_snapshot(connection)
        if region is not None:
            regions.get_region(connection, region, moment.regions_on)
        return summaries.summarise(connection, level, moment, region)


def monthly_series(database: Database, moment: Moment, region: str | None = None) -> list[View]:
    """Counts at the end of every month from the first event on; the last entry is today's.

    Parameters
    ----------
    database : the register
    moment : `known_at` and whose boundaries
    region : a province or regency code; none for the nation
    """
    with database.transaction() as connection:
        return _series(connection, moment, region)


def nation_view(database: Database, query: SiteQuery) -> View:
    """The nation at a moment: its summary, its provinces, bubbles by regency, what happened and what is late.

    Parameters
    ----------
    database : the register
    query : the moment and the status groups; its other parts are not used
    """
    with database.transaction() as connection:
        sites.hold_snapshot(connection)
        moment = query.moment
        (nation,) = summaries.summarise(connection, "nation", moment)
        children = summaries.summarise(connection, "province", moment)
        view = _frame(connection, query, nation, "province", children=children, bbox=NATION_BBOX)
        placed = sum(row.sites_total for row in children)
        return {**view, "parent": None, "former": [], "exists": True, "unplaced": nation.sites_total - placed}


def region_view(database: Database, code: str, query: SiteQuery) -> View:
    """A province or regency at a moment: as the nation, with its sites and what it belonged to before.

    Parameters
    ----------
    database : the register
    code : Kemendagri's, of the day whose boundaries are meant or of another one
    query : the moment and the status groups; its other parts are not used

    Returns
    -------
    the view; `exists` is false, and all counts are zero, where the code was not borne on that day

    Raises
    ------
    NotFoundError : nothing ever bore that code
    """
    with database.transaction() as connection:
        sites.hold_snapshot(connection)
        moment = query.moment
        region, exists = _region_on(connection, code, moment.regions_on)
        summary = _summary_of(connection, region, moment, exists=exists)
        is_province = region.level == "province"
        child_level: Level | None = "regency" if is_province else None
        children = summaries.summarise(connection, "regency", moment, code) if is_province and exists else []
        view = _frame(
            connection, query, summary, child_level, children=children, bbox=BoundingBox(*region.bbox)
        )
        listed = sites.find_sites(
            connection,
            SiteQuery(moment, region=code, with_shared=True, groups=query.groups),
            MAX_LISTED_SITES + 1,
        )
        parent = (
            regions.get_region(connection, region.parent_code, moment.regions_on)
            if (region.parent_code and exists)
            else None
        )
        return {
            **view,
            "exists": exists,
            "parent": {"code": parent.code, "name": parent.name} if parent else None,
            "former": _former(connection, code),
            "sites": listed[:MAX_LISTED_SITES],
            "sites_truncated": len(listed) > MAX_LISTED_SITES,
            "unplaced": 0,
        }


def site_view(database: Database, site_id: int, moment: Moment) -> View:
    """One site at a moment: what is believed of it and every fact that this rests on.

    Parameters
    ----------
    database : the register
    site_id : its id
    moment : both clocks and whose boundaries

    Raises
    ------
    NotFoundError : there is no such site
    """
    with database.transaction() as connection:
        sites.hold_snapshot(connection)
        site = sites.get_site(connection, site_id, moment)
        log = events.find_site_events(connection, site_id, moment)
        lies_in = sites.find_site_regions(connection, site_id, moment)
        headcounts = events.find_headcounts(connection, site_id, moment)
        level: Level = "regency" if site["regency_code"] else "province"
        layer = _layer(connection, level, moment, site["province_code"] if site["regency_code"] else None)
    geometry = site.pop("geometry")
    return {
        **_state(moment),
        "site": site,
        "geometry": geometry,
        "regions": lies_in,
        "region_layer": layer,
        "milestones": [_milestone(kind, log) for kind in MILESTONES],
        "side_events": [entry for entry in log if entry["kind"] not in MILESTONES],
        "headcounts": headcounts,
        "synthetic": site["synthetic"],
    }


def site_feature(database: Database, site_id: int, moment: Moment) -> View:
    """One site as a GeoJSON feature (RFC 7946) with the properties of every output.

    Raises
    ------
    NotFoundError : there is no such site
    """
    with database.transaction() as connection:
        site = sites.get_site(connection, site_id, moment)
    properties = {name: site[name] for name in SITE_PROPERTIES}
    return {"type": "Feature", "id": site_id, "geometry": site["geometry"], "properties": properties}


def sites_layer(database: Database, query: SiteQuery) -> bytes:
    """Sites for the map as one FeatureCollection, `MAX_MAP_SITES` at most; `numberMatched` are there.

    Parameters
    ----------
    database : the register
    query : which sites; a map asks for a box
    """
    with database.transaction() as connection:
        sites.hold_snapshot(connection)
        extent = sites.extent_of_sites(connection, query)
        lines = islice(sites.stream_site_features(connection, query), MAX_MAP_SITES)
        head = b'{"type":"FeatureCollection","numberMatched":%d,"features":[' % extent.n
        return head + b",".join(lines) + b"]}"


def summary_document(moment: Moment, rows: list[RegionSummary]) -> View:
    """The regional summary as JSON has it."""
    return {**_state(moment), "regions": [row.to_record(moment.as_of) for row in rows]}


def check_database(database: Database) -> None:
    """Ask the database the smallest question.

    Raises
    ------
    UnavailableError : it does not answer
    """
    with database.transaction() as connection:
        connection.execute("SELECT 1")


def region_layer(database: Database, level: Level, on: date, parent_code: str | None) -> bytes:
    """The map layer of a level's regions on a day, as GeoJSON.

    All regions of a level are simplified to 0.05°, the regencies of one province to 0.005°.

    Raises
    ------
    NotFoundError : nothing lies in that province on that day
    """
    with database.transaction() as connection:
        if parent_code is not None:
            regions.get_region(connection, parent_code, on)
        detail: regions.LayerDetail = "overview" if parent_code is None else "map"
        return regions.layer(connection, level, on, parent_code, detail)


def _frame(
    connection: Connection,
    query: SiteQuery,
    summary: RegionSummary,
    child_level: Level | None,
    *,
    children: list[RegionSummary],
    bbox: BoundingBox,
) -> View:
    moment, code = query.moment, summary.code
    series = _series(connection, moment, code)
    drawn = child_level or "regency"
    extent = sites.extent_of_sites(connection, SiteQuery(moment, region=code, with_shared=True))
    return {
        **_state(moment),
        "status": [group.value for group in query.groups],
        "region": summary.to_record(moment.as_of),
        "children_level": child_level,
        "children": [child.to_record(moment.as_of) for child in children],
        "bubbles": summaries.find_bubbles(connection, moment, code),
        "events": events.find_recent_events(connection, moment, code),
        "overdue": events.find_overdue_plans(connection, moment, code),
        "slider": _slider(series),
        "layer": _layer(connection, drawn, moment, _drawn_parent(summary)),
        "bbox": [bbox.west, bbox.south, bbox.east, bbox.north],
        "synthetic": extent.synthetic,
        "people_definition": "resident",
    }


def _state(moment: Moment) -> View:
    return {
        "as_of": moment.as_of,
        "known_at": moment.known_at,
        "boundaries": moment.boundaries.value,
        "today": today(),
    }


def _series(connection: Connection, moment: Moment, region: str | None) -> list[View]:
    months = [asdict(month) for month in summaries.monthly_series(connection, moment, region)]
    if months:
        months[-1]["on"] = today()  # the current month has not ended
    return months


def _slider(series: list[View]) -> View:
    """Where a date slider starts and ends, and the months in which a count changed."""
    if not series:
        return {"first": today(), "last": today(), "ticks": []}
    counts = [{**month, "on": None} for month in series]
    changed = [True, *(now != before for before, now in pairwise(counts))]
    ticks = [f"{month['on']:%Y-%m}" for month, moved in zip(series, changed, strict=True) if moved]
    return {"first": series[0]["on"], "last": series[-1]["on"], "ticks": ticks}


def _layer(connection: Connection, level: Level, moment: Moment, parent_code: str | None) -> View:
    return {
        "level": level,
        "vintage": regions.vintage_of(connection, level, moment.regions_on),
        "parent_code": parent_code,
        "checksum": (regions.find_checksum(connection) or "")[:12],
    }


def _drawn_parent(summary: RegionSummary) -> str | None:
    return summary.parent_code if summary.level == "regency" else summary.code


def _region_on(connection: Connection, code: str, on: date) -> tuple[Region, bool]:
    """The region that bore the code on a day; else the latest that did, and that it did not on that day."""
    borne = [region for region in regions.find_history(connection, code) if region.code == code]
    if not borne:
        raise NotFoundError(f"region {code}: no province or regency has this Kemendagri code")
    for region in borne:
        if (region.valid_from or date.min) <= on < (region.valid_to or date.max):
            return region, True
    return borne[-1], False


def _summary_of(connection: Connection, region: Region, moment: Moment, *, exists: bool) -> RegionSummary:
    if exists:
        rows = summaries.summarise(connection, region.level, moment, region.code)
        return next(row for row in rows if row.code == region.code)
    zero: Callable[..., RegionSummary] = RegionSummary
    identity = {
        "level": region.level,
        "code": region.code,
        "iso_code": region.iso_code,
        "name": region.name,
        "kind": region.kind,
        "parent_code": region.parent_code,
        "parent_name": None,
        "valid_from": region.valid_from,
        "valid_to": region.valid_to,
        "area_km2": region.area_km2,
    }
    nothing = {"people": None, "lokasi_people": None, "last_event_on": None}
    counts = [f for f in RegionSummary.__dataclass_fields__ if f not in identity and f not in nothing]
    return zero(**identity, **nothing, **dict.fromkeys(counts, 0))


def _former(connection: Connection, code: str) -> list[View]:
    """What a region belonged to before: the province that its regencies came from, until the day before."""
    return [
        {"code": change.from_code, "name": change.from_name, "until": change.on - timedelta(days=1)}
        for change in regions.find_changes(connection, code)
        if code != change.from_code
    ]


def _milestone(kind: str, log: list[View]) -> View:
    entries = [entry for entry in log if entry["kind"] == kind]
    return {
        "kind": kind,
        "planned": [entry for entry in entries if entry["planned"]],
        "actual": [entry for entry in entries if not entry["planned"]],
    }
