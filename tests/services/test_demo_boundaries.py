"""The demonstration's boundaries by decree: made up, marked, and of each kind that a page tells apart."""

from datetime import date

import pytest

from gis.config import PROJECT_DIRECTORY
from gis.database import decree_boundaries
from gis.database.connection import Database
from gis.domain.queries import Moment
from gis.domain.records.boundaries import BoundaryRow
from gis.services.demo_files import read_register, read_rows

DEMO = PROJECT_DIRECTORY / "data" / "demo"


@pytest.fixture(scope="module")
def rows() -> list[BoundaryRow]:
    return list(read_rows(DEMO / "boundaries.csv", BoundaryRow))


def test_every_one_is_synthetic_and_of_a_synthetic_site_with_that_decree(rows: list[BoundaryRow]) -> None:
    register = read_register(DEMO)
    synthetic = {site.id for site in register.sites if site.synthetic}
    decrees = {(event.site_id, event.legal_number) for event in register.events if event.kind == "decreed"}
    assert rows
    for row in rows:
        assert row.synthetic
        assert row.site_id in synthetic
        assert (row.site_id, row.legal_number) in decrees


def test_some_differ_some_agree_and_some_are_of_points(
    demo_database: Database, rows: list[BoundaryRow]
) -> None:
    kinds = []
    with demo_database.transaction() as connection:
        for row in rows:
            found = decree_boundaries.find_boundary(connection, row.site_id, Moment(date(2024, 1, 1)))
            assert found["decree"]["id"] == row.id
            comparison = found["comparison"]
            kinds.append(found["missing"] if comparison is None else comparison["differs"])
            if comparison and comparison["differs"]:
                assert 1 < comparison["largest_distance_m"] < 200
                assert 0 < comparison["overlap_of_decree"] < 1
    assert (kinds.count(True), kinds.count(False), kinds.count("mapped")) == (4, 4, 3)
