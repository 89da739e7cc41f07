"""Who has every row of every release cannot place a site that is not published, within its province."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.database.connection import Database
from gis.domain.queries import today
from gis.services import publication
from tests.conftest import undone

Row = dict[str, Any]
Release = dict[str, list[Row]]
Box = tuple[float, float, float, float]
REGENCY = re.compile(r"\d\d\.\d\d")
SMALLEST = 0.001
HIDDEN = """
SELECT s.id, s.province_code FROM register.site s
WHERE NOT EXISTS (SELECT FROM published.site p WHERE p.id = s.id) ORDER BY s.id
"""
# A place in another regency of the same province; of a site that is known by its regency, another regency.
MOVE = """
WITH chosen AS (
    SELECT r.code, ST_PointOnSurface(r.geom) AS geom FROM register.region r
    WHERE r.level = 'regency' AND upper_inf(r.valid) AND r.parent_code = %(province)s
    ORDER BY r.code OFFSET (%(which)s %% (SELECT count(*) FROM register.region r WHERE r.level = 'regency'
                                          AND upper_inf(r.valid) AND r.parent_code = %(province)s)) LIMIT 1
)
UPDATE register.site s
SET name = %(word)s, alternative_names = ARRAY[%(word)s], location_source = %(word)s, source_url = %(word)s,
    geom = CASE WHEN s.geom IS NULL THEN NULL ELSE c.geom END,
    declared_region_codes = CASE WHEN s.geom IS NULL THEN ARRAY[c.code] ELSE s.declared_region_codes END
FROM chosen c WHERE s.id = %(site)s
"""
DECREE = """
INSERT INTO register.plan (kind, issuer, number, dated, site_id, region_code, source, synthetic)
SELECT 'decree', 'Bupati', %(word)s, '2015-03-03', s.id, NULL, %(word)s, true
FROM register.site s WHERE s.id = %(site)s
"""
REGIONAL = """
INSERT INTO register.plan (kind, issuer, number, dated, region_code, source, synthetic)
SELECT 'by_law', 'DPRD', %(word)s, '2015-03-03', s.regency_code, %(word)s, true
FROM register.site s WHERE s.id = %(site)s
  AND NOT EXISTS (SELECT FROM published.site p WHERE p.region_codes @> ARRAY[s.regency_code])
"""


@pytest.fixture
def scratch(demo_database: Database) -> Iterator[Database]:
    """The demonstration register; what a test does to it is undone."""
    with undone(demo_database) as database:
        yield database


def ask(database: Database, statement: str, **values: Any) -> list[tuple[Any, ...]]:
    with database.transaction() as connection:
        cursor = connection.execute(statement.encode(), values)
        return cursor.fetchall() if cursor.description else []


def published(database: Database) -> Release:
    """All rows of a new release, in their order."""
    return publication.make(database).contents


@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 60), st.booleans()), min_size=10, max_size=10))
def test_where_hidden_sites_lie_and_how_they_are_called_changes_no_release(
    demo_database: Database, moves: list[tuple[int, bool]]
) -> None:
    with undone(demo_database) as scratch:
        first = published(scratch)
        hidden = ask(scratch, HIDDEN)
        assert len(hidden) == len(moves)
        for (site_id, province), (which, decreed) in zip(hidden, moves, strict=True):
            values = {"site": site_id, "province": province, "which": which, "word": "zorbulak"}
            ask(scratch, MOVE, **values)
            for statement in (DECREE, REGIONAL) if decreed else ():
                ask(scratch, statement, **values)
        assert published(scratch) == first
        # Not because nothing is looked at: a site that closes is told.
        ask(
            scratch,
            "INSERT INTO register.event (site_id, kind, occurred_on, source)"
            " VALUES (%(site)s, 'closed', '2026-01-01', 'uji')",
            site=hidden[0][0],
        )
        later = published(scratch)
        assert {row["id"] for row in later["site"]} == {row["id"] for row in first["site"]} | {hidden[0][0]}


def test_every_regency_and_day_in_a_release_is_of_what_is_published(scratch: Database) -> None:
    release = published(scratch)
    sites = {row["id"]: row for row in release["site"]}
    known = {code for row in sites.values() for code in row["region_codes"]}
    for row in release["site"]:
        assert row["regency_code"] in row["region_codes"]
    for table in ("event", "decree"):
        for row in release[table]:
            if row["site_id"] is not None:
                assert row.get("dated", row.get("occurred_on")) <= today()
                assert row["site_id"] in sites
            elif row["region_code"] is not None:
                assert row["region_code"] in known
    for table in ("figure", "people", "claim", "aid", "reactivation"):
        named = REGENCY.findall(
            " ".join(str(row.get("region_code") or row.get("province_code")) for row in release[table])
        )
        assert named == []
    # A centre is told by its city, whatever sites there are around it.
    elsewhere = {row["region_code"] for row in release["centre"]} - known
    assert elsewhere


def found_in(database: Database, box: Box, as_of: date) -> set[int]:
    """Everything that dividing a box finds: the ids of the sites in ever smaller boxes."""
    west, south, east, north = box
    inside = ask(
        database,
        "SELECT s.id FROM published.site s WHERE s.closed_on <= %(as_of)s"
        " AND s.geom && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4326)",
        **{"as_of": as_of, "west": west, "south": south, "east": east, "north": north},
    )
    if len(inside) <= 1 or east - west < SMALLEST:
        return {site_id for (site_id,) in inside}
    lon, lat = (west + east) / 2, (south + north) / 2
    quarters = (
        *((west, south, lon, lat), (lon, south, east, lat)),
        *((west, lat, lon, north), (lon, lat, east, north)),
    )
    return set().union(*(found_in(database, quarter, as_of) for quarter in quarters))


def test_dividing_boxes_finds_the_published_sites_and_nothing_else(scratch: Database) -> None:
    release = published(scratch)
    hidden = ask(
        scratch,
        "SELECT s.id, ST_X(p), ST_Y(p) FROM register.site s CROSS JOIN ST_PointOnSurface(s.geom) p"
        " WHERE NOT EXISTS (SELECT FROM published.site t WHERE t.id = s.id) AND s.geom IS NOT NULL",
    )
    assert len(hidden) > 5
    for _, lon, lat in hidden:
        box = (lon - 0.4, lat - 0.4, lon + 0.4, lat + 0.4)
        for as_of in (date(2016, 2, 22), today()):
            placed = ask(
                scratch,
                "SELECT p.id FROM published.site p WHERE p.closed_on <= %(as_of)s"
                " AND ST_X(p.geom) BETWEEN %(lon)s - 0.4 AND %(lon)s + 0.4"
                " AND ST_Y(p.geom) BETWEEN %(lat)s - 0.4 AND %(lat)s + 0.4",
                **{"as_of": as_of, "lon": lon, "lat": lat},
            )
            found = found_in(scratch, box, as_of)
            assert found == {site_id for (site_id,) in placed}
            assert found <= {row["id"] for row in release["site"]}


def test_between_two_days_of_figures_nothing_but_a_province_is_told(scratch: Database) -> None:
    release = published(scratch)
    days = sorted({row["figure_on"] for row in release["figure"]})
    counts = {
        (row["figure_on"], row["province_code"], row["site_type"]): row["closed"] for row in release["figure"]
    }
    closings = [(row["closed_on"], row["province_code"] or "", row["site_type"]) for row in release["site"]]
    for before, after in pairwise(days):
        for province, kind in {(code, kind) for on, code, kind in counts if on == after}:
            grown = counts[after, province, kind] - counts.get((before, province, kind), 0)
            closed = sum(before < on <= after and (code, of) == (province, kind) for on, code, of in closings)
            assert grown == closed
