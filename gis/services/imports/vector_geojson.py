"""Reads GeoJSON: properties as they are, and the reference system that the form before RFC 7946 may name."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import shapely

from gis.services.imports.limits import Limits
from gis.services.imports.raw_table import Cell, check_size
from gis.services.imports.refusals import refusal
from gis.services.imports.tabular_csv import encoding_of
from gis.services.imports.vector import Layer
from gis.services.imports.vector_places import Feature

_DEFAULT = "EPSG:4326"


def read_geojson(path: Path, limits: Limits) -> Layer:
    """The features of a FeatureCollection, or the one Feature.

    Raises
    ------
    ImportRefusedError : no GeoJSON
    """
    try:
        document = json.loads(path.read_text(encoding=encoding_of(path)), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise refusal("broken_file", format="GeoJSON") from error
    features = _features(document)
    columns: dict[str, None] = {}
    has_id = False
    for feature in features:
        columns.update(dict.fromkeys(_properties(feature)))
        has_id = has_id or "id" in feature
        check_size(len(features), len(columns), limits)
    names = (["id"] if has_id and "id" not in columns else []) + list(columns)
    return Layer("", names, _read(features, names), _stated(document), [])


def _read(features: list[dict[str, Any]], names: list[str]) -> Iterator[Feature]:
    for feature in features:
        properties = _properties(feature)
        if "id" in feature:
            properties = {"id": feature["id"], **properties}
        cells = tuple(_cell(properties.get(name)) for name in names)
        geometry = feature.get("geometry")
        if geometry is None:
            yield Feature(cells, None)
            continue
        text = json.dumps(geometry)
        read = shapely.from_geojson(text, on_invalid="ignore")
        yield Feature(cells, read, text[:200] if read is None else None)


def _features(document: Any) -> list[dict[str, Any]]:
    kind = document.get("type") if isinstance(document, dict) else None
    features = document.get("features") if kind == "FeatureCollection" else [document]
    if kind not in {"FeatureCollection", "Feature"} or not isinstance(features, list):
        raise refusal("broken_file", format="GeoJSON")
    if not all(isinstance(each, dict) for each in features):
        raise refusal("broken_file", format="GeoJSON")
    return features


def _properties(feature: dict[str, Any]) -> dict[str, Any]:
    properties = feature.get("properties")
    return properties if isinstance(properties, dict) else {}


def _stated(document: dict[str, Any]) -> str:
    crs = document.get("crs")
    if crs is None:
        return _DEFAULT
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str):
        raise refusal("crs_unknown", found=str(crs)[:60])
    return name


def _cell(value: Any) -> Cell:
    """Lists and objects become their JSON."""
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return json.dumps(value, ensure_ascii=False)


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)
