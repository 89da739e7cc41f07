"""Layers with geometries of their own, of whatever format, as rows whose places are in EPSG:4326."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyproj

from gis.services.imports.limits import Limits
from gis.services.imports.raw_table import OpenTable, RawRow
from gis.services.imports.refusals import refusal
from gis.services.imports.vector_places import Feature, Places


@dataclass
class Layer:
    """A layer as its format has it.

    Parameters
    ----------
    name : of the layer
    columns : no two the same
    features : in the order of the file
    crs : what the file states, as text that PROJ knows; None if nothing
    tables : the names of all layers
    has_geometry : False for a table without places
    """

    name: str
    columns: list[str]
    features: Iterable[Feature]
    crs: str | None
    tables: list[str]
    has_geometry: bool = True


def read_layer(path: Path, kind: str, table: str | None, crs: str | None, limits: Limits) -> OpenTable:
    """One layer of a file, its geometries in EPSG:4326.

    Parameters
    ----------
    path : the file
    kind : its format, as `sniff` told it
    table : the layer; None is the first
    crs : what the caller states, of a file that states none
    limits : of vertices

    Raises
    ------
    ImportRefusedError : broken, hostile, or without an agreed reference system
    """
    layer = _open(path, kind, table, limits)
    if not layer.has_geometry:
        rows = (RawRow(number, each.cells) for number, each in enumerate(layer.features, start=1))
        return OpenTable(layer.name, layer.columns, rows, layer.tables)
    agreed = agreed_crs(layer.crs, crs)
    places = Places(agreed, crs if layer.crs is None else None, limits)
    return OpenTable(
        layer.name,
        layer.columns,
        places.rows(layer.features),
        layer.tables,
        has_geometry=True,
        source_crs=crs_name(agreed),
    )


def _open(path: Path, kind: str, table: str | None, limits: Limits) -> Layer:
    if kind == "geojson":
        from gis.services.imports.vector_geojson import read_geojson

        return read_geojson(path, limits)
    if kind == "kml":
        from gis.services.imports.vector_kml import read_kml

        return read_kml(path, limits)
    if kind == "gpkg":
        from gis.services.imports.vector_gpkg import read_gpkg

        return read_gpkg(path, table)
    if kind == "shapefile":
        from gis.services.imports.vector_shapefile import read_shapefile

        return read_shapefile(path, table, limits)
    from gis.services.imports.vector_parquet import read_parquet

    return read_parquet(path, limits)


def agreed_crs(own: str | None, stated: str | None) -> pyproj.CRS:
    """The file's own reference system, else the one that the caller states.

    Raises
    ------
    ImportRefusedError : neither, an unknown one, or two that differ
    """
    known = [_crs(text) for text in (own, stated) if text is not None]
    if not known:
        raise refusal("crs_missing")
    if not known[0].equals(known[-1], ignore_axis_order=True):
        raise refusal("crs_differs", found=crs_name(known[0]), stated=crs_name(known[-1]))
    return known[0]


def crs_name(crs: pyproj.CRS) -> str:
    """EPSG:… where there is such a code, else the name."""
    authority = crs.to_authority(min_confidence=60)
    if authority == ("OGC", "CRS84"):
        return "EPSG:4326"
    return ":".join(authority) if authority else crs.name[:100]


def _crs(text: str) -> pyproj.CRS:
    try:
        return pyproj.CRS(text)
    except pyproj.exceptions.CRSError as error:
        raise refusal("crs_unknown", found=text[:60]) from error
