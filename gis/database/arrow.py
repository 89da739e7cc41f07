"""Features as Arrow: PostgreSQL sends CSV, which is read some megabytes at a time, without an object a row.

Geometries come as WKB in hexadecimal digits, of which a whole column is turned into bytes at once.
"""

import binascii
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from psycopg import sql

from gis.database.connection import Connection
from gis.database.csv_rows import names_of
from gis.database.features import Source, Statement, select, written_geometry
from gis.domain.collections import Collection, PropertyType
from gis.domain.feature_query import FeatureQuery

Array: TypeAlias = Any  # pyarrow has no types
Batch: TypeAlias = Any
Schema: TypeAlias = Any

GEOMETRY = "geom"
_CHUNK_BYTES = 4 << 20
_BLOCK_ROWS = 512
_SEPARATOR = "\x1f"  # of the items of an array: a control character that no text of the register holds
_TYPES: dict[PropertyType, Any] = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "date-time": pa.timestamp("us", "UTC"),
    "array": pa.list_(pa.string()),
}
#: As CSV has them, where that is another type.
_SENT: dict[PropertyType, Any] = {"date-time": pa.timestamp("us"), "array": pa.string()}
_COLUMNS: dict[PropertyType, Any] = {
    "date-time": sql.SQL("{} AT TIME ZONE 'UTC'"),
    "array": sql.SQL("array_to_string({}, E'\\x1f')"),
}
_PARSING = pa.csv.ParseOptions(newlines_in_values=True)


def schema_of(collection: Collection, query: FeatureQuery) -> Schema:
    """The fields of a collection's batches: the properties that are asked for, and the geometry as WKB."""
    fields = [pa.field(name, _TYPES[collection.types[name]]) for name in names_of(collection, query)]
    return pa.schema([*fields, pa.field(GEOMETRY, pa.binary())])


def stream_batches(connection: Connection, source: Source, query: FeatureQuery) -> Iterator[Batch]:
    """Features in the query's order and then by id, in batches of `schema_of`.

    Parameters
    ----------
    connection : in a transaction; it can do nothing else until the last batch
    source : where they are
    query : which of them
    """
    names = names_of(source.collection, query)
    statement = _statement(source, query, names)
    schema = schema_of(source.collection, query)
    sent = {name: _SENT.get(kind, _TYPES[kind]) for name, kind in source.collection.types.items()}
    options = pa.csv.ConvertOptions(
        column_types={**{name: sent[name] for name in names}, GEOMETRY: pa.binary()},
        null_values=[""],
        true_values=["t"],
        false_values=["f"],
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
    )
    for rows in _ahead(_chunks(connection, statement)):
        # One block, by one thread: to share out so few rows costs more than to read them.
        reading = pa.csv.ReadOptions(
            column_names=[*names, GEOMETRY], block_size=len(rows) + 1, use_threads=False
        )
        table = pa.csv.read_csv(
            pa.BufferReader(rows), read_options=reading, parse_options=_PARSING, convert_options=options
        )
        for batch in table.combine_chunks().to_batches():
            columns = [_of_type(column, schema.field(place)) for place, column in enumerate(batch.columns)]
            yield pa.RecordBatch.from_arrays(columns, schema=schema)


def _statement(source: Source, query: FeatureQuery, names: tuple[str, ...]) -> Statement:
    kinds = source.collection.types
    columns = [_COLUMNS.get(kinds[name], sql.SQL("{}")).format(sql.Identifier("f", name)) for name in names]
    geometry = sql.SQL("encode(ST_AsBinary({}), 'hex')").format(written_geometry(query))
    return select(source, query, sql.SQL(", ").join([*columns, geometry]))


def _chunks(connection: Connection, statement: Statement) -> Iterator[bytes]:
    """Whole rows of CSV, some megabytes at a time."""
    copy = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv)").format(statement.text)
    with connection.cursor() as cursor, cursor.copy(copy, statement.values) as rows:
        gathered: list[bytes] = []
        size = 0
        lines = iter(rows)
        while block := list(islice(lines, _BLOCK_ROWS)):
            gathered.append(b"".join(block))
            size += len(gathered[-1])
            if size >= _CHUNK_BYTES:
                yield b"".join(gathered)
                gathered, size = [], 0
        if gathered:
            yield b"".join(gathered)


def _ahead(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The same, each read while the one before is made use of, so that PostgreSQL need not wait."""
    with ThreadPoolExecutor(1) as reading:
        upcoming = reading.submit(next, chunks, None)
        while (chunk := upcoming.result()) is not None:
            upcoming = reading.submit(next, chunks, None)
            yield chunk


def _of_type(column: Array, field: Any) -> Array:
    if field.name == GEOMETRY:
        return _unhexed(column)
    if pa.types.is_list(field.type):
        return _split(column)
    return column if column.type == field.type else column.cast(field.type)


def _unhexed(digits: Array) -> Array:
    """Hexadecimal digits as the bytes that they mean."""
    validity, offsets, data = digits.buffers()
    ends = np.frombuffer(offsets, np.int32, count=len(digits) + 1, offset=4 * digits.offset)
    content = binascii.unhexlify(data[ends[0] : ends[-1]]) if data is not None else b""
    places = ((ends - ends[0]) // 2).astype(np.int32)
    if digits.offset and validity is not None:
        validity = digits.is_valid().buffers()[1]
    return pa.Array.from_buffers(
        pa.binary(), len(digits), [validity, pa.py_buffer(places), pa.py_buffer(content)], digits.null_count
    )


def _split(texts: Array) -> Array:
    """Joined items as lists; an empty text is an empty list."""
    lists = pc.split_pattern(texts, _SEPARATOR)
    holds = pc.fill_null(pc.greater(pc.binary_length(texts), 0), False).to_numpy(zero_copy_only=False)
    lengths = pc.fill_null(pc.list_value_length(lists), 0).to_numpy() * holds
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
    items = lists.flatten().filter(pa.array(holds[pc.list_parent_indices(lists).to_numpy()]))
    return pa.ListArray.from_arrays(pa.array(offsets), items, mask=texts.is_null())
