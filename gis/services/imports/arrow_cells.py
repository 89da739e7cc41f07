"""The cells of an Arrow batch, row by row, in the types that a `RawRow` has."""

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pyarrow as pa

from gis.services.imports.raw_table import Cell


def cells_of(batch: pa.RecordBatch, columns: Sequence[str]) -> Iterator[tuple[Cell, ...]]:
    """The rows of a batch as far as some columns go."""
    values = [_column(batch.column(batch.schema.get_field_index(name))) for name in columns]
    if not values:
        return iter([()] * batch.num_rows)
    return zip(*values, strict=True)


def _column(column: pa.Array) -> list[Cell]:
    if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
        # Python's times have microseconds.
        column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
    return [_cell(value) for value in column.to_pylist()]


def _cell(value: Any) -> Cell:
    if value is None or isinstance(value, str | int | float | bool | date | datetime | time):
        return value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes):
        return value.hex()
    return json.dumps(value, default=str, ensure_ascii=False)
