"""Rows are guarded by PostgreSQL: by role, by scope, and for nobody."""

from collections.abc import Callable

import pytest
from psycopg import sql

from gis.database.connection import Database
from gis.domain.access import Identity, Role
from gis.errors import DatabaseError

Actor = Callable[..., Identity]


def seen(database: Database, statement: str) -> set[object]:
    with database.transaction() as connection:
        return {value for (value,) in connection.execute(statement)}


def test_a_national_role_sees_every_site(demo_database: Database, actor: Actor) -> None:
    everything = seen(demo_database, "SELECT id FROM site")
    for role in (Role.planner, Role.approver, Role.admin):
        acting = demo_database.acting_as(actor(demo_database, role))
        assert seen(acting, "SELECT id FROM site") == everything


@pytest.mark.parametrize("code", ["64", "64.72", "33", "33.24", "35.76"])
def test_a_scoped_role_sees_what_touches_its_region(demo_database: Database, actor: Actor, code: str) -> None:
    role = Role.regency if "." in code else Role.province
    acting = demo_database.acting_as(actor(demo_database, role, code))
    with demo_database.transaction() as connection:
        own = {
            value
            for (value,) in connection.execute(
                "SELECT site_id FROM site_region WHERE region_code = %s", [code]
            )
        }
    assert own
    assert seen(acting, "SELECT id FROM site") == own
    for table in ("site_region", "event", "site_state"):
        assert seen(acting, f"SELECT site_id FROM {table}") == own
    people = seen(acting, "SELECT region_code FROM headcount WHERE region_code IS NOT NULL")
    assert all(str(region).startswith(code) for region in people)


def test_without_an_identity_there_are_no_rows(demo_database: Database) -> None:
    for table in ("site", "site_region", "event", "site_state", "headcount"):
        with demo_database.transaction() as connection:
            connection.execute("SET LOCAL ROLE atlas_app")
            counting = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
            count = connection.execute(counting).fetchone()
        assert count == (0,)


def test_an_identity_ends_with_its_transaction(demo_database: Database, actor: Actor) -> None:
    acting = demo_database.acting_as(actor(demo_database, Role.province, "64"))
    with pytest.raises(DatabaseError), acting.transaction() as connection:
        connection.execute("SELECT 1 / 0")
    with demo_database.transaction() as connection:
        row = connection.execute(
            "SELECT current_user = session_user, current_setting('atlas.account_id', true)"
        ).fetchone()
    assert row is not None
    assert row[0]
    assert not row[1]
