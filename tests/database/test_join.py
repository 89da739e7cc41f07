"""The join in PostGIS: the hard cases, agreement with the join for frames, triggers, declared regions."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.config import PROJECT_DIRECTORY
from gis.database.connection import Connection, Database
from gis.database.joins import find_wrong_joins, rejoin_all
from gis.domain.grid_index import RegionIndex
from gis.domain.spatial_join import assign_regions
from gis.errors import InvalidInputError
from gis.services.boundaries import read_regions
from tests.hard_cases import CASES, HardCase

INSERT = """
INSERT INTO register.site (name, site_type, geom, location_accuracy, location_source, declared_region_codes)
SELECT 'site ' || given.place, 'lokalisasi', ST_Transform(ST_SetSRID(given.wkb::geometry, %(srid)s), 4326),
       CASE WHEN given.wkb IS NULL THEN 'regency' ELSE 'exact' END, 'test', %(declared)s::text[]
FROM unnest(%(wkbs)s::text[]) WITH ORDINALITY AS given (wkb, place)
RETURNING id, substr(name, 6)::int
"""
READ = """
SELECT s.province_code, s.regency_code, s.province_join_method, s.regency_join_method,
       coalesce((SELECT array_agg(o.region_code ORDER BY length(o.region_code), o.region_code)
                 FROM register.site_region o WHERE o.site_id = s.id AND NOT o.is_primary), '{}'),
       s.province_codes
FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS asked (id, place) JOIN register.site s USING (id)
ORDER BY asked.place
"""
COLUMNS = ("province_code", "regency_code", "province_join_method", "regency_join_method", "shared_with")


@cache
def index() -> RegionIndex:
    found = read_regions(PROJECT_DIRECTORY / "data" / "boundaries")
    return RegionIndex.build(found.provinces, found.regencies, found.neighbours)


class UndoError(Exception):
    """Ends a transaction whose writes are not to stay."""


@contextmanager
def rolled_back(database: Database) -> Iterator[Connection]:
    with suppress(UndoError), database.transaction() as opened:
        yield opened
        raise UndoError


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    """A transaction that is rolled back."""
    with rolled_back(database) as opened:
        yield opened


def insert(
    connection: Connection,
    shapes: list[shapely.Geometry | None],
    srid: int = 4326,
    declared: Sequence[str] = (),
) -> list[int]:
    """Write sites in one statement; their ids in the order of the shapes."""
    wkbs = [None if shape is None else shapely.to_wkb(shape, hex=True) for shape in shapes]
    rows = connection.execute(INSERT, {"wkbs": wkbs, "srid": srid, "declared": list(declared)}).fetchall()
    return [id_ for id_, _ in sorted(rows, key=lambda row: row[1])]


def read(connection: Connection, ids: list[int]) -> list[dict[str, Any]]:
    rows = connection.execute(READ, {"ids": ids}).fetchall()
    return [dict(zip((*COLUMNS, "province_codes"), row, strict=True)) for row in rows]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_hard_case(case: HardCase, database: Database) -> None:
    if case.postgis == "refused":
        with pytest.raises(InvalidInputError, match="site_geom_check"), database.transaction() as refused:
            insert(refused, [case.shape()], case.srid)
        return
    with rolled_back(database) as connection:
        (found,) = read(connection, insert(connection, *known_to(connection, case)))
    touched = found.pop("province_codes")
    assert found == case.expected
    first = [found["province_code"]] if found["province_code"] else []
    assert touched == first + [code for code in found["shared_with"] if "." not in code]


def known_to(connection: Connection, case: HardCase) -> tuple[list[shapely.Geometry | None], int]:
    """The case's shape in a CRS that this PostGIS knows: 3.3 lacks SRGI2013, which an import transforms."""
    known = connection.execute("SELECT 1 FROM spatial_ref_sys WHERE srid = %s", [case.srid]).fetchone()
    if known:
        return [case.shape()], case.srid
    return list(gpd.GeoSeries([case.shape()], crs=case.srid).to_crs(4326)), 4326


# --- agreement -------------------------------------------------------------------------------------------


@cache
def vertices() -> np.ndarray:
    return shapely.get_coordinates(index().regencies.geometries)


def assert_both_agree(database: Database, shapes: np.ndarray) -> None:
    frame = assign_regions(gpd.GeoDataFrame(geometry=shapes, crs=4326), index())
    expected = frame.astype(object).where(frame.notna(), None)
    expected["shared_with"] = expected["shared_with"].map(list)
    with rolled_back(database) as connection:
        found = read(connection, insert(connection, list(shapes)))
    for row in found:
        del row["province_codes"]
    wrong = [
        (shape.wkt, there, here)
        for shape, there, here in zip(shapes, found, expected.to_dict("records"), strict=True)
        if there != here
    ]
    assert wrong == []


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), reach=st.sampled_from([0.0, 1e-12, 1e-3, 0.03]))
def test_both_agree_on_points_at_and_near_vertices(database: Database, seed: int, reach: float) -> None:
    random = np.random.default_rng(seed)
    near = vertices()[random.integers(0, len(vertices()), 60)] + random.uniform(-reach, reach, (60, 2))
    assert_both_agree(database, shapely.points(near))


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_both_agree_on_points_on_borders(database: Database, seed: int) -> None:
    random = np.random.default_rng(seed)
    start = random.integers(0, len(vertices()) - 1, 60)
    along = random.uniform(0, 1, (60, 1))
    between = vertices()[start] * (1 - along) + vertices()[start + 1] * along
    assert_both_agree(database, shapely.points(between))


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_both_agree_on_points_anywhere(database: Database, seed: int) -> None:
    random = np.random.default_rng(seed)
    assert_both_agree(database, shapely.points(random.uniform((95, -11), (141, 6), (100, 2))))


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), radius=st.sampled_from([0.001, 0.02, 0.1]))
def test_both_agree_on_polygons_across_borders(database: Database, seed: int, radius: float) -> None:
    random = np.random.default_rng(seed)
    centres = vertices()[random.integers(0, len(vertices()), 12)] + random.normal(0, radius, (12, 2))
    assert_both_agree(database, shapely.buffer(shapely.points(centres), radius, quad_segs=2))


def test_many_points_are_joined_as_few_are(database: Database) -> None:
    random = np.random.default_rng(5)
    assert_both_agree(database, shapely.points(random.uniform((106, -8), (112, -6), (3000, 2))))


# --- writing ---------------------------------------------------------------------------------------------


def test_a_moved_site_is_joined_again_and_a_renamed_one_is_not(connection: Connection) -> None:
    (site,) = insert(connection, [shapely.Point(117.14, -0.5)])
    connection.execute(
        "UPDATE register.site SET geom = ST_SetSRID(ST_Point(110.42, -6.98), 4326) WHERE id = %s", [site]
    )
    assert read(connection, [site])[0]["regency_code"] == "33.74"
    rows = connection.execute("SELECT region_code FROM register.site_region WHERE site_id = %s", [site])
    assert {code for (code,) in rows} == {"33", "33.74"}
    # A wrong stored code outlives a change of the name: nothing but the place starts the join.
    connection.execute("UPDATE register.site SET regency_code = '11.01' WHERE id = %s", [site])
    connection.execute("UPDATE register.site SET name = 'another' WHERE id = %s", [site])
    assert read(connection, [site])[0]["regency_code"] == "11.01"


def test_any_change_of_a_site_touches_it(database: Database) -> None:
    with database.transaction() as connection:
        (site,) = insert(connection, [shapely.Point(117.14, -0.5)])
    read_time = "SELECT updated_at FROM register.site WHERE id = %s"
    with database.transaction() as connection:
        before = connection.execute(read_time, [site]).fetchone()
        connection.execute("UPDATE register.site SET name = name WHERE id = %s", [site])
        assert connection.execute(read_time, [site]).fetchone() == before
        connection.execute("UPDATE register.site SET name = 'new' WHERE id = %s", [site])
        assert connection.execute(read_time, [site]).fetchone() != before
    with database.transaction() as connection:
        connection.execute("DELETE FROM register.site WHERE id = %s", [site])


def test_the_join_does_not_depend_on_the_writers_search_path(connection: Connection) -> None:
    connection.execute("CREATE TEMP TABLE region (level text) ON COMMIT DROP")
    connection.execute("SET LOCAL search_path = pg_temp, public")
    assert read(connection, insert(connection, [shapely.Point(117.14, -0.5)]))[0]["regency_code"] == "64.72"


def test_a_site_without_geometry_has_its_declared_regions(connection: Connection) -> None:
    (found,) = read(connection, insert(connection, [None], declared=["33.74", "33.24", "33.74"]))
    assert found == {
        "province_code": "33",
        "regency_code": "33.74",
        "province_join_method": "declared",
        "regency_join_method": "declared",
        "shared_with": ["33.24"],
        "province_codes": ["33"],
    }
    shares = connection.execute("SELECT region_code, share FROM register.site_region ORDER BY 1").fetchall()
    assert shares == [("33", 1.0), ("33.24", 0.5), ("33.74", 0.5)]


def test_the_first_declared_region_is_primary_also_in_another_province(connection: Connection) -> None:
    (found,) = read(connection, insert(connection, [None], declared=["36.71", "31.72", "31.73"]))
    assert (found["province_code"], found["regency_code"]) == ("36", "36.71")
    assert found["province_codes"] == ["36", "31"]


def test_a_declared_province_leaves_the_regency_open(connection: Connection) -> None:
    (found,) = read(connection, insert(connection, [None], declared=["64"]))
    assert (found["province_code"], found["province_join_method"]) == ("64", "declared")
    assert (found["regency_code"], found["regency_join_method"]) == (None, "none")


@pytest.mark.parametrize("code", ["64.73", "99", "Samarinda", ""])
def test_a_declared_region_that_does_not_exist_today_is_refused(database: Database, code: str) -> None:
    with pytest.raises(InvalidInputError, match="no Kemendagri code"), database.transaction() as connection:
        insert(connection, [None], declared=["64", code])


def test_wrong_joins_are_found_and_mended(connection: Connection) -> None:
    sites = insert(
        connection, [shapely.Point(117.14, -0.5), shapely.Point(110.42, -6.98), shapely.Point(110, -10)]
    )
    assert find_wrong_joins(connection, 10) == []
    connection.execute("UPDATE register.site SET regency_code = '11.01' WHERE id = %s", [sites[0]])
    connection.execute("DELETE FROM register.site_region WHERE site_id = %s", [sites[1]])
    assert {wrong.site_id for wrong in find_wrong_joins(connection, 10)} == {sites[0], sites[1]}
    assert rejoin_all(connection) == 1  # the second one's codes were right, its rows were missing
    assert find_wrong_joins(connection, 10) == []


def test_a_lakes_shore_is_no_wrong_join(connection: Connection) -> None:
    """Only a regency of Lampung covers Ranau's shore; the lake, and so the site, is Sumatera Selatan's."""
    (shore,) = read(connection, insert(connection, [shapely.Point(103.917910, -4.951477)]))
    assert (shore["regency_code"], shore["regency_join_method"]) == ("16.09", "nearest")
    assert find_wrong_joins(connection, 10) == []


def test_nothing_to_join_is_no_error(connection: Connection) -> None:
    connection.execute("DELETE FROM register.site")
    assert rejoin_all(connection) == 0
