"""The rows of data/demo: what each column may hold; a column's `description` says it in words for errors."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal, Self

import shapely
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from gis.domain.lifecycle import EVENT_KINDS, RETRACTION, DatePrecision

REGION_CODE = re.compile(r"\d\d(\.\d\d)?")
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
GEOMETRY_TYPES = ("Point", "Polygon", "MultiPolygon")
LARGEST_GEOMETRY = 100_000  # vertices, as in register.site
LARGEST_ID = 2**53 - 1  # exact in JavaScript


def _none_if_empty(value: object) -> object:
    return None if value == "" else value


def _truth(value: object) -> object:
    return {"true": True, "false": False}.get(value, "") if isinstance(value, str) else value


def _parts(value: object) -> object:
    return tuple(part for part in value.split(";") if part) if isinstance(value, str) else value


def _whole(value: object) -> object:
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
    geometry = shapely.from_wkt(wkt, on_invalid="ignore") if isinstance(wkt, str) else None
    if geometry is None or geometry.is_empty or geometry.geom_type not in GEOMETRY_TYPES:
        raise ValueError
    if shapely.get_num_coordinates(geometry) > LARGEST_GEOMETRY:  # decision 9: before validity
        raise ValueError
    west, south, east, north = geometry.bounds
    if not (west >= -180 and east <= 180 and south >= -90 and north <= 90 and geometry.is_valid):
        raise ValueError
    return wkt


def _refusal(field: str, found: object) -> PydanticCustomError:
    """What a rule over several columns refuses; `field` is the column that the error shall name."""
    return PydanticCustomError("columns", "columns contradict each other", {"field": field, "found": found})


Id = Annotated[
    int,
    BeforeValidator(_whole),
    Field(gt=0, le=LARGEST_ID, strict=True, description="a whole number below 2^53"),
]
Text = Annotated[str, Field(min_length=1, max_length=2000, description="a text of 1 to 2000 characters")]
OptionalText = Annotated[
    Annotated[str, Field(max_length=2000)] | None,
    BeforeValidator(_none_if_empty),
    Field(description="a text of at most 2000 characters, or nothing"),
]
Url = Annotated[
    Annotated[str, Field(pattern=r"^https://[^\s]+$")] | None,
    BeforeValidator(_none_if_empty),
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


class Row(BaseModel):
    """What the three kinds of row have in common: they cannot be changed, and know their columns."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SiteRow(Row):
    """A site; the columns of sites.csv."""

    id: Id
    name: Annotated[str, Field(min_length=1, max_length=200, description="a text of 1 to 200 characters")]
    alternative_names: Names = ()
    site_type: Annotated[Literal["lokalisasi", "lokasi"], Field(description="lokalisasi or lokasi")]
    wkt: Wkt = None
    location_accuracy: Annotated[
        Literal["exact", "approximate", "cell", "regency"],
        Field(description="exact, approximate, cell or regency; regency if and only if there is no wkt"),
    ]
    location_source: Text
    declared_region_codes: RegionCodes
    synthetic: Truth
    source_url: Url = None

    @model_validator(mode="after")
    def _located(self) -> Self:
        if (self.wkt is None) != (self.location_accuracy == "regency"):
            raise _refusal("location_accuracy", self.location_accuracy)
        if self.wkt is None and not self.declared_region_codes:
            raise _refusal("declared_region_codes", "")
        return self


class EventRow(Row):
    """An entry of the log; the columns of events.csv."""

    external_id: Text
    site_id: Id
    kind: Annotated[
        str,
        Field(pattern=f"^({'|'.join(EVENT_KINDS)})$", description="one of " + ", ".join(EVENT_KINDS)),
    ]
    occurred_on: Day
    date_precision: Annotated[DatePrecision, Field(description="day, month or year")] = DatePrecision.day
    planned: Truth = False
    legal_instrument: OptionalText = None
    legal_number: OptionalText = None
    source: Text
    source_url: Url = None
    reported_on: Annotated[
        Day | None, BeforeValidator(_none_if_empty), Field(description="a day as YYYY-MM-DD, or nothing")
    ] = None
    corrects_external_id: Annotated[
        str | None,
        BeforeValidator(_none_if_empty),
        Field(description="the external_id of an earlier row of the same site; a retraction needs it"),
    ] = None
    synthetic: Truth
    note: OptionalText = None

    @model_validator(mode="after")
    def _retracts_something(self) -> Self:
        if self.kind == RETRACTION and self.corrects_external_id is None:
            raise _refusal("corrects_external_id", "")
        return self


class HeadcountRow(Row):
    """A number of people; the columns of headcounts.csv."""

    external_id: Text
    site_id: Id
    region_code: Annotated[
        Annotated[str, Field(pattern=r"^\d\d\.\d\d$")] | None,
        BeforeValidator(_none_if_empty),
        Field(description="a regency's Kemendagri code such as 35.76, or nothing for the site's primary one"),
    ] = None
    counted_on: Day
    n: Annotated[
        int,
        BeforeValidator(_whole),
        Field(strict=True, ge=0, le=1_000_000, description="a whole number from 0 to 1000000"),
    ]
    definition: Annotated[
        Literal["resident", "beneficiary", "returned"], Field(description="resident, beneficiary or returned")
    ]
    source: Text
    source_url: Url = None
    reported_on: Annotated[
        Day | None, BeforeValidator(_none_if_empty), Field(description="a day as YYYY-MM-DD, or nothing")
    ] = None
    synthetic: Truth


@dataclass(frozen=True)
class DemoRegister:
    """A small register as rows; every event and headcount belongs to a site of it."""

    sites: Sequence[SiteRow]
    events: Sequence[EventRow]
    headcounts: Sequence[HeadcountRow]
