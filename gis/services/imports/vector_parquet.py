"""Reads GeoParquet with geometries in WKB; Parquet without geometries is a table like any other."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import shapely

from gis.errors import InvalidInputError
from gis.services.imports.arrow_cells import cells_of
from gis.services.imports.limits import MIB, Limits
from gis.services.imports.raw_table import check_size
from gis.services.imports.refusals import refusal
from gis.services.imports.vector import Layer
from gis.services.imports.vector_places import Feature
from gis.services.join_sources import parquet_geometry

_BATCH = 1024
_LONGEST_HEADER = 16 * MIB


def read_parquet(path: Path, limits: Limits) -> Layer:
    """The one table of a Parquet file.

    Raises
    ------
    ImportRefusedError : broken, too large, or with geometries that are not WKB
    """
    try:
        file = pa.parquet.ParquetFile(
            path, thrift_string_size_limit=_LONGEST_HEADER, thrift_container_size_limit=_LONGEST_HEADER
        )
        schema = file.schema_arrow
        check_size(file.metadata.num_rows, len(schema.names), limits)
        has_geometry = b"geo" in (schema.metadata or {})
        geometry, crs = parquet_geometry(schema) if has_geometry else (None, None)
        if geometry is not None and geometry not in schema.names:
            raise refusal("broken_file", format="GeoParquet")
    except (pa.ArrowException, OSError, ValueError, InvalidInputError) as error:
        raise refusal("broken_file", format="GeoParquet") from error
    columns = [name for name in schema.names if name != geometry]
    return Layer("", columns, _features(file, columns, geometry), crs, [], has_geometry=has_geometry)


def _features(file: pa.parquet.ParquetFile, columns: list[str], geometry: str | None) -> Iterator[Feature]:
    try:
        for batch in file.iter_batches(batch_size=_BATCH):
            place = batch.schema.get_field_index(geometry) if geometry else -1
            blobs = batch.column(place).to_pylist() if geometry else [None] * batch.num_rows
            shapes = shapely.from_wkb(blobs, on_invalid="ignore")
            for cells, blob, shape in zip(cells_of(batch, columns), blobs, shapes, strict=True):
                broken = blob is not None and shape is None
                yield Feature(cells, shape, repr(blob)[:60] if broken else None)
    except pa.ArrowMemoryError as error:
        raise MemoryError from error
    except (pa.ArrowException, OSError, TypeError, ValueError) as error:
        raise refusal("broken_file", format="GeoParquet") from error
