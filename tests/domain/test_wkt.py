"""Texts that are geometries, and texts that are made to do harm."""

import pytest

from gis.domain.wkt import parse_wkt


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("POINT (117 -0.5)", "Point"),
        (" point(117 -0.5)", "Point"),
        ("POINT Z (117 -0.5 3)", "Point"),
        ("POLYGON ((0 0, 1 0, 1 1, 0 0))", "Polygon"),
        ("MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 5, 6 6, 5 5)))", "MultiPolygon"),
    ],
)
def test_what_a_record_holds_is_read(text: str, kind: str) -> None:
    geometry = parse_wkt(text)
    assert geometry is not None
    assert geometry.geom_type == kind


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Samarinda",
        "POINT (117)",
        "LINESTRING (0 0, 1 1)",
        "GEOMETRYCOLLECTION (POINT (0 0))",
        # Either of these ends the process if GEOS gets to read it.
        "GEOMETRYCOLLECTION(" * 200_000,
        "MULTIPOLYGON" + "(" * 200_000,
        "POLYGON ((0 0, 1 0, 1 1, 0 0)" + "(" * 200_000,
    ],
    ids=range(8),
)
def test_anything_else_is_not(text: str) -> None:
    assert parse_wkt(text) is None
