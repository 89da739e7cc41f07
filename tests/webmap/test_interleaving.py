"""Identities never cross: requests of all roles on a pool of one connection, with every kind of end."""

import random
import threading
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient

from gis.config import Settings
from gis.database.connection import Connection, Database
from gis.domain.access import Identity, Role
from gis.errors import AtlasError
from webmap import create_app
from webmap.cookies import SESSION

from .conftest import BufferedClient

REQUESTS = 10_000
THREADS = 4
SCOPES = [
    *((Role.planner, None), (Role.approver, None), (Role.admin, None)),
    *((Role.province, "64"), (Role.province, "33"), (Role.regency, "64.72"), (Role.regency, "35.76")),
]
Seen = tuple[str, str, bool, frozenset[int]]


@pytest.fixture(scope="module")
def narrow(demo_database: Database, as_app: Callable[[Database], Database]) -> Iterator[Database]:
    """The application's database with a pool of one connection."""
    with Database(as_app(demo_database).conninfo, max_size=1) as database:
        yield database


@pytest.fixture(scope="module")
def everybody(demo_database: Database, actor: Callable[..., Identity]) -> list[Identity | None]:
    """An account of each role and scope, and nobody."""
    return [None, *(actor(demo_database, role, code) for role, code in SCOPES)]


@pytest.fixture(scope="module")
def expected(demo_database: Database, everybody: list[Identity | None]) -> dict[Identity | None, Seen]:
    """What each of them may see, asked of the tables as their owner."""
    with demo_database.transaction() as connection:
        rows = connection.execute("SELECT site_id, region_code FROM site_region").fetchall()
        all_sites = frozenset(row[0] for row in connection.execute("SELECT id FROM site"))
    found: dict[Identity | None, Seen] = {None: ("atlas_app", "", False, frozenset())}
    for who in everybody:
        if who is not None:
            own = frozenset(site for site, code in rows if code == who.region_code)
            seen = own if who.role.is_scoped else all_sites
            found[who] = (who.database_role, str(who.account_id), True, seen)
    assert len({seen for *_, seen in found.values()}) == 6
    return found


def look(connection: Connection) -> Seen:
    row = connection.execute(
        "SELECT current_user::text, coalesce(current_setting('atlas.account_id', true), ''),"
        " current_setting('transaction_read_only') = 'on', ARRAY(SELECT id FROM site)"
    ).fetchone()
    assert row is not None
    return row[0], row[1], row[2], frozenset(row[3])


class ForcedError(Exception):
    """What a view might raise in the middle of its work."""


def fails_in_python(connection: Connection) -> None:
    raise ForcedError


def fails_in_sql(connection: Connection) -> None:
    connection.execute("SELECT 1 / 0")


def fails_within_a_savepoint(connection: Connection) -> None:
    try:
        with connection.transaction():
            connection.execute("SELECT 1 / 0")
    except psycopg.errors.DivisionByZero:
        connection.execute("SELECT 1")


def writes_where_it_may_not(connection: Connection) -> None:
    connection.execute("DELETE FROM site")


def takes_too_long(connection: Connection) -> None:
    connection.execute("SET LOCAL statement_timeout = 1; SELECT pg_sleep(1)")


def leaves_a_copy_half_read(connection: Connection) -> None:
    with connection.cursor().copy("COPY (SELECT * FROM generate_series(1, 5000)) TO STDOUT") as copy:
        next(iter(copy))
        raise ForcedError


def leaves_rows_unread(connection: Connection) -> None:
    connection.execute("SELECT * FROM generate_series(1, 500)").fetchone()


def loses_the_connection(connection: Connection) -> None:
    connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")


ENDS: list[tuple[int, Callable[[Connection], None]]] = [
    *((60, leaves_rows_unread), (12, fails_in_python), (10, fails_in_sql), (8, fails_within_a_savepoint)),
    *(
        (6, writes_where_it_may_not),
        (2, takes_too_long),
        (2, leaves_a_copy_half_read),
        (1, loses_the_connection),
    ),
]


def test_no_request_sees_another_ones_rows(
    narrow: Database, everybody: list[Identity | None], expected: dict[Identity | None, Seen]
) -> None:
    weights = [weight for weight, _ in ENDS]
    wrong: list[object] = []
    done = [0] * THREADS

    def work(number: int) -> None:
        chance = random.Random(number)
        for _ in range(REQUESTS // THREADS):
            who = chance.choice(everybody)
            database = narrow if who is None else narrow.acting_as(who)
            end = chance.choices([end for _, end in ENDS], weights)[0]
            try:
                with database.transaction() as connection:
                    before = look(connection)
                    if before != expected[who]:
                        wrong.append((who, before[:3]))
                    end(connection)
                    if chance.random() < 0.2 and look(connection) != expected[who]:
                        wrong.append((who, "changed within"))
            except (ForcedError, AtlasError):
                pass
            done[number] += 1

    threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert sum(done) == REQUESTS


def test_an_account_that_is_not_there_sees_nothing(narrow: Database) -> None:
    ghost = Identity(account_id=1, name="ghost", role=Role.province, region_code="64")
    with narrow.acting_as(ghost).transaction() as connection:
        assert connection.execute("SELECT count(*) FROM site").fetchone() == (0,)
    with pytest.raises(AtlasError), narrow.acting_as(ghost).transaction() as connection:
        connection.execute("SET ROLE pg_write_all_data")


def test_pages_of_all_roles_at_once_hold_their_own_rows(
    settings: Settings,
    narrow: Database,
    demo_database: Database,
    everybody: list[Identity | None],
    expected: dict[Identity | None, Seen],
    token_of: Callable[[Database, Identity], str],
) -> None:
    app = create_app(settings, narrow)
    clients = {who: client_of(app, token_of(demo_database, who)) for who in everybody if who is not None}
    wrong: list[object] = []

    def work(number: int) -> None:
        chance = random.Random(number)
        for _ in range(25):
            who = chance.choice([who for who in everybody if who is not None])
            if chance.random() < 0.2:
                clients[who].get("/summary.json?as_of=nonsense")
                continue
            answer: Any = clients[who].get("/exports/sites.geojson").json
            seen = frozenset(each["id"] for each in answer["features"])
            if seen != expected[who][3]:
                wrong.append((who, len(seen)))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def client_of(app: Flask, token: str) -> FlaskClient:
    client = BufferedClient(app)
    client.set_cookie(SESSION, token)
    return client
