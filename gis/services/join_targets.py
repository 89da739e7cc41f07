"""Writes a stream of Arrow batches with a geometry in WKB as GeoParquet, CSV or what GDAL writes."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pyogrio
import pyproj
import shapely

from gis.errors import InvalidInputError

#: What GDAL writes, by ending. No Shapefile: it is several files, and cuts names after ten letters.
DRIVERS = {".fgb": "FlatGeobuf", ".geojson": "GeoJSON", ".gpkg": "GPKG"}
PARQUET_ENDINGS = (".parquet", ".geoparquet")
ENDINGS = (".csv", *DRIVERS, *PARQUET_ENDINGS)


def write(path: Path, reader: pa.RecordBatchReader, geometry: str | None, kind: str, crs: str) -> None:
    """Write all batches in the format of the path's ending.

    Parameters
    ----------
    path : does not exist
    reader : the batches
    geometry : the column with WKB; None: there is none to write (a CSV that has it as text)
    kind : the geometry type as GDAL names it
    crs : as text

    Raises
    ------
    InvalidInputError : the format cannot hold a column or geometry
    """
    ending = path.suffix.lower()
    if ending == ".csv":
        _write_csv(path, reader, geometry)
    elif ending in PARQUET_ENDINGS:
        schema = _described(reader.schema, geometry or "geometry", crs)
        with pa.parquet.ParquetWriter(path, schema, compression="zstd") as writer:
            for batch in reader:
                writer.write_batch(batch.replace_schema_metadata(schema.metadata))
    else:
        # RFC 7946: in degrees, longitude first, 7 decimals, no crs member.
        options = {"RFC7946": "YES"} if ending == ".geojson" else {}
        try:
            pyogrio.write_arrow(
                reader,
                path,
                driver=DRIVERS[ending],
                layer=path.stem,
                geometry_name=geometry,
                geometry_type=kind,
                crs=crs,
                **options,
            )
        except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pa.ArrowException) as error:
            raise InvalidInputError(
                "--output", path.name, f"what {DRIVERS[ending]} holds ({error})"
            ) from error


def _write_csv(path: Path, reader: pa.RecordBatchReader, geometry: str | None) -> None:
    place = reader.schema.get_field_index(geometry) if geometry else -1
    schema = reader.schema if place < 0 else reader.schema.set(place, pa.field("wkt", pa.string()))
    with pa.csv.CSVWriter(path, schema.remove_metadata()) as writer:
        for batch in reader:
            columns = list(batch.columns)
            if place >= 0:
                shapes = shapely.from_wkb(columns[place].to_numpy(zero_copy_only=False), on_invalid="ignore")
                texts = np.asarray(shapely.to_wkt(shapes, rounding_precision=-1), dtype=object)
                columns[place] = pa.array(texts, type=pa.string())
            writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema.remove_metadata()))


def _described(schema: pa.Schema, geometry: str, crs: str) -> pa.Schema:
    """The schema with GeoParquet's description (1.1.0), unless it has one."""
    metadata = dict(schema.metadata or {})
    if b"geo" not in metadata:
        stated = pyproj.CRS(crs).to_json_dict()
        column: dict[str, Any] = {"encoding": "WKB", "geometry_types": [], "crs": stated}
        geo = {"version": "1.1.0", "primary_column": geometry, "columns": {geometry: column}}
        metadata[b"geo"] = json.dumps(geo).encode()
    return schema.with_metadata(metadata)
