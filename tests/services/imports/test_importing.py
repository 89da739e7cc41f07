"""A file becomes a batch: read, compared, joined, corrected, approved."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gis.database.connection import Database
from gis.domain.access import Identity, Role
from gis.errors import ConflictError
from gis.services import entries
from gis.services.imports import importing
from gis.services.imports.importing import Upload

Actor = Callable[..., Identity]
LIST = """Nama Lokalisasi;Kabupaten/Kota;Lintang;Bujur;Jumlah WTS;Status;Tanggal;Sumber
Uji Satu;Kota Samarinda;-0,50;117,15;120;ditutup;1 Juni 2016;Dinsos
Uji Dua;Kota Samarinda;-0,52;117,16;30;terdata;2015-03-01;Dinsos
Uji Tiga;Kota Tarakan;3,30;117,60;12;terdata;2015-03-01;Dinsos
Uji Empat;Kota Samarinda;abc;117,15;9;terdata;2015-03-01;Dinsos
"""


@pytest.fixture
def author(database: Database, actor: Actor) -> Database:
    return database.acting_as(actor(database, Role.regency, "64.72"), read_only=False)


@pytest.fixture
def approver(database: Database, actor: Actor) -> Database:
    return database.acting_as(actor(database, Role.approver), read_only=False)


def staged(author: Database, text: str, **more: object) -> int:
    batch_id = importing.upload(author, Upload("sites", text.encode(), "daftar.csv", **more))  # type: ignore[arg-type]
    importing.agree(author, batch_id, {})
    return batch_id


def outcomes(database: Database, batch_id: int) -> dict[int, str]:
    drafts = entries.get(database, batch_id).drafts
    return {draft.row_number: draft.outcome for draft in drafts if draft.part == 1}


def test_a_list_is_read_joined_and_approved(author: Database, approver: Database, tmp_path: Path) -> None:
    batch_id = staged(author, LIST, sender="Dinsos Samarinda")
    assert outcomes(author, batch_id) == {2: "new", 3: "new", 4: "refused", 5: "refused"}
    refused = tmp_path / "refused.csv"
    assert importing.write_refused_rows(author, batch_id, refused) == 2
    text = refused.read_text(encoding="utf-8-sig")
    assert "Uji Tiga" in text
    assert "within the region of this account" in text
    entries.submit(author, batch_id)
    receipt = entries.approve(approver, batch_id)
    assert (receipt["rows"], receipt["refused"]) == (4, 2)
    with author.transaction() as connection:
        rows = connection.execute(
            "SELECT name, regency_code, st.status FROM site s JOIN site_state st ON st.site_id = s.id"
            " AND upper_inf(st.valid) WHERE name LIKE 'Uji %' ORDER BY name"
        ).fetchall()
    assert rows == [("Uji Dua", "64.72", "recorded"), ("Uji Satu", "64.72", "closed")]

    again = staged(author, LIST)
    assert outcomes(author, again) == {2: "same", 3: "same", 4: "refused", 5: "refused"}
    changed = staged(author, LIST.replace("117,16;30", "117,161;31"))
    assert outcomes(author, changed)[3] == "changed"
    entries.submit(author, changed)
    assert entries.approve(approver, changed)["changed"] == 1


def test_the_same_key_is_the_same_batch_and_another_file_is_refused(author: Database) -> None:
    batch_id = staged(author, LIST, idempotency_key="juni")
    assert importing.upload(author, Upload("sites", LIST.encode(), "x.csv", "", "juni")) == batch_id
    with pytest.raises(ConflictError, match="another file"):
        importing.upload(author, Upload("sites", LIST.encode() + b"\n", "x.csv", "", "juni"))


def test_the_columns_of_a_sender_are_remembered(author: Database) -> None:
    odd = LIST.replace("Nama Lokalisasi", "Xyz")
    said = {"columns": {"name": "Xyz"}}
    first = importing.upload(author, Upload("sites", odd.encode(), "a.csv", "Dinsos"))
    importing.agree(author, first, said)
    second = importing.upload(author, Upload("sites", odd.encode(), "b.csv", "Dinsos"))
    assert entries.get(author, second).batch.detail["mapping"]["columns"]["name"] == ["Xyz"]


def test_the_operator_imports_at_once(database: Database) -> None:
    sent = Upload("sites", LIST.replace("Uji", "Operator").encode(), "a.csv", "", "operator")
    dry = importing.import_at_once(database, sent, {}, dry_run=True)
    assert dry["batch_id"] is None
    receipt = importing.import_at_once(database, sent, {})
    assert (receipt["rows"], receipt["refused"]) == (4, 1)
    assert importing.import_at_once(database, sent, {}) == receipt
    with database.transaction() as connection:
        row = connection.execute("SELECT count(*) FROM site WHERE name LIKE 'Operator %'").fetchone()
    assert row == (3,)


def test_a_row_that_is_said_to_be_another_site_is_on_record_from_its_day(
    author: Database, approver: Database
) -> None:
    for said in (None, "kept apart"):
        batch_id = staged(author, LIST.replace("Uji", "Kembar"))
        if said:
            assert outcomes(author, batch_id)[3] == "same"
            importing.choose_site(author, batch_id, 3, None)
            assert outcomes(author, batch_id)[3] == "new"
        entries.submit(author, batch_id)
        entries.approve(approver, batch_id)
    with author.transaction() as connection:
        rows = connection.execute(
            "SELECT st.status, lower(st.valid)::text FROM site s JOIN site_state st ON st.site_id = s.id"
            " WHERE s.name = 'Kembar Dua'"
        ).fetchall()
    assert rows == [("recorded", "2015-03-01")] * 2


def test_a_list_without_places_leaves_them_as_they_are(database: Database) -> None:
    full = LIST.replace("Uji", "Tetap")
    importing.import_at_once(database, Upload("sites", full.encode(), "a.csv"), {})
    cut = [line.split(";") for line in full.strip().splitlines()[:3]]
    names = "\n".join(";".join((*cells[:2], cells[-1])) for cells in cut)
    receipt = importing.import_at_once(
        database, Upload("sites", names.encode(), "b.csv"), {"constants": {"recorded_on": "2020-01-01"}}
    )
    assert (receipt["same"], receipt["rows"]) == (2, 2)
