"""What CSV and sheets have in common: where the header stands, how its names come about, rows below it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from gis.services.imports.limits import Limits
from gis.services.imports.raw_table import Cell, OpenTable, RawRow
from gis.services.imports.refusals import Problem, refusal
from gis.services.imports.values_safe import ADDED, unsafe

#: Titles and notes may stand above a header, within these rows.
HEADER_WITHIN = 25
_WORD = re.compile(r"[^\W\d_]")
Merged = Sequence[tuple[tuple[int, int], tuple[int, int]]]


def table_of(
    name: str,
    rows: Iterable[Sequence[Cell]],
    limits: Limits,
    header_rows: int | None = None,
    merged: Merged = (),
) -> OpenTable:
    """A table out of plain rows, whose header is found and whose empty rows are left out.

    Parameters
    ----------
    name : of the sheet
    rows : all of them from the first on, so that they can be numbered
    header_rows : how many lines the header has; None: told by merged cells, else one
    merged : ranges of merged cells, ((row, column), (row, column)) from zero, ends included

    Raises
    ------
    ImportRefusedError : there is no header, or it is too wide
    """
    iterator = iter(rows)
    first = list(islice(iterator, HEADER_WITHIN))
    if max((len(row) for row in first), default=0) > limits.columns:
        raise refusal("too_many_columns", limit=limits.columns)
    top = _header_row(first)
    if top is None:
        raise refusal("no_header", table=name)
    height = header_rows or _header_height(top, merged)
    names = _names(first[top : top + height], top, merged)
    if tuple(names[-2:]) == ADDED:
        names = [unsafe(name) for name in names]
    table = OpenTable(name, names, iter(()))
    table.rows = _rows(table, first[top + height :], iterator, top + height + 1, limits)
    return table


def _rows(
    table: OpenTable, first: list[Sequence[Cell]], rest: Iterator[Sequence[Cell]], number: int, limits: Limits
) -> Iterator[RawRow]:
    width = len(table.columns)
    ours = tuple(table.columns[-2:]) == ADDED
    for part in (first, rest):
        for row in part:
            cells = [None if cell == "" else cell for cell in row]
            while len(cells) > width and cells[-1] is None:
                cells.pop()
            if any(cell is not None for cell in cells):
                if ours:
                    cells = [unsafe(cell) if isinstance(cell, str) else cell for cell in cells]
                problems: tuple[Problem, ...] = ()
                if len(cells) > width:
                    problems = (Problem("row", len(cells), "row_too_long"),)
                    _widen(table.columns, len(cells), limits)
                yield RawRow(
                    number, tuple(cells) + (None,) * (len(table.columns) - len(cells)), problems=problems
                )
            number += 1


def _widen(columns: list[str], width: int, limits: Limits) -> None:
    if width > limits.columns:
        raise refusal("too_many_columns", limit=limits.columns)
    for place in range(len(columns), width):
        columns.append(_once(letter(place), columns))


def _header_row(rows: Sequence[Sequence[Cell]]) -> int | None:
    """The first row with words in most of the columns that rows use; titles stand in one cell."""
    filled = [sum(cell not in (None, "") for cell in row) for row in rows]
    used = sorted(count for count in filled if count)
    for place, (row, count) in enumerate(zip(rows, filled, strict=True)):
        words = sum(isinstance(cell, str) and _WORD.search(cell) is not None for cell in row)
        if (
            count
            and count * 2 >= used[len(used) // 2]
            and words * 2 >= count
            and (count > 1 or used[-1] == 1)
        ):
            return place
    return None


def _header_height(top: int, merged: Merged) -> int:
    """Two lines where a cell of the header lies over several columns; more where one goes down further."""
    own = [each for each in merged if each[0][0] == top]
    height = max((end[0] - top + 1 for _, end in own), default=1)
    if height == 1 and any(end[1] > start[1] for start, end in own):
        return 2
    return min(height, 4)


def _names(lines: Sequence[Sequence[Cell]], top: int, merged: Merged) -> list[str]:
    """The names of all columns: the lines of the header, one below the other, joined; no two the same."""
    width = max(len(line) for line in lines)
    grid = [
        [" ".join(str(cell or "").split()) for cell in line] + [""] * (width - len(line)) for line in lines
    ]
    for (row, left), (bottom, right) in merged:
        if top <= row < top + len(grid) and left < width:
            for line in grid[row - top : bottom - top + 1]:
                line[left : right + 1] = [grid[row - top][left]] * (min(right, width - 1) - left + 1)
    if len(grid) > 1 and not merged:
        for line in grid[:-1]:
            _fill_right(line, grid[-1])
    while width and not any(line[width - 1] for line in grid):
        width -= 1
    names: list[str] = []
    for place in range(width):
        parts = list(dict.fromkeys(line[place] for line in grid if line[place]))
        names.append(_once(" ".join(parts) or letter(place), names))
    return names


def _fill_right(upper: list[str], lowest: list[str]) -> None:
    """Where merged cells were lost, as in a CSV, an upper name goes on to the right above bare names."""
    for place in range(1, len(upper)):
        if not upper[place] and lowest[place] and lowest[place - 1]:
            upper[place] = upper[place - 1]


def _once(name: str, taken: Sequence[str]) -> str:
    number, candidate = 1, name
    while candidate in taken:
        number += 1
        candidate = f"{name} ({number})"
    return candidate


def letter(place: int) -> str:
    """The name of a column as a spreadsheet has it: A, B, …, Z, AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
