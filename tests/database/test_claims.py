"""Claims in PostgreSQL: who sees which, both clocks, corrections, and the way from a draft."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.database import batches, claims
from gis.database.claims import NATION, Span
from gis.database.connection import Database
from gis.domain.access import Identity, Role
from gis.domain.batches import BatchOrigin, Draft, new_fact_id
from gis.domain.queries import Moment
from gis.domain.records.claims import ClaimContent
from gis.errors import AtlasError, ConflictError, InvalidInputError

Actor = Callable[..., Identity]


def content(**more: Any) -> dict[str, Any]:
    given = {
        "report": "uji",
        "region_code": "64.72",
        "definition": "sites_total",
        "site_type": "lokalisasi",
        "value": 3,
        "as_of": date(2016, 6, 1),
        "source": "Uji",
        "synthetic": True,
        **more,
    }
    return ClaimContent.model_validate(given).model_dump(mode="json")


def inserted(database: Database, **more: Any) -> int:
    """A claim of this test; its id."""
    with database.transaction() as connection:
        assert claims.insert_claims(connection, [content(**more)]) == 1
        row = connection.execute("SELECT id FROM claim ORDER BY recorded_at DESC LIMIT 1").fetchone()
    assert row is not None
    return int(row[0])


def found(
    database: Database, moment: Moment | None = None, codes: list[str] | None = None, *, within: bool = False
) -> dict[int, dict[str, Any]]:
    with database.transaction() as connection:
        rows, total = claims.find_claims(connection, moment or Moment(), codes, within=within, limit=1000)
    assert total == len(rows)
    return {row["id"]: row for row in rows}


def codes_of(rows: dict[int, dict[str, Any]]) -> set[str | None]:
    return {row["region_code"] for row in rows.values()}


NATIONAL_AND_PROVINCIAL = {None, "14", "21", "32", "35", "62", "64", "65"}
OF_KALTIM = {"64.02", "64.07", "64.08", "64.71", "64.72"}


@pytest.mark.parametrize(
    ("role", "code", "regencies"),
    [
        (Role.planner, None, OF_KALTIM),
        (Role.province, "64", OF_KALTIM),
        (Role.regency, "64.72", {"64.72"}),
        (Role.province, "35", set()),
        (Role.regency, "35.76", set()),
    ],
)
def test_claims_on_regencies_are_seen_within_the_scope(
    demo_database: Database, actor: Actor, role: Role, code: str | None, regencies: set[str]
) -> None:
    acting = demo_database.acting_as(actor(demo_database, role, code))
    assert codes_of(found(acting)) == NATIONAL_AND_PROVINCIAL | regencies


def test_without_an_identity_there_are_no_claims(demo_database: Database) -> None:
    with demo_database.transaction() as connection:
        connection.execute("SET LOCAL ROLE atlas_app")
        assert connection.execute("SELECT count(*) FROM claim").fetchone() == (0,)


def test_few_people_are_withheld_elsewhere(database: Database, actor: Actor) -> None:
    few = inserted(database, region_code="64", definition="people_resident", value=9)
    ten = inserted(database, region_code="64", definition="people_resident", value=10)
    none = inserted(database, region_code="64", definition="people_resident", value=0)
    sites = inserted(database, region_code="64", value=2)
    kaltim = database.acting_as(actor(database, Role.province, "64"))
    kaltara = database.acting_as(actor(database, Role.province, "65"))
    samarinda = database.acting_as(actor(database, Role.regency, "64.72"))
    assert {few, ten, none, sites} <= set(found(kaltim))
    for other in (kaltara, samarinda):
        assert {few, ten, none, sites} & set(found(other)) == {ten, none, sites}


def test_a_withheld_correction_still_corrects(database: Database, actor: Actor) -> None:
    wrong = inserted(database, region_code="64", definition="people_resident", value=500)
    inserted(database, region_code="64", definition="people_resident", value=5, corrects_id=wrong)
    kaltara = database.acting_as(actor(database, Role.province, "65"))
    assert wrong not in found(kaltara)
    assert not [row for row in found(kaltara).values() if row["corrects_id"] == wrong]


def test_both_clocks(database: Database) -> None:
    late = inserted(database, as_of=date(2016, 6, 1), reported_on=date(2023, 5, 19))
    assert late in found(database, Moment(date(2016, 6, 1)))
    assert late not in found(database, Moment(date(2016, 5, 31)))
    assert late not in found(database, Moment(date(2016, 6, 1), known_at=date(2023, 5, 18)))
    assert late in found(database, Moment(date(2016, 6, 1), known_at=date(2023, 5, 19)))


@pytest.mark.parametrize(
    ("as_of", "precision", "reported_on", "holds_on"),
    [
        (date(2017, 1, 1), "year", None, date(2017, 12, 31)),
        (date(2018, 7, 1), "month", None, date(2018, 7, 31)),
        (date(2016, 2, 22), "day", None, date(2016, 2, 22)),
        # Nobody speaks of a day that has not come.
        (date(2017, 1, 1), "year", date(2017, 3, 4), date(2017, 3, 4)),
        (date(2017, 6, 1), "year", date(2017, 3, 4), date(2017, 6, 1)),
    ],
)
def test_the_day_that_a_claim_is_held_against(
    database: Database, as_of: date, precision: str, reported_on: date | None, holds_on: date
) -> None:
    made = inserted(database, as_of=as_of, as_of_precision=precision, reported_on=reported_on)
    assert found(database)[made]["holds_on"] == holds_on


def test_a_correction_counts_from_when_it_is_known(database: Database) -> None:
    wrong = inserted(database, value=30, reported_on=date(2016, 6, 2))
    right = inserted(database, value=3, reported_on=date(2016, 7, 1), corrects_id=wrong)
    before = found(database, Moment(known_at=date(2016, 6, 30)))
    assert wrong in before
    assert right not in before
    after = found(database)
    assert right in after
    assert wrong not in after
    inserted(database, reported_on=date(2016, 8, 1), corrects_id=right, retracted=True)
    assert {wrong, right} & set(found(database)) == set()
    assert right in found(database, Moment(known_at=date(2016, 7, 31)))


@pytest.mark.parametrize(
    "more",
    [
        {"region_code": "64.99"},
        {"region_code": "00"},
        {"region_code": "64.71", "corrects_id": 1},
        {"region_code": None, "corrects_id": 1},
        {"corrects_id": 12},
    ],
)
def test_what_belongs_nowhere_is_refused(database: Database, more: dict[str, Any]) -> None:
    corrected = inserted(database)
    if more.get("corrects_id") == 1:
        more = {**more, "corrects_id": corrected}
    with pytest.raises(InvalidInputError), database.transaction() as connection:
        claims.insert_claims(connection, [content(**more)])


@pytest.mark.parametrize(
    "statement",
    ["UPDATE claim SET value = 1", "DELETE FROM claim", "TRUNCATE claim"],
)
def test_claims_are_only_added(demo_database: Database, statement: str) -> None:
    with pytest.raises(AtlasError), demo_database.transaction() as connection:
        connection.execute(statement)  # type: ignore[call-overload]
    assert len(found(demo_database)) == 41


def test_an_account_writes_no_claim_past_the_drafts(demo_database: Database, actor: Actor) -> None:
    for role, code in ((Role.admin, None), (Role.province, "64")):
        acting = demo_database.acting_as(actor(demo_database, role, code), read_only=False)
        with pytest.raises(AtlasError), acting.transaction() as connection:
            claims.insert_claims(connection, [content()])


def entered(database: Database, *contents: dict[str, Any]) -> int:
    with database.transaction() as connection:
        batch_id = batches.open_batch(connection, "claims", BatchOrigin())
        rows = [
            Draft(number, 1, "claims", each, None, None, "new", new_fact_id())
            for number, each in enumerate(contents, start=1)
        ]
        batches.add_drafts(connection, batch_id, rows)
        batches.submit(connection, batch_id)
    return batch_id


def approve(database: Database, batch_id: int) -> None:
    with database.transaction() as connection:
        batches.approve(connection, batch_id)


def test_a_claim_counts_once_it_is_approved(database: Database, actor: Actor) -> None:
    samarinda = database.acting_as(actor(database, Role.regency, "64.72"), read_only=False)
    approver = database.acting_as(actor(database, Role.approver), read_only=False)
    batch_id = entered(samarinda, content(report="draf", value=4, speaker="Wali Kota", note="sejak rapat"))
    assert "draf" not in {row["report"] for row in found(samarinda).values()}
    approve(approver, batch_id)
    (row,) = (row for row in found(samarinda).values() if row["report"] == "draf")
    assert (row["value"], row["speaker"], row["note"], row["reported"]) == (
        4,
        "Wali Kota",
        "sejak rapat",
        False,
    )
    with database.transaction() as connection:
        trail = connection.execute(
            "SELECT account_name, author_name, region_codes FROM audit WHERE row_key = %s", [str(row["id"])]
        ).fetchall()
    assert trail == [("test-approver-all", "test-regency-64.72", ["64", "64.72"])]


@pytest.mark.parametrize("code", ["64.71", "64", "65.71", None])
def test_nobody_speaks_for_a_region_outside_of_his_scope(
    database: Database, actor: Actor, code: str | None
) -> None:
    samarinda = database.acting_as(actor(database, Role.regency, "64.72"), read_only=False)
    approver = database.acting_as(actor(database, Role.approver), read_only=False)
    batch_id = entered(samarinda, content(report="draf-fremd", region_code=code))
    with pytest.raises(AtlasError):
        approve(approver, batch_id)
    assert "draf-fremd" not in {row["report"] for row in found(database).values()}


def test_a_planner_speaks_for_the_nation_and_an_external_key_holds_once(
    database: Database, actor: Actor
) -> None:
    planner = database.acting_as(actor(database, Role.planner), read_only=False)
    approver = database.acting_as(actor(database, Role.approver), read_only=False)
    national = content(report="draf-nasional", region_code=None, external_id="uji:nasional")
    approve(approver, entered(planner, national))
    assert [row["region_code"] for row in found(planner).values() if row["report"] == "draf-nasional"] == [
        None
    ]
    with pytest.raises(ConflictError):
        approve(approver, entered(planner, national))


def test_regions_are_named_as_on_the_day(database: Database) -> None:
    tarakan = inserted(database, region_code="65.71", as_of=date(2011, 1, 1))
    kaltara = inserted(database, region_code="65", as_of=date(2011, 1, 1))
    rows = found(database)
    assert (rows[tarakan]["region_code_then"], rows[tarakan]["region_name"]) == ("64.73", "Kota Tarakan")
    assert (rows[kaltara]["region_code_then"], rows[kaltara]["region_name"]) == (None, "Kalimantan Utara")


def test_a_region_and_what_lies_in_it(demo_database: Database) -> None:
    assert codes_of(found(demo_database, codes=["64"])) == {"64"}
    assert codes_of(found(demo_database, codes=["64"], within=True)) == {"64"} | OF_KALTIM
    assert codes_of(found(demo_database, codes=[NATION], within=True)) == {None}


days = st.integers(0, 6200).map(lambda n: date(2009, 6, 1) + timedelta(n))
on_demo_data = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@given(st.sets(days, min_size=1, max_size=6), st.none() | days, st.none() | days)
@on_demo_data
def test_several_days_are_counted_as_the_summary_counts_one(
    demo_database: Database, asked: set[date], known_at: date | None, regions_on: date | None
) -> None:
    span = Span(tuple(sorted(asked)), known_at, regions_on)
    with demo_database.transaction() as connection:
        codes = [row[0] for row in connection.execute("SELECT DISTINCT code FROM region WHERE code < '93'")]
        counted = {
            (row.on, row.code, row.site_type): row
            for row in claims.count_sites(connection, span, [NATION, *codes])
        }
        people = {
            (row.on, row.code, row.site_type): row.n
            for row in claims.count_people(connection, "resident", span, [NATION, *codes])
        }
        for on in span.days:
            values = {"on": on, "known_at": known_at, "regions_on": regions_on or on}
            summed = connection.execute(
                "SELECT coalesce(code, ''), sites_total, closed, reactivated, people,"
                " lokasi_total, lokasi_closed, lokasi_reactivated, lokasi_people"
                " FROM regional_summary('{nation,province,regency}', %(on)s, %(known_at)s,"
                " %(regions_on)s, NULL)"
                " WHERE code < '93' OR code IS NULL",
                values,
            ).fetchall()
            assert len(summed) > 400
            for code, *numbers in summed:
                for kind, expected in (("lokalisasi", numbers[:4]), ("lokasi", numbers[4:])):
                    row = counted[on, code, kind]
                    found = [row.total, row.closed, row.reactivated, people.get((on, code, kind))]
                    assert found == expected, (on, code, kind)


def test_what_became_known_later_is_counted(database: Database) -> None:
    with database.transaction() as connection:
        connection.execute(
            "INSERT INTO site (id, name, site_type, location_accuracy, location_source,"
            " declared_region_codes)"
            " VALUES (17, 'Uji', 'lokalisasi', 'regency', 'Uji', '{64.72}')"
        )
        connection.execute(
            "INSERT INTO event (site_id, kind, occurred_on, date_precision, planned, reported_on, source)"
            " VALUES"
            " (17, 'recorded', '2015-01-01', 'year', false, '2015-12-31', 'Uji'),"  # known on its last day
            " (17, 'closed', '2016-02-01', 'day', true, '2016-09-01', 'Uji'),"  # a plan
            " (17, 'closed', '2016-03-01', 'day', false, '2016-06-01', 'Uji')"
        )
        connection.execute(
            "INSERT INTO headcount (site_id, counted_on, n, definition, reported_on, source)"
            " VALUES (17, '2016-04-01', 20, 'resident', '2016-05-01', 'Uji')"
        )
        asked = ("2015-06-01", "2015-12-31", "2016-03-01", "2016-04-30", "2016-05-31", "2016-06-01")
        span = Span(tuple(map(date.fromisoformat, asked)), None, None)
        sites = claims.count_sites(connection, span, ["64.72"])
        people = claims.count_people(connection, "resident", span, ["64.72", "64"])
        found = [(row.total, row.closed, row.late) for row in sites if row.site_type == "lokalisasi"]
        assert found == [(0, 0, 0), (1, 0, 0), (1, 1, 1), (1, 1, 1), (1, 1, 1), (1, 1, 0)]
        assert [(str(row.on), row.code, row.n, row.late) for row in people if row.code == "64.72"] == [
            ("2016-04-30", "64.72", 20, 1),
            ("2016-05-31", "64.72", 20, 0),
            ("2016-06-01", "64.72", 20, 0),
        ]
        # Seen from then, nothing was known too late.
        then = span._replace(days=span.days[:5], known_at=date(2016, 4, 30))
        assert {(row.closed, row.late) for row in claims.count_sites(connection, then, ["64.72"])} == {(0, 0)}
        assert claims.count_people(connection, "resident", then, ["64.72"]) == []
        connection.rollback()


@pytest.mark.parametrize("code", ["64", "64.72"])
def test_no_part_of_a_sum_is_told(demo_database: Database, actor: Actor, code: str) -> None:
    role = Role.regency if "." in code else Role.province
    acting = demo_database.acting_as(actor(demo_database, role, code))
    span = Span((date(2011, 6, 1), date(2016, 6, 1)), None, None)
    codes = [NATION, "64", "64.71", "64.72", "33", "65"]
    with demo_database.transaction() as connection:
        everything = claims.count_sites(connection, span, codes)
        people = claims.count_people(connection, "resident", span, codes)
    with acting.transaction() as connection:
        own = claims.count_sites(connection, span, codes)
        own_people = claims.count_people(connection, "resident", span, codes)
    # Kalimantan Timur was larger in 2011 than what this account sees.
    whole = {(row.on, row.code) for row in everything if row.code.startswith(code)}
    whole -= {(date(2011, 6, 1), "64")}
    assert [row for row in everything if (row.on, row.code) in whole] == own
    assert [row for row in people if (row.on, row.code) in whole] == own_people
