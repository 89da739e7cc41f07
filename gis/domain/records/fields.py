"""Kinds of field that records share: what each may hold; its `description` says it in words for errors."""

import re
from datetime import date
from typing import Annotated

import shapely
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from gis.domain.wkt import parse_wkt

REGION_CODE = re.compile(r"\d\d(\.\d\d)?")
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
GEOMETRY_TYPES = ("Point", "Polygon", "MultiPolygon")
LARGEST_GEOMETRY = 100_000  # vertices, as in register.site
SMALLEST_ID = 10**15  # of those that the register gives
LARGEST_ID = 2**53 - 1  # exact in JavaScript


def none_if_empty(value: object) -> object:
    """An empty cell holds nothing."""
    return None if value == "" else value


def _truth(value: object) -> object:
    return {"true": True, "false": False}.get(value, "") if isinstance(value, str) else value


def _parts(value: object) -> object:
    return tuple(part for part in value.split(";") if part) if isinstance(value, str) else value


def whole(value: object) -> object:
    """The whole number that digits stand for; anything else as it is."""
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value


def _iso_day(value: object) -> object:
    return date.fromisoformat(value) if isinstance(value, str) and ISO_DAY.fullmatch(value) else value


def _region_codes(value: object) -> object:
    codes = _parts(value)
    if not isinstance(codes, tuple) or not all(REGION_CODE.fullmatch(code) for code in codes):
        raise ValueError
    return codes


def _shape(wkt: object) -> object:
    if wkt in (None, ""):
        return None
    geometry = parse_wkt(wkt) if isinstance(wkt, str) else None
    if geometry is None or geometry.is_empty or geometry.geom_type not in GEOMETRY_TYPES:
        raise ValueError
    if shapely.get_num_coordinates(geometry) > LARGEST_GEOMETRY:  # decision 9: before validity
        raise ValueError
    west, south, east, north = geometry.bounds
    if not (west >= -180 and east <= 180 and south >= -90 and north <= 90 and geometry.is_valid):
        raise ValueError
    return wkt


def refusal(field: str, found: object) -> PydanticCustomError:
    """What a rule over several columns refuses; `field` is the column that the error shall name."""
    return PydanticCustomError("columns", "columns contradict each other", {"field": field, "found": found})


Id = Annotated[
    int,
    BeforeValidator(whole),
    Field(gt=0, le=LARGEST_ID, strict=True, description="a whole number below 2^53"),
]
Text = Annotated[str, Field(min_length=1, max_length=2000, description="a text of 1 to 2000 characters")]
OptionalText = Annotated[
    Annotated[str, Field(max_length=2000)] | None,
    BeforeValidator(none_if_empty),
    Field(description="a text of at most 2000 characters, or nothing"),
]
Url = Annotated[
    Annotated[str, Field(pattern=r"^https://[^\s]+$")] | None,
    BeforeValidator(none_if_empty),
    Field(description="an address that begins with https://, or nothing"),
]
Truth = Annotated[bool, BeforeValidator(_truth), Field(strict=True, description="true or false")]
Day = Annotated[
    date,
    BeforeValidator(_iso_day),
    Field(strict=True, ge=date(1900, 1, 1), le=date(2199, 12, 31), description="a day as YYYY-MM-DD"),
]
Names = Annotated[tuple[str, ...], BeforeValidator(_parts), Field(description="texts separated by ;")]
RegionCodes = Annotated[
    tuple[str, ...],
    BeforeValidator(_region_codes),
    Field(description="Kemendagri codes such as 35.76, separated by ; with the primary one first"),
]
Wkt = Annotated[
    str | None,
    BeforeValidator(_shape),
    Field(description="a valid POINT, POLYGON or MULTIPOLYGON in WKT, lon before lat, EPSG:4326, or nothing"),
]


class Record(BaseModel):
    """What all records have in common: they cannot be changed, and know their fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")
