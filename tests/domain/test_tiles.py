"""The squares of WebMercatorQuad: where they are, and that each point lies in one."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from gis.domain.queries import BoundingBox
from gis.domain.tiles import MAX_ZOOM, Tile, cell_size, intersection, scale_denominator
from gis.errors import NotFoundError

TO_METRES = Transformer.from_crs(4326, 3857, always_xy=True)


def test_the_numbers_are_those_of_the_standard() -> None:
    assert scale_denominator(0) == pytest.approx(559082264.028717, rel=1e-12)
    assert scale_denominator(22) == pytest.approx(133.295598991564, rel=1e-10)
    assert cell_size(0) == pytest.approx(156543.033928041, rel=1e-12)
    assert Tile(0, 0, 0).square == pytest.approx((-20037508.3427892,) * 2 + (20037508.3427892,) * 2)


@given(st.integers(0, MAX_ZOOM), st.data())
def test_degrees_and_metres_are_the_same_square(z: int, data: st.DataObject) -> None:
    y, x = (data.draw(st.integers(0, 2**z - 1)) for _ in "yx")
    tile = Tile(z, y, x)
    west, south, east, north = tile.square
    box = tile.box
    assert TO_METRES.transform(box.west, box.south) == pytest.approx((west, south), abs=1e-3)
    assert TO_METRES.transform(box.east, box.north) == pytest.approx((east, north), abs=1e-3)


@given(st.floats(94, 142), st.floats(-12, 7), st.integers(0, 18))
def test_a_point_lies_in_one_square(lon: float, lat: float, z: int) -> None:
    n = 2**z
    x = math.floor((lon + 180) / 360 * n)
    y = math.floor((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * n)
    around = [(y + i, x + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
    inside = [Tile(z, r, c) for r, c in around if 0 <= r < n and 0 <= c < n]
    assert [tile.holds(lon, lat) for tile in inside].count(True) == 1


def test_a_point_on_an_edge_belongs_to_the_east_and_the_south() -> None:
    assert Tile(1, 1, 1).holds(0, 0)
    assert not any(tile.holds(0, 0) for tile in (Tile(1, 0, 0), Tile(1, 1, 0), Tile(1, 0, 1)))


@pytest.mark.parametrize(
    ("z", "y", "x"),
    [
        *(
            ("99", "0", "0"),
            ("23", "0", "0"),
            ("-1", "0", "0"),
            ("0", "1", "0"),
            ("0", "0", "1"),
            ("2", "4", "0"),
        ),
        *(("a", "0", "0"), ("1.5", "0", "0"), ("0", "", "0"), ("0", "0", "²"), ("0", "0", "9" * 5_000)),
        ("\x00", "0", "0"),
    ],
)
def test_there_are_no_other_squares(z: str, y: str, x: str) -> None:
    with pytest.raises(NotFoundError):
        Tile.read(z, y, x)


def test_what_two_boxes_share() -> None:
    one, other = BoundingBox(0, 0, 2, 2), BoundingBox(1, -1, 3, 1)
    assert intersection(one, other) == BoundingBox(1, 0, 2, 1)
    assert intersection(one, BoundingBox(3, 3, 4, 4)) is None
