"""Accounts: who may make them, what they may be called, and what ends when they change."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from gis.database import accounts as stored
from gis.database.connection import Database
from gis.domain.access import Identity, Role
from gis.domain.passwords import check_password, random_password
from gis.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from gis.services import accounts, passwords, sessions
from gis.services.sessions import PasswordRefusedError, SignInRefusedError, TooManyAttemptsError

PASSWORD = "sungai yang tenang 7"
OTHER = "gunung yang tinggi 8"
HERE = "203.0.113.7"


@pytest.fixture(scope="module")
def app(database: Database, as_app: Callable[[Database], Database]) -> Database:
    return as_app(database)


@pytest.fixture
def name(database: Database, request: pytest.FixtureRequest) -> str:
    """An account of this test, a planner, with the password `PASSWORD`."""
    name = re.sub(r"[^a-z0-9]+", "-", request.node.name.removeprefix("test_").lower())[:60]
    accounts.add(database, name, Role.planner, None, PASSWORD)
    return name


def age(database: Database, minutes: int) -> None:
    """As if that time had gone by since all attempts."""
    with database.transaction() as connection:
        connection.execute(
            "UPDATE sign_in_attempt SET attempted_at = attempted_at - make_interval(mins => %s)", [minutes]
        )


def test_a_right_password_opens_a_session_that_ends_when_asked(app: Database, name: str) -> None:
    token = sessions.sign_in(app, f" {name.upper()} ", PASSWORD, HERE, None)
    found = sessions.find_session(app, token)
    assert found is not None
    assert (found.identity.name, found.identity.role) == (name, Role.planner)
    sessions.sign_out(app, token)
    assert sessions.find_session(app, token) is None


@pytest.mark.parametrize(
    ("typed", "password"),
    [("nobody-of-that-name", PASSWORD), (None, OTHER), ("\x00' OR 1=1", PASSWORD), (None, "")],
)
def test_whatever_is_wrong_the_answer_is_one(
    app: Database, name: str, typed: str | None, password: str
) -> None:
    with pytest.raises(SignInRefusedError, match="the name or the password is wrong"):
        sessions.sign_in(app, typed if typed is not None else name, password, "198.51.100.1", None)


def test_a_disabled_account_is_told_nothing_else(app: Database, database: Database, name: str) -> None:
    token = sessions.sign_in(app, name, PASSWORD, HERE, None)
    accounts.set_disabled(database, name, disabled=True)
    assert sessions.find_session(app, token) is None
    with pytest.raises(SignInRefusedError, match="the name or the password is wrong"):
        sessions.sign_in(app, name, PASSWORD, HERE, None)
    accounts.set_disabled(database, name, disabled=False)
    assert sessions.find_session(app, token) is None
    assert sessions.find_session(app, sessions.sign_in(app, name, PASSWORD, HERE, None)) is not None


def test_signing_in_again_ends_the_session_of_the_browser_and_no_other(app: Database, name: str) -> None:
    here = sessions.sign_in(app, name, PASSWORD, HERE, None)
    elsewhere = sessions.sign_in(app, name, PASSWORD, HERE, None)
    again = sessions.sign_in(app, name, PASSWORD, HERE, here)
    assert sessions.find_session(app, here) is None
    assert sessions.find_session(app, elsewhere) is not None
    sessions.sign_out(app, again, everywhere=True)
    assert sessions.find_session(app, elsewhere) is None


def test_another_password_ends_every_session(app: Database, database: Database, name: str) -> None:
    first = sessions.sign_in(app, name, PASSWORD, HERE, None)
    second = sessions.sign_in(app, name, PASSWORD, HERE, None)
    fresh = sessions.change_password(app, first, name, PASSWORD, OTHER, HERE)
    assert sessions.find_session(app, first) is None
    assert sessions.find_session(app, second) is None
    assert sessions.find_session(app, fresh) is not None
    accounts.set_password(database, name, PASSWORD)
    assert sessions.find_session(app, fresh) is None
    with database.transaction() as connection:
        trail = connection.execute(
            "SELECT account_name, before ->> 'password_changed_at' <> after ->> 'password_changed_at',"
            " after ? 'password_hash' FROM audit WHERE table_name = 'account' AND action = 'update'"
            " ORDER BY id DESC LIMIT 2"
        ).fetchall()
    assert trail == [("operator", True, False), (name, True, False)]


def test_the_old_password_is_asked_for_and_counts_as_an_attempt(app: Database, name: str) -> None:
    token = sessions.sign_in(app, name, PASSWORD, "198.51.100.2", None)
    for _ in range(5):
        with pytest.raises(SignInRefusedError):
            sessions.change_password(app, token, name, OTHER, "hujan di bulan juni", "198.51.100.2")
    with pytest.raises(TooManyAttemptsError):
        sessions.change_password(app, token, name, PASSWORD, OTHER, "198.51.100.2")
    assert sessions.find_session(app, token) is not None


@pytest.mark.parametrize("new", ["kurang", "password1234", "the_one_who_asks1", "x" * 1025])
def test_a_weak_new_password_is_refused(app: Database, database: Database, new: str) -> None:
    with pytest.raises(PasswordRefusedError):
        sessions.change_password(app, "x" * 43, "the_one_who_asks", PASSWORD, new, HERE)


def test_an_expired_session_is_none_and_goes(app: Database, database: Database, name: str) -> None:
    token = sessions.sign_in(app, name, PASSWORD, HERE, None)
    with database.transaction() as connection:
        row = connection.execute(
            "SELECT max(expires_at - created_at) BETWEEN '11:59' AND '12:01' FROM session"
        ).fetchone()
        assert row == (True,)
        connection.execute("UPDATE session SET expires_at = now() - interval '1 second'")
    assert sessions.find_session(app, token) is None
    sessions.sign_in(app, name, PASSWORD, HERE, None)
    with database.transaction() as connection:
        assert connection.execute("SELECT count(*) FROM session").fetchone() == (1,)


def test_what_is_stored_opens_nothing(app: Database, database: Database, name: str) -> None:
    token = sessions.sign_in(app, name, PASSWORD, HERE, None)
    with database.transaction() as connection:
        row = connection.execute(
            "SELECT token_hash, password_hash FROM session JOIN account a ON a.id = account_id"
            " WHERE a.name = %s",
            [name],
        ).fetchone()
    assert row is not None
    stored, password_hash = row
    assert token.encode() not in stored
    assert password_hash.startswith("$argon2id$v=19$m=32768,t=3,p=1$")
    for guess in (stored.hex(), stored.hex()[:43], "", "x" * 43, token + "=", token[:-1] + "é"):
        assert sessions.find_session(app, guess) is None


def test_a_hash_of_older_parameters_is_renewed(app: Database, database: Database, name: str) -> None:
    from argon2 import PasswordHasher

    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    with database.transaction() as connection:
        connection.execute("UPDATE account SET password_hash = %s WHERE name = %s", [old, name])
    sessions.sign_in(app, name, PASSWORD, HERE, None)
    with database.transaction() as connection:
        row = connection.execute("SELECT password_hash FROM account WHERE name = %s", [name]).fetchone()
    assert row is not None
    assert row[0].startswith("$argon2id$v=19$m=32768,t=3,p=1$")
    assert sessions.sign_in(app, name, PASSWORD, HERE, None)


def fail(app: Database, name: str, address: str, times: int) -> None:
    for _ in range(times):
        with pytest.raises(SignInRefusedError):
            sessions.sign_in(app, name, OTHER, address, None)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the cost of the hash, for many attempts."""
    monkeypatch.setattr("gis.services.passwords.is_right", lambda typed, stored: stored and typed == PASSWORD)


@pytest.mark.usefixtures("quick")
def test_five_failures_from_an_address_are_enough(app: Database, database: Database, name: str) -> None:
    fail(app, name, "198.51.100.3", 5)
    with pytest.raises(TooManyAttemptsError) as caught:
        sessions.sign_in(app, name, PASSWORD, "198.51.100.3", None)
    assert 0 < caught.value.retry_after_s <= 900
    assert sessions.sign_in(app, name, PASSWORD, "198.51.100.4", None), "elsewhere it is not locked"
    age(database, 16)
    assert sessions.sign_in(app, name, PASSWORD, "198.51.100.3", None)
    fail(app, name, "198.51.100.3", 4)
    assert sessions.sign_in(app, name, PASSWORD, "198.51.100.3", None), "a right one begins anew"
    fail(app, name, "198.51.100.3", 4)


@pytest.mark.usefixtures("quick")
def test_an_address_that_tries_many_names_waits(app: Database, database: Database, name: str) -> None:
    age(database, 16)
    for number in range(30):
        fail(app, f"somebody-{number}", "2001:db8::1", 1)
    for address in ("2001:db8::1", "2001:db8::ffff:2"):
        with pytest.raises(TooManyAttemptsError):
            sessions.sign_in(app, name, PASSWORD, address, None)
    assert sessions.sign_in(app, name, PASSWORD, "2001:db8:0:1::1", None)


@pytest.mark.usefixtures("quick")
def test_many_addresses_on_one_name_do_not_lock_its_owner_out(
    app: Database, database: Database, name: str
) -> None:
    assert sessions.sign_in(app, name, PASSWORD, "192.0.2.200", None)
    for number in range(60):
        fail(app, name, f"192.0.2.{number}", 1)
    with pytest.raises(TooManyAttemptsError):
        sessions.sign_in(app, name, PASSWORD, "192.0.2.100", None)
    assert sessions.sign_in(app, name, PASSWORD, "192.0.2.200", None)


@pytest.mark.usefixtures("quick")
def test_many_at_once_are_not_more_than_the_limit(app: Database, name: str) -> None:
    def attempt(_: int) -> str:
        try:
            sessions.sign_in(app, name, OTHER, "198.51.100.9", None)
        except (SignInRefusedError, TooManyAttemptsError) as error:
            return type(error).__name__
        return "in"

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(attempt, range(24)))
    assert outcomes.count("SignInRefusedError") == 5
    assert outcomes.count("TooManyAttemptsError") == 19


def test_an_attempt_is_taken_up_once_and_soon(app: Database, database: Database, name: str) -> None:
    from gis.database import sessions as stored

    with app.transaction() as connection:
        attempt = stored.begin_attempt(connection, name, "198.51.100.10/32")
    assert attempt.attempt_id is not None
    assert attempt.stored_hash is not None

    def take(verified: str, token: bytes) -> bool:
        with app.transaction() as connection:
            return stored.open_session(connection, attempt.attempt_id or 0, verified, None, token, None)

    assert not take("another hash", b"1" * 32)
    assert take(attempt.stored_hash, b"2" * 32)
    assert not take(attempt.stored_hash, b"3" * 32)
    with app.transaction() as connection:
        attempt = stored.begin_attempt(connection, name, "198.51.100.10/32")
    age(database, 2)
    assert not take(attempt.stored_hash or "", b"4" * 32)


@pytest.mark.parametrize(
    ("role", "region", "words"),
    [
        (Role.province, None, "Kemendagri code of a province"),
        (Role.province, "64.72", "Kemendagri code of a province"),
        (Role.regency, "64", "Kemendagri code of a regency"),
        (Role.regency, "91.09", "Kemendagri code of a regency"),  # Mimika, until 2022
        (Role.province, "99", "Kemendagri code of a province"),
        (Role.planner, "64", "sees all regions"),
    ],
)
def test_a_role_is_bound_to_a_region_of_today(
    database: Database, role: Role, region: str | None, words: str
) -> None:
    with pytest.raises(InvalidInputError, match=words):
        accounts.add(database, "somebody", role, region, PASSWORD)


@pytest.mark.parametrize("name", ["", "x", "Budi", "budi santoso", "-budi", "b" * 64, "büdi", "a\n"])
def test_a_name_that_could_be_taken_for_another_is_refused(database: Database, name: str) -> None:
    with pytest.raises(InvalidInputError, match="a–z"):
        accounts.add(database, name, Role.planner, None, PASSWORD)


def test_a_name_is_borne_once(database: Database, name: str) -> None:
    with pytest.raises(ConflictError, match="exists already"):
        accounts.add(database, name, Role.admin, None, PASSWORD)


def test_only_an_admin_administers_and_not_himself(
    app: Database, database: Database, name: str, actor: Callable[..., Identity]
) -> None:
    steps: list[Callable[[Database], object]] = [
        accounts.list_all,
        lambda acting: accounts.add(acting, "new-one", Role.planner, None, PASSWORD),
        lambda acting: accounts.set_password(acting, name, OTHER),
        lambda acting: accounts.change(acting, name, Role.admin, None),
        lambda acting: accounts.set_disabled(acting, name, disabled=True),
    ]
    for role, region in [(Role.planner, None), (Role.approver, None), (Role.province, "64")]:
        acting = app.acting_as(actor(database, role, region), read_only=False)
        for step in steps:
            with pytest.raises(ForbiddenError):
                step(acting)
    for step in steps:
        with pytest.raises(ForbiddenError):
            step(app)
    admin = actor(database, Role.admin)
    acting = app.acting_as(admin, read_only=False)
    for step in steps:
        step(acting)
    with pytest.raises(ConflictError, match="own account"):
        accounts.set_disabled(acting, admin.name, disabled=True)
    with pytest.raises(NotFoundError):
        accounts.set_password(acting, "nobody-there", PASSWORD)
    with database.transaction() as connection:
        row = connection.execute(
            "SELECT count(*) FROM audit WHERE table_name = 'account' AND account_name = %s", [admin.name]
        ).fetchone()
    assert row is not None
    assert row[0] == 4


def test_two_admins_who_disable_each_other_do_not_both_succeed(app: Database, database: Database) -> None:
    for name in ("admin-a", "admin-b"):
        accounts.add(database, name, Role.admin, None, PASSWORD)
    ids = {account.name: account.id for account in accounts.list_all(database)}
    acting = {
        name: app.acting_as(Identity(ids[name], name, Role.admin), read_only=False)
        for name in ("admin-a", "admin-b")
    }
    with ThreadPoolExecutor(1) as pool:
        with acting["admin-a"].transaction() as connection:
            stored.set_disabled(connection, "admin-b", disabled=True)
            later = pool.submit(accounts.set_disabled, acting["admin-b"], "admin-a", disabled=True)
            with pytest.raises(TimeoutError):
                later.result(timeout=0.2)
        with pytest.raises(ForbiddenError, match="only an admin"):
            later.result(timeout=20)
    disabled = {account.name for account in accounts.list_all(database) if account.disabled_at}
    assert disabled & set(ids) >= {"admin-b"}
    assert "admin-a" not in disabled


def test_demonstration_accounts_are_made_once(database: Database) -> None:
    made = accounts.load_demonstration(database)
    assert {each.role for each in made} == set(Role)
    assert all(each.password and check_password(each.password, each.name) is None for each in made)
    assert all(each.password is None for each in accounts.load_demonstration(database))


def test_random_passwords_are_long_and_differ() -> None:
    made = {random_password() for _ in range(1000)}
    assert len(made) == 1000
    assert {len(each) for each in made} == {23}


def test_a_name_that_nobody_bears_takes_as_long_as_one_that_somebody_does() -> None:
    assert passwords.renewed("kata sandi apa pun", passwords._NOBODYS) is None  # it has today's parameters
    assert not passwords.is_right("kata sandi apa pun", None)
