"""What GDAL writes from a stream of Arrow: GeoPackage and FlatGeobuf."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyogrio

from gis.database.arrow import GEOMETRY
from gis.database.csv_rows import ITEM_SEPARATOR
from gis.services.exports.about import as_texts
from gis.services.exports.stream import Features, Receipt
from gis.services.exports.styles import qml, sld

_STYLES = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
    f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
    useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
    update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now'))
)
"""
_STYLE = """
INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName,
                          styleQML, styleSLD, useAsDefault, description, owner)
VALUES ('', '', ?, ?, ?, ?, ?, 1, ?, '')
"""
_CONTENTS = """
INSERT INTO gpkg_contents (table_name, identifier, data_type)
VALUES ('layer_styles', 'layer_styles', 'attributes')
"""

_TIMES = (
    ("gpkg_contents", "last_change"),
    ("gpkg_metadata_reference", "timestamp"),
    ("layer_styles", "update_time"),
)


def write_geopackage(features: Features, path: Path) -> Receipt:
    """Write a GeoPackage with a spatial index, the style of the map and what the file tells of itself.

    Parameters
    ----------
    features : in their order
    path : of the file; ends with .gpkg
    """
    about = as_texts(features.about())
    write_layer(
        features,
        path,
        "GPKG",
        dataset_metadata=about,
        dataset_options={"VERSION": "1.3"},  # which GDAL 3.6 and QGIS 3.22 know
        layer_options={
            "IDENTIFIER": features.collection.title,
            "DESCRIPTION": features.collection.description,
        },
    )
    _add_style(path, features)
    return features.receipt(path)


def write_flatgeobuf(features: Features, path: Path) -> Receipt:
    """Write a FlatGeobuf, with an index where all features have a place.

    What it tells of itself is JSON in its description.

    Parameters
    ----------
    features : in their order
    path : of the file; ends with .fgb
    """
    told = json.dumps(as_texts(features.about()), ensure_ascii=False)
    title = features.collection.title
    # The index has no room for features without a place.
    index = "YES" if features.extent.placed == features.extent.n else "NO"
    options = {"TITLE": title, "DESCRIPTION": told, "SPATIAL_INDEX": index, "TEMPORARY_DIR": str(path.parent)}
    write_layer(features, path, "FlatGeobuf", layer_options=options)
    return features.receipt(path)


def write_layer(features: Features, path: Path, driver: str, **options: Any) -> None:
    """Write all features as one layer that bears the collection's name.

    Parameters
    ----------
    features : in their order
    path : of the file
    driver : as GDAL names it
    options : as `pyogrio.write_arrow` takes them
    """
    batches = flat(features.batches())
    write_arrow(
        features,
        pa.RecordBatchReader.from_batches(flat_schema(features.schema()), batches),
        path,
        driver=driver,
        layer=features.collection.id,
        geometry_type=features.geometry_type,
        **options,
    )


def write_arrow(features: Features, reader: Any, path: Path, **options: Any) -> None:
    """Let GDAL write a stream; an error of the database arrives as what it is.

    Parameters
    ----------
    features : that the stream reads
    reader : the stream
    path : of the file
    options : as `pyogrio.write_arrow` takes them
    """
    try:
        pyogrio.write_arrow(
            reader, path, geometry_name=GEOMETRY, crs="EPSG:4326", encoding="UTF-8", **options
        )
    finally:
        if features.error is not None:  # behind Arrow's C interface it is only a text
            raise features.error


def flat_schema(schema: Any) -> Any:
    """The schema with texts where there are lists."""
    return pa.schema([field.with_type(pa.string()) if _is_list(field) else field for field in schema])


def flat(batches: Iterator[Any]) -> Iterator[Any]:
    """Batches with lists as texts, their items joined by semicolons."""
    for batch in batches:
        columns = [
            pc.binary_join(column, ITEM_SEPARATOR) if _is_list(field) else column
            for field, column in zip(batch.schema, batch.columns, strict=True)
        ]
        yield pa.RecordBatch.from_arrays(columns, schema=flat_schema(batch.schema))


def _is_list(field: Any) -> bool:
    return bool(pa.types.is_list(field.type))


def _add_style(path: Path, features: Features) -> None:
    """Add the table from which QGIS takes a layer's style; date all by the day that the file tells of."""
    collection = features.collection
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(_STYLES)
        database.execute(_CONTENTS)
        styles = qml(collection), sld(collection)
        names = collection.id, GEOMETRY, collection.title
        database.execute(_STYLE, (*names, *styles, collection.description))
        for table, column in _TIMES:
            update = f"UPDATE {table} SET {column} = ?"  # noqa: S608 - names of this module
            database.execute(update, (f"{features.day}T00:00:00.000Z",))
