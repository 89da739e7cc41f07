"""The place of a site as a form gives it: a point, an area, nothing but its region, or as it was."""

import re
from typing import Literal, NamedTuple

import shapely
from shapely.geometry.base import BaseGeometry

from gis.domain.coordinates import parse_angle
from gis.domain.forms.reading import FormReader
from gis.domain.region_names import RegionNames
from gis.domain.wkt import parse_wkt
from gis.errors import InvalidInputError

PlaceKind = Literal["point", "area", "region", "keep"]
PLACE_KINDS: tuple[PlaceKind, ...] = ("point", "area", "region", "keep")
#: A larger shape comes by an import: its region could not be shown at once (`register.locate`).
LARGEST_DRAWN = 5_000
LONGEST_WKT = 400_000  # signs; more than so many vertices take
DECIMALS = 9  # of a degree: a tenth of a millimetre
_REASON = re.compile(r"(?P<words>[^\[]+)(?:\[(?P<lon>\S+) (?P<lat>\S+)\])?")
_NO_NUMBER = re.compile(r"\b(?:nan|inf)", re.IGNORECASE)
_AREAS = ("Polygon", "MultiPolygon")


class Place(NamedTuple):
    """Where a site is.

    Parameters
    ----------
    kind : how it was given
    wkt : in EPSG:4326, lon before lat; none where only the region is known
    """

    kind: PlaceKind
    wkt: str | None


def read_place(form: FormReader, kept: str | None = None) -> Place | None:
    """The place that the fields `place`, `lat`, `lon` and `wkt` give; none if they are refused.

    Parameters
    ----------
    form : the fields
    kept : of a site that is there: where it is, for the choice to leave it as it is
    """
    chosen = form.choice("place", PLACE_KINDS)
    if chosen == "point":
        return _point(form)
    if chosen == "area":
        wkt = read_area(form)
        return Place("area", wkt) if wkt is not None else None
    if chosen == "keep":
        if kept is not None:
            return Place("keep", kept)
        form.refuse("place", "choice")
    return Place("region", None) if chosen == "region" else None


def is_same_place(wkt: str | None, stored: str | None) -> bool:
    """Whether two places are the same, as far as a form shows them."""
    if wkt is None or stored is None:
        return wkt is stored
    one, other = shapely.from_wkt(wkt), shapely.from_wkt(stored)
    return bool(shapely.equals_exact(one, other, tolerance=2 * 10.0**-DECIMALS))


def read_area(form: FormReader) -> str | None:
    """The polygon of the field `wkt`, as plain WKT; an invalid one is refused, never repaired."""
    text = form.text("wkt", required=True, longest=LONGEST_WKT)
    if text is None:
        return None
    shape = None if _NO_NUMBER.search(text) else parse_wkt(text)
    if shape is None or shape.is_empty:
        form.refuse("wkt", "wkt")
    elif shape.geom_type not in _AREAS:
        form.refuse("wkt", "not_an_area")
    elif (found := int(shapely.get_num_coordinates(shape))) > LARGEST_DRAWN:  # decision 9: before validity
        form.refuse("wkt", "vertices", found=found, most=LARGEST_DRAWN)
    else:
        return _valid_area(form, shape)
    return None


def _valid_area(form: FormReader, shape: BaseGeometry) -> str | None:
    plain = shapely.to_wkt(shapely.force_2d(shape), rounding_precision=DECIMALS)
    rounded = shapely.from_wkt(plain)
    west, south, east, north = rounded.bounds
    if not (west >= -180 and east <= 180 and south >= -90 and north <= 90):
        form.refuse("wkt", "world")
    elif not rounded.is_valid:
        _refuse_invalid(form, shapely.is_valid_reason(rounded))
    else:
        return plain
    return None


def read_regions(form: FormReader, names: RegionNames, *, required: bool) -> tuple[str, ...]:
    """Codes of the regencies that the field `region` names, separated by ; with the primary one first."""
    text = form.text("region", required=required)
    codes: list[str] = []
    for part in (each.strip() for each in (text or "").replace("\n", ";").split(";")):
        if not part:
            continue
        found = names.regencies(part)
        if len(found) == 1:
            codes += found
        elif found:
            options = ", ".join(names.name(code) for code in found)
            form.refuse("region", "region_ambiguous", found=part, options=options)
        else:
            form.refuse("region", "region_unknown", found=part, options=", ".join(names.suggestions(part)))
    return tuple(dict.fromkeys(codes))


def _point(form: FormReader) -> Place | None:
    angles = []
    for name, axis in (("lat", "latitude"), ("lon", "longitude")):
        text = form.text(name, required=True, longest=100)
        if text is None:
            continue
        try:
            angles.append(parse_angle(text, "latitude" if axis == "latitude" else "longitude"))
        except InvalidInputError:
            form.refuse(name, axis)
    if len(angles) < 2:
        return None
    lat, lon = (f"{angle:.{DECIMALS}f}".rstrip("0").rstrip(".") for angle in angles)
    return Place("point", f"POINT ({lon} {lat})")


def _refuse_invalid(form: FormReader, reason: str) -> None:
    found = _REASON.fullmatch(reason)
    words = found["words"].lower() if found else ""
    code = "self_crossing" if "self-intersection" in words else "invalid_area"
    if found and found["lon"]:
        form.refuse("wkt", code, lon=round(float(found["lon"]), 6), lat=round(float(found["lat"]), 6))
    else:
        form.refuse("wkt", "invalid_area_somewhere")
