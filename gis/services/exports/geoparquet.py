"""GeoParquet 1.1: WKB, a column of boxes by which readers skip what they do not need, ZSTD."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import shapely

from gis.database.arrow import GEOMETRY
from gis.services.exports.about import as_texts
from gis.services.exports.stream import Features, Receipt

_GROUP_ROWS = 65_536
_POINT_BYTES = 21
_SIDES = ("xmin", "ymin", "xmax", "ymax")
_BOX = pa.struct([pa.field(side, pa.float64(), nullable=False) for side in _SIDES])
_POINT = np.dtype([("order", "u1"), ("kind", "<u4"), ("x", "<f8"), ("y", "<f8")])


def write(features: Features, path: Path) -> Receipt:
    """Write GeoParquet whose coordinates are OGC:CRS84.

    Parameters
    ----------
    features : in their order
    path : of the file
    """
    schema = features.schema().append(pa.field("bbox", _BOX))
    kinds: set[int] = set()
    options: dict[str, Any] = {"compression": "zstd", "compression_level": 1}
    # The schema of Arrow is left out: its metadata would hide those of the file from Arrow's readers.
    options["store_schema"] = False
    # Numbers and shapes that hardly repeat gain nothing from a dictionary.
    options["use_dictionary"] = [field.name for field in schema if not _is_bulk(field.type)]
    with pa.parquet.ParquetWriter(path, schema, **options) as writer:
        held: list[Any] = []
        rows = 0
        for batch in features.batches():
            boxes = _boxes(batch.column(GEOMETRY), kinds)
            held.append(pa.RecordBatch.from_arrays([*batch.columns, boxes], schema=schema))
            rows += batch.num_rows
            if rows >= _GROUP_ROWS:
                writer.write_table(pa.Table.from_batches(held), row_group_size=_GROUP_ROWS)
                held, rows = [], 0
        writer.write_table(pa.Table.from_batches(held, schema))
        writer.add_key_value_metadata({**as_texts(features.about()), "geo": _geo(features, kinds)})
    return features.receipt(path)


def _is_bulk(kind: Any) -> bool:
    return bool(pa.types.is_binary(kind) or pa.types.is_struct(kind) or pa.types.is_integer(kind))


def _boxes(geometries: Any, kinds: set[int]) -> Any:
    """The box around each geometry; null where there is none."""
    is_null = np.asarray(geometries.is_null())
    sizes = np.diff(np.frombuffer(geometries.buffers()[1], np.int32, len(geometries) + 1))
    if (sizes[~is_null] == _POINT_BYTES).all():  # nothing else than a point is so short
        points = np.frombuffer(geometries.buffers()[2] or b"", _POINT)
        sides = np.full((4, len(geometries)), np.nan)
        sides[:, ~is_null] = points["x"], points["y"], points["x"], points["y"]
        kinds |= {0} if len(points) else set()
    else:
        shapes = shapely.from_wkb(geometries.to_numpy(zero_copy_only=False))
        sides = shapely.bounds(shapes).T
        kinds |= {int(kind) for kind in np.unique(shapely.get_type_id(shapes)) if kind >= 0}
    return pa.StructArray.from_arrays(
        [pa.array(side) for side in sides], fields=list(_BOX), mask=pa.array(is_null)
    )


def _geo(features: Features, kinds: set[int]) -> str:
    names = {0: "Point", 3: "Polygon", 6: "MultiPolygon"}  # by number of shapely
    column: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": sorted(names[kind] for kind in kinds),
        "orientation": "counterclockwise",
        "edges": "planar",
        "covering": {"bbox": {side: ["bbox", side] for side in _SIDES}},
    }
    box = features.extent.bbox
    if box:
        column["bbox"] = [box.west, box.south, box.east, box.north]
    return json.dumps({"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: column}})
