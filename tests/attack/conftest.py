"""Registers that differ in nothing but hidden rows, and clients of accounts that may not see those."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg import sql
from psycopg.conninfo import make_conninfo
from psycopg.types.json import Jsonb

from gis.config import Settings
from gis.database import login_roles
from gis.database.connection import Database
from gis.domain.access import Identity, Role
from gis.services.accounts import make_direct
from gis.services.publication import publish
from tests.attack.planting import Marks, plant, plant_shared
from tests.conftest import TestServer
from tests.webmap.conftest import BufferedClient
from webmap import create_app
from webmap.cookies import SESSION

# Two registers: what an attacker gets of the one must be, to the byte, what he gets of the other.
ONE = Marks("zorbulak", 7_777_777_700_000_000, 48_512, 734_569, 0.012347, "2017-03-19", sites=2)
OTHER = Marks("quimperle", 6_666_666_600_000_000, 31_973, 918_243, 0.023159, "2016-10-27", sites=5)
# Of a release that both have: it was made before the hidden rows were there.
RELEASED_ON = date(2026, 1, 1)
PASSWORD = "sungai yang tenang 7"
Account = tuple[Role, str | None]
PROVINCE: Account = (Role.province, "64")
REGENCY: Account = (Role.regency, "35.76")
ACCOUNTS: tuple[Account, ...] = (
    *(PROVINCE, REGENCY),
    *((Role.planner, None), (Role.approver, None), (Role.admin, None)),
)

# The clock and the dice are the same in both, so that numbers and times of records are, too.
_FREEZE = """
CREATE SEQUENCE register.dice START 4444000000000000;
GRANT USAGE ON SEQUENCE register.dice TO atlas_app, atlas_national, atlas_scoped;
CREATE OR REPLACE FUNCTION register.random_id() RETURNS bigint LANGUAGE sql VOLATILE PARALLEL RESTRICTED
    RETURN nextval('register.dice');
ALTER TABLE register.audit ALTER COLUMN occurred_at SET DEFAULT '2026-01-01';
"""
_OWN_BATCH = """
INSERT INTO batch (id, collection, author_id, author_name, author_scope, file_name, detail, created_at)
VALUES (%(id)s, 'sites', %(author)s, %(name)s, %(scope)s, 'own.csv', %(detail)s, '2025-01-01')
"""
_DETAIL = {
    **{name: [] for name in ("columns", "sample", "tables")},
    **{name: {} for name in ("confidence", "options")},
    **{"mapping": {"columns": {}, "constants": {}}, "format": "csv", "rows": 0},
}


@dataclass(frozen=True)
class Register:
    """A register with the application over it.

    Parameters
    ----------
    database : as its owner
    app : the application, connected as its own role
    marks : of its hidden rows
    accounts, tokens : who may sign in, and the cookie of each
    direct : the connection string of the province's account that has a login role of its own
    """

    database: Database
    app: Flask
    marks: Marks
    accounts: dict[Account, Identity]
    tokens: dict[Account, str] = field(repr=False)
    direct: str

    def client(self, account: Account) -> FlaskClient:
        """A browser in which an account is signed in."""
        client = self.app.test_client()
        client.set_cookie(SESSION, self.tokens[account])
        return client

    def throw_dice_again(self, account: Account) -> None:
        """Begin the ids of records anew, at the same number in every register."""
        first = 4_444_000_000_000_000 + 1_000_000 * ACCOUNTS.index(account)
        with self.database.transaction() as connection:
            connection.execute("SELECT setval('register.dice', %s)", [first])


@pytest.fixture(scope="module")
def twins(
    cluster: TestServer,
    demo_template: str,
    settings: Settings,
    actor: Callable[..., Identity],
    token_of: Callable[[Database, Identity], str],
) -> Iterator[tuple[Register, Register]]:
    """Two registers, each with an application; only their hidden rows differ."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    base = f"{cluster.prefix}_attack_{worker}"
    with ExitStack() as stack:
        stack.callback(cluster.drop, base)
        cluster.drop(base)
        cluster.clone(base, demo_template)
        with Database(cluster.conninfo(base)) as database:
            accounts = {account: actor(database, *account) for account in ACCOUNTS}
            login = stack.enter_context(_login_role(cluster, database, worker))
            tokens = {account: token_of(database, identity) for account, identity in accounts.items()}
            plant_shared(database)
            publish(database, "Before", RELEASED_ON)
            with database.transaction() as connection:
                for number, identity in enumerate(accounts.values()):
                    connection.execute(
                        _OWN_BATCH.encode(),
                        {
                            "id": own_batch(number),
                            "author": identity.account_id,
                            "name": identity.name,
                            "scope": identity.region_code,
                            "detail": Jsonb(_DETAIL),
                        },
                    )

        def made(marks: Marks) -> Register:
            name = f"{base}_{marks.word}"
            stack.callback(cluster.drop, name)
            cluster.drop(name)
            cluster.clone(name, base)
            database = stack.enter_context(Database(cluster.conninfo(name)))
            plant(database, marks)
            with database.session() as session:
                session.execute(_FREEZE.encode())
            inside, outside = (
                stack.enter_context(Database(cluster.app_conninfo(name, role)))
                for role in (login_roles.APP, login_roles.VISITOR)
            )
            app = create_app(settings, inside, outside)
            app.test_client_class = BufferedClient
            direct = make_conninfo(cluster.conninfo(name), user=login, password=PASSWORD)
            return Register(database, app, marks, accounts, tokens, direct)

        yield made(ONE), made(OTHER)


@contextmanager
def _login_role(cluster: TestServer, database: Database, worker: str) -> Iterator[str]:
    """The login role of an account of the province, which all databases of the server share."""
    name = f"layers-{cluster.prefix[-8:]}-{worker}".lower().replace("_", "-")
    with database.transaction() as connection:
        connection.execute(
            "INSERT INTO account (name, role, region_code) VALUES (%s, 'province', %s)", [name, PROVINCE[1]]
        )
    role = make_direct(database, name, PASSWORD)
    yield role
    with cluster.maintenance() as connection:
        connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def own_batch(number: int) -> int:
    """The id of the open batch of an account of `ACCOUNTS`."""
    return 5_555_000_000_090_000 + number
