"""Headcounts: by definition and region, with corrections on both clocks."""

import itertools
from collections.abc import Callable
from datetime import date
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from gis.database import people, summaries
from gis.database.connection import Connection, Database
from gis.domain.access import Identity, Role
from gis.domain.queries import Moment

from .test_aid import moments, undone

Actor = Callable[..., Identity]
keys = itertools.count(1)


def count(connection: Connection, site_id: int, n: int, day: str, **given: Any) -> int:
    """Enter one count; its number in the log."""
    values = {
        "site_id": site_id, "n": n, "day": day, "region_code": None, "definition": "resident", "known": day,
        "corrects_id": None, "retracted": False, "key": f"test:h:{next(keys)}", **given,
    }  # fmt: skip
    row = connection.execute(
        "INSERT INTO headcount (external_id, site_id, region_code, counted_on, n, definition, source,"
        " synthetic, reported_on, corrects_id, retracted) VALUES (%(key)s, %(site_id)s, %(region_code)s,"
        " %(day)s, %(n)s, %(definition)s, 'a test', true, %(known)s, %(corrects_id)s, %(retracted)s)"
        " RETURNING id",
        values,
    ).fetchone()
    assert row is not None
    return int(row[0])


def site(connection: Connection, name: str = "Sunan Kuning") -> int:
    row = connection.execute("SELECT id FROM site WHERE name = %s", [name]).fetchone()
    assert row is not None
    return int(row[0])


def residents(connection: Connection, site_id: int, as_of: str, known_at: str | None = None) -> int | None:
    """What people_at, site_features and headcounts_at say of a site; they agree."""
    values = {"as_of": as_of, "known_at": known_at, "id": site_id}
    found = [
        connection.execute(statement, values).fetchone()
        for statement in (
            "SELECT sum(n) FROM people_at(%(as_of)s, %(known_at)s) WHERE site_id = %(id)s",
            "SELECT people FROM site_features(%(as_of)s, %(known_at)s, %(as_of)s) WHERE id = %(id)s",
            "SELECT sum(n) FROM headcounts_at(%(as_of)s, %(known_at)s)"
            " WHERE site_id = %(id)s AND definition = 'resident'",
        )
    ]
    assert found[0] == found[1] == found[2]
    return found[0][0] if found[0] else None


def test_a_corrected_count_counts_until_the_correction_is_known(demo_database: Database) -> None:
    with undone(demo_database) as connection:
        place = site(connection)
        before = residents(connection, place, "2018-12-31")
        wrong = count(connection, place, 900, "2018-06-30")
        count(connection, place, 90, "2018-06-30", corrects_id=wrong, known="2018-09-01")
        assert residents(connection, place, "2018-12-31", "2018-08-31") == 900
        assert residents(connection, place, "2018-12-31", "2018-09-01") == 90
        assert residents(connection, place, "2018-12-31") == 90
        taken = count(connection, place, 70, "2018-11-30")
        assert residents(connection, place, "2018-12-31") == 70
        count(connection, place, 70, "2018-11-30", corrects_id=taken, retracted=True, known="2018-12-15")
        assert residents(connection, place, "2018-12-31", "2018-12-14") == 70
        assert residents(connection, place, "2018-12-31") == 90
        assert before is None


def test_a_count_without_a_region_is_one_of_the_primary_regency(demo_database: Database) -> None:
    with undone(demo_database) as connection:
        place = site(connection)
        count(connection, place, 50, "2018-01-31")
        count(connection, place, 40, "2018-02-28", region_code="33.74")
        assert residents(connection, place, "2018-03-31") == 40


def test_a_correction_stays_within_its_site_and_region(demo_database: Database) -> None:
    with undone(demo_database) as connection:
        place = site(connection, "Gambilangu")
        first = count(connection, place, 50, "2018-01-31", region_code="33.74")
        for other, code in ((place, "33.24"), (site(connection, "Bayur"), "33.74")):
            with pytest.raises(psycopg.errors.ForeignKeyViolation), connection.transaction():
                count(connection, other, 40, "2018-01-31", region_code=code, corrects_id=first)


def test_a_crossing_site_counts_in_each_region(demo_database: Database) -> None:
    with demo_database.transaction() as connection:
        moment = Moment(date(2019, 12, 1))
        rows = [
            (row["regency_code"], row["n"])
            for row in people.list_counts(connection, moment, "33")
            if row["site_name"] == "Gambilangu"
        ]
        parts = {row.code: row for row in people.sum_by_region(connection, moment, "33")}
        kendal = people.list_counts(connection, moment, "33.24")
    assert rows == [("33.24", 100), ("33.74", 126)]
    assert {row["n"] for row in kendal if row["site_name"] == "Gambilangu"} == {100}
    assert parts["33.24"].level == parts["33.74"].level == "regency"


@given(moment=moments)
@hypothesis_settings(max_examples=30, suppress_health_check=list(HealthCheck), deadline=None)
def test_residents_are_those_of_the_summary_and_regions_add_up(
    demo_database: Database, moment: Moment
) -> None:
    with demo_database.transaction() as connection:
        rows = people.sum_by_region(connection, moment)
        listed = people.list_counts(connection, moment)
        for level in ("nation", "province", "regency"):
            mine = {row.code: (row.resident, row.lokasi_resident) for row in rows if row.level == level}
            summary = {
                row.code: (row.people, row.lokasi_people)
                for row in summaries.summarise(connection, level, moment)  # type: ignore[arg-type]
                if row.people is not None or row.lokasi_people is not None
            }
            assert {code: n for code, n in mine.items() if n != (None, None)} == summary
    for name in ("resident", "beneficiary", "returned", "lokasi_resident", "lokasi_beneficiary"):
        definition, site_type = name.rpartition("_")[2], "lokasi" if "_" in name else "lokalisasi"
        total = sum(
            row["n"] for row in listed if (row["definition"], row["site_type"]) == (definition, site_type)
        )
        for level in ("nation", "province", "regency"):
            assert sum(getattr(row, name) or 0 for row in rows if row.level == level) == total


@given(moment=moments, region=st.sampled_from(["35", "33", "33.24", "33.74", "64", "94"]))
@hypothesis_settings(max_examples=30, suppress_health_check=list(HealthCheck), deadline=None)
def test_a_region_alone_is_what_it_is_in_the_nation(
    demo_database: Database, moment: Moment, region: str
) -> None:
    with demo_database.transaction() as connection:
        of_all = {row.code: row for row in people.sum_by_region(connection, moment)}
        alone = {row.code: row for row in people.sum_by_region(connection, moment, region)}
        every = people.list_counts(connection, moment)
        own = people.list_counts(connection, moment, region)
    assert alone.get(region) == of_all.get(region)
    assert own == [row for row in every if region in (row["province_code"], row["regency_code"])]


def test_the_people_of_the_other_part_stay_hidden(demo_database: Database, actor: Actor) -> None:
    moment = Moment(date(2019, 12, 1))
    for code, role in (("33.24", Role.regency), ("33.74", Role.regency), ("33", Role.province)):
        acting = demo_database.acting_as(actor(demo_database, role, code))
        with acting.transaction() as connection:
            rows = people.list_counts(connection, moment)
        assert rows
        assert all(str(row["regency_code"]).startswith(code) for row in rows)
