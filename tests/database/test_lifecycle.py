"""The rule of status in SQL, held against the one in Python over random histories; what guards the log."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings

from gis.database.connection import Connection, Database
from gis.domain.lifecycle import Event, derive_status
from gis.errors import DatabaseError, InvalidInputError
from tests.strategies import FIRST_DAY, days, histories

LAST_DAYS = [FIRST_DAY + timedelta(days=n) for n in range(-20, 440, 7)]
INSERT_EVENT = """
INSERT INTO event (id, site_id, kind, occurred_on, date_precision, planned, source, corrects_id, recorded_at,
                   approved_at, reported_on)
OVERRIDING SYSTEM VALUE
VALUES (%(id)s, %(site)s, %(kind)s, %(occurred_on)s, %(precision)s, %(planned)s, 'test', %(corrects_id)s,
        %(recorded_at)s, %(approved_at)s, %(known_on)s)
"""


@contextmanager
def undone(database: Database) -> Iterator[Connection]:
    """A transaction of which nothing stays."""
    with database.transaction() as connection, connection.transaction(force_rollback=True):
        yield connection


def insert_site(connection: Connection, name: str = "Lokalisasi contoh") -> int:
    row = connection.execute(
        "INSERT INTO site (name, site_type, location_accuracy, location_source, declared_region_codes)"
        " VALUES (%s, 'lokalisasi', 'regency', 'test', '{64.72}') RETURNING id",
        [name],
    ).fetchone()
    assert row is not None
    return int(row[0])


def insert_event(connection: Connection, site: int, event: Event, offset: int) -> None:
    approved = None if event.known_on is None else datetime(2026, 1, 1, tzinfo=UTC)
    corrects = None if event.corrects_id is None else event.corrects_id + offset
    values = {
        "id": event.id + offset,
        "site": site,
        "kind": event.kind,
        "occurred_on": event.occurred_on,
        "precision": event.date_precision.value,
        "planned": event.planned,
        "corrects_id": corrects,
        "recorded_at": event.recorded_at,
        "approved_at": approved,
        "known_on": event.known_on,
    }
    connection.execute(INSERT_EVENT, values)


def states(connection: Connection, site: int, as_of: list[date], known_at: date | None) -> list[object]:
    """The state in SQL for each day, in the order of the days; none where the site does not exist."""
    return [
        row[0] and row[1:]
        for row in connection.execute(
            "SELECT s.site_id, s.status, s.status_group, s.status_since, s.closed_on, s.disputed,"
            " s.last_event_on"
            " FROM unnest(%s::date[]) WITH ORDINALITY AS day(as_of, n)"
            " LEFT JOIN LATERAL (SELECT * FROM states_at(day.as_of, %s::date) WHERE site_id = %s) s ON true"
            " ORDER BY day.n",
            [as_of, known_at, site],
        )
    ]


def expected(history: list[Event], as_of: list[date], known_at: date | None) -> list[object]:
    found = [derive_status(history, day, known_at) for day in as_of]
    return [
        s and (s.status, s.group.value, s.status_since, s.closed_on, s.disputed, s.last_event_on)
        for s in found
    ]


@given(history=histories(), known_at=days)
@hypothesis_settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_sql_and_python_derive_the_same(database: Database, history: list[Event], known_at: date) -> None:
    with undone(database) as connection:
        site = insert_site(connection)
        offset = 1_000_000
        for event in history:
            insert_event(connection, site, event, offset)
        assert states(connection, site, LAST_DAYS, None) == expected(history, LAST_DAYS, None)
        assert states(connection, site, LAST_DAYS[::6], known_at) == expected(
            history, LAST_DAYS[::6], known_at
        )


@given(history=histories())
@hypothesis_settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_what_is_kept_ready_is_what_the_log_says(database: Database, history: list[Event]) -> None:
    with undone(database) as connection:
        site = insert_site(connection)
        for event in history:
            insert_event(connection, site, event, 1_000_000)
        ready = connection.execute("SELECT * FROM site_state WHERE site_id = %s ORDER BY valid", [site])
        derived = connection.execute(
            "SELECT * FROM derive_states(ARRAY[%s::bigint], NULL) ORDER BY valid", [site]
        )
        assert ready.fetchall() == derived.fetchall()


@pytest.mark.parametrize("statement", ["UPDATE event SET note = 'x'", "DELETE FROM event", "TRUNCATE event"])
def test_the_log_is_append_only(database: Database, statement: str) -> None:
    with database.transaction() as connection:
        site = insert_site(connection)
        connection.execute(
            "INSERT INTO event (site_id, kind, occurred_on, source)"
            " VALUES (%s, 'recorded', '2010-01-01', 't')",
            [site],
        )
    with pytest.raises(DatabaseError, match="append-only"), database.transaction() as connection:
        connection.execute(statement)  # type: ignore[arg-type]


def test_approval_makes_an_event_count(database: Database) -> None:
    with undone(database) as connection:
        site = insert_site(connection)
        connection.execute(
            "INSERT INTO event (site_id, kind, occurred_on, source, approved_at)"
            " VALUES (%s, 'recorded', '2010-01-01', 't', NULL)",
            [site],
        )
        assert states(connection, site, [date(2010, 1, 1)], None) == [None]
        connection.execute("UPDATE event SET approved_at = now() WHERE site_id = %s", [site])
        assert states(connection, site, [date(2010, 1, 1)], None) != [None]


def test_a_correction_stays_within_its_site(database: Database) -> None:
    insert = (
        "INSERT INTO event (site_id, kind, occurred_on, source, corrects_id)"
        " VALUES (%s, %s, '2010-01-01', 't', %s) RETURNING id"
    )
    with database.transaction() as connection:
        first, second = insert_site(connection), insert_site(connection)
        row = connection.execute(insert, [first, "recorded", None]).fetchone()
    assert row is not None
    with pytest.raises(InvalidInputError, match="corrects_id"), database.transaction() as connection:
        connection.execute(insert, [second, "retraction", row[0]])
