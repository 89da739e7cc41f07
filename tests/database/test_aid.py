"""Aid and people in PostgreSQL: both clocks, corrections, sums that add up, and who sees which rows."""

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from gis.database import aid
from gis.database.connection import Connection, Database
from gis.domain.access import Identity, Role
from gis.domain.aid import AidFigures, AidQuery, AidType, Payer
from gis.domain.queries import Boundaries, Moment
from gis.errors import AtlasError

Actor = Callable[..., Identity]
days = st.integers(0, (date(2026, 6, 30) - date(2012, 1, 1)).days).map(
    lambda n: date(2012, 1, 1) + timedelta(n)
)
moments = st.builds(Moment, days, st.none() | days, st.sampled_from(Boundaries))
queries = st.builds(
    AidQuery,
    st.none(),
    st.none() | st.sampled_from(Payer),
    st.none() | st.sampled_from(AidType),
    st.sampled_from(["beneficiary", "resident", "returned"]),
)
relaxed = hypothesis_settings(max_examples=40, suppress_health_check=list(HealthCheck), deadline=None)
keys = itertools.count(1)


class Undo(Exception):  # noqa: N818  (it is no error)
    """Takes a test's rows out again."""


@contextmanager
def undone(database: Database) -> Iterator[Connection]:
    """A transaction whose rows are gone afterwards."""
    try:
        with database.transaction() as connection:
            yield connection
            raise Undo
    except Undo:
        pass


def enter(connection: Connection, **given: Any) -> int:
    """Insert one row of aid; its id."""
    number = next(keys)
    row = {
        "id": 9_000_000_000_000_000 - number,
        "external_id": f"test:{number}",
        "item_key": "item",
        "aid_type": "uep",
        "payer": "kemensos",
        "region_code": "64.72",
        "amount_rupiah": 1_000,
        "planned_n": 10,
        "paid_n": 4,
        "period_from": "2018-01-01",
        "period_to": "2018-12-31",
        "stated_on": "2018-06-30",
        "source": "a test",
        "reported_on": "2018-06-30",
        "synthetic": True,
        "retracted": False,
        **given,
    }
    assert aid.insert_rows(connection, [row]) == 1
    return int(row["id"])


def items(connection: Connection, as_of: str, known_at: str | None = None) -> list[tuple[str, int, int]]:
    """(key, planned, paid) of the items of Samarinda that this module entered."""
    moment = Moment(date.fromisoformat(as_of), date.fromisoformat(known_at) if known_at else None)
    rows = aid.list_items(connection, moment, AidQuery(region="64.72"))
    return sorted(
        (row["item_key"], row["planned_n"], row["paid_n"]) for row in rows if row["source"] == "a test"
    )


def slow_figures(
    database: Database, moment: Moment, query: AidQuery
) -> dict[str, dict[str | None, AidFigures]]:
    """The figures by level and code, place after place, from the rows themselves."""
    with database.transaction() as connection:
        rows = connection.execute(
            "SELECT a.id, a.item_key, a.aid_type, a.payer, a.region_code, a.site_id, a.amount_rupiah,"
            " a.planned_n, a.paid_n, a.period_from, a.stated_on, a.known_on, a.corrects_id, a.retracted,"
            " s.regency_code FROM aid a LEFT JOIN site s ON s.id = a.site_id"
        ).fetchall()
        rates = connection.execute("SELECT aid_type, amount_rupiah, valid FROM aid_rate").fetchall()
        counts = connection.execute(
            "SELECT h.site_id, coalesce(h.region_code, s.regency_code), h.counted_on, h.id, h.n, h.known_on"
            " FROM headcount h JOIN site s ON s.id = h.site_id JOIN states_at(%s, %s) USING (site_id)"
            " WHERE definition = %s",
            [moment.as_of, moment.known_at, query.definition],
        ).fetchall()
        regencies = {
            today: (code, province)
            for today, code, province in connection.execute(
                "SELECT code_today, code, parent_code FROM region WHERE level = 'regency' AND valid @> %s",
                [moment.regions_on],
            )
        }
    known = [row for row in rows if moment.known_at is None or row[11] <= moment.known_at]
    corrected = {row[12] for row in known}
    latest: dict[Any, Any] = {}
    for row in sorted(known, key=lambda row: row[10]):
        if row[10] <= moment.as_of and not row[13] and row[0] not in corrected:
            latest[row[5], row[4], row[1]] = row
    portions: dict[Any, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0, 0, 0, 0]))
    for row in latest.values():
        _, _, kind, payer, region, site, amount, planned, paid, start, *_, regency = row
        if query.payer not in (None, payer) or query.aid_type not in (None, kind):
            continue
        amount = amount or next(
            (rate for name, rate, valid in rates if name == kind and start in valid), None
        )
        sums = portions[site, region or regency][kind]
        new = (planned, paid, planned * (amount or 0), paid * (amount or 0), 0 if amount else planned)
        sums[:] = [old + more for old, more in zip(sums, new, strict=True)]
    newest: dict[Any, Any] = {}
    for site, region, counted_on, number, n, known_on in counts:
        if counted_on <= moment.as_of and (moment.known_at is None or known_on <= moment.known_at):
            newest[site, region] = max(newest.get((site, region), (date.min, 0, 0)), (counted_on, number, n))
    found: dict[str, dict[str | None, AidFigures]] = {"nation": {}, "province": {}, "regency": {}}
    for place in {*portions, *newest}:
        kinds = list(portions.get(place, {}).values())
        n = newest[place][2] if place in newest else None
        promised = max((kind[0] for kind in kinds), default=0)
        paid = max((kind[1] for kind in kinds), default=0)
        one = AidFigures(
            n, promised, paid, max((n or 0) - promised, 0), promised if n is None else 0,
            *(sum(kind[i] for kind in kinds) for i in (2, 3, 4)),
        )  # fmt: skip
        code = place[1] or ""
        regency, province = regencies.get(code, (None, None))
        if len(code) == 2:
            province = next(p for today, (_, p) in sorted(regencies.items()) if today.startswith(f"{code}."))
        for level, name in (
            ("nation", None),
            ("province", province),
            ("regency", regency or f"in {province}"),
        ):
            found[level][name] = plus(found[level].get(name), one)
    return found


def plus(one: AidFigures | None, other: AidFigures) -> AidFigures:
    """Both together; nobody counted only where neither was counted."""
    if one is None:
        return other
    values = {}
    for name, value in vars(one).items():
        more = getattr(other, name)
        values[name] = value if more is None else more if value is None else value + more
    return AidFigures(**values)


@given(moment=moments, query=queries)
@relaxed
def test_figures_are_those_of_the_slow_way(demo_database: Database, moment: Moment, query: AidQuery) -> None:
    expected = slow_figures(demo_database, moment, query)
    with demo_database.transaction() as connection:
        rows = aid.sum_by_region(connection, moment, query)
    for level, figures in expected.items():
        found = {
            row.code or (f"in {row.parent_code}" if level == "regency" else None): row.figures
            for row in rows
            if row.level == level
        }
        assert found == figures


@given(moment=moments, query=queries)
@relaxed
def test_regions_add_up_to_the_nation(demo_database: Database, moment: Moment, query: AidQuery) -> None:
    with demo_database.transaction() as connection:
        rows = aid.sum_by_region(connection, moment, query)
        payers = aid.sum_by_payer(connection, moment, query)
    for level in ("province", "regency"):
        total: AidFigures | None = None
        for row in rows:
            if row.level == level:
                total = plus(total, row.figures)
        assert total == (rows[0].figures if rows else None)
    for key in ("payer", "aid_type"):
        for name in ("promised_rupiah", "paid_rupiah", "unvalued"):
            total_of = sum(row[name] for row in payers if row[key])
            assert total_of == (getattr(rows[0].figures, name) if rows else 0)


@given(
    moment=moments, query=queries, region=st.sampled_from(["35", "33", "33.24", "64", "63.72", "94", "11"])
)
@relaxed
def test_a_region_alone_is_what_it_is_in_the_nation(
    demo_database: Database, moment: Moment, query: AidQuery, region: str
) -> None:
    with demo_database.transaction() as connection:
        of_all = {row.code: row.figures for row in aid.sum_by_region(connection, moment, query)}
        alone = aid.sum_by_region(connection, moment, replace(query, region=region))
        found = connection.execute("SELECT counted_sites(%s, %s)", [region, moment.regions_on]).fetchone()
    assert [row.figures for row in alone[:1]] == ([of_all[region]] if region in of_all else [])
    assert all(of_all[row.code] == row.figures for row in alone[1:] if row.code == region)
    assert found is not None
    assert found[0] is not None


def test_the_reported_item_is_valued_by_the_rate_of_its_year(demo_database: Database) -> None:
    with demo_database.transaction() as connection:
        (item,) = aid.list_items(connection, Moment(date(2016, 12, 15)), AidQuery(region="63.72"))
        before = aid.list_items(connection, Moment(date(2016, 12, 14)), AidQuery(region="63.72"))
        (rate,) = [
            row for row in aid.list_rates(connection, date(2016, 12, 15)) if row["aid_type"] == "package"
        ]
    assert (item["planned_n"], item["paid_n"], item["payer"], item["synthetic"]) == (
        432,
        346,
        "unstated",
        False,
    )
    assert item["by_rate"]
    assert item["amount_rupiah"] == rate["amount_rupiah"]
    assert item["unpaid_rupiah"] == 86 * rate["amount_rupiah"]
    assert before == []


def test_the_latest_record_of_an_item_counts(database: Database) -> None:
    with undone(database) as connection:
        for stated_on, paid in (("2018-03-31", 2), ("2018-12-31", 9), ("2018-06-30", 4)):
            enter(connection, stated_on=stated_on, paid_n=paid, reported_on=stated_on)
        enter(connection, item_key="other", paid_n=1)
        assert items(connection, "2018-03-30") == []
        assert items(connection, "2018-03-31") == [("item", 10, 2)]
        assert items(connection, "2018-12-30") == [("item", 10, 4), ("other", 10, 1)]
        assert items(connection, "2019-01-01") == [("item", 10, 9), ("other", 10, 1)]
        assert items(connection, "2019-01-01", "2018-07-01") == [("item", 10, 4), ("other", 10, 1)]


def test_a_correction_counts_once_it_is_known(database: Database) -> None:
    with undone(database) as connection:
        wrong = enter(connection, paid_n=7)
        enter(connection, paid_n=5, corrects_id=wrong, reported_on="2018-09-01")
        assert items(connection, "2019-01-01", "2018-08-31") == [("item", 10, 7)]
        assert items(connection, "2019-01-01", "2018-09-01") == [("item", 10, 5)]
        assert items(connection, "2019-01-01") == [("item", 10, 5)]


def test_a_retraction_takes_the_item_back_to_what_was_before(database: Database) -> None:
    with undone(database) as connection:
        enter(connection, paid_n=2, stated_on="2018-03-31", reported_on="2018-03-31")
        wrong = enter(connection, paid_n=8)
        enter(connection, paid_n=8, corrects_id=wrong, retracted=True, reported_on="2018-10-01")
        assert items(connection, "2019-01-01", "2018-09-30") == [("item", 10, 8)]
        assert items(connection, "2019-01-01") == [("item", 10, 2)]


@given(order=st.permutations(range(6)))
@hypothesis_settings(max_examples=25, suppress_health_check=list(HealthCheck), deadline=None)
def test_the_order_of_entry_does_not_matter(database: Database, order: list[int]) -> None:
    records = [
        {"item_key": key, "stated_on": day, "reported_on": day, "paid_n": paid, "region_code": region}
        for key, day, paid, region in (
            ("a", "2018-01-31", 1, "64.72"), ("a", "2018-05-31", 6, "64.72"), ("a", "2018-03-31", 3, "64.72"),
            ("b", "2018-02-28", 2, "64.72"), ("b", "2018-02-28", 5, "64.71"), ("b", "2018-04-30", 4, "64.72"),
        )
    ]  # fmt: skip
    seen = []
    for arrangement in (range(6), order):
        with undone(database) as connection:
            for place in arrangement:
                enter(connection, **records[place])
            seen.append(
                [
                    [
                        (row.level, row.code, row.figures)
                        for row in aid.sum_by_region(connection, Moment(on), AidQuery())
                    ]
                    for on in (date(2018, 2, 28), date(2018, 4, 1), date(2019, 1, 1))
                ]
            )
    assert seen[0] == seen[1]


def test_sums_of_ten_to_the_fifteenth_are_exact(database: Database) -> None:
    with undone(database) as connection:
        for number in range(3):
            enter(
                connection,
                item_key=f"large {number}",
                amount_rupiah=1_000_000_000 - number,
                planned_n=1_000_000,
                paid_n=999_999,
            )
        nation = aid.sum_by_region(connection, Moment(date(2019, 1, 1)), AidQuery())[0].figures
        (payer, kind) = aid.sum_by_payer(connection, Moment(date(2019, 1, 1)), AidQuery())
    amounts = 3 * 1_000_000_000 - 3
    assert (
        nation.promised_rupiah == payer["promised_rupiah"] == kind["promised_rupiah"] == amounts * 1_000_000
    )
    assert nation.paid_rupiah == amounts * 999_999
    assert nation.unpaid_rupiah == amounts
    assert all(type(value) is int for value in vars(nation).values() if value is not None)


def test_people_who_get_several_kinds_are_counted_once_a_place(database: Database) -> None:
    with undone(database) as connection:
        enter(connection, item_key="a", planned_n=10, paid_n=4)
        enter(connection, item_key="b", aid_type="jadup", planned_n=12, paid_n=3, payer="province")
        nation = aid.sum_by_region(connection, Moment(date(2019, 1, 1)), AidQuery())[0].figures
    assert (nation.promised, nation.paid, nation.uncounted) == (12, 4, 12)
    assert nation.promised_rupiah == 22_000


@pytest.mark.parametrize(
    "wrong",
    [
        {"paid_n": 11},
        {"amount_rupiah": 0},
        {"region_code": "64.99"},
        {"corrects_id": 12345},
        {"aid_type": "gold"},
        {"retracted": True},
        {"period_to": "2017-01-01"},
    ],
)
def test_the_table_refuses_what_the_record_refuses(database: Database, wrong: dict[str, Any]) -> None:
    with pytest.raises(AtlasError), database.transaction() as connection:
        enter(connection, **wrong)


def test_rows_are_never_changed(demo_database: Database) -> None:
    for statement in ("UPDATE aid SET paid_n = 0", "DELETE FROM aid", "TRUNCATE aid"):
        with pytest.raises(AtlasError, match="append-only"), demo_database.transaction() as connection:
            connection.execute(statement)


def crossing_site(connection: Connection) -> tuple[int, str, str]:
    """A site in two regencies of two provinces: its id and both codes, primary first."""
    row = connection.execute(
        "SELECT o.site_id, s.regency_code, o.region_code FROM site_region o JOIN site s ON s.id = o.site_id"
        " WHERE o.level = 'regency' AND NOT o.is_primary AND left(o.region_code, 2) <> s.province_code"
        " ORDER BY o.site_id LIMIT 1"
    ).fetchone()
    assert row is not None
    return row


def test_a_site_in_two_regencies_needs_its_part_named(demo_database: Database) -> None:
    with demo_database.transaction() as connection:
        site_id, _, other = crossing_site(connection)
    for region_code in (None, "11.01"):
        with pytest.raises(AtlasError), demo_database.transaction() as connection:
            enter(connection, site_id=site_id, region_code=region_code)
    with undone(demo_database) as connection:
        assert enter(connection, site_id=site_id, region_code=other)


def test_a_correction_stays_in_its_place(database: Database) -> None:
    with undone(database) as connection:
        first = enter(connection)
        with pytest.raises(psycopg.errors.ForeignKeyViolation), connection.transaction():
            enter(connection, region_code="64.71", corrects_id=first)


def test_the_other_part_of_a_site_stays_hidden(demo_database: Database, actor: Actor) -> None:
    with demo_database.transaction() as connection:
        site_id, own, other = crossing_site(connection)
        entered = {
            code: enter(connection, site_id=site_id, region_code=code, item_key=f"part {code}")
            for code in (own, other)
        }
        nation = enter(connection, region_code=None, item_key="nation")
        province = enter(connection, region_code=own[:2], item_key="province")
    for code, role in ((own, Role.regency), (own[:2], Role.province), (other, Role.regency)):
        acting = demo_database.acting_as(actor(demo_database, role, code))
        with acting.transaction() as connection:
            seen = {number for (number,) in connection.execute("SELECT id FROM aid")}
            places = {
                code
                for (code,) in connection.execute(
                    "SELECT part_code FROM aid_at(%s, NULL)", [date(2026, 1, 1)]
                )
            }
        part = next(c for c in entered if c.startswith(code))
        hidden = next(c for c in entered if c != part)
        assert entered[part] in seen
        assert entered[hidden] not in seen
        assert nation not in seen
        assert (province in seen) == (role is Role.province)
        assert all(place.startswith(code) for place in places)
    planner = demo_database.acting_as(actor(demo_database, Role.planner))
    with planner.transaction() as connection:
        seen = {number for (number,) in connection.execute("SELECT id FROM aid")}
    assert {*entered.values(), nation, province} <= seen


def test_nobody_but_the_owner_writes(demo_database: Database, actor: Actor) -> None:
    for role, code in ((Role.admin, None), (Role.province, "64")):
        acting = demo_database.acting_as(actor(demo_database, role, code), read_only=False)
        for statement in (
            "INSERT INTO aid_rate VALUES ('uep', 1, '[2000-01-01,2000-02-01)', 'x')",
            "INSERT INTO aid (item_key, aid_type, payer, region_code, planned_n, paid_n, period_from,"
            " period_to, stated_on, source) VALUES"
            " ('x', 'uep', 'kemensos', '64', 1, 0, now(), now(), now(), 'x')",
        ):
            with pytest.raises(AtlasError), acting.transaction() as connection:
                connection.execute(statement)
