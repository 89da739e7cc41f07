"""Places as people write them: decimal degrees, degrees with minutes and seconds, UTM with a zone.

Indonesian hemispheres are LU and LS (lintang utara, selatan), BT and BB (bujur timur, barat); a lone T is
timur, east. Everything becomes longitude and latitude in EPSG:4326.
"""

import functools
import math
import re
from typing import Literal

import pyproj

from gis.domain.numbers import parse_decimal
from gis.errors import InvalidInputError

Axis = Literal["latitude", "longitude"]
LATITUDE_ALLOWED = "a latitude from -90 to 90, such as -0,5022 or 0°30'8\" LS"
LONGITUDE_ALLOWED = "a longitude from -180 to 180, such as 117,1536 or 117°9'13\" BT"
PAIR_ALLOWED = "a latitude and a longitude, such as -0.5022, 117.1536"
ZONE_ALLOWED = "a UTM zone with its hemisphere, such as 50S or 50N (46 to 54 in Indonesia)"
UTM_ALLOWED = "an easting from 100000 to 900000 and a northing from 0 to 10000000, in metres"
#: Latitudes of Indonesia, with a margin: what tells south from north where a zone does not.
_SOUTH, _NORTH = -13.0, 8.0
_ALLOWED = {"latitude": LATITUDE_ALLOWED, "longitude": LONGITUDE_ALLOWED}
_LIMITS = {"latitude": 90.0, "longitude": 180.0}
_SIGNS: dict[str, dict[str, int]] = {
    "latitude": {
        "lu": 1,
        "n": 1,
        "u": 1,
        "utara": 1,
        "north": 1,
        "ls": -1,
        "s": -1,
        "selatan": -1,
        "south": -1,
    },
    "longitude": {
        **dict.fromkeys(("bt", "e", "t", "timur", "east"), 1),
        **dict.fromkeys(("bb", "w", "b", "barat", "west"), -1),
    },
}
_WORDS = {axis: "|".join(sorted(signs, key=len, reverse=True)) for axis, signs in _SIGNS.items()}
_NAMES = {"latitude": r"(?:lintang|lat(?:itude)?)[ :=]*", "longitude": r"(?:bujur|lon(?:g|gitude)?)[ :=]*"}
_DECIMAL = re.compile(r"[+-]?\d{1,3}(?:[.,]\d+)?(?:[eE][+-]?\d{1,2})?", re.ASCII)
_NUMBER = r"\d{1,15}(?:[.,]\d*)?"
_SEXAGESIMAL = re.compile(
    rf"(?P<sign>[+-]?) ?(?P<d>{_NUMBER}) ?(?:°|d|deg|:| ) ?(?:(?P<m>{_NUMBER}) ?(?:'|m|:| |$) ?)?"
    rf"(?:(?P<s>{_NUMBER}) ?(?:\"|''|s)?)?"
)
_QUOTES = str.maketrans(
    {
        **dict.fromkeys("\u00ba\u02da\u1d52", "°"),
        **dict.fromkeys("\u2032\u2018\u2019\u00b4`\u02b9", "'"),
        **dict.fromkeys("\u2033\u201c\u201d\u02ba", '"'),
        **dict.fromkeys("\u2212\u2013", "-"),
        "\u00a0": " ",
    }
)
_ZONE = re.compile(
    r"(?:wgs ?84|srgi ?2013|dgn ?95)?[ /,]*(?:utm)?[ _-]*(?:zona|zone)?[ _-]*"
    r"(?P<n>\d\d?) ?(?P<h>n|s|l|m|north|south|utara|selatan|lu|ls)?"
)


def parse_angle(value: object, axis: Axis) -> float:
    """Degrees, north and east positive.

    Parameters
    ----------
    value : a number, or a text: decimal with point or comma, or degrees, minutes and seconds
    axis : latitude or longitude, which decides on the letters that are allowed and on the limits

    Raises
    ------
    InvalidInputError : no angle, one of the other axis, or one beyond the limits
    """
    try:
        degrees = parse_decimal(value) if not isinstance(value, str) else _angle_of_text(value, axis)
    except (InvalidInputError, ValueError) as error:
        raise InvalidInputError(axis, value, _ALLOWED[axis]) from error
    if abs(degrees) > _LIMITS[axis]:
        raise InvalidInputError(axis, value, _ALLOWED[axis])
    return degrees


def _angle_of_text(value: str, axis: Axis) -> float:
    if _DECIMAL.fullmatch(value):
        return float(value.replace(",", "."))
    text = " ".join(value.translate(_QUOTES).lower().split())
    text = re.sub(f"^{_NAMES[axis]}", "", text)
    signs = _SIGNS[axis]
    # "30 S" ends with a hemisphere; "0°30'8s" would be read so, too, and people do not write it.
    before = re.match(rf"({_WORDS[axis]})[ .:]*(?=[\d])", text)
    after = re.search(rf"(?<=[\d°'\" .])({_WORDS[axis]})\.?$", text)
    if before and after:
        raise ValueError
    letter = before or after
    if letter:
        text = text[letter.end() :] if before else text[: letter.start()]
    text = text.strip(" .")
    degrees = _unsigned_or_signed(text)
    if letter is None:
        return degrees
    sign = signs[letter[1]]
    if degrees < 0 and sign > 0:
        raise ValueError
    return sign * abs(degrees)


def _unsigned_or_signed(text: str) -> float:
    plain = text.removesuffix("°").strip()
    if re.fullmatch(rf"[+-]? ?{_NUMBER}", plain):
        return parse_decimal(plain.replace(" ", ""))
    found = _SEXAGESIMAL.fullmatch(text)
    if found is None:
        raise ValueError
    parts = [parse_decimal(found[name]) if found[name] else 0.0 for name in "dms"]
    whole_but_last = all(
        part.is_integer() for part, name in zip(parts, "dm", strict=False) if _follows(found, name)
    )
    if not whole_but_last or parts[1] >= 60 or parts[2] >= 60:
        raise ValueError
    degrees = parts[0] + parts[1] / 60 + parts[2] / 3600
    return -degrees if found["sign"] == "-" else degrees


def _follows(found: re.Match[str], name: str) -> bool:
    """Whether a smaller unit follows, so that this one has to be whole."""
    return bool(found["s"]) or (name == "d" and bool(found["m"]))


def parse_pair(value: object) -> tuple[float, float]:
    """Longitude and latitude out of one text that holds both, such as `-0,5022; 117,1536`.

    Latitude comes first, as people write it, unless letters or limits say otherwise.

    Raises
    ------
    InvalidInputError : not two angles
    """
    if isinstance(value, str):
        text = value.strip().strip("()[]")
        for first, second in _halves(text):
            for axes in (("latitude", "longitude"), ("longitude", "latitude")):
                try:
                    angles = {axes[0]: parse_angle(first, axes[0]), axes[1]: parse_angle(second, axes[1])}
                except InvalidInputError:
                    continue
                return angles["longitude"], angles["latitude"]
    raise InvalidInputError("coordinates", value, PAIR_ALLOWED)


def _halves(text: str) -> list[tuple[str, str]]:
    """The ways to cut a text in two, the surest first."""
    halves = []
    for mark in (";", "|", "/", ", ", ",", " "):
        places = [each.start() for each in re.finditer(re.escape(mark), text)]
        # The middle one of an odd number: a comma may be the decimal mark of both halves.
        if len(places) % 2:
            middle = places[len(places) // 2]
            halves.append((text[:middle], text[middle + len(mark) :]))
    letters = re.match(r"^(.*?\d[°'\" ]*(?:lu|ls|n|s|u|bt|bb|e|w|t|b))[ ,;]*(\S.*)$", text, re.IGNORECASE)
    return [(letters[1], letters[2]), *halves] if letters else halves


def parse_zone(value: object) -> tuple[int, bool | None]:
    """A UTM zone: its number, and whether it is of the south; None where that is not said.

    The letters are hemispheres (`50S`, `50 Selatan`), or the bands south of the equator that are none, `50M`
    and `50L`.

    Raises
    ------
    InvalidInputError : no zone
    """
    number = int(value) if isinstance(value, float) and value.is_integer() else value
    found = _ZONE.fullmatch(" ".join(str(number).lower().split()))
    if isinstance(value, bool) or found is None or not 1 <= int(found["n"]) <= 60:
        raise InvalidInputError("zone", value, ZONE_ALLOWED)
    letter = found["h"]
    return int(found["n"]), None if letter is None else letter[:2] in {"s", "so", "se", "ls", "l", "m"}


def from_utm(easting: object, northing: object, zone: object) -> tuple[float, float]:
    """Longitude and latitude of a place in UTM on WGS 84.

    A zone that does not tell its hemisphere is taken from the northing, where only one of the two lies in
    Indonesia.

    Raises
    ------
    InvalidInputError : a number or zone that is none, or a place outside of what UTM is made for
    """
    number, south = parse_zone(zone)
    x, y = _metres(easting, "easting"), _metres(northing, "northing")
    if not (100_000 <= x <= 900_000 and 0 <= y <= 10_000_000):
        raise InvalidInputError("easting", f"{easting} {northing}", UTM_ALLOWED)
    for is_south in (False, True) if south is None else (south,):
        lon, lat = _utm(number, is_south).transform(x, y)
        if south is not None or _SOUTH <= lat <= _NORTH:
            break
    if not (math.isfinite(lon) and math.isfinite(lat)) or (south is None and not _SOUTH <= lat <= _NORTH):
        raise InvalidInputError("zone", zone, ZONE_ALLOWED)
    return lon, lat


def _metres(value: object, name: str) -> float:
    """Eastings and northings have at most three decimals, so that `9.945.123` can only be thousands."""
    try:
        if isinstance(value, str) and re.fullmatch(r"\d{3}[.,]\d{3}", value.strip()):
            return parse_decimal(re.sub(r"[.,]", "", value))
        return parse_decimal(value.lower().removesuffix("m").strip() if isinstance(value, str) else value)
    except InvalidInputError as error:
        raise InvalidInputError(name, value, UTM_ALLOWED) from error


@functools.lru_cache(maxsize=120)
def _utm(number: int, south: bool) -> pyproj.Transformer:
    code = (32700 if south else 32600) + number
    return pyproj.Transformer.from_crs(code, 4326, always_xy=True)
