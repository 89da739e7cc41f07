"""The place of a row: the layer's own geometry, WKT, degrees, UTM; or none, where only a regency is known."""

from collections.abc import Sequence
from typing import Any

import shapely

from gis.domain.coordinates import from_utm, parse_angle, parse_pair, parse_zone
from gis.domain.wkt import parse_wkt
from gis.errors import InvalidInputError
from gis.services.imports.refusals import Problem
from gis.services.imports.rows_draft import Draft
from gis.services.imports.values import BadCellError, as_text

WEST, SOUTH, EAST, NORTH = 90.0, -15.0, 145.0, 10.0  # Indonesia and its seas, generously
_DEGREES, _METRES = ("lat", "lon"), ("easting", "northing")
_WAYS = (("wkt",), _DEGREES, ("coordinates",), _METRES)
_FIELDS = {"latitude": "lat", "longitude": "lon", "coordinates": "coordinates"}
Place = tuple[float, float]


def placed(draft: Draft, source_crs: str | None, accuracies: Sequence[str]) -> None:
    """Put a row's place, its reference system and its accuracy among its values, or say why there is none.

    Parameters
    ----------
    draft : the row
    source_crs : of the layer that the row's geometry comes from
    accuracies : that the record knows; with "regency" among them a row needs no place
    """
    if draft.row.problems:
        return  # about its geometry or its length: what is said of it holds
    try:
        wkt, crs = _geometry(draft, source_crs)
    except BadCellError as error:
        draft.problems.append(error.problem)
        return
    if wkt is None:
        if "regency" not in accuracies:
            return
        draft.values["location_accuracy"] = "regency"
        draft.remarks.append(Problem("wkt", None, "regency_only"))
        return
    draft.values["wkt"] = wkt
    draft.values["source_crs"] = crs
    draft.values.setdefault("location_accuracy", "approximate")


def _geometry(draft: Draft, source_crs: str | None) -> tuple[str | None, str]:
    ways = [way for way in _WAYS if any(draft.said(name) is not None for name in way)]
    if draft.row.geometry is not None:
        if ways:
            raise BadCellError(ways[0][0], draft.said(ways[0][0]), "place_twice")
        shape = shapely.from_wkb(draft.row.geometry)
        return _within(shape, "geometry"), source_crs or "EPSG:4326"
    if not ways:
        return None, ""
    if len(ways) > 1:
        raise BadCellError(ways[1][0], draft.said(ways[1][0]), "place_twice")
    way = ways[0]
    if way == ("wkt",):
        return _of_text(draft)
    for name in way:
        if draft.said(name) is None:
            raise BadCellError(name, None, "place_incomplete")
    if way == _METRES:
        return _of_metres(draft)
    try:
        lon, lat = _degrees(draft)
    except InvalidInputError as error:
        raise BadCellError(_FIELDS[error.field], error.found, error.field) from error
    return _point(lon, lat, way[0]), "EPSG:4326"


def _degrees(draft: Draft) -> Place:
    if draft.said("coordinates") is not None:
        return parse_pair(draft.said("coordinates"))
    return parse_angle(draft.said("lon"), "longitude"), parse_angle(draft.said("lat"), "latitude")


def _of_metres(draft: Draft) -> tuple[str, str]:
    zone = draft.said("zone")
    if zone is None:
        raise BadCellError("zone", None, "place_incomplete")
    try:
        lon, lat = from_utm(draft.said("easting"), draft.said("northing"), zone)
        number, south = parse_zone(zone)
    except InvalidInputError as error:
        code = "zone" if error.field == "zone" else "utm"
        raise BadCellError(error.field, error.found, code) from error
    if south is None:
        draft.remarks.append(Problem("zone", as_text(zone), "hemisphere_guessed"))
        south = lat < 0
    return _point(lon, lat, "easting"), f"EPSG:{(32700 if south else 32600) + number}"


def _of_text(draft: Draft) -> tuple[str, str]:
    text = as_text(draft.said("wkt"))
    shape = parse_wkt(text)
    if shape is None or shape.is_empty:
        raise BadCellError("wkt", text, "geometry_broken")
    return _within(shapely.force_2d(shape), "wkt"), "EPSG:4326"


def _point(lon: float, lat: float, name: str) -> str:
    _refuse_outside((lon, lat, lon, lat), name)
    return f"POINT ({lon!r} {lat!r})"


def _refuse_outside(bounds: tuple[float, float, float, float], name: str) -> None:
    west, south, east, north = bounds
    if not (west >= WEST and south >= SOUTH and east <= EAST and north <= NORTH):
        raise BadCellError(name, f"{west:.6g} {south:.6g}", "outside_indonesia")


def _within(shape: Any, name: str) -> str:
    _refuse_outside(shape.bounds, name)
    return str(shapely.to_wkt(shape, rounding_precision=-1))
