"""Entries of forms: the whole way, and undone as one."""

from collections.abc import Callable
from datetime import date

import pytest

from gis.database.connection import Database
from gis.domain.access import Identity, Role
from gis.domain.batches import BatchState, new_fact_id
from gis.domain.records.sites import EventContent, SiteContent
from gis.errors import ConflictError
from gis.services import entries
from gis.services.entries import Entry

Actor = Callable[..., Identity]
SAMARINDA = "POINT (117.15 -0.5)"
TARAKAN = "POINT (117.6 3.3)"


@pytest.fixture
def author(database: Database, actor: Actor) -> Database:
    return database.acting_as(actor(database, Role.province, "64"), read_only=False)


@pytest.fixture
def approver(database: Database, actor: Actor) -> Database:
    return database.acting_as(actor(database, Role.approver), read_only=False)


def site_content(**more: object) -> SiteContent:
    given = {
        **{
            "name": "Lokalisasi Uji",
            "site_type": "lokalisasi",
            "wkt": SAMARINDA,
            "location_accuracy": "exact",
        },
        **{"location_source": "survey", "source": "Dinsos", "recorded_on": date(2016, 1, 1)},
        **more,
    }
    return SiteContent.model_validate(given)


def event(site_id: int, kind: str, day: date, **more: object) -> Entry:
    given = {"site_id": site_id, "kind": kind, "occurred_on": day, "source": "Dinsos", **more}
    return Entry("events", EventContent.model_validate(given), new_fact_id())


def new_site() -> tuple[int, list[Entry]]:
    site_id = new_fact_id()
    site = Entry("sites", site_content(), site_id)
    return site_id, [site, event(site_id, "recorded", date(2016, 1, 1))]


def approved(author: Database, approver: Database, given: list[Entry], **more: object) -> int:
    batch_id = entries.enter(author, given, **more)  # type: ignore[arg-type]
    entries.approve(approver, batch_id)
    return batch_id


def status(database: Database, site_id: int) -> str | None:
    with database.transaction() as connection:
        row = connection.execute(
            "SELECT status FROM states_at('2020-01-01', NULL) WHERE site_id = %s", [site_id]
        ).fetchone()
    return None if row is None else str(row[0])


def undone(author: Database, approver: Database, batch_id: int) -> None:
    entries.approve(approver, entries.undo(author, batch_id))


def test_a_form_is_one_batch_and_a_retry_is_harmless(author: Database) -> None:
    _, given = new_site()
    batch_id = entries.enter(author, given, idempotency_key="once")
    assert entries.enter(author, given, idempotency_key="once") == batch_id
    view = entries.get(author, batch_id)
    assert [draft.collection for draft in view.drafts] == ["sites", "events"]
    assert view.batch.state is BatchState.submitted


def test_what_lies_elsewhere_is_refused_at_once(author: Database) -> None:
    site_id = new_fact_id()
    elsewhere = Entry("sites", site_content(wkt=TARAKAN), site_id)
    with pytest.raises(ConflictError, match="65"):
        entries.enter(author, [elsewhere, event(site_id, "recorded", date(2016, 1, 1))])
    assert all(batch.file_name is None for batch in entries.find(author, [BatchState.draft], own=True))


def test_undoing_a_new_site_takes_it_off_every_day(author: Database, approver: Database) -> None:
    site_id, given = new_site()
    batch_id = approved(author, approver, given)
    assert status(author, site_id) == "recorded"
    undone(author, approver, batch_id)
    assert status(author, site_id) is None
    with pytest.raises(ConflictError, match="undone already"):
        entries.undo(author, batch_id)


def test_undoing_a_replacement_brings_back_what_was_there(author: Database, approver: Database) -> None:
    site_id, given = new_site()
    closing = event(site_id, "closed", date(2017, 1, 1))
    approved(author, approver, [*given, closing])
    replaced = event(site_id, "sealed", date(2018, 1, 1), corrects_id=closing.fact_id)
    batch_id = approved(author, approver, [replaced])
    assert status(author, site_id) == "sealed"
    undone(author, approver, batch_id)
    assert status(author, site_id) == "closed"


def test_undoing_a_retraction_enters_the_fact_anew(author: Database, approver: Database) -> None:
    site_id, given = new_site()
    closing = event(site_id, "closed", date(2017, 1, 1))
    approved(author, approver, [*given, closing])
    retraction = event(site_id, "retraction", date(2017, 1, 1), corrects_id=closing.fact_id)
    batch_id = approved(author, approver, [retraction])
    assert status(author, site_id) == "recorded"
    undone(author, approver, batch_id)
    assert status(author, site_id) == "closed"


def changed(author: Database, approver: Database, site_id: int, name: str) -> int:
    change = Entry("sites", site_content(name=name, site_id=site_id), site_id, changes=True)
    return approved(author, approver, [change])


def name_of(database: Database, site_id: int) -> str:
    with database.transaction() as connection:
        row = connection.execute("SELECT name FROM site WHERE id = %s", [site_id]).fetchone()
    assert row is not None
    return str(row[0])


def test_undoing_a_change_restores_the_site(author: Database, approver: Database) -> None:
    site_id, given = new_site()
    approved(author, approver, given)
    batch_id = changed(author, approver, site_id, "Renamed")
    assert name_of(author, site_id) == "Renamed"
    undone(author, approver, batch_id)
    assert name_of(author, site_id) == "Lokalisasi Uji"


def test_a_change_that_others_built_on_is_not_undone(author: Database, approver: Database) -> None:
    site_id, given = new_site()
    approved(author, approver, given)
    batch_id = changed(author, approver, site_id, "Renamed")
    changed(author, approver, site_id, "Renamed again")
    with pytest.raises(ConflictError, match="somebody else"):
        undone(author, approver, batch_id)
    assert name_of(author, site_id) == "Renamed again"
