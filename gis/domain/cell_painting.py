"""Paints the cells of a grid: first those that a border touches, then what lies between them.

The runs of cells between two border cells of a row get their answer from the row's centre line: the changes
of all segments that it crosses, added up from the west, where there is nothing.
"""

from dataclasses import dataclass

import numpy as np

from gis.domain.borders import Bools, Borders, Floats, Ints, is_single
from gis.domain.cell_grid import CELL_DEGREES, UNDECIDED, CellGrid, expand

# A border this near to a cell counts as touching it; far above the rounding of its edges, far below its size.
MARGIN_CELLS = 1e-6
# A segment that rises less is not followed within its rows, since its slope would magnify rounding errors.
LEVEL_CELLS = 1e-3


def paint(borders: Borders) -> CellGrid:
    """Lay a grid over all borders, with at least a cell around them, and find every cell's answer."""
    west = float(np.floor(min(borders.x0.min(), borders.x1.min()) - CELL_DEGREES))
    south = float(np.floor(borders.y0.min() - CELL_DEGREES))
    columns = int((max(borders.x0.max(), borders.x1.max()) - west) / CELL_DEGREES) + 2
    rows = int((borders.y1.max() - south) / CELL_DEGREES) + 2
    pieces = _pieces_by_row(borders, west, south)
    cell, segment = _touched_cells(pieces, columns)
    first_segment = np.flatnonzero(np.append(True, cell[1:] != cell[:-1]))
    border_cells = cell[first_segment]
    profile = _Profile.along(pieces, borders, columns)
    faces, face_after = _faces(border_cells, columns, profile)
    return CellGrid(
        west=west,
        south=south,
        rows=rows,
        columns=columns,
        faces=faces,
        border_cells=border_cells,
        face_after=face_after.astype(np.int32),
        first_segment=np.append(first_segment, len(segment)),
        segments=segment.astype(np.int32),
        centre_answers=profile.certain_answers(border_cells),
        borders=borders,
    )


@dataclass(frozen=True)
class _Pieces:
    """One entry for each segment and each row that it touches; u and v are x and y in cells."""

    segment: Ints
    row: Ints
    u0: Floats
    u1: Floats
    v0: Floats
    v1: Floats
    is_level: Bools
    slope: Floats  # du / dv; 0 where level

    def at(self, v: Floats) -> Floats:
        """Where each piece's segment is at height v, as u; v is clipped to the segment."""
        return self.u0 + (np.clip(v, self.v0, self.v1) - self.v0) * self.slope


def _pieces_by_row(borders: Borders, west: float, south: float) -> _Pieces:
    u0, u1 = ((x - west) / CELL_DEGREES for x in (borders.x0, borders.x1))
    v0, v1 = ((y - south) / CELL_DEGREES for y in (borders.y0, borders.y1))
    first_row = np.floor(v0 - MARGIN_CELLS).astype(np.int64)
    segment, step = expand(np.floor(v1 + MARGIN_CELLS).astype(np.int64) - first_row + 1)
    u0, u1, v0, v1 = (each.take(segment) for each in (u0, u1, v0, v1))
    is_level = v1 - v0 < LEVEL_CELLS
    slope = np.where(is_level, 0, (u1 - u0) / np.where(is_level, 1, v1 - v0))
    return _Pieces(segment, first_row.take(segment) + step, u0, u1, v0, v1, is_level, slope)


def _touched_cells(pieces: _Pieces, columns: int) -> tuple[Ints, Ints]:
    """Every cell with every segment that touches it, by cell."""
    one = pieces.at(pieces.row - MARGIN_CELLS)
    other = np.where(pieces.is_level, pieces.u1, pieces.at(pieces.row + 1 + MARGIN_CELLS))
    first_column = np.floor(np.minimum(one, other) - MARGIN_CELLS).astype(np.int64)
    last_column = np.floor(np.maximum(one, other) + MARGIN_CELLS).astype(np.int64)
    piece, step = expand(last_column - first_column + 1)
    cell = (pieces.row * columns + first_column).take(piece) + step
    order = np.argsort(cell, kind="stable")
    return cell[order], pieces.segment.take(piece[order])


@dataclass(frozen=True)
class _Profile:
    """What the centre lines of all rows cross, strung together into one line of places: row * columns + u.

    Parameters
    ----------
    crossings : (n,) places, ascending
    answers : (n + 1,) the packed answer before the first crossing, then after each
    vague_cells : cells in which a crossing lies somewhere, it is not known where
    """

    crossings: Floats
    answers: Ints
    vague_cells: Ints

    @classmethod
    def along(cls, pieces: _Pieces, borders: Borders, columns: int) -> "_Profile":
        middle = pieces.row + 0.5
        crosses = np.flatnonzero((pieces.v0 <= middle) & (middle < pieces.v1))
        place = (pieces.row * columns + pieces.at(middle)).take(crosses)
        order = np.argsort(place)
        change = borders.change.take(pieces.segment.take(crosses[order]))
        level = crosses[pieces.is_level[crosses]]
        west, east = np.minimum(pieces.u0, pieces.u1)[level], np.maximum(pieces.u0, pieces.u1)[level]
        first = np.floor(west - MARGIN_CELLS).astype(np.int64)
        owner, step = expand(np.floor(east + MARGIN_CELLS).astype(np.int64) - first + 1)
        vague_cells = (pieces.row[level] * columns + first).take(owner) + step
        return cls(place[order], np.append(0, np.cumsum(change)), vague_cells)

    def answers_at(self, places: Floats) -> Ints:
        """The packed answers at places that are no crossings."""
        return self.answers.take(np.searchsorted(self.crossings, places))

    def certain_answers(self, cells: Ints) -> Ints:
        """The packed answers at the centres of cells, UNDECIDED where a crossing is too near to tell."""
        centres = cells + 0.5
        fenced = np.concatenate([[-np.inf], self.crossings, [np.inf]])
        following = np.searchsorted(self.crossings, centres) + 1
        is_near = np.minimum(centres - fenced[following - 1], fenced[following] - centres) < MARGIN_CELLS
        is_near |= np.isin(cells, self.vague_cells)
        return np.where(is_near, UNDECIDED, self.answers_at(centres))


def _faces(border_cells: Ints, columns: int, profile: _Profile) -> tuple[Ints, Ints]:
    """The distinct answers between border cells, none first, and which one follows each border cell."""
    is_gap = np.append((np.diff(border_cells) > 1) & (np.diff(border_cells // columns) == 0), False)
    answers = np.where(is_gap, profile.answers_at(border_cells + 1.5), 0)
    answers[~is_single(answers)] = UNDECIDED
    faces, face_after = np.unique(answers, return_inverse=True)
    none = int(np.searchsorted(faces, 0))
    faces[[0, none]] = faces[[none, 0]]
    swapped = np.arange(len(faces))
    swapped[[0, none]] = swapped[[none, 0]]
    return faces, swapped[face_after]
