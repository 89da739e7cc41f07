"""Contents of records as the fields of a form that would give them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from gis.domain.forms.sites import StoredSite
from gis.domain.wkt import parse_wkt

Fields = dict[str, str]
#: A page stays small; a larger shape is kept as it is, or drawn anew.
LONGEST_SHOWN_WKT = 8_000
_EVENT = ("kind", "legal_instrument", "legal_number", "source", "source_url", "note")
_BOUNDARY = ("legal_instrument", "legal_number", "dated_on", "source", "source_url", "note")
_HEADCOUNT = ("counted_on", "n", "definition", "region_code", "source", "source_url")


def site_fields(site: Mapping[str, Any], region_names: list[str]) -> Fields:
    """The fields of a site, of its content or as it is stored.

    Parameters
    ----------
    site : by the names of `SiteContent`
    region_names : official names of the regions that it declares
    """
    plain = ("name", "site_type", "location_accuracy", "location_source", "source_url", "source")
    return {
        **_texts(site, plain),
        "alternative_names": "\n".join(site["alternative_names"]),
        "region": "; ".join(region_names),
        **place_fields(site["wkt"]),
    }


def place_fields(wkt: str | None) -> Fields:
    """The fields of a place; a shape that is too long for a page is left as it is."""
    shape = parse_wkt(wkt) if wkt else None
    if wkt is None or shape is None:
        return {"place": "region"}
    if shape.geom_type == "Point":
        lon, lat = shape.coords[0][:2]
        return {"place": "point", "lat": _number(lat), "lon": _number(lon)}
    if len(wkt) > LONGEST_SHOWN_WKT:
        return {"place": "keep"}
    return {"place": "area", "wkt": wkt}


def stored_fields(site: StoredSite, region_names: list[str]) -> Fields:
    """The fields of a site that is there, with what tells whether somebody changes it in the meantime."""
    return {**site_fields(site._asdict(), region_names), "based_on": site.updated_at}


def event_fields(event: Mapping[str, Any]) -> Fields:
    """The fields of an event, of its content or as a history lists it."""
    return {
        **_texts(event, _EVENT),
        "planned": "yes" if event["planned"] else "no",
        "occurred_on": day_text(event["occurred_on"], event["date_precision"]),
    }


def headcount_fields(count: Mapping[str, Any]) -> Fields:
    """The fields of a headcount, of its content or as a history lists it."""
    return _texts(count, _HEADCOUNT)


def boundary_fields(boundary: Mapping[str, Any]) -> Fields:
    """The fields of a boundary, of its content or as entered; too long a shape is left out."""
    return {**_texts(boundary, _BOUNDARY), **place_fields(boundary["wkt"]), "place": "area"}


def day_text(day: date | str, precision: str) -> str:
    """`2016-06-01`, `2016-06` or `2016`, which the form reads with the same precision."""
    return str(day)[: {"day": 10, "month": 7, "year": 4}[str(precision)]]


def _texts(given: Mapping[str, Any], names: tuple[str, ...]) -> Fields:
    return {name: str(given[name]) for name in names if given.get(name) is not None}


def _number(degrees: float) -> str:
    return f"{degrees:.9f}".rstrip("0").rstrip(".")
