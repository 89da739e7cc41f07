"""Aid and headcounts become facts by approval: whole batches, within the author's scope, with corrections."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from psycopg.types.json import Jsonb

from gis.database.connection import Database
from gis.domain.access import Identity, Role
from gis.domain.records.aid import AidContent
from gis.errors import AtlasError

Actor = Callable[..., Identity]
keys = itertools.count(1)
ITEM: dict[str, Any] = {
    "item_key": "draft item",
    "aid_type": "tali_asih",
    "payer": "regency",
    "region_code": "64.72",
    "amount_rupiah": 1_500,
    "planned_n": 20,
    "paid_n": 5,
    "period_from": "2018-01-01",
    "period_to": "2018-12-31",
    "stated_on": "2018-06-30",
    "source": "a test",
}


def entered(database: Database, author: Identity, collection: str, rows: list[dict[str, Any]]) -> int:
    """A submitted batch of such rows."""
    with database.acting_as(author, read_only=False).transaction() as connection:
        row = connection.execute(
            "SELECT register.open_batch(%s, 'a sender', 'a file', NULL, %s, NULL)",
            [collection, f"aid-{next(keys)}"],
        ).fetchone()
        assert row is not None
        for number, content in enumerate(rows, start=1):
            connection.execute(
                "INSERT INTO draft (batch_id, row_number, collection, content, outcome, fact_id)"
                " VALUES (%s, %s, %s, %s, 'new', %s)",
                [row[0], number, collection, Jsonb(content), content.pop("fact_id", 10**15 + next(keys))],
            )
        connection.execute("SELECT register.submit_batch(%s)", [row[0]])
    return int(row[0])


def approve(database: Database, approver: Identity, batch: int) -> dict[str, Any]:
    with database.acting_as(approver, read_only=False).transaction() as connection:
        row = connection.execute("SELECT register.approve_batch(%s)", [batch]).fetchone()
    assert row is not None
    return dict(row[0])


def content(**more: Any) -> dict[str, Any]:
    return AidContent.model_validate({**ITEM, **more}).model_dump(mode="json")


def test_aid_is_approved_with_a_correction_in_the_same_batch(demo_database: Database, actor: Actor) -> None:
    author = actor(demo_database, Role.regency, "64.72")
    first = 10**15 + 500_000
    rows = [
        {**content(paid_n=5), "fact_id": first},
        content(paid_n=6, corrects_id=first),
        content(item_key="another"),
    ]
    batch = entered(demo_database, author, "aid", rows)
    assert approve(demo_database, actor(demo_database, Role.approver), batch)["new"] == 3
    with demo_database.acting_as(author).transaction() as connection:
        found = connection.execute(
            "SELECT item_key, paid_n, payer FROM aid_at('2019-01-01', NULL)"
            " WHERE source = 'a test' ORDER BY 1"
        ).fetchall()
        trail = connection.execute(
            "SELECT count(*) FROM audit WHERE table_name = 'aid' AND batch_id = %s", [batch]
        ).fetchone()
    assert found == [("another", 5, "regency"), ("draft item", 6, "regency")]
    assert trail == (3,)


@pytest.mark.parametrize(
    ("role", "scope", "region"),
    [
        (Role.regency, "64.72", "64.71"),
        (Role.regency, "64.72", "64"),
        (Role.regency, "64.72", None),
        (Role.province, "64", "63.72"),
        (Role.province, "64", None),
    ],
)
def test_nobody_enters_aid_outside_of_his_scope(
    demo_database: Database, actor: Actor, role: Role, scope: str, region: str | None
) -> None:
    author = actor(demo_database, role, scope)
    batch = entered(demo_database, author, "aid", [content(), content(region_code=region, item_key="out")])
    with pytest.raises(AtlasError):
        approve(demo_database, actor(demo_database, Role.approver), batch)
    with demo_database.transaction() as connection:
        left = connection.execute("SELECT count(*) FROM aid WHERE item_key = 'out'").fetchone()
    assert left == (0,)


def test_a_province_enters_what_is_for_all_of_it(demo_database: Database, actor: Actor) -> None:
    author = actor(demo_database, Role.province, "64")
    batch = entered(demo_database, author, "aid", [content(region_code="64", item_key="whole province")])
    assert approve(demo_database, actor(demo_database, Role.approver), batch)["new"] == 1


def test_headcounts_are_corrected_by_drafts(demo_database: Database, actor: Actor) -> None:
    author = actor(demo_database, Role.regency, "33.74")
    with demo_database.transaction() as connection:
        row = connection.execute("SELECT id FROM site WHERE name = 'Sunan Kuning'").fetchone()
    assert row is not None
    first = 10**15 + 600_000
    count = {
        "site_id": row[0],
        "counted_on": "2018-01-31",
        "n": 500,
        "definition": "resident",
        "source": "a test",
    }
    rows = [
        {**count, "fact_id": first},
        {**count, "n": 450, "corrects_id": first},
    ]
    approver = actor(demo_database, Role.approver)
    assert approve(demo_database, approver, entered(demo_database, author, "headcounts", rows))["new"] == 2
    people = "SELECT people FROM site_features('2018-06-30', NULL, '2018-06-30') WHERE id = %s"
    with demo_database.transaction() as connection:
        assert connection.execute(people, [row[0]]).fetchone() == (450,)
        uid = connection.execute("SELECT uid FROM headcount WHERE n = 450 AND source = 'a test'").fetchone()
    assert uid is not None
    taken_back = {**count, "n": 450, "corrects_id": uid[0], "retracted": True}
    approve(demo_database, approver, entered(demo_database, author, "headcounts", [taken_back]))
    with demo_database.transaction() as connection:
        assert connection.execute(people, [row[0]]).fetchone() == (None,)
