"""From a draft to a fact: who may enter, hand in, return and approve, and what is joined and kept."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from psycopg import sql

from gis.database import batches
from gis.database.connection import Database
from gis.domain.access import Identity, Role
from gis.domain.batches import BatchOrigin, BatchState, Draft, new_fact_id
from gis.domain.records.sites import EventContent, SiteContent
from gis.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError

Actor = Callable[..., Identity]
SAMARINDA = "POINT (117.15 -0.5)"
TARAKAN = "POINT (117.6 3.3)"


class People:
    """One account of each kind, each with the database as it sees it."""

    def __init__(self, database: Database, actor: Actor) -> None:
        self.owner = database
        self.samarinda = self._acting(actor(database, Role.regency, "64.72"))
        self.kaltim = self._acting(actor(database, Role.province, "64"))
        self.kaltara = self._acting(actor(database, Role.province, "65"))
        self.planner = self._acting(actor(database, Role.planner))
        self.approver = self._acting(actor(database, Role.approver))

    def _acting(self, identity: Identity) -> Database:
        return self.owner.acting_as(identity, read_only=False)


@pytest.fixture
def people(database: Database, actor: Actor) -> People:
    return People(database, actor)


def site(wkt: str | None, **more: Any) -> dict[str, Any]:
    given = {
        "name": "Lokalisasi Uji",
        "site_type": "lokalisasi",
        "wkt": wkt,
        "location_accuracy": "exact" if wkt else "regency",
        "location_source": "survey",
        "source": "Dinsos",
        "recorded_on": date(2016, 1, 1),
        **more,
    }
    return SiteContent.model_validate(given).model_dump(mode="json")


def drafts(wkt: str | None, **more: Any) -> list[Draft]:
    made = new_fact_id()
    event = EventContent(site_id=made, kind="recorded", occurred_on=date(2016, 1, 1), source="Dinsos")
    return [
        Draft(1, 1, "sites", site(wkt, **more), None, None, "new", made),
        Draft(1, 2, "events", event.model_dump(mode="json"), None, None, "new", new_fact_id()),
    ]


def entered(database: Database, rows: list[Draft], *, submit: bool = True, key: str | None = None) -> int:
    with database.transaction() as connection:
        batch_id = batches.open_batch(connection, "sites", BatchOrigin(idempotency_key=key))
        batches.add_drafts(connection, batch_id, rows)
        if submit:
            batches.submit(connection, batch_id)
    return batch_id


def approved(database: Database, batch_id: int) -> dict[str, Any]:
    with database.transaction() as connection:
        return batches.approve(connection, batch_id)


def count(database: Database, table: str) -> int:
    with database.transaction() as connection:
        counting = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier("register", table))
        row = connection.execute(counting).fetchone()
    assert row is not None
    return int(row[0])


def test_a_draft_counts_only_once_it_is_approved(people: People) -> None:
    before = count(people.owner, "site")
    rows = drafts(SAMARINDA)
    batch_id = entered(people.samarinda, rows)
    assert count(people.owner, "site") == before
    receipt = approved(people.approver, batch_id)
    assert receipt == {
        **{"batch_id": str(batch_id), "sha256": None, "rows": 1},
        **{"new": 1, "changed": 0, "same": 0, "refused": 0},
    }
    with people.samarinda.transaction() as connection:
        found = connection.execute(
            "SELECT province_code, regency_code, region_codes FROM site WHERE id = %s", [rows[0].fact_id]
        ).fetchone()
        states = connection.execute(
            "SELECT status FROM site_state WHERE site_id = %s", [rows[0].fact_id]
        ).fetchall()
        batch = batches.get_batch(connection, batch_id)
    assert found == ("64", "64.72", ["64", "64.72"])
    assert states == [("recorded",)]
    assert batch.state is BatchState.approved
    assert batch.decided_by == "test-approver-all"
    assert approved(people.approver, batch_id) == receipt


def test_nobody_approves_his_own_entry(people: People) -> None:
    batch_id = entered(people.approver, drafts(SAMARINDA))
    with pytest.raises(ForbiddenError, match="his own"):
        approved(people.approver, batch_id)
    for other in (people.planner, people.samarinda, people.kaltim):
        with pytest.raises((ForbiddenError, NotFoundError)):
            approved(other, batch_id)


def test_the_database_itself_refuses_an_own_approval(people: People, database: Database) -> None:
    batch_id = entered(people.approver, drafts(SAMARINDA))
    with pytest.raises(InvalidInputError, match="not_approved_by_author"), database.transaction() as owner:
        owner.execute("UPDATE batch SET decided_by_id = author_id WHERE id = %s", [batch_id])


def test_what_lies_outside_of_the_scope_is_refused_whole(people: People) -> None:
    before = count(people.owner, "site"), count(people.owner, "audit")
    inside, outside = drafts(SAMARINDA), [row._replace(row_number=2) for row in drafts(TARAKAN)]
    batch_id = entered(people.samarinda, [*inside, *outside])
    now = count(people.owner, "audit")
    with pytest.raises(InvalidInputError, match="row 2"):
        approved(people.approver, batch_id)
    assert (count(people.owner, "site"), count(people.owner, "audit")) == (before[0], now)
    national = entered(people.planner, drafts(TARAKAN))
    assert approved(people.approver, national)["new"] == 1


def test_a_site_cannot_be_pulled_over_a_border(people: People) -> None:
    rows = drafts(TARAKAN)
    approved(people.approver, entered(people.planner, rows))
    moved = site(SAMARINDA, site_id=rows[0].fact_id)
    change = Draft(1, 1, "sites", moved, None, None, "changed", rows[0].fact_id)
    batch_id = entered(people.samarinda, [change])
    with pytest.raises(InvalidInputError, match="outside"):
        approved(people.approver, batch_id)


def test_a_site_that_changed_in_the_meantime_is_not_overwritten(people: People) -> None:
    rows = drafts(SAMARINDA)
    approved(people.approver, entered(people.samarinda, rows))
    with people.owner.transaction() as connection:
        row = connection.execute("SELECT updated_at FROM site WHERE id = %s", [rows[0].fact_id]).fetchone()
    assert row is not None
    first, second = (
        Draft(
            1, 1, "sites", site(SAMARINDA, name=name, site_id=rows[0].fact_id),
            None, None, "changed", rows[0].fact_id, row[0],
        )
        for name in ("First", "Second")
    )  # fmt: skip
    batch_ids = entered(people.samarinda, [first]), entered(people.kaltim, [second])
    approved(people.approver, batch_ids[0])
    with pytest.raises(ConflictError, match="somebody else"):
        approved(people.approver, batch_ids[1])


def test_others_neither_see_nor_touch_a_draft(people: People) -> None:
    batch_id = entered(people.samarinda, drafts(SAMARINDA), submit=False)
    with people.kaltara.transaction() as connection:
        assert batches.find_batches(connection) == []
        assert list(batches.find_drafts(connection, batch_id)) == []
        with pytest.raises(NotFoundError):
            batches.get_batch(connection, batch_id)
    with pytest.raises(ForbiddenError), people.kaltara.transaction() as connection:
        batches.add_drafts(connection, batch_id, drafts(SAMARINDA))
    with pytest.raises(NotFoundError), people.kaltara.transaction() as connection:
        batches.submit(connection, batch_id)
    with people.kaltara.transaction() as connection:
        assert batches.delete_drafts(connection, batch_id) == 0


def test_a_submitted_batch_stays_as_it_is_until_it_is_returned(people: People) -> None:
    batch_id = entered(people.samarinda, drafts(SAMARINDA))
    with people.samarinda.transaction() as connection:
        assert batches.delete_drafts(connection, batch_id) == 0
    with people.approver.transaction() as connection:
        batches.give_back(connection, batch_id, "the place is wrong")
    with people.samarinda.transaction() as connection:
        assert batches.get_batch(connection, batch_id).reason == "the place is wrong"
        assert batches.delete_drafts(connection, batch_id) == 2
        batches.add_drafts(connection, batch_id, drafts(SAMARINDA))
        batches.submit(connection, batch_id)
    assert approved(people.approver, batch_id)["new"] == 1


def test_a_return_needs_a_reason(people: People) -> None:
    batch_id = entered(people.samarinda, drafts(SAMARINDA))
    with pytest.raises(InvalidInputError, match="reason"), people.approver.transaction() as connection:
        batches.give_back(connection, batch_id, " ")


def test_the_same_key_is_the_same_batch(people: People) -> None:
    batch_id = entered(people.samarinda, drafts(SAMARINDA), key="july")
    with people.samarinda.transaction() as connection:
        again = batches.open_batch(connection, "sites", BatchOrigin(idempotency_key="july"))
    with people.kaltim.transaction() as connection:
        other = batches.open_batch(connection, "sites", BatchOrigin(idempotency_key="july"))
    assert again == batch_id
    assert other != batch_id


def test_a_preview_shows_where_rows_belong_and_leaves_nothing(people: People) -> None:
    before = count(people.owner, "site"), count(people.owner, "audit")
    rows = [*drafts(SAMARINDA), *(row._replace(row_number=2) for row in drafts(TARAKAN))]
    with people.samarinda.transaction() as connection:
        batch_id = batches.open_batch(connection, "sites", BatchOrigin())
        batches.add_drafts(connection, batch_id, rows)
        placed = batches.preview(connection, batch_id)
    assert [(row.row_number, row.collection, row.regency_code, row.within_scope) for row in placed] == [
        (1, "sites", "64.72", True),
        (1, "events", None, True),
        (2, "sites", "65.71", False),
        (2, "events", None, False),
    ]
    assert (count(people.owner, "site"), count(people.owner, "audit") - 1) == before  # the batch is audited


def test_the_trail_tells_who_entered_and_who_approved(people: People) -> None:
    rows = drafts(SAMARINDA)
    batch_id = entered(people.samarinda, rows)
    approved(people.approver, batch_id)
    with people.samarinda.transaction() as connection:
        trail = connection.execute(
            "SELECT account_name, author_name, action, table_name, after ->> 'name', region_codes FROM audit"
            " WHERE batch_id = %s AND table_name = 'site'",
            [batch_id],
        ).fetchall()
    assert trail == [
        ("test-approver-all", "test-regency-64.72", "insert", "site", "Lokalisasi Uji", ["64", "64.72"])
    ]
    with people.kaltara.transaction() as connection:
        assert connection.execute("SELECT * FROM audit WHERE batch_id = %s", [batch_id]).fetchall() == []


def test_the_operator_applies_what_he_enters(people: People) -> None:
    batch_id = entered(people.owner, drafts(TARAKAN), submit=False)
    with people.owner.transaction() as connection:
        assert batches.apply_as_operator(connection, batch_id)["new"] == 1
        assert batches.get_batch(connection, batch_id).author_name == "operator"
    with pytest.raises(ForbiddenError), people.planner.transaction() as connection:
        batches.apply_as_operator(connection, batch_id)
