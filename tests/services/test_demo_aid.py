"""data/demo/aid.csv: made from the seed, real in one item only, and loaded once."""

from collections import defaultdict
from pathlib import Path

import pytest

from gis.config import PROJECT_DIRECTORY
from gis.database import Database
from gis.domain.aid import AidType, Payer
from gis.domain.records.aid import AidRateRow, AidRow
from gis.errors import InvalidInputError
from gis.services import demo_aid
from gis.services.demo_files import read_register, read_rows, write_rows

DEMO = PROJECT_DIRECTORY / "data" / "demo"
ROWS = list(read_rows(DEMO / "aid.csv", AidRow))


def test_the_generator_reproduces_the_file_byte_for_byte(tmp_path: Path) -> None:
    assert demo_aid.build(read_register(DEMO), DEMO / "aid_rates.csv", tmp_path) == len(ROWS)
    assert (tmp_path / "aid.csv").read_bytes() == (DEMO / "aid.csv").read_bytes()


def test_one_item_is_reported_and_the_rest_say_that_they_are_synthetic() -> None:
    (real,) = [row for row in ROWS if not row.synthetic]
    assert (real.paid_n, real.planned_n, real.region_code) == (346, 432, "63.72")
    assert (real.source, str(real.stated_on), real.amount_rupiah) == ("metro7.co.id", "2016-12-15", None)
    assert real.payer is Payer.unstated
    names = {site.id: site for site in read_register(DEMO).sites}
    for row in ROWS:
        if row.synthetic:
            assert row.source.startswith("Data contoh sintetis")
            assert row.site_id is None or names[row.site_id].synthetic


def test_every_kind_payer_and_place_occurs() -> None:
    assert {row.payer for row in ROWS} == set(Payer) - {Payer.other}
    assert {row.aid_type for row in ROWS} == set(AidType) - {AidType.other}
    assert any(row.site_id is None and row.region_code is None for row in ROWS)
    assert any(row.site_id is None and row.region_code for row in ROWS)
    assert any(row.site_id and row.region_code and row.synthetic for row in ROWS)
    corrected = {row.id for row in ROWS} & {row.corrects_id for row in ROWS}
    assert len(corrected) > 3


def test_what_was_paid_never_shrinks_but_by_a_correction() -> None:
    paid = defaultdict(list)
    replaced = {row.corrects_id for row in ROWS}
    for row in sorted(ROWS, key=lambda row: row.stated_on):
        if row.id not in replaced:
            paid[row.site_id, row.region_code, row.item_key].append(row.paid_n)
    assert all(numbers == sorted(numbers) for numbers in paid.values())
    assert sum(len(numbers) > 1 for numbers in paid.values()) > 50


def test_the_rates_are_loaded_once(demo_database: Database) -> None:
    rates = list(read_rows(DEMO / "aid_rates.csv", AidRateRow))
    with demo_database.transaction() as connection:
        assert demo_aid.load(connection, DEMO) == (0, len(ROWS))
        found = connection.execute("SELECT aid_type, amount_rupiah, lower(valid) FROM aid_rate").fetchall()
    assert set(found) == {(rate.aid_type, rate.amount_rupiah, rate.valid_from) for rate in rates}


def test_a_row_that_is_wrong_is_named(demo_database: Database, tmp_path: Path) -> None:
    write_rows(tmp_path / "aid.csv", AidRow, ROWS[:2])
    text = (tmp_path / "aid.csv").read_text().replace(",432,346,", ",432,433,")
    (tmp_path / "aid.csv").write_text(text)
    with pytest.raises(InvalidInputError, match="paid_n"), demo_database.transaction() as connection:
        demo_aid.load(connection, tmp_path)


def test_a_folder_without_aid_loads_nothing(demo_database: Database, tmp_path: Path) -> None:
    with demo_database.transaction() as connection:
        assert demo_aid.load(connection, tmp_path) == (0, 0)
