"""What is asked of many sites stays on the indexes for every role; the planner says so.

100,000 sites, since a plan for a million, which `python -m benchmarks.plans` asks for, is no other one.
"""

from collections.abc import Callable
from typing import Any

import pytest

from benchmarks.many_sites import make_sites
from benchmarks.plans import SCOPES, plan_of, readings, requests, whole
from gis.database.connection import Database
from gis.domain.access import Identity, Role

SITES = 100_000


@pytest.fixture(scope="module")
def many(database: Database) -> Database:
    """A register of many sites."""
    make_sites(database, SITES)
    return database


@pytest.mark.parametrize(("role", "code"), SCOPES)
def test_no_plan_reads_all_sites(
    many: Database, actor: Callable[..., Identity], role: Role, code: str | None
) -> None:
    identity = actor(many, role, code)
    plans: dict[str, set[str]] = {}
    for name, statement, values in requests():
        with many.acting_as(identity).transaction() as connection:
            plan: Any = plan_of(connection, statement, values)
        plans[name] = readings(plan["Plan"])
    assert {name for name, found in plans.items() if whole(found)} == set()
    assert all(any(each.startswith("site: ") for each in found) for found in plans.values())


def test_a_reading_of_all_is_seen(many: Database) -> None:
    with many.transaction() as connection:
        row = connection.execute("EXPLAIN (FORMAT JSON) SELECT name FROM register.site").fetchone()
    assert row is not None
    assert whole(readings(row[0][0]["Plan"])) == {"site: Seq Scan"}
