"""A table as it stands in a file, and how it goes from the reading process to the one that asked."""

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, NamedTuple

from gis.services.imports.limits import Limits
from gis.services.imports.refusals import Problem, refusal

#: A text as it was written, or what a typed cell holds.
Cell = str | int | float | bool | date | datetime | time | None
_TYPES: dict[str, Any] = {"datetime": datetime, "date": date, "time": time}


class RawRow(NamedTuple):
    """A row of a file.

    Parameters
    ----------
    number : as a person counts it: of the row in the sheet, where the header has one too, or of the feature
    cells : in the order of the table's columns
    geometry : WKB in EPSG:4326, longitude first; None: there is none, or it is refused
    problems : for which the row cannot be taken
    remarks : what was done to it
    """

    number: int
    cells: tuple[Cell, ...]
    geometry: bytes | None = None
    problems: tuple[Problem, ...] = ()
    remarks: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class RawTable:
    """A table of a file.

    Parameters
    ----------
    name : of the sheet or layer; empty where there is one without a name
    columns : their names, no two the same
    rows : in the order of the file
    format : csv, xlsx, geojson, gpkg, shapefile, kml or geoparquet
    tables : the names of all tables of the file
    has_geometry : whether the table brings geometries of its own
    source_crs : the reference system that they were stated in, as EPSG:… where it has such a code
    sha256 : of the file, hexadecimal
    """

    name: str
    columns: tuple[str, ...]
    rows: list[RawRow]
    format: str
    tables: tuple[str, ...] = ()
    has_geometry: bool = False
    source_crs: str | None = None
    sha256: str = ""

    def raw(self, row: RawRow) -> dict[str, Cell]:
        """The cells of a row by the names of their columns."""
        return dict(zip(self.columns, row.cells, strict=True))

    def sample(self, limit: int = 50) -> list[dict[str, Cell]]:
        """The first rows."""
        return [self.raw(row) for row in self.rows[:limit]]


@dataclass
class OpenTable:
    """A table while it is read; `columns` and `source_crs` are complete when the rows have been."""

    name: str
    columns: list[str]
    rows: Iterator[RawRow]
    tables: list[str] = field(default_factory=list)
    has_geometry: bool = False
    source_crs: str | None = None


def write_table(table: OpenTable, kind: str, folder: Path, limits: Limits) -> None:
    """Write a table for `load_table`, row by row.

    Raises
    ------
    ImportRefusedError : it has more rows, columns or cells than it may
    """
    rows = 0
    with (folder / "rows.ndjson").open("w", encoding="utf-8") as stream:
        for row in table.rows:
            rows += 1
            check_size(rows, len(table.columns), limits)
            stream.write(_line(row))
    check_size(rows, len(table.columns), limits)
    described = {
        "name": table.name,
        "columns": table.columns,
        "tables": table.tables,
        "format": kind,
        "has_geometry": table.has_geometry,
        "source_crs": table.source_crs,
    }
    (folder / "table.json").write_text(json.dumps(described), encoding="utf-8")


def check_size(rows: int, columns: int, limits: Limits) -> None:
    """Refuse a table that is too large.

    Raises
    ------
    ImportRefusedError : it has more rows, columns or cells than it may
    """
    if columns > limits.columns:
        raise refusal("too_many_columns", limit=limits.columns)
    if rows > limits.rows:
        raise refusal("too_many_rows", limit=limits.rows)
    if rows * columns > limits.cells:
        raise refusal("too_many_cells", limit=limits.cells)


def load_table(folder: Path, sha256: str) -> RawTable:
    """What `write_table` has written."""
    described = json.loads((folder / "table.json").read_text(encoding="utf-8"))
    width = len(described["columns"])
    with (folder / "rows.ndjson").open(encoding="utf-8") as stream:
        rows = [_row(line, width) for line in stream]
    return RawTable(
        name=described["name"],
        columns=tuple(described["columns"]),
        rows=rows,
        format=described["format"],
        tables=tuple(described["tables"]),
        has_geometry=described["has_geometry"],
        source_crs=described["source_crs"],
        sha256=sha256,
    )


def _line(row: RawRow) -> str:
    line: list[Any] = [row.number, [_to_json(cell) for cell in row.cells]]
    if row.geometry is not None or row.problems or row.remarks:
        line.append(row.geometry.hex() if row.geometry is not None else None)
        line += [[asdict(each) for each in kind] for kind in (row.problems, row.remarks)]
    return json.dumps(line, ensure_ascii=True, separators=(",", ":")) + "\n"


def _row(line: str, width: int) -> RawRow:
    number, cells, *rest = json.loads(line)
    # A row that came before a longer one has fewer cells.
    values = tuple(_from_json(cell) if type(cell) is dict else cell for cell in cells)
    values += (None,) * (width - len(values))
    if not rest:
        return RawRow(number, values)
    geometry, problems, remarks = rest
    return RawRow(
        number,
        values,
        None if geometry is None else bytes.fromhex(geometry),
        _problems(problems),
        _problems(remarks),
    )


def _problems(found: Iterable[Mapping[str, Any]]) -> tuple[Problem, ...]:
    return tuple(Problem(**each) for each in found)


def _to_json(cell: Cell) -> Any:
    if isinstance(cell, float):
        return cell if math.isfinite(cell) else None if math.isnan(cell) else str(cell)
    if isinstance(cell, date | time):
        return {type(cell).__name__: cell.isoformat()}
    return cell


def _from_json(cell: dict[str, str]) -> Cell:
    (name, text), *_ = cell.items()
    value: Cell = _TYPES[name].fromisoformat(text)
    return value
