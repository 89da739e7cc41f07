"""The boundary of a decree beside the mapped one: PostGIS measures as pyproj and shapely do."""

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pyproj
import pytest
import shapely
from shapely import affinity
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from gis.database import batches, decree_boundaries
from gis.database.connection import Database
from gis.domain.access import Identity, Role
from gis.domain.batches import BatchOrigin, Draft, new_fact_id
from gis.domain.queries import Moment
from gis.domain.records.boundaries import BoundaryContent
from gis.domain.site_areas import AreaComparison
from gis.errors import AtlasError, ForbiddenError, InvalidInputError

Actor = Callable[..., Identity]
WGS84 = pyproj.Geod(ellps="WGS84")
TODAY = Moment(date(2024, 1, 1))
SQUARE = shapely.box(117.15, -0.51, 117.152, -0.508)  # in Kota Samarinda
KENDAL = shapely.box(110.3, -6.98, 110.35, -6.96)  # across Kota Semarang and Kabupaten Kendal


def geodesic_area(shape: BaseGeometry) -> float:
    return abs(WGS84.geometry_area_perimeter(shapely.orient_polygons(shape))[0]) if shape.area else 0.0


def directed_distance(shape: BaseGeometry, other: BaseGeometry) -> float:
    """In the plane of an azimuthal projection around the shapes, of points 0.4 m apart (or 5,000 of them)."""
    centre = shapely.union_all([shape, other]).centroid
    plane = pyproj.Transformer.from_crs(
        "EPSG:4326", f"+proj=aeqd +lat_0={centre.y} +lon_0={centre.x} +ellps=WGS84", always_xy=True
    )

    def flat(geometry: BaseGeometry) -> LineString:
        # First made dense, since what is straight in degrees is bent in the plane.
        dense = shapely.segmentize(geometry.boundary, 1e-4)
        return LineString(np.column_stack(plane.transform(*shapely.get_coordinates(dense).T)))

    line = flat(shape)
    points = shapely.points(shapely.get_coordinates(shapely.segmentize(line, max(0.4, line.length / 5000))))
    return float(shapely.distance(points, flat(other)).max())


def compared(database: Database, mapped: BaseGeometry, decreed: BaseGeometry) -> AreaComparison:
    with database.transaction() as connection:
        row = connection.execute(
            "SELECT * FROM compare_areas(ST_GeomFromText(%s, 4326), ST_GeomFromText(%s, 4326))",
            [mapped.wkt, decreed.wkt],
        ).fetchone()
    assert row is not None
    return AreaComparison(*row)


def random_pair(dice: np.random.Generator) -> tuple[BaseGeometry, BaseGeometry]:
    """A star-shaped polygon somewhere in Indonesia, and one that is turned, stretched and moved from it."""
    n, size = int(dice.integers(4, 10)), 10 ** dice.uniform(-3.7, -2.1)
    angles = 2 * np.pi * (np.arange(n) + dice.uniform(0, 0.9, n)) / n
    far = size * dice.uniform(0.2, 1, n)
    lon, lat = dice.uniform(95, 141), dice.uniform(-11, 6)
    mapped = shapely.Polygon(np.column_stack([lon + far * np.cos(angles), lat + far * np.sin(angles)]))
    turned = affinity.rotate(mapped, dice.uniform(-180, 180))
    wider = affinity.scale(turned, dice.uniform(0.5, 2), dice.uniform(0.5, 2))
    return mapped, affinity.translate(wider, *(size * dice.uniform(-1, 1, 2)))


@pytest.mark.parametrize("seed", range(24))
def test_areas_and_distances_are_those_of_pyproj_and_shapely(database: Database, seed: int) -> None:
    mapped, decreed = random_pair(np.random.default_rng(seed))
    found = compared(database, mapped, decreed)
    assert found.mapped_m2 == pytest.approx(geodesic_area(mapped), rel=1e-6, abs=1e-2)
    assert found.decree_m2 == pytest.approx(geodesic_area(decreed), rel=1e-6, abs=1e-2)
    shared = geodesic_area(shapely.intersection(mapped, decreed))
    assert found.overlap_m2 == pytest.approx(shared, rel=1e-5, abs=0.05)
    assert found.precision_m is not None
    for measured, expected in (
        (found.beyond_decree_m, directed_distance(mapped, decreed)),
        (found.beyond_mapped_m, directed_distance(decreed, mapped)),
    ):
        assert measured is not None
        # The independent way, too, tries points.
        assert expected * 0.9999 - found.precision_m <= measured <= expected * 1.0001 + 0.2


def test_wide_shapes_are_measured_within_one_in_a_thousand(database: Database) -> None:
    wide = shapely.Point(117.2, -6.3).buffer(0.2, quad_segs=6)
    turned = affinity.translate(affinity.scale(wide, 0.7, 1.2), 0.1, 0.05)
    found = compared(database, wide, turned)
    assert found.beyond_decree_m == pytest.approx(directed_distance(wide, turned), rel=1e-3)
    assert found.beyond_mapped_m == pytest.approx(directed_distance(turned, wide), rel=1e-3)


def test_the_same_area_does_not_differ(database: Database) -> None:
    found = compared(database, SQUARE, shapely.reverse(SQUARE))
    assert found.largest_distance_m == 0
    assert not found.differs
    assert found.overlap_of_mapped == pytest.approx(1)
    half_a_metre = compared(database, SQUARE, affinity.translate(SQUARE, 0.5 / 111_320, 0))
    assert not half_a_metre.differs
    two_metres = compared(database, SQUARE, affinity.translate(SQUARE, 2 / 111_320, 0))
    assert two_metres.differs


def test_a_far_corner_is_found_from_the_side_that_has_it(database: Database) -> None:
    spike = shapely.Polygon(
        [(117.15, -0.51), (117.152, -0.51), (117.157, -0.509), (117.152, -0.508), (117.15, -0.508)]
    )
    found = compared(database, SQUARE, spike)
    assert found.beyond_mapped_m == pytest.approx(directed_distance(spike, SQUARE), abs=0.6)
    assert found.beyond_mapped_m is not None
    assert found.beyond_decree_m is not None
    assert found.beyond_mapped_m > found.beyond_decree_m
    assert found.overlap_of_mapped == pytest.approx(1)


def test_apart_areas_share_nothing(database: Database) -> None:
    found = compared(database, SQUARE, affinity.translate(SQUARE, 0.01, 0))
    assert found.overlap_m2 == 0
    assert found.overlap_of_mapped == found.overlap_of_decree == 0
    assert found.differs


def test_very_detailed_shapes_are_compared_by_area_alone(database: Database) -> None:
    circle = shapely.Point(117.15, -0.5).buffer(0.01, quad_segs=1300)
    found = compared(database, circle, affinity.translate(circle, 1e-7, 0))
    assert (found.largest_distance_m, found.precision_m) == (None, None)
    assert not found.differs
    assert compared(database, circle, affinity.translate(circle, 1e-3, 0)).differs


def add_site(database: Database, shape: BaseGeometry | None) -> int:
    with database.transaction() as connection:
        row = connection.execute(
            "INSERT INTO site (name, site_type, geom, location_accuracy, location_source,"
            " declared_region_codes)"
            " VALUES ('Uji', 'lokalisasi', ST_GeomFromText(%s, 4326), %s, 'uji', '{64.72}')"
            " RETURNING id",
            [shape.wkt if shape else None, "exact" if shape else "regency"],
        ).fetchone()
    assert row is not None
    return int(row[0])


def content(site_id: int, shape: BaseGeometry, **more: Any) -> dict[str, Any]:
    given = {
        "site_id": site_id, "wkt": shape.wkt, "legal_instrument": "SK Wali Kota", "legal_number": "1/2014",
        "dated_on": date(2014, 1, 1), "source": "Dinsos", "reported_on": date(2014, 2, 1), **more,
    }  # fmt: skip
    return BoundaryContent.model_validate(given).model_dump(mode="json")


def enter(acting: Database, approver: Database, *contents: dict[str, Any]) -> list[int]:
    rows = [
        Draft(number, 1, "boundaries", each, None, None, "new", new_fact_id())
        for number, each in enumerate(contents, start=1)
    ]
    with acting.transaction() as connection:
        batch_id = batches.open_batch(connection, "boundaries", BatchOrigin())
        batches.add_drafts(connection, batch_id, rows)
        batches.submit(connection, batch_id)
    with approver.transaction() as connection:
        batches.approve(connection, batch_id)
    return [row.fact_id for row in rows]


@pytest.fixture
def samarinda(database: Database, actor: Actor) -> Database:
    return database.acting_as(actor(database, Role.regency, "64.72"), read_only=False)


@pytest.fixture
def approver(database: Database, actor: Actor) -> Database:
    return database.acting_as(actor(database, Role.approver), read_only=False)


def boundary(database: Database, site_id: int, moment: Moment = TODAY) -> dict[str, Any]:
    with database.transaction() as connection:
        return decree_boundaries.find_boundary(connection, site_id, moment)


def test_from_draft_to_the_page(database: Database, samarinda: Database, approver: Database) -> None:
    site_id = add_site(database, SQUARE)
    assert boundary(samarinda, site_id)["missing"] == "decree"
    wider = affinity.scale(SQUARE, 2, 1)
    [fact_id] = enter(samarinda, approver, content(site_id, wider))
    found = boundary(samarinda, site_id)
    assert found["missing"] is None
    assert found["decree"]["id"] == fact_id
    assert found["decree"]["geometry"]["type"] == "Polygon"
    assert found["comparison"]["differs"]
    assert found["comparison"]["overlap_of_decree"] == pytest.approx(0.5, abs=1e-3)
    assert found["comparison"]["largest_distance_m"] == pytest.approx(111.3, abs=0.5)


def test_both_clocks(database: Database, samarinda: Database, approver: Database) -> None:
    site_id = add_site(database, SQUARE)
    enter(samarinda, approver, content(site_id, SQUARE))
    assert boundary(samarinda, site_id, Moment(date(2013, 12, 31)))["missing"] == "decree"
    assert boundary(samarinda, site_id, Moment(date(2024, 1, 1), date(2014, 1, 31)))["missing"] == "decree"
    assert boundary(samarinda, site_id, Moment(date(2014, 1, 1), date(2014, 2, 1)))["missing"] is None


def test_a_replaced_and_a_retracted_boundary_do_not_count(
    database: Database, samarinda: Database, approver: Database
) -> None:
    site_id = add_site(database, SQUARE)
    [first] = enter(samarinda, approver, content(site_id, affinity.scale(SQUARE, 2, 2)))
    later = {"reported_on": date(2015, 1, 1)}
    [second] = enter(samarinda, approver, content(site_id, SQUARE, corrects_id=first, **later))
    assert boundary(samarinda, site_id)["decree"]["id"] == second
    then = Moment(date(2014, 6, 1), date(2014, 6, 1))
    assert boundary(samarinda, site_id, then)["decree"]["id"] == first
    enter(samarinda, approver, content(site_id, SQUARE, corrects_id=second, retracted=True, **later))
    assert boundary(samarinda, site_id)["missing"] == "decree"


def test_the_newest_decree_counts(database: Database, samarinda: Database, approver: Database) -> None:
    site_id = add_site(database, SQUARE)
    older = content(site_id, SQUARE, legal_number="old")
    newer = content(site_id, SQUARE, legal_number="new", dated_on=date(2016, 1, 1))
    unknown = content(site_id, SQUARE, legal_number="whenever", dated_on=None)
    enter(samarinda, approver, newer, older, unknown)
    assert boundary(samarinda, site_id)["decree"]["legal_number"] == "new"
    assert boundary(samarinda, site_id, Moment(date(2015, 1, 1)))["decree"]["legal_number"] == "old"
    assert boundary(samarinda, site_id, Moment(date(2010, 1, 1)))["decree"]["legal_number"] == "whenever"


@pytest.mark.parametrize(("east", "distance"), [(0, 0), (0.002, 111.3)])
def test_a_site_that_is_mapped_as_a_point(
    database: Database, samarinda: Database, approver: Database, east: float, distance: float
) -> None:
    site_id = add_site(database, shapely.Point(117.151 + east, -0.509))
    enter(samarinda, approver, content(site_id, SQUARE))
    found = boundary(samarinda, site_id)
    assert (found["missing"], found["comparison"]) == ("mapped", None)
    assert found["point_distance_m"] == pytest.approx(distance, abs=0.5)


def test_a_site_without_any_place(database: Database, samarinda: Database) -> None:
    site_id = add_site(database, None)
    assert boundary(samarinda, site_id) == {
        "missing": "both", "decree": None, "comparison": None, "point_distance_m": None
    }  # fmt: skip


def test_what_contradicts_is_refused(database: Database, samarinda: Database, approver: Database) -> None:
    site_id, other = add_site(database, SQUARE), add_site(database, SQUARE)
    [fact_id] = enter(samarinda, approver, content(site_id, SQUARE))
    with pytest.raises(InvalidInputError, match="there is no such boundary"):
        enter(samarinda, approver, content(other, SQUARE, corrects_id=fact_id))
    abroad = add_site(database, shapely.box(110.4, -7.0, 110.401, -6.999))
    with pytest.raises(InvalidInputError, match="outside"):
        enter(samarinda, approver, content(abroad, SQUARE))


@pytest.mark.parametrize(
    "wkt",
    [
        "POINT (117 -0.5)",
        "POLYGON EMPTY",
        "POLYGON ((0 0, 1 1, 1 0, 0 1, 0 0))",
        "POLYGON ((0 0, 200 0, 200 1, 0 1, 0 0))",
        "LINESTRING (0 0, 1 1)",
    ],
)
def test_the_table_takes_valid_areas_alone(database: Database, wkt: str) -> None:
    site_id = add_site(database, SQUARE)
    with pytest.raises(InvalidInputError), database.transaction() as connection:
        connection.execute(
            "INSERT INTO decree_boundary (site_id, geom, legal_instrument, source)"
            " VALUES (%s, ST_GeomFromText(%s, 4326), 'SK', 'x')",
            [site_id, wkt],
        )
    with pytest.raises(ValueError, match=r"wkt|columns"):
        BoundaryContent.model_validate({**content(site_id, SQUARE), "wkt": wkt})


def test_nothing_is_changed_or_deleted(database: Database, samarinda: Database, approver: Database) -> None:
    site_id = add_site(database, SQUARE)
    enter(samarinda, approver, content(site_id, SQUARE))
    for statement in (
        "UPDATE decree_boundary SET note = 'x'",
        "DELETE FROM decree_boundary",
        "TRUNCATE decree_boundary",
    ):
        with pytest.raises(AtlasError, match="append-only"), database.transaction() as connection:
            connection.execute(statement)
    with pytest.raises(ForbiddenError), samarinda.transaction() as connection:
        connection.execute("DELETE FROM decree_boundary")


def test_boundaries_are_seen_where_the_site_is(
    database: Database, samarinda: Database, approver: Database, actor: Actor
) -> None:
    site_id = add_site(database, SQUARE)
    [fact_id] = enter(samarinda, approver, content(site_id, SQUARE))
    seen = {}
    for role, code in (
        (Role.regency, "64.72"),
        (Role.province, "64"),
        (Role.province, "65"),
        (Role.planner, None),
    ):
        acting = database.acting_as(actor(database, role, code))
        with acting.transaction() as connection:
            rows = connection.execute("SELECT id FROM decree_boundary WHERE id = %s", [fact_id]).fetchall()
            trail = connection.execute("SELECT 1 FROM audit WHERE row_key = %s", [str(fact_id)]).fetchall()
        seen[code] = (len(rows), len(trail))
    assert seen == {"64.72": (1, 1), "64": (1, 1), "65": (0, 0), None: (1, 1)}
