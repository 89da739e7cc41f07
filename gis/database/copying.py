"""Rows of text as PostgreSQL sends them: raw lines, without an object for each row."""

from collections.abc import Iterator
from typing import Any, LiteralString, TypeAlias

from psycopg import sql

from gis.database.connection import Connection

Bytes: TypeAlias = bytes | bytearray | memoryview

# Raw lines instead of CSV: JSON text holds neither of these two characters, so nothing is ever quoted.
_LINES: LiteralString = "(FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')"


def copied(connection: Connection, statement: sql.Composable, values: dict[str, Any]) -> Iterator[Bytes]:
    """The rows of a statement of one text column, one line each.

    Parameters
    ----------
    connection : in a transaction; it can do nothing else until the last line
    statement : without a semicolon
    values : its parameters
    """
    # COPY knows no server-side parameters; psycopg binds them on the client, quoted as literals.
    copy = sql.SQL("COPY ({}) TO STDOUT " + _LINES).format(statement)
    with connection.cursor() as cursor, cursor.copy(copy, values) as lines:
        yield from lines
