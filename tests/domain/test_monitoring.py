"""Visits to closed sites, by an obvious rule of its own."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.domain.monitoring import TOLERANCE_DAYS, VISIT_YEARS, VisitState, visits

CLOSED = date(2016, 6, 1)
near = st.integers(-50, 2500).map(lambda n: CLOSED + timedelta(days=n))


@pytest.mark.parametrize(
    ("made", "as_of", "expected"),
    [
        ([], "2016-06-02", ["coming", "coming", "coming"]),
        ([], "2017-03-02", ["coming", "coming", "coming"]),
        ([], "2017-03-03", ["due", "coming", "coming"]),
        ([], "2017-06-01", ["due", "coming", "coming"]),
        ([], "2017-06-02", ["overdue", "coming", "coming"]),
        (["2017-03-02"], "2017-06-02", ["overdue", "coming", "coming"]),
        (["2017-03-03"], "2017-06-02", ["done", "coming", "coming"]),
        (["2017-03-03"], "2019-06-02", ["done", "overdue", "coming"]),
        # One late visit is both that were due by then.
        (["2020-01-15"], "2020-02-01", ["done", "done", "coming"]),
    ],
)
def test_visits_as_days_go_by(made: list[str], as_of: str, expected: list[str]) -> None:
    found = visits(CLOSED, map(date.fromisoformat, made), date.fromisoformat(as_of))
    assert [visit.state for visit in found] == expected


@given(made=st.lists(near, max_size=4), as_of=near)
def test_every_visit_is_in_the_state_that_its_dates_say(made: list[date], as_of: date) -> None:
    found = visits(CLOSED, made, as_of)
    assert [visit.year for visit in found] == list(VISIT_YEARS)
    for visit in found:
        assert visit.due_on == CLOSED.replace(year=CLOSED.year + visit.year)
        good = [d for d in made if visit.due_on - timedelta(days=TOLERANCE_DAYS) <= d <= as_of]
        assert visit.done_on == min(good, default=None)
        assert (visit.state is VisitState.done) == bool(good)
        assert visit.days == ((visit.done_on or as_of) - visit.due_on).days
        if visit.state is VisitState.overdue:
            assert visit.days > 0
        if visit.state in (VisitState.due, VisitState.coming):
            assert visit.days <= 0


def test_a_leap_day_has_its_anniversary_the_day_before() -> None:
    assert [visit.due_on.day for visit in visits(date(2016, 2, 29), [], date(2016, 3, 1), (1, 4))] == [28, 29]
