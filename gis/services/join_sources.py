"""Reads any vector file as a stream of Arrow batches, so that a file of any size needs little memory."""

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pyogrio
import pyproj
import shapely

from gis.errors import CrsMismatchError, InvalidInputError

BATCH_ROWS = 65_536
PARQUET_ENDINGS = (".parquet", ".geoparquet")
CSV_ENDINGS = (".csv",)
POINT_COLUMNS, TEXT_COLUMN = ("lon", "lat"), "wkt"
Geometries = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Source:
    """A file that is open for one reading.

    Parameters
    ----------
    schema : the file's own columns
    batches : to be read once, in the file's order
    geometry_columns : what the geometry is read from: one of WKB or WKT, or a longitude and a latitude
    geometry_type : as GDAL names it; "Unknown" for mixed ones
    crs : the reference system that is stated in the file or by the caller, as text
    rows : how many, where the file says so
    """

    schema: pa.Schema
    batches: Iterator[pa.RecordBatch]
    geometry_columns: tuple[str, ...]
    geometry_type: str
    crs: str
    rows: int | None

    @property
    def is_text(self) -> bool:
        """Whether the geometry stands in text columns, as in a CSV."""
        return self.geometry_columns == (TEXT_COLUMN,) or len(self.geometry_columns) == 2

    def geometries(self, batch: pa.RecordBatch, first_row: int) -> Geometries:
        """The geometries of a batch; None for what is missing or cannot be read as WKB.

        Raises
        ------
        InvalidInputError : a longitude, latitude or WKT that cannot be read, with its row
        """
        columns = [batch.column(batch.schema.get_field_index(name)) for name in self.geometry_columns]
        if len(columns) == 2:
            x, y = (
                _numbers(each, name, first_row) for each, name in zip(columns, POINT_COLUMNS, strict=True)
            )
            points = np.asarray(shapely.points(x, y), dtype=object)
            return np.where(np.isnan(x) | np.isnan(y), np.array(None), points)
        values = columns[0].to_numpy(zero_copy_only=False)
        if not self.is_text:
            return np.asarray(shapely.from_wkb(values, on_invalid="ignore"), dtype=object)
        filled = np.where(values == "", np.array(None), values)
        read = np.asarray(shapely.from_wkt(filled, on_invalid="ignore"), dtype=object)
        broken = np.flatnonzero(shapely.is_missing(read) & (filled != np.array(None)))
        if len(broken):
            row = int(broken[0]) + first_row
            raise InvalidInputError(TEXT_COLUMN, values[broken[0]], "well-known text, or nothing", row)
        return read


@contextmanager
def open_source(path: Path, stated_crs: str | None = None, layer: str | None = None) -> Iterator[Source]:
    """Open a file for reading: GeoParquet, CSV with lon,lat or wkt, or whatever GDAL reads.

    Parameters
    ----------
    path : the file
    stated_crs : the CRS of a file that states none; must be the same where the file states one
    layer : of a file with several

    Raises
    ------
    InvalidInputError : the file is not there, cannot be read or has no geometry
    CrsMismatchError : no CRS is stated, or another one in the file than by the caller
    """
    if not path.exists():
        raise InvalidInputError("FILE", str(path), "a file that exists")
    try:
        if path.suffix.lower() in PARQUET_ENDINGS:
            yield _open_parquet(path, stated_crs)
        elif path.suffix.lower() in CSV_ENDINGS:
            yield _open_csv(path, stated_crs)
        else:
            rows = pyogrio.read_info(path, layer=layer)["features"]
            with pyogrio.open_arrow(path, layer=layer, batch_size=BATCH_ROWS, use_pyarrow=True) as (
                meta,
                reader,
            ):
                yield _of_gdal(meta, reader, rows, stated_crs)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pa.ArrowInvalid) as error:
        raise InvalidInputError("FILE", path.name, f"a vector file ({error})") from error


def _of_gdal(meta: dict[str, Any], reader: Any, rows: int, stated_crs: str | None) -> Source:
    geometry = meta["geometry_name"] or "wkb_geometry"
    if reader.schema.get_field_index(geometry) < 0:
        raise InvalidInputError("FILE", "no geometry", "a file with points or polygons")
    crs = _agreed_crs(meta["crs"], stated_crs)
    known = rows if rows >= 0 else None
    return Source(reader.schema, iter(reader), (geometry,), meta["geometry_type"] or "Unknown", crs, known)


def _open_parquet(path: Path, stated_crs: str | None) -> Source:
    file = pa.parquet.ParquetFile(path)
    name, text = parquet_geometry(file.schema_arrow)
    batches = file.iter_batches(batch_size=BATCH_ROWS)
    rows = file.metadata.num_rows
    return Source(file.schema_arrow, batches, (name,), "Unknown", _agreed_crs(text, stated_crs), rows)


def parquet_geometry(schema: pa.Schema) -> tuple[str, str | None]:
    """The geometry column of a GeoParquet file, and the CRS that it states; None if it says that it has none.

    Raises
    ------
    InvalidInputError : no description, a broken one, or geometries that are not WKB
    """
    described = (schema.metadata or {}).get(b"geo")
    if described is None:
        raise InvalidInputError("FILE", "Parquet without `geo` metadata", "GeoParquet")
    try:
        geo = json.loads(described)
        name = str(geo["primary_column"])
        column = geo["columns"][name]
        encoding = column["encoding"]
        # The specification: without the key the CRS is CRS84, null means that it is not known.
        crs = column.get("crs", "OGC:CRS84")
        text = crs if isinstance(crs, str) or crs is None else pyproj.CRS.from_json_dict(crs).to_wkt()
    except (ValueError, KeyError, TypeError, AttributeError, pyproj.exceptions.CRSError) as error:
        raise InvalidInputError("FILE", "`geo` metadata that cannot be read", "GeoParquet") from error
    if encoding != "WKB":
        raise InvalidInputError("FILE", f"geometry encoded as {encoding}", "WKB")
    return name, text


def _open_csv(path: Path, stated_crs: str | None) -> Source:
    """Every column as text, so that codes keep their zeros and numbers their digits."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        header = next(csv.reader(stream), [])
    lower = {name.strip().lower(): name for name in header}
    if len(lower) < len(header):
        raise InvalidInputError("FILE", ", ".join(header), "a CSV in which no column stands twice")
    if all(name in lower for name in POINT_COLUMNS):
        columns: tuple[str, ...] = tuple(lower[name] for name in POINT_COLUMNS)
        # Longitudes and latitudes are degrees, whatever else is open.
        kind, crs = "Point", _agreed_crs(None, stated_crs or "EPSG:4326")
    elif TEXT_COLUMN in lower:
        columns, kind, crs = (lower[TEXT_COLUMN],), "Unknown", _agreed_crs(None, stated_crs)
    else:
        raise InvalidInputError("FILE", ", ".join(header), "a CSV with the columns lon,lat or wkt")
    reader = pa.csv.open_csv(
        path,
        read_options=pa.csv.ReadOptions(block_size=8 << 20),
        parse_options=pa.csv.ParseOptions(newlines_in_values=True),
        convert_options=pa.csv.ConvertOptions(
            column_types={name: pa.string() for name in header}, strings_can_be_null=False
        ),
    )
    return Source(reader.schema, iter(reader), columns, kind, crs, None)


def _agreed_crs(own: str | None, stated: str | None) -> str:
    """The file's own reference system, else the one that the caller states."""
    if stated is None and own is None:
        allowed = "a reference system such as EPSG:4326; state the one that the file's coordinates are in"
        raise CrsMismatchError("--crs", None, allowed)
    try:
        given = pyproj.CRS(stated or own)
    except pyproj.exceptions.CRSError as error:
        allowed = "a reference system that PROJ knows, such as EPSG:32750"
        raise InvalidInputError("--crs", stated or own, allowed) from error
    if own and not pyproj.CRS(own).equals(given, ignore_axis_order=True):
        raise CrsMismatchError("--crs", stated, f"the file's own, {pyproj.CRS(own).name}, or leaving it out")
    return own or str(stated)


def _numbers(column: pa.Array, name: str, first_row: int) -> npt.NDArray[np.float64]:
    """The numbers in a text column, NaN for empty ones."""
    texts = column.to_numpy(zero_copy_only=False)
    numbers = np.full(len(texts), np.nan)
    for row, text in enumerate(texts):
        if text and text.strip():
            try:
                numbers[row] = float(text)
            except ValueError as error:
                allowed = "a number in degrees with a point, or nothing"
                raise InvalidInputError(name, text, allowed, row + first_row) from error
    return numbers
