"""The pace chart's numbers: lines inside the box, a finding that the series bears out."""

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webmap.charts import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, pace_chart

TARGET = "2019-12-31"


def month_ends(first_year: int, counts: list[tuple[int, int]]) -> list[dict[str, Any]]:
    """A series with (total, closed) at the ends of years, as months of December."""
    return [
        {"on": date(first_year + number, 12, 31).isoformat(), "total": total, "closed": closed}
        for number, (total, closed) in enumerate(counts)
    ]


SERIES = month_ends(2013, [(100, 5), (120, 25), (160, 30), (168, 68), (168, 90), (169, 125), (169, 162)])


def points_of(path: str) -> list[tuple[float, float]]:
    """The corners of a step line that is written as M, h, v and H."""
    x = y = 0.0
    corners = []
    for command, text in re.findall(r"([MHhv])([^MHhv]+)", path):
        if command == "M":
            x, y = map(float, text.split())
        elif command == "H":
            x = float(text)
        elif command == "h":
            x += float(text)
        else:
            y = round(y + float(text), 1)
        corners.append((x, y))
    return corners


def test_nothing_to_draw() -> None:
    assert pace_chart([], "2016-01-01", TARGET, 0) is None
    assert pace_chart(month_ends(2013, [(0, 0), (0, 0)]), "2014-01-01", TARGET, 0) is None


def test_rows_are_years_with_their_change() -> None:
    chart = pace_chart(SERIES, "2019-12-31", TARGET, 162)
    assert chart is not None
    assert [(row.on.year, row.closed, row.closed_in_year) for row in chart.rows] == [
        (2013, 5, 5), (2014, 25, 20), (2015, 30, 5), (2016, 68, 38), (2017, 90, 22), (2018, 125, 35),
        (2019, 162, 37),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("as_of", "closed_now", "year", "count"),
    [("2015-12-31", 30, 2014, 20), ("2016-06-01", 60, 2016, 30), ("2019-12-31", 162, 2016, 38)],
)
def test_best_year_counts_to_the_date(as_of: str, closed_now: int, year: int, count: int) -> None:
    chart = pace_chart(SERIES, as_of, TARGET, closed_now)
    assert chart is not None
    assert chart.best is not None
    assert (chart.best.on.year, chart.best.closed_in_year) == (year, count)


def test_target_runs_from_the_announcement_to_the_target() -> None:
    chart = pace_chart(SERIES, "2016-02-22", TARGET, 30)
    assert chart is not None
    assert chart.target is not None
    x1, y1, x2, y2 = chart.target
    assert (x1, x2) == (chart.hairline, WIDTH - RIGHT)
    assert y2 < y1


@given(
    counts=st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900)), min_size=1, max_size=20),
    as_of=st.dates(date(2000, 1, 1), date(2040, 1, 1)),
)
def test_everything_stays_inside_the_box(counts: list[tuple[int, int]], as_of: date) -> None:
    counts = [(max(pair), min(pair)) for pair in counts]
    chart = pace_chart(month_ends(2010, counts), as_of.isoformat(), TARGET, counts[-1][1])
    if chart is None:
        assert max(total for total, _ in counts) == 0
        return
    for x, y in [*points_of(chart.closed), *points_of(chart.total), chart.now]:
        assert LEFT <= x <= WIDTH - RIGHT
        assert TOP <= y <= HEIGHT - BOTTOM
    assert [x for x, _ in points_of(chart.closed)] == sorted(x for x, _ in points_of(chart.closed))
    assert len(chart.y_ticks) <= 6
