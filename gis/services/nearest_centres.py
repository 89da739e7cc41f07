"""Centres as outputs show them, those that are near and have room, and what is missing by region."""

from collections.abc import Sequence
from typing import Any

from gis.database import centres
from gis.database.centres import Near
from gis.database.connection import Connection
from gis.domain.centres import FULL, Places, distance_band, places_of
from gis.domain.queries import Moment
from gis.domain.regions import Level

View = dict[str, Any]
SECTION_ROWS = 3
#: The order in which every output shows a centre; what an account may not see is empty.
CENTRE_PROPERTIES = (
    *("id", "name", "names", "regency_code", "regency_name", "province_code", "province_name"),
    *("services", "operator", "capacity_band", "occupancy_band", "has_free_places", "counted_on"),
    *("capacity", "occupied", "free_places", "contact_office", "contact_phone"),
    *("source", "source_url", "known_on", "synthetic"),
)


def shown(row: View) -> View:
    """What outputs have of a centre: `CENTRE_PROPERTIES`, with what follows from its numbers.

    Parameters
    ----------
    row : as `gis.database.centres.find_centres` gives it
    """
    free = max(0, row["capacity"] - row["occupied"]) if _is_counted(row) else None
    more = {"has_free_places": _has_free_places(row), "free_places": free}
    return {name: more[name] if name in more else row[name] for name in CENTRE_PROPERTIES}


def region_centres(connection: Connection, moment: Moment, code: str, level: Level) -> View:
    """What the page of a region says of centres: how many, how many have room, what is missing, the nearest.

    Parameters
    ----------
    connection : in a transaction
    moment : both clocks and whose boundaries
    code, level : of the region on the day whose boundaries are meant
    """
    found = centres.find_centres(connection, moment, code)
    gap = gap_by_region(connection, moment, level, code)
    return {
        "total": len(found),
        "with_free_places": sum(_has_free_places(row) is True for row in found),
        "gap": next((row for row in gap if row["code"] == code), None),
        "nearest": nearest(connection, moment, code, None, SECTION_ROWS),
    }


def site_centres(connection: Connection, moment: Moment, site: View) -> list[View]:
    """The nearest centres with free places from a site.

    Parameters
    ----------
    connection : in a transaction
    moment : both clocks and whose boundaries
    site : as `gis.database.sites.get_site` gives it
    """
    return nearest(connection, moment, None, site, SECTION_ROWS)


def nearest(
    connection: Connection, moment: Moment, region: str | None, site: View | None, limit: int
) -> list[View]:
    """The nearest centres with free places, each with `distance_km` to it or `distance_band` to its city.

    Parameters
    ----------
    connection : in a transaction
    moment : both clocks and whose boundaries
    region : from the label point of this region; none for nowhere
    site : from this site instead, as `gis.database.sites.get_site` gives it
    limit : how many at most
    """
    if site is not None:
        region = site["regency_code"] or site["province_code"]
    if region is None:
        return []
    site_id = None if site is None else site["id"]
    near = centres.find_nearest(connection, moment, site_id=site_id, region=region, limit=limit)
    rows = {
        row["id"]: row
        for row in centres.find_centres(connection, moment, None, [each.centre_id for each in near])
    }
    return [{**shown(rows[each.centre_id]), **_distance(each)} for each in near]


def _distance(near: Near) -> View:
    """Kilometres to the compound for who may see it; else the band of the way to its city."""
    band = None if near.to_place else distance_band(near.distance_m)
    return {"distance_km": round(near.distance_m / 1000, 3) if near.to_place else None, "distance_band": band}


def gap_by_region(connection: Connection, moment: Moment, level: Level, region: str | None) -> list[View]:
    """People to be served beside places, of regions that have either; places as exactly as may be seen.

    Parameters
    ----------
    connection : in a transaction
    moment : both clocks and whose boundaries
    level : of the regions
    region : only that one, or the regencies of that province; none for all
    """
    code_of = "province_code" if level == "province" else "regency_code"
    places: dict[str, list[View]] = {}
    for row in centres.find_centres(connection, moment, region):
        places.setdefault(row[code_of], []).append(row)
    served = centres.count_people_to_serve(connection, moment, level, region)
    return [
        _gap_row(each.code, each.name, each.people, places.get(each.code, []))
        for each in served
        if each.people or each.code in places
    ]


def _gap_row(code: str, name: str, people: int, found: Sequence[View]) -> View:
    places = sum((places_of(row["capacity"], row["capacity_band"]) for row in found), Places(0, 0))
    missing = places.missing_for(people)
    known = [row["capacity"] - row["occupied"] for row in found if _is_counted(row)]
    return {
        "code": code,
        "name": name,
        "people": people,
        "centres": len(found),
        "with_free_places": sum(_has_free_places(row) is True for row in found),
        "places_least": places.least,
        "places_most": places.most,
        "free_places": sum(max(0, free) for free in known) if known or not found else None,
        "missing_least": missing.least,
        "missing_most": missing.most,
    }


def _is_counted(row: View) -> bool:
    return row["capacity"] is not None and row["occupied"] is not None


def _has_free_places(row: View) -> bool | None:
    return None if row["occupancy_band"] is None else bool(row["occupancy_band"] != FULL)
