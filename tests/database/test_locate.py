"""Where a place would belong: the rule of all sites, asked about a place that is only being drawn."""

import statistics
import time
from collections.abc import Callable

import pytest
import shapely

from gis.database import site_forms
from gis.database.connection import Database
from gis.database.site_forms import Located
from gis.domain.access import Identity, Role
from gis.domain.forms.places import LARGEST_DRAWN
from gis.errors import AtlasError, DatabaseError, ForbiddenError, InvalidInputError
from tests.hard_cases import CASES, HardCase

Actor = Callable[..., Identity]
ASKED = [case for case in CASES if case.srid == 4326 and case.postgis != "refused" and case.geometry]
SAMARINDA = "POINT (117.15 -0.5)"
TARAKAN = "POINT (117.6 3.3)"
ACROSS = "POLYGON ((117 2.2, 117.3 2.2, 117.3 3, 117 3, 117 2.2))"  # Kaltim and Kaltara


@pytest.fixture(scope="module")
def planner(database: Database, actor: Actor) -> Database:
    return database.acting_as(actor(database, Role.planner), read_only=False)


def located(database: Database, wkt: str | None, *declared: str, is_national: bool = True) -> Located:
    with database.transaction() as connection:
        return site_forms.locate(connection, wkt, declared, is_national=is_national)


def counts(database: Database) -> list[tuple[object, ...]]:
    with database.transaction() as connection:
        return connection.execute(
            "SELECT (SELECT count(*) FROM site), (SELECT count(*) FROM site_region),"
            " (SELECT count(*) FROM audit)"
        ).fetchall()


@pytest.mark.parametrize("case", ASKED, ids=lambda case: case.name)
def test_it_is_the_rule_of_all_sites(planner: Database, case: HardCase) -> None:
    found = located(planner, case.geometry).regions
    primary = {region.level: region for region in found if region.is_primary}
    for level in ("province", "regency"):
        code, method = case.expected[f"{level}_code"], case.expected[f"{level}_join_method"]
        assert (primary[level].code if level in primary else None) == code
        assert (primary[level].method if level in primary else "none") == method
    others = {region.code for region in found if not region.is_primary}
    assert others == set(case.expected.get("shared_with", []))


def test_nothing_stays(planner: Database, database: Database) -> None:
    before = counts(database)
    located(planner, SAMARINDA)
    located(planner, None, "33.74", "33.24")
    with pytest.raises(InvalidInputError):
        located(planner, None, "99.99")
    assert counts(database) == before


def test_declared_regions_are_found_in_their_order(planner: Database) -> None:
    found = located(planner, None, "33.74", "33.24").regions
    assert [(region.code, region.is_primary, region.method) for region in found] == [
        ("33", True, "declared"),
        ("33.74", True, "declared"),
        ("33.24", False, "declared"),
    ]
    assert {region.code: region.name for region in found}["33.74"] == "Kota Semarang"


@pytest.mark.parametrize(
    ("role", "code", "within"),
    [
        (Role.regency, "64.72", {SAMARINDA: True, TARAKAN: False, ACROSS: False}),
        (Role.province, "64", {SAMARINDA: True, TARAKAN: False, ACROSS: True}),
        (Role.province, "65", {SAMARINDA: False, TARAKAN: True, ACROSS: True}),
        (Role.planner, None, {SAMARINDA: True, TARAKAN: True, ACROSS: True}),
    ],
)
def test_it_tells_whether_the_place_is_within_the_scope(
    database: Database, actor: Actor, role: Role, code: str | None, within: dict[str, bool]
) -> None:
    acting = database.acting_as(actor(database, role, code), read_only=False)
    for wkt, expected in within.items():
        assert located(acting, wkt, is_national=code is None).within_scope is expected, wkt


def test_a_place_in_no_region_is_for_national_accounts(planner: Database) -> None:
    assert located(planner, "POINT (112 -12.5)") == Located([], within_scope=True)
    assert not located(planner, "POINT (112 -12.5)", is_national=False).within_scope


def test_the_database_caps_vertices_and_takes_no_broken_shape(planner: Database) -> None:
    circle = shapely.Point(117.15, -0.5).buffer(0.1, quad_segs=LARGEST_DRAWN // 4 + 1)
    with pytest.raises(InvalidInputError, match="vertices"):
        located(planner, circle.wkt)
    with pytest.raises(InvalidInputError):
        located(planner, "POLYGON ((117.1 -0.5, 117.2 -0.4, 117.2 -0.5, 117.1 -0.4, 117.1 -0.5))")
    with pytest.raises(InvalidInputError):
        located(planner, "LINESTRING (117.1 -0.5, 117.2 -0.4)")


def test_it_is_for_accounts_alone(database: Database, as_app: Callable[[Database], Database]) -> None:
    application = as_app(database)
    with pytest.raises(ForbiddenError):
        located(application, SAMARINDA)


def test_it_needs_a_transaction_that_may_write(database: Database, actor: Actor) -> None:
    with pytest.raises(DatabaseError):
        located(database.acting_as(actor(database, Role.planner)), SAMARINDA)


@pytest.mark.parametrize("wkt", [SAMARINDA, TARAKAN, ACROSS, "POINT (98.9 2.6)", "POINT (117.7 -0.55)"])
def test_the_answer_comes_while_one_draws(planner: Database, wkt: str) -> None:
    spent = []
    for _ in range(5):
        started = time.perf_counter()
        located(planner, wkt)
        spent.append(time.perf_counter() - started)
    assert statistics.median(spent) < 0.3


def test_what_it_refuses_is_an_error_of_ours(planner: Database) -> None:
    for wkt in ("POLYGON EMPTY", "POINT (190 0)", "POINT EMPTY"):
        with pytest.raises(AtlasError):
            located(planner, wkt)
