"""Plans, visits and reactivations in SQL, held against the rules in Python over random histories."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from gis.database import batches, plans
from gis.database.connection import Connection, Database
from gis.domain.access import Identity, Role
from gis.domain.batches import BatchOrigin, Draft, new_fact_id
from gis.domain.lifecycle import DatePrecision, Event, derive_status, effective_days, period, spells
from gis.domain.monitoring import visits
from gis.domain.plans import PlanState, Promise, judge, said_on
from gis.domain.queries import Moment
from gis.domain.records.plans import PlanContent
from gis.errors import AtlasError, DatabaseError, InvalidInputError
from tests.database.test_lifecycle import insert_event, insert_site, undone
from tests.strategies import FIRST_DAY, days, histories

LONG = hypothesis_settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
AS_OF = [FIRST_DAY + timedelta(days=n) for n in range(0, 440, 31)]
LATER = [FIRST_DAY + timedelta(days=n) for n in range(200, 2600, 171)]
VISITS = (
    "SELECT site_id, year, state, done_on, days FROM visits_at(NULL, %s, %s, '{1,3,5}', 90)"
    " ORDER BY site_id, year"
)
Actor = Callable[..., Identity]


def insert_plan(connection: Connection, **values: object) -> int:
    row = {
        "kind": "decree",
        "issuer": "Wali Kota",
        "number": None,
        "dated": date(2014, 1, 1),
        "dated_precision": "day",
        "region_code": None,
        "site_id": None,
        "planned_on": None,
        "planned_precision": "day",
        "replaces_id": None,
        "corrects_id": None,
        "retracted": False,
        "reported_on": None,
        **values,
    }
    made = connection.execute(
        "INSERT INTO plan (kind, issuer, number, dated, dated_precision, region_code, site_id, planned_on,"
        " planned_precision, replaces_id, corrects_id, retracted, reported_on, source) VALUES (%(kind)s,"
        " %(issuer)s, %(number)s, %(dated)s, %(dated_precision)s, %(region_code)s, %(site_id)s,"
        " %(planned_on)s, %(planned_precision)s, %(replaces_id)s, %(corrects_id)s, %(retracted)s,"
        " %(reported_on)s, 'test') RETURNING id",
        row,
    ).fetchone()
    assert made is not None
    return int(made[0])


def found(
    connection: Connection, as_of: str, known_at: str | None = None
) -> dict[int, tuple[str, int | None]]:
    """State and days by plan."""
    rows = connection.execute("SELECT id, state, days FROM plans_at(NULL, %s, %s)", [as_of, known_at])
    return {plan: (state, passed) for plan, state, passed in rows}


@given(
    lives=st.lists(histories(), min_size=1, max_size=3),
    dated=days,
    dated_precision=st.sampled_from(DatePrecision),
    planned_on=days,
    planned_precision=st.sampled_from(DatePrecision),
    known_at=st.none() | days,
    of_region=st.booleans(),
)
@LONG
def test_sql_and_python_judge_the_same(
    database: Database,
    lives: list[list[Event]],
    dated: date,
    dated_precision: DatePrecision,
    planned_on: date,
    planned_precision: DatePrecision,
    known_at: date | None,
    of_region: bool,
) -> None:
    due_on = period(planned_on, planned_precision)[1]
    promise = Promise(said_on(dated, dated_precision, due_on), due_on)
    with undone(database) as connection:
        sites = [insert_site(connection) for _ in lives]
        for number, (site, life) in enumerate(zip(sites, lives, strict=True)):
            for event in life:
                insert_event(connection, site, event, 1_000_000 + 100 * number)
        plan = insert_plan(
            connection,
            dated=dated,
            dated_precision=dated_precision.value,
            planned_on=planned_on,
            planned_precision=planned_precision.value,
            region_code="64.72" if of_region else None,
            site_id=None if of_region else sites[0],
            reported_on=date(2000, 1, 1),
        )
        meant = lives if of_region else lives[:1]
        for as_of in AS_OF:
            row = connection.execute(
                "SELECT state, sites, open, fulfilled_on, days FROM plans_at(NULL, %s, %s) WHERE id = %s",
                [as_of, known_at, plan],
            ).fetchone()
            if as_of < promise.said_on:
                assert row is None
                continue
            planned = [e for life in meant for e in life if e.planned and e.kind in {"closed", "postponed"}]
            if row is not None and row[0] == "replaced":
                assert planned
                assert not of_region
                continue
            expected = judge(promise, [spells(life, known_at) for life in meant], as_of)
            assert row == (
                expected.state,
                expected.sites,
                expected.open,
                expected.fulfilled_on,
                expected.days,
            )


@given(history=histories(), known_at=st.none() | days)
@LONG
def test_sql_and_python_find_the_same_visits(
    database: Database, history: list[Event], known_at: date | None
) -> None:
    made = [day for day, event in effective_days(history, known_at) if event.kind == "monitored"]
    with undone(database) as connection:
        site = insert_site(connection)
        for event in history:
            insert_event(connection, site, event, 1_000_000)
        for as_of in LATER:
            status = derive_status(history, as_of, known_at)
            expected = visits(status.closed_on, made, as_of) if status and status.closed_on else []
            rows = connection.execute(VISITS, [as_of, known_at]).fetchall()
            assert rows == [(site, v.year, v.state, v.done_on, v.days) for v in expected]


@given(history=histories(), known_at=st.none() | days)
@LONG
def test_a_reactivation_is_a_closing_that_was_undone(
    database: Database, history: list[Event], known_at: date | None
) -> None:
    as_of = LATER[-1]
    days_of_events = {day for day, _ in effective_days(history, known_at)}
    groups: list[tuple[date, str]] = []
    for day in sorted(days_of_events):
        status = derive_status(history, day, known_at)
        if status and (not groups or groups[-1][1] != status.group):
            groups.append((day, status.group))
    expected = [
        day
        for n, (day, group) in enumerate(groups)
        if group == "reactivated" and "closed" in [before for _, before in groups[:n]]
    ]
    with undone(database) as connection:
        site = insert_site(connection)
        for event in history:
            insert_event(connection, site, event, 1_000_000)
        rows = connection.execute(
            "SELECT reactivated_on, status, status_group FROM reactivations_at(%s, %s) ORDER BY 1",
            [as_of, known_at],
        ).fetchall()
    assert [row[0] for row in rows] == expected
    now = derive_status(history, as_of, known_at)
    assert {row[1:] for row in rows} <= ({(now.status, now.group)} if now else set())


def recorded(connection: Connection) -> int:
    site = insert_site(connection)
    connection.execute(
        "INSERT INTO event (site_id, kind, occurred_on, source, reported_on)"
        " VALUES (%s, 'recorded', '2010-01-01', 't', '2010-01-01')",
        [site],
    )
    return site


def announce(
    connection: Connection, site: int, kind: str, planned: str, known: str, number: str = "1"
) -> int:
    row = connection.execute(
        "INSERT INTO event (site_id, kind, planned, occurred_on, source, reported_on, legal_number)"
        " VALUES (%s, %s, true, %s, 't', %s, %s) RETURNING uid",
        [site, kind, planned, known, number],
    ).fetchone()
    assert row is not None
    return int(row[0])


def test_documents_and_planned_events_are_one_list_and_the_newest_counts(database: Database) -> None:
    with undone(database) as connection:
        site = recorded(connection)
        first = announce(connection, site, "closed", "2014-05-01", "2014-02-01")
        assert found(connection, "2014-06-01") == {first: ("overdue", 31)}
        assert found(connection, "2014-01-31") == {}
        moved = announce(connection, site, "postponed", "2014-08-01", "2014-04-20", "2")
        assert found(connection, "2014-06-01") == {first: ("replaced", None), moved: ("coming", -61)}
        assert found(connection, "2014-06-01", "2014-04-01") == {first: ("overdue", 31)}
        decree = insert_plan(
            connection, site_id=site, dated=date(2014, 6, 1), planned_on=date(2014, 7, 1), number="3"
        )
        assert found(connection, "2014-07-11") == {
            first: ("replaced", None),
            moved: ("replaced", None),
            decree: ("overdue", 10),
        }
        # The document that an event speaks of: one row, not two.
        letter = insert_plan(
            connection, site_id=site, dated=date(2014, 2, 1), planned_on=date(2014, 5, 1), number="1"
        )
        assert set(found(connection, "2014-06-01")) == {letter, moved, decree}


def test_a_document_is_replaced_or_withdrawn_by_another(database: Database) -> None:
    with undone(database) as connection:
        recorded(connection)
        plan = insert_plan(connection, region_code="64.72", planned_on=date(2014, 6, 1))
        # The first entry had a wrong date; what replaces the document names that entry.
        mended = insert_plan(connection, region_code="64.72", planned_on=date(2014, 7, 1), corrects_id=plan)
        assert found(connection, "2014-08-01") == {mended: ("overdue", 31)}
        after = insert_plan(connection, region_code="64", dated=date(2014, 9, 1), replaces_id=plan)
        assert found(connection, "2014-08-31")[mended] == ("overdue", 61)
        assert found(connection, "2014-09-01") == {mended: ("replaced", None), after: ("undated", None)}
        insert_plan(connection, region_code="64", corrects_id=after, retracted=True)
        assert found(connection, "2014-09-01") == {mended: ("overdue", 62)}


def test_both_clocks_and_the_whole_region(database: Database) -> None:
    with undone(database) as connection:
        one, other = recorded(connection), recorded(connection)
        plan = insert_plan(
            connection, region_code="64", planned_on=date(2014, 6, 1), reported_on=date(2015, 1, 1)
        )
        assert found(connection, "2014-07-01", "2014-12-31") == {}
        assert found(connection, "2014-07-01", "2015-01-01") == {plan: ("overdue", 30)}
        for site, day in ((one, "2014-05-01"), (other, "2014-07-11")):
            connection.execute(
                "INSERT INTO event (site_id, kind, occurred_on, source) VALUES (%s, 'closed', %s, 't')",
                [site, day],
            )
        assert found(connection, "2014-07-10") == {plan: ("overdue", 39)}
        assert found(connection, "2014-07-11") == {plan: ("fulfilled", 40)}
        moment = Moment(date(2014, 7, 10))
        assert [row["sites_open"] for row in plans.find_plans(connection, moment, "64").rows] == [1]
        assert plans.find_plans(connection, moment, "64.72").rows == []
        assert plans.find_plans(connection, moment, "33").rows == []
        assert plans.find_plans(connection, moment, states=[PlanState.coming]).rows == []


@pytest.mark.parametrize(
    "statement", ["UPDATE plan SET note = 'x'", "DELETE FROM plan", "TRUNCATE plan CASCADE"]
)
def test_plans_are_append_only(database: Database, statement: str) -> None:
    with database.transaction() as connection:
        insert_plan(connection)
    with pytest.raises(DatabaseError, match="append-only"), database.transaction() as connection:
        connection.execute(statement)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "letter"},
        {"issuer": " "},
        {"region_code": "99.99"},
        {"region_code": "65", "site_id": True},
        {"retracted": True},
        {"corrects_id": 1},
        {"replaces_id": 1},
        {"dated": date(1800, 1, 1)},
    ],
)
def test_what_is_wrong_is_refused(database: Database, wrong: dict[str, object]) -> None:
    with database.transaction() as connection:
        site = insert_site(connection)
    given = {**wrong, "site_id": site} if "site_id" in wrong else wrong
    with pytest.raises(InvalidInputError), database.transaction() as connection:
        insert_plan(connection, **given)


def test_a_document_that_two_entries_mend_in_a_circle_is_impossible(database: Database) -> None:
    statement = (
        "INSERT INTO plan (id, kind, issuer, dated, source, corrects_id)"
        " VALUES (11, 'plan', 'x', '2016-01-01', 't', 12), (12, 'plan', 'x', '2016-01-01', 't', 11)"
    )
    with pytest.raises(AtlasError, match="earlier"), database.transaction() as connection:
        connection.execute(statement)


def test_days_of_an_entry_are_those_of_jakarta(database: Database) -> None:
    with undone(database) as connection:
        plan = insert_plan(connection)
        row = connection.execute("SELECT known_on, approved_at FROM plan WHERE id = %s", [plan]).fetchone()
    assert row is not None
    assert row[0] == (row[1].astimezone(UTC) + timedelta(hours=7)).date()
    assert isinstance(row[1], datetime)


def test_a_scoped_account_reads_the_documents_of_its_region(database: Database, actor: Actor) -> None:
    with database.transaction() as connection:
        site = recorded(connection)
        day = {"dated": date(1990, 1, 1)}
        made = {
            "nation": insert_plan(connection, **day),
            "64": insert_plan(connection, region_code="64", **day),
            "64.72": insert_plan(connection, region_code="64.72", **day),
            "64.71": insert_plan(connection, region_code="64.71", **day),
            "65": insert_plan(connection, region_code="65", **day),
            "site": insert_plan(connection, site_id=site, **day),
        }
    seen = {
        None: {*made},
        "64": {"64", "64.72", "64.71", "site"},
        "64.72": {"64.72", "site"},
        "65": {"65"},
    }
    for code, names in seen.items():
        role = Role.planner if code is None else Role.regency if "." in code else Role.province
        acting = database.acting_as(actor(database, role, code))
        with acting.transaction() as connection:
            rows = connection.execute("SELECT id FROM plan WHERE dated = '1990-01-01'").fetchall()
            listed = plans.find_plans(connection, Moment(date(1990, 6, 1))).rows
        assert {plan for (plan,) in rows} == {made[name] for name in names}
        assert {row["id"] for row in listed} == {made[name] for name in names}
    with database.transaction() as connection:
        connection.execute("SET LOCAL ROLE atlas_app")
        assert connection.execute("SELECT count(*) FROM plan").fetchone() == (0,)


def draft(row_number: int, **values: object) -> Draft:
    given = {"kind": "decree", "issuer": "Wali Kota", "dated": "2016-01-01", "source": "Dinsos", **values}
    content = PlanContent.model_validate(given).model_dump(mode="json")
    return Draft(row_number, 1, "plans", content, None, None, "new", new_fact_id())


def approve(database: Database, author: Database, approver: Database, rows: list[Draft]) -> None:
    with author.transaction() as connection:
        batch = batches.open_batch(connection, "plans", BatchOrigin())
        batches.add_drafts(connection, batch, rows)
        batches.submit(connection, batch)
    with approver.transaction() as connection:
        batches.approve(connection, batch)


def test_a_draft_becomes_a_document_within_the_scope_of_its_author(database: Database, actor: Actor) -> None:
    def acting(role: Role, code: str | None = None) -> Database:
        return database.acting_as(actor(database, role, code), read_only=False)

    samarinda, planner, approver = acting(Role.regency, "64.72"), acting(Role.planner), acting(Role.approver)
    first = draft(1, region_code="64.72", number="7/2016", planned_on="2016-06-01")
    second = draft(2, region_code="64.72", corrects_id=first.fact_id, planned_on="2016-07-01")
    approve(database, samarinda, approver, [first, second])
    with samarinda.transaction() as connection:
        listed = plans.find_plans(connection, Moment(date(2016, 6, 30))).rows
        audit = connection.execute(
            "SELECT region_codes FROM audit WHERE table_name = 'plan' AND row_key = %s", [str(first.fact_id)]
        ).fetchall()
    dated = [(row["id"], row["due_on"]) for row in listed if row["due_on"]]
    assert dated == [(second.fact_id, date(2016, 7, 1))]
    assert audit == [(["64", "64.72"],)]
    outside = draft(1, region_code="64")
    approve(database, planner, approver, [outside])
    for row in (
        draft(1, region_code="64"),
        draft(1),
        draft(1, region_code="64.72", replaces_id=outside.fact_id),
        draft(1, region_code="64.72", corrects_id=outside.fact_id),
    ):
        with pytest.raises(InvalidInputError, match="outside"):
            approve(database, samarinda, approver, [row])
