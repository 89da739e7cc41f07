"""Sites stay ready while days pass: what was written on an earlier day, and what is written upon it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from gis.database.connection import Connection, Database
from gis.database.ready_sites import find_wrong_ready
from gis.domain.lifecycle import Event
from tests.strategies import FIRST_DAY, histories

from .test_lifecycle import insert_event, insert_site, undone

TODAY = datetime.now(UTC).date()
DAYS = [TODAY + timedelta(days=n) for n in (0, 1, 2, 3, 9, 40, 100, 400, 4000)]
COUNT = (
    "INSERT INTO headcount (site_id, counted_on, n, definition, source) VALUES (%s, %s, %s, 'resident', 't')"
)
# What asks which day it is, and what sums up.
DEFINITIONS = """
SELECT p.proname, pg_get_functiondef(p.oid) FROM pg_proc p WHERE p.pronamespace = 'register'::regnamespace
AND p.proname IN ('make_ready', 'counted_from', 'sum_up_ready')
"""


@contextmanager
def days_ago(connection: Connection, days: int) -> Iterator[None]:
    """Let sites be made ready as on an earlier day, and counts be summed up at each write."""
    told: dict[str, str] = dict(connection.execute(DEFINITIONS).fetchall())
    assert "now()" in told["make_ready"]
    assert "now()" in told["counted_from"]
    assert "> 8000" in told["sum_up_ready"]
    for definition in told.values():
        changed = definition.replace("now()", f"(now() - interval '{days} days')").replace("> 8000", "> 0")
        connection.execute(changed.encode())
    yield
    for definition in told.values():
        connection.execute(definition.encode())


@given(
    history=histories(),
    passed=st.sampled_from([1, 2, 3, 10, 200]),
    written=st.integers(0, 9),
    counted=st.lists(st.integers(-30, 30), max_size=4),
)
@hypothesis_settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_days_pass_without_a_write_and_between_two(
    database: Database, history: list[Event], passed: int, written: int, counted: list[int]
) -> None:
    shift = TODAY - FIRST_DAY - timedelta(days=passed + 60)
    events = [replace(event, occurred_on=event.occurred_on + shift) for event in history]
    counts = [(TODAY + timedelta(days=day), n) for n, day in enumerate(counted)]
    with undone(database) as connection:
        sites = [insert_site(connection) for _ in range(2)]
        with days_ago(connection, passed):
            for event in events[:written]:
                insert_event(connection, sites[0], event, 1_000_000)
                insert_event(connection, sites[1], event, 2_000_000)
            for day, n in counts[:2]:
                connection.execute(COUNT, [sites[0], day, n])
        assert find_wrong_ready(connection, DAYS, 10) == []
        for event in events[written:]:
            insert_event(connection, sites[0], event, 1_000_000)
        for day, n in counts[2:]:
            connection.execute(COUNT, [sites[0], day, n])
        connection.execute("UPDATE site SET name = name || ' lama' WHERE id = %s", [sites[0]])
        assert find_wrong_ready(connection, DAYS, 10) == []
        connection.execute("DELETE FROM site_state WHERE site_id = ANY (%s)", [sites])
        assert connection.execute("SELECT coalesce(sum(n), 0) FROM register.ready_count").fetchone() == (0,)
