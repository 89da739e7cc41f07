"""Overviews of the nation and of a region, from one release: the keys of the live ones that are public."""

from typing import Any

from gis.database import published
from gis.database.connection import Connection, Database
from gis.database.published import PublicSites, PublishedRegion
from gis.domain.disclosure import PUBLIC_GROUPS
from gis.domain.lifecycle import StatusGroup
from gis.domain.published_summary import PublishedSummary
from gis.domain.queries import BoundingBox
from gis.domain.regions import Level
from gis.services.catalogue import View
from gis.services.overviews import MAX_LISTED_SITES, NATION_BBOX, Overview, slider_of
from gis.services.public.claims import region_claims
from gis.services.public.moments import PublicView, layer_of, site_record, state_of
from gis.services.public.sums import region_aid

SHOWN_EVENTS = 8
_BUBBLE = ("code", "name", "parent_code", "active", "planned", "closed", "sites_total", "lokasi_total")


def nation_overview(database: Database, asked: PublicView) -> Overview:
    """The nation in a release: its summary, its provinces, what was closed, and reactivations by year.

    Parameters
    ----------
    database : as the role of visitors
    asked : the release, its day and the groups shown
    """
    moment = asked.moment
    with database.transaction() as connection:
        rows = published.summarise(connection, moment, ("nation", "province"))
        (nation,), provinces = rows["nation"], rows["province"]
        view = _frame(connection, asked, nation, NATION_BBOX)
        placed = sum(row.sites_total or 0 for row in provinces)
        again = published.find_reactivations(connection, moment)
        view |= {
            "bubbles": _bubbles(connection, asked, "province", provinces),
            "children_level": "province",
            "children": [row.to_record(moment.as_of) for row in provinces],
            "unplaced": (nation.sites_total or 0) - placed,
            "reactivated_by_year": again,
            "claims": region_claims(connection, asked, None),
            "aid": region_aid(connection, moment, None),
        }
        return Overview(view, view.pop("series"))


def region_overview(database: Database, code: str, asked: PublicView) -> Overview:
    """A province or regency in a release: as the nation, with its published sites.

    Parameters
    ----------
    database : as the role of visitors
    code : Kemendagri's, of the day whose boundaries are meant or of another one
    asked : the release, its day and the groups shown

    Raises
    ------
    NotFoundError : nothing ever bore that code
    """
    moment = asked.moment
    with database.transaction() as connection:
        region = published.get_region(connection, moment, code)
        exists = region.is_on(moment.regions_on)
        rows = published.summarise(connection, moment, ("province", "regency"), code)
        summary = next((row for row in rows[region.level] if row.code == code), None) or _empty(region)
        view = _frame(connection, asked, summary, BoundingBox(*region[-4:]))
        is_province = region.level == "province"
        children = rows["regency"] if is_province else []
        listed = PublicSites(region=code, with_shared=True)
        sites = published.find_sites(connection, moment, listed, MAX_LISTED_SITES + 1)
        shown = sites if StatusGroup.closed in asked.groups else []
        view |= {
            "bubbles": _bubbles(connection, asked, "regency", rows["regency"]),
            "children_level": "regency" if is_province else None,
            "children": [row.to_record(moment.as_of) for row in children],
            "sites": [site_record(row) for row in shown[:MAX_LISTED_SITES]],
            "sites_truncated": len(shown) > MAX_LISTED_SITES,
            "exists": exists,
            "former": published.find_former_provinces(connection, moment, code),
            "parent": {"code": summary.parent_code, "name": summary.parent_name}
            if summary.parent_name
            else None,
        }
        if is_province:
            view |= {
                "claims": region_claims(connection, asked, region.code_today),
                "aid": region_aid(connection, moment, code),
            }
        return Overview(view, view.pop("series"))


def _frame(connection: Connection, asked: PublicView, summary: PublishedSummary, bbox: BoundingBox) -> View:
    moment, code = asked.moment, summary.code
    drawn: Level = "province" if code is None else "regency"
    within = summary.parent_code if summary.level == "regency" else code
    # A regency's sites that are not closed are not public, and so neither is its series.
    series = published.monthly_series(connection, moment, within)
    return {
        **state_of(asked),
        "status": [group for group in asked.groups if group in PUBLIC_GROUPS],
        "region": summary.to_record(moment.as_of),
        "parent": None,
        "former": [],
        "exists": True,
        "unplaced": 0,
        "events": published.find_recent_events(connection, moment, code, SHOWN_EVENTS),
        "slider": slider_of(series),
        "series": [] if summary.level == "regency" else series,
        "layer": layer_of(connection, moment, drawn, within),
        "bbox": [bbox.west, bbox.south, bbox.east, bbox.north],
        "synthetic": moment.release.synthetic,
        "people_definition": "resident",
    }


def _bubbles(
    connection: Connection, asked: PublicView, level: Level, rows: list[PublishedSummary]
) -> list[View]:
    """Regions with something to tell, with a point inside each, for the map far out."""
    held = {
        row.code or "": row for row in rows if row.closed or row.lokasi_closed or row.active or row.planned
    }
    points = published.find_label_points(connection, asked.moment, level, list(held))
    found = []
    for code, row in held.items():
        record = row.to_record(asked.moment.as_of)
        told = {name: record[name] for name in _BUBBLE if name in record}
        found.append({"lon": points[code][0], "lat": points[code][1], **told})
    return found


def _empty(region: PublishedRegion) -> PublishedSummary:
    """Nothing, of a region that is not there on the day whose boundaries are meant."""
    open_sites = 0 if region.level == "province" else None
    values: dict[str, Any] = {
        "parent_name": None,
        "active": open_sites,
        "planned": open_sites,
        "closed": 0,
        "lokasi_active": open_sites,
        "lokasi_planned": open_sites,
        "lokasi_closed": 0,
        "people": None,
        "people_withheld": False,
        "lokasi_people": None,
        "lokasi_people_withheld": False,
        "last_event_on": None,
        "closed_12_months": 0,
    }
    named = ("level", "code", "iso_code", "name", "kind", "parent_code", "valid_from", "valid_to", "area_km2")
    return PublishedSummary(**values, **{name: getattr(region, name) for name in named})
