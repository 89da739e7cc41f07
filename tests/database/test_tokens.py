"""The table of tokens and its functions: who reads them, and what a use of one writes."""

from collections.abc import Callable

import psycopg
import pytest

from gis.database import tokens as stored
from gis.database.connection import Database
from gis.domain.access import Identity, Role
from gis.errors import ForbiddenError, InvalidInputError
from gis.services import tokens
from gis.services.sessions import hash_of

Actor = Callable[..., Identity]
TokenOf = Callable[[Database, Identity], str]
LAST_USED = "SELECT last_used_on = register.today(), xmin::text FROM token WHERE token_hash = %s"


@pytest.fixture(scope="module")
def app(database: Database, as_app: Callable[[Database], Database]) -> Database:
    return as_app(database)


@pytest.fixture(scope="module")
def session(database: Database, actor: Actor, token_of: TokenOf) -> str:
    return token_of(database, actor(database, Role.province, "64"))


@pytest.mark.parametrize("statement", ["SELECT FROM token", "DELETE FROM token", "SELECT token_find('')"])
def test_no_account_reaches_the_table(
    app: Database, actor: Actor, database: Database, statement: str
) -> None:
    for role, code in ((Role.province, "64"), (Role.admin, None)):
        acting = app.acting_as(actor(database, role, code), read_only=False)
        with pytest.raises(ForbiddenError), acting.transaction() as connection:
            connection.execute(statement.encode())


def test_the_day_of_use_is_written_once_and_where_it_can_be(
    app: Database, database: Database, session: str
) -> None:
    token = tokens.create(app, session, "of days", 30)
    hashed = hash_of(token)

    def used() -> tuple[object, ...]:
        with database.transaction() as connection:
            (row,) = connection.execute(LAST_USED, [hashed]).fetchall()
        return row

    with app.transaction() as connection:
        connection.execute("SET TRANSACTION READ ONLY")
        assert stored.find_token(connection, hashed) is not None
    with database.transaction() as connection:  # another request notes it at the moment
        connection.execute("SELECT FROM token WHERE token_hash = %s FOR UPDATE", [hashed])
        assert tokens.find(app, token) is not None, "and this one waits for nothing"
    assert used()[0] is None
    assert tokens.find(app, token) is not None
    first = used()
    assert tokens.find(app, token) is not None
    assert (first[0], first) == (True, used())


def test_what_no_program_of_ours_asks_for_is_refused_too(app: Database, session: str) -> None:
    for name, days, kind in [
        ("x", 31, InvalidInputError),
        ("x", 366, InvalidInputError),
        (" x", 30, InvalidInputError),
        ("x" * 61, 30, InvalidInputError),
    ]:
        with pytest.raises(kind), app.transaction() as connection:
            stored.create_token(connection, hash_of(session), b"0" * 32, name, days)
    with pytest.raises(ForbiddenError), app.transaction() as connection:
        stored.create_token(connection, hash_of("nobody"), b"0" * 32, "x", 30)
    with app.transaction() as connection:
        assert stored.list_tokens(connection, hash_of("nobody")) == []
        assert not stored.revoke_token(connection, hash_of("nobody"), 1)


def test_no_token_is_made_while_all_are_ended(
    app: Database, database: Database, actor: Actor, token_of: TokenOf
) -> None:
    """Whoever signs out everywhere has no token left of a request that was under way."""
    from concurrent.futures import ThreadPoolExecutor

    from gis.services import sessions

    session = token_of(database, actor(database, Role.planner))
    with ThreadPoolExecutor(1) as pool:
        with app.transaction() as connection:
            stored.create_token(connection, hash_of(session), hash_of("late"), "late", 30)
            ending = pool.submit(sessions.sign_out, app, session, everywhere=True)
            _wait_for_lock(database)
        ending.result(timeout=10)
    with database.transaction() as connection:
        left = connection.execute("SELECT FROM token WHERE token_hash = %s", [hash_of("late")]).fetchall()
    assert left == []


def _wait_for_lock(database: Database) -> None:
    with psycopg.connect(database.conninfo, autocommit=True) as connection:
        for _ in range(200):
            row = connection.execute(
                "SELECT pg_sleep(0.02), count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            ).fetchone()
            if row and row[1]:
                return
    raise AssertionError("nobody waits")
