"""Features as rows of CSV that PostgreSQL has made, quoted where they need it (RFC 4180)."""

from collections.abc import Iterator, Mapping
from typing import LiteralString

from psycopg import sql

from gis.database.connection import Connection
from gis.database.features import Source, select
from gis.domain.collections import Collection, PropertyType
from gis.domain.feature_query import FeatureQuery

ITEM_SEPARATOR = ";"
_PLAIN: Mapping[PropertyType, LiteralString] = {
    "boolean": "({0})::text",
    "date-time": """to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""",
    "array": "array_to_string({0}, ';')",
}
#: What a spreadsheet would compute is marked as text: by an apostrophe, which it does not show.
_MARKED: LiteralString = r"""CASE WHEN {0} ~ '^[-=+@\t\r]' THEN '''' || {0} ELSE {0} END"""
_LOCAL: Mapping[PropertyType, LiteralString] = {
    **_PLAIN,
    "string": _MARKED,
    "number": "replace(({0})::text, '.', ',')",
    "array": _MARKED.replace("{0}", "array_to_string({0}, ';')"),
    "date-time": "to_char({0} AT TIME ZONE 'Asia/Jakarta', 'YYYY-MM-DD HH24:MI:SS')",
}
_POINT: LiteralString = "CASE WHEN GeometryType(f.geom) = 'POINT' THEN {} END"
_PLACES: Mapping[str, Mapping[str, LiteralString]] = {
    "Point": {"lon": "ST_X(f.geom)", "lat": "ST_Y(f.geom)"},
    "MultiPolygon": {"wkt": "ST_AsText(f.geom, 7)"},
    "Unknown": {
        "lon": _POINT.format("ST_X(f.geom)"),
        "lat": _POINT.format("ST_Y(f.geom)"),
        "wkt": "CASE WHEN GeometryType(f.geom) <> 'POINT' THEN ST_AsText(f.geom, 7) END",
    },
}


def names_of(collection: Collection, query: FeatureQuery) -> tuple[str, ...]:
    """The properties that are asked for."""
    return collection.names if query.properties is None else query.properties


def place_columns(geometry_type: str) -> tuple[str, ...]:
    """The columns that tell of a place in a table: degrees of points, WKT of all else.

    Parameters
    ----------
    geometry_type : as GDAL names it
    """
    return tuple(_PLACES[geometry_type])


def stream_csv(
    connection: Connection, source: Source, query: FeatureQuery, geometry_type: str, *, local: bool
) -> Iterator[bytes]:
    """Names of the columns, and then a row a feature; each ends with CR and LF.

    Parameters
    ----------
    connection : in a transaction; it can do nothing else until the last row
    source : where they are
    query : which of them
    geometry_type : as GDAL names it; decides how places are told
    local : as a spreadsheet of Indonesia has it: semicolons, decimal commas, no text that it would compute
    """
    kinds, forms = source.collection.types, _LOCAL if local else _PLAIN
    names = names_of(source.collection, query)
    columns = [sql.SQL(forms.get(kinds[name], "{0}")).format(sql.Identifier("f", name)) for name in names]
    places = _PLACES[geometry_type]
    number = sql.SQL(forms.get("number", "{0}"))
    columns += [
        (sql.SQL("{}") if name == "wkt" else number).format(sql.SQL(text)) for name, text in places.items()
    ]
    statement = select(source, query, sql.SQL(", ").join(columns))
    delimiter = ";" if local else ","
    header: bytes = delimiter.join((*names, *places)).encode()
    yield header + b"\r\n"
    copy = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv, DELIMITER {})").format(
        statement.text, sql.Literal(delimiter)
    )
    with connection.cursor() as cursor, cursor.copy(copy, statement.values) as rows:
        for row in rows:
            yield bytes(row[:-1]) + b"\r\n"
