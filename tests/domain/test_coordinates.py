"""Places as people write them."""

import pyproj
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gis.domain.coordinates import Axis, from_utm, parse_angle, parse_pair, parse_zone
from gis.errors import InvalidInputError

SOUTH, EAST = -0.502222, 117.153667
latitudes, longitudes = st.floats(-11, 6.5), st.floats(95, 141)


@pytest.mark.parametrize(
    ("text", "axis", "degrees"),
    [
        ("-0,502222", "latitude", SOUTH),
        (-0.502222, "latitude", SOUTH),
        ("0.502222 LS", "latitude", SOUTH),
        ("0°30'8\" LS", "latitude", SOUTH),
        ("0°30\u20328\u2033S", "latitude", SOUTH),
        ("0\u00ba 30\u2019 8\u201d S", "latitude", SOUTH),
        ("0 30 8 S", "latitude", SOUTH),
        ("-0:30:08", "latitude", SOUTH),
        ("LS 0 30 8", "latitude", SOUTH),
        ("0d30m8s S", "latitude", SOUTH),
        ("0°30,13332' Lintang", "latitude", None),
        ("Lat: 3.3 LU", "latitude", 3.3),
        ("117°9'13,2\" BT", "longitude", EAST),
        ("117,153667 T", "longitude", EAST),
        ("E 117.153667", "longitude", EAST),
        ("Bujur 117.153667°", "longitude", EAST),
        ("110.5 BB", "longitude", -110.5),
    ],
)
def test_angles(text: object, axis: Axis, degrees: float | None) -> None:
    if degrees is None:
        with pytest.raises(InvalidInputError):
            parse_angle(text, axis)
    else:
        assert parse_angle(text, axis) == pytest.approx(degrees, abs=1e-6)


@pytest.mark.parametrize(
    ("text", "axis"),
    [
        ("91", "latitude"),
        ("181", "longitude"),
        ("7°75'", "latitude"),
        ("7,5°10'", "latitude"),
        ("-7 LU", "latitude"),
        ("LS 7 LS", "latitude"),
        ("7.5 BT", "latitude"),
        ("7.5 LS", "longitude"),
        ("", "latitude"),
        ("Samarinda", "latitude"),
        (True, "latitude"),
        (None, "longitude"),
        (float("nan"), "latitude"),
    ],
)
def test_what_is_no_angle_is_refused(text: object, axis: Axis) -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_angle(text, axis)
    assert caught.value.field == axis


@given(latitudes, longitudes)
def test_degrees_minutes_and_seconds_come_back(lat: float, lon: float) -> None:
    def sexagesimal(degrees: float, letters: str) -> str:
        seconds = round(abs(degrees) * 3600, 4)
        whole, rest = divmod(seconds, 3600)
        return f"{whole:.0f}° {rest // 60:.0f}' {rest % 60:.4f}\" {letters}".replace(".", ",")

    assert parse_angle(sexagesimal(lat, "LS" if lat < 0 else "LU"), "latitude") == pytest.approx(
        lat, abs=1e-7
    )
    assert parse_angle(sexagesimal(lon, "BT"), "longitude") == pytest.approx(lon, abs=1e-7)


@pytest.mark.parametrize(
    "text",
    [
        "-0.502222, 117.153667",
        "-0,502222, 117,153667",
        "-0,502222;117,153667",
        "-0,502222 117,153667",
        "117.153667, -0.502222",
        "(-0.502222,117.153667)",
        "0°30'8\" LS 117°9'13,2\" BT",
        "117°9'13.2\" BT, 0°30'8\" LS",
        "0 30 8 S / 117 9 13.2 E",
    ],
)
def test_pairs(text: str) -> None:
    assert parse_pair(text) == pytest.approx((EAST, SOUTH), abs=1e-6)


@pytest.mark.parametrize("text", ["117.15", "", "a, b", None, "117.15, 117.15", "1, 2, 3"])
def test_what_is_no_pair_is_refused(text: object) -> None:
    with pytest.raises(InvalidInputError):
        parse_pair(text)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("50S", (50, True)),
        ("50 s", (50, True)),
        ("UTM Zona 50 Selatan", (50, True)),
        ("WGS 84 / UTM zone 50N", (50, False)),
        ("50 Utara", (50, False)),
        ("50M", (50, True)),
        (50, (50, None)),
        (50.0, (50, None)),
        ("49", (49, None)),
    ],
)
def test_zones(text: object, zone: tuple[int, bool | None]) -> None:
    assert parse_zone(text) == zone


@pytest.mark.parametrize("text", ["", "S", "61S", "0N", "zona", None, True, 50.5])
def test_what_is_no_zone_is_refused(text: object) -> None:
    with pytest.raises(InvalidInputError):
        parse_zone(text)


@given(latitudes, longitudes, st.booleans())
def test_utm_comes_back_with_the_hemisphere_said_or_not(lat: float, lon: float, said: bool) -> None:
    number = int(lon // 6) + 31
    # Close to the equator both hemispheres have a place within Indonesia for no northing at all.
    assume(abs(lat) > 1e-6)
    code = (32700 if lat < 0 else 32600) + number
    x, y = pyproj.Transformer.from_crs(4326, code, always_xy=True).transform(lon, lat)
    zone = f"{number}{'S' if lat < 0 else 'N'}" if said else number
    assert from_utm(x, f"{y:.4f}".replace(".", ","), zone) == pytest.approx((lon, lat), abs=1e-8)


def test_metres_may_be_grouped() -> None:
    assert from_utm("516.789", "9.945.123", "50S") == from_utm(516789, 9945123, "50S")


@pytest.mark.parametrize(
    ("x", "y", "zone"),
    [("5", "9945123", "50S"), ("516789", "x", "50S"), ("516789", "99451230", "50S"), (516789, 5e6, 50)],
)
def test_places_beyond_utm_are_refused(x: object, y: object, zone: object) -> None:
    with pytest.raises(InvalidInputError):
        from_utm(x, y, zone)


@given(st.text(alphabet="0123456789.,-+°'\" NSEWLUBT;:/", max_size=24))
def test_no_text_does_worse_than_be_refused(text: str) -> None:
    try:
        lon, lat = parse_pair(text)
    except InvalidInputError:
        lon = lat = 0.0
    assert abs(lon) <= 180
    assert abs(lat) <= 90
