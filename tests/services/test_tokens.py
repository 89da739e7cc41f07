"""Personal tokens: what they are, how long they hold, and what ends them."""

import itertools
import re
from collections.abc import Callable

import pytest

from gis.database.connection import Database
from gis.domain.access import Role
from gis.errors import NotFoundError
from gis.services import accounts, sessions, tokens
from gis.services.tokens import TokenNotMadeError

PASSWORD = "sungai yang tenang 7"
OTHER = "gunung yang tinggi 8"
HERE = "203.0.113.8"
NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def app(database: Database, as_app: Callable[[Database], Database]) -> Database:
    return as_app(database)


@pytest.fixture
def name(database: Database) -> str:
    name = f"holder-{next(NUMBERS)}"
    accounts.add(database, name, Role.province, "64", PASSWORD)
    return name


@pytest.fixture
def session(app: Database, name: str) -> str:
    return sessions.sign_in(app, name, PASSWORD, HERE, None)


def trail(database: Database) -> list[tuple[object, ...]]:
    with database.transaction() as connection:
        return connection.execute(
            "SELECT account_name, action, coalesce(after, detail) ->> 'name', a::text FROM audit a"
            " WHERE table_name = 'token' ORDER BY id DESC LIMIT 2"
        ).fetchall()


def test_a_token_is_random_named_and_its_owners(
    app: Database, database: Database, session: str, name: str
) -> None:
    token = tokens.create(app, session, "  QGIS di\tkantor ", 90)
    assert re.fullmatch(r"atlas_[A-Za-z0-9_-]{43}", token)
    found = tokens.find(app, token)
    assert found is not None
    assert (found.identity.name, found.identity.region_code) == (name, "64")
    assert found.region_name == "Kalimantan Timur"
    (listed,) = tokens.list_own(app, session)
    assert (listed.name, (listed.expires_at - listed.created_at).days) == ("QGIS di kantor", 90)
    assert listed.last_used_on is not None
    with database.transaction() as connection:
        rows = connection.execute("SELECT t::text FROM token t").fetchall()
    assert token not in str(rows)
    tokens.revoke(app, session, listed.id)
    assert tokens.find(app, token) is None
    with pytest.raises(NotFoundError):
        tokens.revoke(app, session, listed.id)
    told = trail(database)
    assert [row[:3] for row in told] == [(name, "delete", listed.name), (name, "insert", listed.name)]
    assert token.removeprefix("atlas_") not in str(told)
    assert sessions.hash_of(token).hex() not in str(told)


def test_of_anothers_token_nobody_hears_and_none_is_ended(
    app: Database, database: Database, session: str
) -> None:
    token = tokens.create(app, session, "mine", 30)
    (listed,) = tokens.list_own(app, session)
    accounts.add(database, "stranger", Role.admin, None, PASSWORD)
    stranger = sessions.sign_in(app, "stranger", PASSWORD, HERE, None)
    assert tokens.list_own(app, stranger) == []
    with pytest.raises(NotFoundError):
        tokens.revoke(app, stranger, listed.id)
    assert tokens.find(app, token) is not None


def test_there_are_ten_at_most_each_with_a_name_of_its_own(
    app: Database, database: Database, session: str
) -> None:
    made = [tokens.create(app, session, f"no. {number}", 365) for number in range(9)]
    for given, days, reason in [
        ("no. 3", 30, "taken"),
        ("", 30, "name"),
        (" \n", 30, "name"),
        ("x" * 61, 30, "name"),
        ("a\u202eb", 30, "name"),
        ("a\x00b", 30, "name"),
        ("x", 366, "lifetime"),
        ("x", 0, "lifetime"),
    ]:
        with pytest.raises(TokenNotMadeError, match=reason):
            tokens.create(app, session, given, days)
    made.append(tokens.create(app, session, "x" * 60, 30))
    with pytest.raises(TokenNotMadeError, match="full"):
        tokens.create(app, session, "one more", 30)
    with database.transaction() as connection:
        connection.execute(
            "UPDATE token SET created_at = created_at - interval '400 days',"
            " expires_at = expires_at - interval '400 days' WHERE token_hash = %s",
            [sessions.hash_of(made[3])],
        )
    assert tokens.find(app, made[3]) is None, "it has expired"
    assert len(tokens.list_own(app, session)) == 10
    again = tokens.create(app, session, "no. 3", 30)
    assert tokens.find(app, again) is not None
    assert len(tokens.list_own(app, session)) == 10


def test_role_and_region_are_those_of_the_moment(
    app: Database, database: Database, session: str, name: str
) -> None:
    token = tokens.create(app, session, "QGIS", 90)
    accounts.change(database, name, Role.regency, "64.72")
    found = tokens.find(app, token)
    assert found is not None
    assert (found.identity.role, found.identity.region_code) == (Role.regency, "64.72")


@pytest.mark.parametrize("way", ["change", "everywhere", "operator", "disable", "revoke_all"])
def test_what_ends_every_session_ends_every_token(
    app: Database, database: Database, session: str, name: str, way: str
) -> None:
    made = [tokens.create(app, session, given, 90) for given in ("QGIS", "R")]
    sessions.sign_out(app, sessions.sign_in(app, name, PASSWORD, HERE, None))
    assert tokens.find(app, made[0]) is not None, "a sign-out here is none elsewhere"
    if way == "change":
        sessions.change_password(app, session, name, PASSWORD, OTHER, HERE)
    elif way == "everywhere":
        sessions.sign_out(app, session, everywhere=True)
    elif way == "operator":
        accounts.set_password(database, name, OTHER)
    elif way == "disable":
        accounts.set_disabled(database, name, disabled=True)
        accounts.set_disabled(database, name, disabled=False)
    else:
        assert tokens.revoke_all(database, name) == 2
    assert [tokens.find(app, token) for token in made] == [None, None]
    by = name if way in ("change", "everywhere") else "operator"
    assert {row[:2] for row in trail(database)} == {(by, "delete")}
    assert tokens.list_of(database, name) == []


def test_a_disabled_account_has_no_token_that_holds(
    app: Database, database: Database, session: str, name: str
) -> None:
    token = tokens.create(app, session, "QGIS", 90)
    with database.transaction() as connection:
        connection.execute("UPDATE account SET disabled_at = now() WHERE name = %s", [name])
    assert tokens.find(app, token) is None


def test_what_has_not_the_form_of_a_token_does_not_reach_the_database() -> None:
    away = Database("postgresql://nobody@127.0.0.1:1/nothing")
    for given in ("", "x", "atlas_", "atlas_" + "x" * 42, "atlas_" + "x" * 44, "atlas_" + "é" * 43, "x" * 43):
        assert tokens.find(away, given) is None
