"""A grid of cells over two layers of regions that answers "which region?" for most points by one lookup.

A cell that no border touches lies wholly inside one region of each layer, and answers for its points. A cell
that a border touches keeps the border's segments: a point in it is reached from the cell's centre, whose
regions are known, along an L of two straight legs, and each segment that the path crosses changes the answer.
What the sign of a floating-point determinant does not settle for certain is handed back as undecided, so
the answers are those of exact tests (J. R. Shewchuk, "Adaptive Precision Floating-Point Arithmetic and Fast
Robust Geometric Predicates", 1997, gives the error bound).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from gis.domain.borders import Borders, Floats, Ints, is_single

CELL_DEGREES = 0.01
# Shewchuk's bound for a determinant of two differences is 3.4e-16 of the sum of its two products.
DETERMINANT_ERROR = 1e-15
UNDECIDED = -1


@dataclass(frozen=True)
class CellGrid:
    """Rows of cells from south to north, each from west to east; see `cell_painting.paint`.

    Parameters
    ----------
    west, south : the grid's corner in degrees
    rows, columns : how many cells
    faces : the distinct answers of whole cells, packed as `borders` says, or UNDECIDED; the first is 0, none
    border_cells : (b,) positions of the cells that a border touches, row by row, ascending
    face_after : (b,) the face of the cells between each border cell and the next one of its row
    first_segment : (b + 1,) where each border cell's segments begin in `segments`
    segments : positions in the arrays of `borders`
    centre_answers : (b,) the packed answer at each border cell's centre, or UNDECIDED
    borders : all segments
    """

    west: float
    south: float
    rows: int
    columns: int
    faces: Ints
    border_cells: Ints
    face_after: npt.NDArray[np.int32]
    first_segment: Ints
    segments: npt.NDArray[np.int32]
    centre_answers: Ints
    borders: Borders

    @cached_property
    def cells(self) -> npt.NDArray[np.int32]:
        """(rows * columns,) n >= 0: the answer is `faces[n]`; n < 0: it is border cell number -n - 1."""
        cells = np.zeros(self.rows * self.columns, dtype=np.int32)
        with_face = np.flatnonzero(self.face_after)
        start = self.border_cells[with_face] + 1
        run, step = expand(self.border_cells[with_face + 1] - start)
        cells[start.take(run) + step] = self.face_after[with_face].take(run)
        cells[self.border_cells] = -1 - np.arange(len(self.border_cells), dtype=np.int32)
        return cells

    def locate(self, x: Floats, y: Floats) -> Ints:
        """The packed answer at each point, UNDECIDED where only an exact test can tell.

        Parameters
        ----------
        x, y : (n,) longitudes and latitudes in degrees; NaN is outside of all
        """
        column, row = (x - self.west) / CELL_DEGREES, (y - self.south) / CELL_DEGREES
        is_inside = (column >= 0) & (column < self.columns) & (row >= 0) & (row < self.rows)
        if not is_inside.all():
            answers = np.zeros(len(x), dtype=np.int64)
            answers[is_inside] = self.locate(x[is_inside], y[is_inside])
            return answers
        cell = self.cells.take(row.astype(np.int32) * self.columns + column.astype(np.int32))
        answers = self.faces.take(cell, mode="clip")
        at_border = np.flatnonzero(cell < 0)
        if len(at_border):
            answers[at_border] = self._follow_paths(x[at_border], y[at_border], -1 - cell[at_border])
        return answers

    def _follow_paths(self, x: Floats, y: Floats, border_cell: Ints) -> Ints:
        """The answer at each point's cell centre, with what the path from there to the point changes."""
        begin = self.first_segment.take(border_cell)
        point, step = expand(self.first_segment.take(border_cell + 1) - begin)
        segment = self.segments.take(begin.take(point) + step)
        x0, y0 = self.borders.x0.take(segment), self.borders.y0.take(segment)
        x1, y1 = self.borders.x1.take(segment), self.borders.y1.take(segment)
        px, py = x.take(point), y.take(point)
        ox, oy = (axis.take(border_cell).take(point) for axis in self._centres)
        # A place is to the right of a segment where its rise is less than its run. The path goes from the
        # centre o level to the corner (px, oy) and then upright to the point p.
        dx, dy = x1 - x0, y1 - y0
        rise_p, rise_o = dx * (py - y0), dx * (oy - y0)
        run_p, run_o = dy * (px - x0), dy * (ox - x0)
        o_right, corner_right, p_right = (
            side.view(np.int8) for side in (rise_o < run_o, rise_o < run_p, rise_p < run_p)
        )
        # Half-open spans, so that a path through a vertex crosses one of the two segments that meet there.
        crossed = ((y0 <= oy) & (oy < y1)) * (corner_right - o_right)
        crossed += ((x0 <= px) != (x1 <= px)) * (p_right - corner_right)
        answers = self.centre_answers.take(border_cell)
        is_doubtful = answers == UNDECIDED
        answers += np.add.reduceat(
            self.borders.change.take(segment) * crossed, np.searchsorted(point, np.arange(len(x)))
        )
        for rise in (rise_p, rise_o):
            is_near = np.abs(rise - run_p) <= DETERMINANT_ERROR * (np.abs(rise) + np.abs(run_p))
            is_doubtful[point[is_near]] = True
        answers[is_doubtful | ~is_single(answers)] = UNDECIDED
        return answers

    @cached_property
    def _centres(self) -> tuple[Floats, Floats]:
        row, column = np.divmod(self.border_cells, self.columns)
        return self.west + (column + 0.5) * CELL_DEGREES, self.south + (row + 0.5) * CELL_DEGREES


def expand(counts: Ints) -> tuple[Ints, Ints]:
    """For counts (2, 3): the owners (0, 0, 1, 1, 1) and the steps within each (0, 1, 0, 1, 2)."""
    owner = np.repeat(np.arange(len(counts)), counts)
    starts = np.cumsum(counts) - counts
    return owner, np.arange(len(owner)) - starts.take(owner)
