"""Writes refused rows as a CSV that a spreadsheet opens, a person corrects, and an import takes again."""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from gis.services.complete_files import complete_or_absent
from gis.services.imports.raw_table import Cell
from gis.services.imports.refusals import Problem
from gis.services.imports.rows_draft import BuiltRow
from gis.services.imports.values import as_text
from gis.services.imports.values_safe import ADDED, safe


def ordered(raw: Mapping[str, Cell] | None, columns: Sequence[str]) -> dict[str, Cell]:
    """The cells of a row in the order of the file; what is stored as JSON has lost it.

    Parameters
    ----------
    raw : by the name of the column
    columns : of the file
    """
    cells = raw or {}
    return {name: cells[name] for name in dict.fromkeys([*columns, *cells]) if name in cells}


def in_english(problem: Problem) -> str:
    """The field of a problem, and what would have been accepted."""
    return f"{problem.field}: {problem.allowed}"


def write_refused(
    rows: Iterable[BuiltRow],
    path: Path,
    say: Callable[[Problem], str] = in_english,
) -> int:
    """Write the rows that have problems, with their number and the reasons; the number of rows written.

    Parameters
    ----------
    rows : all rows of an import; those without problems are left out
    path : the CSV, in UTF-8 with its mark, since spreadsheets ask for it
    say : what is said of a problem

    Raises
    ------
    InvalidInputError : the file cannot be written
    """
    refused = [row for row in rows if row.problems]
    kept = [name for name in dict.fromkeys(name for row in refused for name in row.raw) if name not in ADDED]
    with (
        complete_or_absent(path) as unfinished,
        unfinished.open("w", encoding="utf-8-sig", newline="") as out,
    ):
        writer = csv.writer(out)
        writer.writerow([*map(safe, kept), *ADDED])
        for row in refused:
            cells = [safe(_text(row.raw.get(name))) for name in kept]
            writer.writerow([*cells, row.row_number, safe("; ".join(map(say, row.problems)))])
    return len(refused)


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else as_text(cell)
