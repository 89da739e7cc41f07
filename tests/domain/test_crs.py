"""Systems of coordinates: which are offered, and what a box in each of them means."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gis.domain.crs import CRS84, CRSS, EPSG_3857, EPSG_4326, EPSG_9470, Crs, get_crs, read_boxes
from gis.domain.queries import BoundingBox
from gis.errors import InvalidInputError

BOX = BoundingBox(110, -8, 114, -5)


@pytest.mark.parametrize(
    ("text", "crs"),
    [
        ("110,-8,114,-5", CRS84),
        ("110,-8,0,114,-5,100", CRS84),
        ("1.1e2,-8,114,-5", CRS84),
        ("-8,110,-5,114", EPSG_4326),
        ("-8,110,-5,114", EPSG_9470),
    ],
)
def test_a_box_is_read_in_the_axes_of_its_system(text: str, crs: Crs) -> None:
    assert read_boxes(text, crs) == (BOX,)


@given(st.floats(0, 90), st.floats(0, 90))
@example(0.4476883155796766, 0.000012345678901234567)
def test_a_box_is_read_as_browsers_and_python_write_it(one: float, other: float) -> None:
    south, north = sorted((one, other))
    for written in (str, lambda number: f"{number:.24f}"):
        (box,) = read_boxes(f"1,{written(south)},2,{written(north)}", CRS84)
        assert (box.south, box.north) == pytest.approx((south, north), abs=1e-20)


def test_a_box_in_metres() -> None:
    (box,) = read_boxes("12245143.98,-893463.75,12690421.95,-557305.26", EPSG_3857)
    found = (box.west, box.south, box.east, box.north)
    assert found == pytest.approx((110, -8, 114, -5), abs=1e-6)


def test_a_box_across_the_antimeridian_is_two() -> None:
    assert read_boxes("170,-8,-170,-5", CRS84) == (
        BoundingBox(170, -8, 180, -5),
        BoundingBox(-180, -8, -170, -5),
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "1,2,3",
        "1,2,3,4,5",
        "nan,1,2,3",
        "inf,0,1,1",
        "0,0,1,1e999",
        "1;2;3",
        "0,5,1,4",
        "0,0,1,91",
        "1,2,3,4\0",
    ],
)
def test_what_is_no_box_is_refused_by_name(text: str) -> None:
    with pytest.raises(InvalidInputError, match=r"^bbox: "):
        read_boxes(text, CRS84)


def test_only_what_is_offered() -> None:
    assert [get_crs(crs.uri) for crs in CRSS] == list(CRSS)
    assert get_crs(f"[{EPSG_4326.uri}]") is EPSG_4326
    with pytest.raises(InvalidInputError, match=r"^bbox-crs: .*CRS84"):
        get_crs("EPSG:4326", "bbox-crs")
