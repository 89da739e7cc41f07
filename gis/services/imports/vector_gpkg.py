"""Reads GeoPackage as the SQLite file that it is, without GDAL: read-only, and only what is a plain table.

Views, triggers and virtual tables run code of whoever made the file, so that a file which has any is refused,
but for the index and the counter that every program writes; they are not touched here.
"""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

from gis.services.imports.limits import MIB
from gis.services.imports.raw_table import Cell
from gis.services.imports.refusals import refusal
from gis.services.imports.vector import Layer
from gis.services.imports.vector_places import Feature

_INDEX = re.compile(r'CREATE VIRTUAL TABLE\s+"?rtree_[^"(]+"?\s+USING\s+rtree\s*\(', re.IGNORECASE)
#: Of the index, of the counter, and those of the standard, which only raise errors.
_TRIGGERS = re.compile(
    r"CREATE TRIGGER\s+\W?(?:rtree_\w.*|trigger_(?:insert|delete)_feature_count_.*"
    r"|gpkg_.*BEGIN\s+SELECT\s+RAISE\b.*)",
    re.IGNORECASE | re.DOTALL,
)
_ENVELOPES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}  # bytes by the kind that a geometry's header names
_ALLOWED_ACTIONS = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_PRAGMA,
    sqlite3.SQLITE_TRANSACTION,
}
_LONGEST = 32 * MIB


def read_gpkg(path: Path, table: str | None) -> Layer:
    """A layer or table without geometries: the one that is named, else the first.

    Raises
    ------
    ImportRefusedError : no GeoPackage, an unsafe one, or one without such a layer
    """
    try:
        database = _connect(path)
        _refuse_unsafe(database)
        layers = _layers(database)
        name = next(iter(layers), "") if table is None else table
        if name not in layers:
            raise refusal("unknown_table", found=name, allowed=", ".join(layers))
        return _layer(database, name, layers)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise refusal("broken_file", format="GeoPackage") from error


def _connect(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
    database.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "query_only = ON", "mmap_size = 0"):
        database.execute("PRAGMA " + pragma)
    database.set_authorizer(_authorise)
    return database


def _authorise(action: int, *_what: str | None) -> int:
    return sqlite3.SQLITE_OK if action in _ALLOWED_ACTIONS else sqlite3.SQLITE_DENY


def _refuse_unsafe(database: sqlite3.Connection) -> None:
    for kind, name, sql in database.execute("SELECT type, name, sql FROM sqlite_master"):
        text = str(sql or "").strip()
        is_virtual = kind == "table" and not re.match(r"CREATE TABLE\b", text, re.IGNORECASE)
        unsafe = (
            kind == "view"
            or (kind == "trigger" and not _TRIGGERS.match(text))
            or (is_virtual and not _INDEX.match(text) and not str(name).startswith("sqlite_"))
        )
        if unsafe:
            raise refusal(
                "unsafe_database",
                kind="VIRTUAL TABLE" if is_virtual else str(kind).upper(),
                name=str(name)[:60],
            )


def _layers(database: sqlite3.Connection) -> dict[str, str]:
    """The names of layers and tables that are there as plain tables, with their kind."""
    tables = {
        name
        for name, sql in database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        if not _INDEX.match(str(sql or ""))
    }
    return {
        str(name): str(kind)
        for name, kind in database.execute("SELECT table_name, data_type FROM gpkg_contents ORDER BY rowid")
        if kind in {"features", "attributes"} and name in tables
    }


def _layer(database: sqlite3.Connection, name: str, layers: dict[str, str]) -> Layer:
    declared = [
        (str(column), str(kind).upper(), bool(key))
        for _, column, kind, _, _, key in database.execute("PRAGMA table_info(" + _quoted(name) + ")")
    ]
    geometry, crs = None, None
    if layers[name] == "features":
        geometry, crs = _geometry_column(database, name)
    # The key is the number of a row and is no data, as other programs have it.
    kept = [
        (column, kind)
        for column, kind, key in declared
        if column != geometry and not (key and kind == "INTEGER")
    ]
    wanted = [column for column, _ in kept] + ([geometry] if geometry else [])
    if not wanted:
        raise refusal("no_header", table=name)
    # Names cannot be bound; these are quoted, and of a file that is opened read-only.
    query = "SELECT " + ", ".join(map(_quoted, wanted)) + " FROM " + _quoted(name) + " ORDER BY rowid"  # noqa: S608
    features = _features(database.execute(query), [kind for _, kind in kept])
    return Layer(
        name, [column for column, _ in kept], features, crs, list(layers), has_geometry=geometry is not None
    )


def _geometry_column(database: sqlite3.Connection, name: str) -> tuple[str, str | None]:
    row = database.execute(
        "SELECT g.column_name, s.organization, s.organization_coordsys_id, s.definition "
        "FROM gpkg_geometry_columns g LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id "
        "WHERE g.table_name = ?",
        (name,),
    ).fetchone()
    if row is None:
        raise refusal("broken_file", format="GeoPackage")
    column, organization, code, definition = row
    if str(organization).upper() == "EPSG" and isinstance(code, int) and code > 0:
        return str(column), f"EPSG:{code}"
    known = definition if isinstance(definition, str) and definition.lower() != "undefined" else None
    return str(column), known


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _features(rows: sqlite3.Cursor, kinds: Sequence[str]) -> Iterator[Feature]:
    has_geometry = len(rows.description) > len(kinds)
    for row in _rows(rows):
        cells = tuple(_cell(value, kind) for value, kind in zip(row, kinds, strict=False))
        blob = row[-1] if has_geometry else None
        if blob is None:
            yield Feature(cells, None)
            continue
        geometry = _geometry(blob)
        yield Feature(cells, geometry, None if geometry is not None else repr(blob)[:60])


def _rows(rows: sqlite3.Cursor) -> Iterator[tuple[object, ...]]:
    try:
        yield from rows
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise refusal("broken_file", format="GeoPackage") from error


def _geometry(blob: object) -> BaseGeometry | None:
    """The WKB behind the header of a GeoPackage's geometry."""
    if not isinstance(blob, bytes) or len(blob) < 8 or not blob.startswith(b"GP"):
        return None
    envelope = _ENVELOPES.get(blob[3] >> 1 & 0b111)
    if envelope is None:
        return None
    return shapely.from_wkb(blob[8 + envelope :], on_invalid="ignore")


def _cell(value: object, kind: str) -> Cell:
    if isinstance(value, bytes):
        return value.hex()
    try:
        if kind == "BOOLEAN" and value in (0, 1):
            return bool(value)
        if kind == "DATE" and isinstance(value, str):
            return date.fromisoformat(value)
        if kind == "DATETIME" and isinstance(value, str):
            return datetime.fromisoformat(value)
    except ValueError:
        return str(value)
    return value if isinstance(value, str | int | float) else None
