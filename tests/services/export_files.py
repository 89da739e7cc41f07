"""Reads back what exports write, with the readers that people have, as the rows that GeoJSON holds."""

import csv
import io
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pyogrio
import shapely
from python_calamine import CalamineWorkbook

from gis.domain.collections import Collection, PropertyType
from gis.domain.feature_query import FeatureQuery
from gis.domain.queries import SiteQuery
from gis.services.exports.formats import get_format
from gis.services.exports.shapefile import short_name
from gis.services.exports.writing import Written, write_file
from gis.services.features import Reader

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Exported:
    """A file in a folder of its own."""

    path: Path
    written: Written
    collection: Collection

    def rows(self) -> Rows:
        """What is in it, each property as `plain` has it and the geometry of shapely."""
        ending = self.path.name.partition(".")[2]
        return [self._row(row) for row in READERS[ending](self.path)]

    def _row(self, row: Mapping[str, Any]) -> dict[str, Any]:
        short = self.path.suffix == ".zip"
        names = {name: short_name(name) if short else name for name in self.collection.names}
        kinds = self.collection.types
        return {
            **{name: plain(kinds[name], row.get(column)) for name, column in names.items()},
            "geom": row["geom"],
        }


def exported(
    reader: Reader,
    folder: Path,
    collection_id: str,
    query: SiteQuery,
    ending: str = "geojson",
    locale: str | None = None,
    asked: FeatureQuery | None = None,
) -> Exported:
    path = folder / f"{collection_id}.{ending}"
    chosen = get_format(ending, locale)
    written = write_file(reader, collection_id, query, asked or FeatureQuery(), chosen, path)
    assert sorted(each.name for each in folder.iterdir()) == [path.name]
    return Exported(path, written, reader.collections[collection_id])


def plain(kind: PropertyType, value: Any) -> Any:
    """A value as every format can tell it: an empty list is as good as none."""
    if value is None or str(value) in ("", "[]", "nan", "NaT"):
        return None
    return _AS[kind](value)


def _moment(value: Any) -> str:
    if isinstance(value, np.datetime64):
        return f"{str(value)[:19]}+00:00"
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC).isoformat(timespec="seconds")


def _number(value: Any) -> float:
    return round(float(str(value).replace(",", ".")), 6)


_AS: Mapping[PropertyType, Callable[[Any], Any]] = {
    "string": str,
    "array": lambda value: value if isinstance(value, str) else ";".join(value),
    "boolean": lambda value: str(value).lower() in ("true", "1"),
    "integer": _number,
    "number": _number,
    "date": lambda value: str(value)[:10],
    "date-time": _moment,
}


def same_place(one: Any, other: Any) -> bool:
    """Whether two geometries are one to a centimetre."""
    if one is None or other is None:
        return one is other
    close = shapely.get_num_coordinates(one) == shapely.get_num_coordinates(other)
    bounds = zip(one.bounds, other.bounds, strict=True)
    return bool(close and all(math.isclose(*pair, abs_tol=1.1e-7) for pair in bounds)) and math.isclose(
        one.area, other.area, rel_tol=1e-6, abs_tol=1e-6
    )


def _features(features: Rows) -> Rows:
    return [
        {**each["properties"], "geom": each["geometry"] and shapely.geometry.shape(each["geometry"])}
        for each in features
    ]


def _lines(path: Path) -> Rows:
    return _features([json.loads(line) for line in path.read_text().splitlines()])


def _placed(row: dict[str, Any]) -> dict[str, Any]:
    """With its geometry from the columns of a table."""
    lon, lat = (str(row.get(name) or "").replace(",", ".") for name in ("lon", "lat"))
    point = shapely.Point(float(lon), float(lat)) if lon else None
    return {**row, "geom": shapely.from_wkt(row["wkt"]) if row.get("wkt") else point}


def _csv(path: Path) -> Rows:
    text = path.read_bytes().decode("utf-8-sig")
    is_local = ";" in text.partition("\r\n")[0]
    csv.field_size_limit(10_000_000)
    rows = [_placed(row) for row in csv.DictReader(io.StringIO(text, newline=""), delimiter=",;"[is_local])]
    for row in rows:
        if is_local and row.get("updated_at"):  # in Jakarta, as people there read it
            row["updated_at"] += "+07:00"
    return rows


def _xlsx(path: Path) -> Rows:
    header, *rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    return [_placed(dict(zip(header, row, strict=True))) for row in rows]


def _ogr(path: str, layer: str) -> Rows:
    meta, table = pyogrio.read_arrow(path, layer=layer)
    assert str(meta["crs"]) == "EPSG:4326"
    name = meta["geometry_name"] or "wkb_geometry"
    shapes = shapely.from_wkb(table.column(name).to_pylist())
    return [{**row, "geom": shape} for row, shape in zip(table.to_pylist(), shapes, strict=True)]


def _archive(path: Path) -> Rows:
    layers = pyogrio.list_layers(f"/vsizip/{path}")[:, 0]
    return [row for layer in layers for row in _ogr(f"/vsizip/{path}", str(layer))]


def _parquet(path: Path) -> Rows:
    table = pq.read_table(path)
    shapes = shapely.from_wkb(table.column("geom").to_pylist())
    return [{**row, "geom": shape} for row, shape in zip(table.to_pylist(), shapes, strict=True)]


def _flatgeobuf(path: Path) -> Rows:
    # Not by Arrow: GDAL's reader for it fails where a feature has no geometry.
    meta, _, shapes, columns = pyogrio.raw.read(path)
    rows = zip(*columns, shapely.from_wkb(shapes), strict=True)
    return [dict(zip((*meta["fields"], "geom"), row, strict=True)) for row in rows]


def _kml(path: Path) -> Rows:
    # GDAL gives these names to what KML itself has: the name of a placemark, and its id in the document.
    item = {"sites": "site_id", "centres": "centre_id"}.get(path.stem)
    return [{**row, "name": row["Name"], **({"id": row[item]} if item else {})} for row in _own_layer(path)]


def _own_layer(path: Path) -> Rows:
    return _ogr(str(path), path.name.partition(".")[0])


READERS: Mapping[str, Callable[[Path], Rows]] = {
    "geojson": lambda path: _features(json.loads(path.read_text())["features"]),
    "geojsonl": _lines,
    "csv": _csv,
    "xlsx": _xlsx,
    "gpkg": _own_layer,
    "fgb": _flatgeobuf,
    "kml": _kml,
    "parquet": _parquet,
    "shp.zip": _archive,
}
