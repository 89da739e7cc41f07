"""Summaries held against a slow and obvious re-computation from the rows themselves."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from gis.database import summaries
from gis.database.connection import Database
from gis.domain.lifecycle import DatePrecision, Event, SiteStatus, derive_status
from gis.domain.queries import Boundaries, Moment, today

# The demonstration's counts have none: some replaced a year later, some taken back, some without a region.
SOME_CORRECTIONS = """
INSERT INTO headcount (external_id, site_id, region_code, counted_on, n, definition, source, synthetic,
                       reported_on, corrects_id, retracted)
SELECT 'test:c:' || h.id, h.site_id,
       CASE WHEN h.id % 2 = 0 THEN h.region_code ELSE nullif(h.region_code, s.regency_code) END,
       h.counted_on + 30, h.n + 7, h.definition, 'a test', true, h.known_on + 365,
       CASE WHEN h.id % 5 < 4 THEN h.id END, h.id % 5 = 3
FROM headcount h JOIN site s ON s.id = h.site_id
WHERE h.id % 3 = 0 ORDER BY h.id
"""
ANCHORS = [("2016-02-22", 68, 168), ("2018-10-31", 125, 169), ("2019-11-19", 162, 169)]
days = st.integers(0, (date(2026, 6, 30) - date(2008, 1, 1)).days).map(
    lambda n: date(2008, 1, 1) + timedelta(n)
)
moments = st.builds(Moment, days, st.none() | st.none() | days, st.sampled_from(Boundaries))


@dataclass
class Register:
    """All rows, as plain Python."""

    sites: list[tuple[int, str, str | None, str | None]]
    events: dict[int, list[Event]]
    headcounts: list[tuple[int, str | None, date, int, str, date, int, int | None, bool]]
    regencies: list[tuple[str, str, str, date | None, date | None]]
    touched: dict[int, list[tuple[str, str]]] = field(default_factory=dict)

    def regency(self, code_today: str | None, on: date) -> tuple[str, str] | None:
        """Code and province of one of today's regencies on a day."""
        for today_code, code, province, start, end in self.regencies:
            if today_code == code_today and (start or date.min) <= on < (end or date.max):
                return code, province
        return None


@pytest.fixture(scope="module")
def register(demo_database: Database) -> Register:
    with demo_database.transaction() as connection:
        connection.execute(SOME_CORRECTIONS)
        events: dict[int, list[Event]] = defaultdict(list)
        for row in connection.execute(
            "SELECT site_id, id, kind, occurred_on, recorded_at, known_on, date_precision, planned,"
            " corrects_id FROM event"
        ):
            site_id, number, kind, occurred_on, recorded_at, known_on, precision, planned, corrects = row
            events[site_id].append(
                Event(
                    number,
                    kind,
                    occurred_on,
                    recorded_at,
                    known_on,
                    DatePrecision(precision),
                    planned,
                    corrects,
                )
            )
        touched: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for site_id, level, code in connection.execute(
            "SELECT site_id, level, region_code FROM site_region WHERE NOT is_primary"
        ):
            touched[site_id].append((level, code))
        return Register(
            connection.execute("SELECT id, site_type, province_code, regency_code FROM site").fetchall(),
            events,
            connection.execute(
                "SELECT site_id, region_code, counted_on, n, definition, known_on, id, corrects_id, retracted"
                " FROM headcount"
            ).fetchall(),
            connection.execute(
                "SELECT code_today, code, parent_code, lower(valid), upper(valid) FROM region"
                " WHERE level = 'regency'"
            ).fetchall(),
            touched,
        )


def recomputed(register: Register, level: str, moment: Moment) -> dict[str | None, dict[str, Any]]:
    """Counts of every region that has a site, one site after the other."""
    counts: dict[str | None, dict[str, Any]] = defaultdict(lambda: defaultdict(int))
    regency_of: dict[int, str | None] = {}
    exists: dict[int, SiteStatus] = {}
    for site_id, site_type, _, regency_today in register.sites:
        regency_of[site_id] = regency_today
        status = derive_status(register.events[site_id], moment.as_of, moment.known_at)
        if status is None:
            continue
        exists[site_id] = status
        row = counts[_code(register, level, regency_today, moment)]
        prefix = "" if site_type == "lokalisasi" else "lokasi_"
        row["sites_total" if not prefix else "lokasi_total"] += 1
        row[f"{prefix}{status.group.value}"] += 1
        for code in _others(register, level, site_id, regency_today, moment):
            counts[code]["shared"] += 1
    _add_people(register, level, moment, counts, regency_of, exists)
    return counts


def _add_people(
    register: Register,
    level: str,
    moment: Moment,
    counts: dict[str | None, dict[str, Any]],
    regency_of: dict[int, str | None],
    exists: dict[int, SiteStatus],
) -> None:
    types = {site_id: site_type for site_id, site_type, _, _ in register.sites}
    known = [row for row in register.headcounts if moment.known_at is None or row[5] <= moment.known_at]
    corrected = {row[7] for row in known}
    latest: dict[tuple[int, str | None], tuple[date, int, int]] = {}
    for site_id, region, counted_on, n, definition, _, number, _, retracted in known:
        counts_now = counted_on <= moment.as_of and not retracted and number not in corrected
        if definition == "resident" and counts_now:
            place = site_id, region or regency_of[site_id]  # a count without a region is the primary one's
            best = latest.get(place)
            if best is None or (counted_on, number) > best[:2]:
                latest[place] = (counted_on, number, n)
    for (site_id, region), (_, _, n) in latest.items():
        if site_id in exists:
            code = _code(register, level, region, moment)
            counts[code]["people" if types[site_id] == "lokalisasi" else "lokasi_people"] += n


def _code(register: Register, level: str, regency_today: str | None, moment: Moment) -> str | None:
    if level == "nation":
        return None
    place = register.regency(regency_today, moment.regions_on)
    assert place is not None
    return place[1] if level == "province" else place[0]


def _others(
    register: Register, level: str, site_id: int, regency_today: str | None, moment: Moment
) -> set[str | None]:
    others = set()
    for other_level, code in register.touched[site_id]:
        if other_level == level == "regency":
            others.add(_code(register, level, code, moment))
        if other_level == level == "province":
            any_regency = next(row[0] for row in register.regencies if row[0].startswith(f"{code}."))
            others.add(_code(register, level, any_regency, moment))
    return others - {_code(register, level, regency_today, moment)}


@given(moment=moments, level=st.sampled_from(["nation", "province", "regency"]))
@hypothesis_settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
def test_sums_are_those_of_the_slow_way(
    demo_database: Database, register: Register, moment: Moment, level: Any
) -> None:
    with demo_database.transaction() as connection:
        found = summaries.summarise(connection, level, moment)
    expected = recomputed(register, level, moment)
    assert set(expected) <= {row.code for row in found}
    names = (
        "sites_total", "active", "planned", "closed", "reactivated", "lokasi_total", "lokasi_active",
        "lokasi_planned", "lokasi_closed", "lokasi_reactivated", "shared",
    )  # fmt: skip
    for row in found:
        want = expected.get(row.code, {})
        assert {name: getattr(row, name) for name in names} == {name: want.get(name, 0) for name in names}
        assert (row.people, row.lokasi_people) == (want.get("people"), want.get("lokasi_people"))


@given(moment=moments)
@hypothesis_settings(max_examples=30, suppress_health_check=list(HealthCheck), deadline=None)
def test_regions_add_up_to_the_nation_at_every_level(demo_database: Database, moment: Moment) -> None:
    with demo_database.transaction() as connection:
        (nation,) = summaries.summarise(connection, "nation", moment)
        for level in ("province", "regency"):
            rows = summaries.summarise(connection, level, moment)  # type: ignore[arg-type]
            for name in ("sites_total", "closed", "active", "planned", "reactivated", "lokasi_total"):
                assert sum(getattr(row, name) for row in rows) == getattr(nation, name)
            assert sum(row.people or 0 for row in rows) == (nation.people or 0)


@pytest.mark.parametrize(("as_of", "closed", "total"), ANCHORS)
def test_anchors(demo_database: Database, as_of: str, closed: int, total: int) -> None:
    with demo_database.transaction() as connection:
        (nation,) = summaries.summarise(connection, "nation", Moment(date.fromisoformat(as_of)))
    assert (nation.closed, nation.sites_total, nation.target_gap) == (closed, total, total - closed)


def test_kaltara_counts_with_kaltim_before_the_split(demo_database: Database) -> None:
    day = date(2013, 4, 21)
    with demo_database.transaction() as connection:
        then = {row.code: row for row in summaries.summarise(connection, "province", Moment(day))}
        now = {
            row.code: row
            for row in summaries.summarise(connection, "province", Moment(day, boundaries=Boundaries.today))
        }
    assert (len(then), len(now)) == (33, 38)
    assert "65" not in then
    assert now["65"].sites_total > 0
    assert then["64"].sites_total == now["64"].sites_total + now["65"].sites_total


@given(moment=moments)
@hypothesis_settings(max_examples=20, suppress_health_check=list(HealthCheck), deadline=None)
def test_the_monthly_series_is_the_summary_of_each_month(demo_database: Database, moment: Moment) -> None:
    with demo_database.transaction() as connection:
        series = summaries.monthly_series(connection, moment, "33")
        if not series:
            return
        for month in {series[0], series[len(series) // 2], series[-2]}:
            at = Moment(month.on, moment.known_at, Boundaries.today)
            (row,) = summaries.summarise(connection, "province", at, "33")
            assert (month.total, month.closed, month.active) == (row.sites_total, row.closed, row.active)
    assert series[-1].on >= today()
