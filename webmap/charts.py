"""The pace chart's numbers: where its lines run, its ticks, and the finding that its caption states."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from flask import Flask

WIDTH, HEIGHT = 480, 250
LEFT, RIGHT, TOP, BOTTOM = 34, 10, 16, 24
# domain.md: the ministry set out on this day to have none left by the target date.
ANNOUNCED_ON = date(2016, 2, 22)
SHORTEST_SPAN_DAYS = 366


@dataclass(frozen=True)
class YearRow:
    """A row of the table behind the chart: the state at the end of a year, or on the last day shown."""

    on: date
    total: int
    closed: int
    closed_in_year: int


@dataclass(frozen=True)
class PaceChart:
    """Coordinates in a box of `width` by `height` pixels; y grows downwards, as in SVG.

    Parameters
    ----------
    closed, total : the `d` of step lines: closed up to each month end, and all sites known by then
    target : the straight line from the announcement to the target, (x1, y1, x2, y2), where it can be drawn
    hairline : x of the as-of date
    now : (x, y) of the closed line on the as-of date
    x_ticks, y_ticks : (position, year) and (position, count)
    rows : one a year, oldest first
    best : the year in which most were closed, counted to the as-of date; none if nothing was closed
    """

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    closed: str
    total: str
    target: tuple[int, float, int, float] | None
    hairline: int
    now: tuple[int, float]
    x_ticks: list[tuple[int, int]]
    y_ticks: list[tuple[float, int]]
    rows: list[YearRow]
    best: YearRow | None


@dataclass(frozen=True)
class _Frame:
    first: date
    last: date
    top: int

    def x(self, on: date) -> int:
        span = (self.last - self.first).days
        share = min(max((on - self.first).days / span, 0.0), 1.0)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT))

    def y(self, count: float) -> float:
        return round(HEIGHT - BOTTOM - count / self.top * (HEIGHT - TOP - BOTTOM), 1)


def init_app(app: Flask) -> None:
    """Lets templates call `pace_chart`."""
    app.jinja_env.globals["pace_chart"] = pace_chart


def pace_chart(
    series: Sequence[Mapping[str, Any]], as_of: str, target_on: str, closed_now: int
) -> PaceChart | None:
    """Lays out cumulative closures against the target.

    Parameters
    ----------
    series : month ends in order: `on` (date or ISO text), `total`, `closed`
    as_of, target_on : ISO dates
    closed_now : closed on the as-of date, which may lie within a month

    Returns
    -------
    none where there is nothing to draw: no month, or no site in any of them
    """
    points = [(_date(row["on"]), int(row["total"]), int(row["closed"])) for row in series]
    if not points or max(total for _, total, _ in points) == 0:
        return None
    target_day, as_of_day = date.fromisoformat(target_on), date.fromisoformat(as_of)
    frame = _frame(points, target_day)
    rows = _years(points)
    return PaceChart(
        WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM,
        closed=_steps(frame, [(on, closed) for on, _, closed in points]),
        total=_steps(frame, [(on, total) for on, total, _ in points]),
        target=_target(frame, points, target_day),
        hairline=frame.x(as_of_day),
        now=(frame.x(as_of_day), frame.y(closed_now)),
        x_ticks=_year_ticks(frame),
        y_ticks=[(frame.y(count), count) for count in range(0, frame.top + 1, _step(frame.top))],
        rows=rows,
        best=_best(points, as_of_day, closed_now),
    )  # fmt: skip


def _date(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _frame(points: Sequence[tuple[date, int, int]], target_day: date) -> _Frame:
    first, last = points[0][0], max(points[-1][0], target_day)
    if (last - first).days < SHORTEST_SPAN_DAYS:
        first = last.replace(year=last.year - 1, day=min(last.day, 28))
    most = max(total for _, total, _ in points)
    step = _step(most)
    return _Frame(first, last, -(-most // step) * step)


def _step(most: int) -> int:
    """The smallest round step that makes at most five intervals."""
    return next(step for step in (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 10**9) if most / step <= 5)


def _steps(frame: _Frame, values: Sequence[tuple[date, int]]) -> str:
    """A step line; only changes are written, as ways from the last one, which keeps the page small."""
    x, y = frame.x(values[0][0]), frame.y(values[0][1])
    path = [f"M{x} {y:g}"]
    for (_, before), (on, count) in pairwise(values):
        if count != before:
            path.append(f"h{frame.x(on) - x}v{round(frame.y(count) - y, 1):g}")
            x, y = frame.x(on), frame.y(count)
    path.append(f"H{frame.x(values[-1][0])}")
    return "".join(path)


def _at(points: Sequence[tuple[date, int, int]], on: date) -> tuple[date, int, int]:
    """The last point not later than a day; the first one where there is none."""
    return next((point for point in reversed(points) if point[0] <= on), points[0])


def _target(
    frame: _Frame, points: Sequence[tuple[date, int, int]], target_day: date
) -> tuple[int, float, int, float] | None:
    start, end = _at(points, ANNOUNCED_ON), _at(points, target_day)
    if end[1] == 0 or frame.first > ANNOUNCED_ON:
        return None
    return frame.x(ANNOUNCED_ON), frame.y(start[2]), frame.x(target_day), frame.y(end[1])


def _year_ticks(frame: _Frame) -> list[tuple[int, int]]:
    years = range(frame.first.year + 1, frame.last.year + 1)
    every = max(1, -(-len(years) // 6))
    return [(frame.x(date(year, 1, 1)), year) for year in years if year % every == 0]


def _years(points: Sequence[tuple[date, int, int]]) -> list[YearRow]:
    rows: list[YearRow] = []
    last_of_year = {on.year: (on, total, closed) for on, total, closed in points}
    before = 0
    for on, total, closed in last_of_year.values():
        rows.append(YearRow(on, total, closed, closed - before))
        before = closed
    return rows


def _best(points: Sequence[tuple[date, int, int]], as_of_day: date, closed_now: int) -> YearRow | None:
    """Ties go to the earlier year."""
    until = [point for point in points if point[0] < as_of_day]
    total = until[-1][1] if until else closed_now
    some = [row for row in _years([*until, (as_of_day, total, closed_now)]) if row.closed_in_year > 0]
    return max(some, key=lambda row: row.closed_in_year, default=None)
