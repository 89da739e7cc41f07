"""What may be entered about a rehabilitation centre and about the people and places in it."""

import re
from datetime import date
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from gis.domain.centres import Operator, Service, names_office, names_safe_house
from gis.domain.records.fields import Day, Id, Record, Text, Truth, Url, Wkt, none_if_empty, refusal, whole
from gis.domain.records.sites import OptionalDay, OptionalId, OptionalKey

_POINT = re.compile(r"\s*POINT\s*\(", re.IGNORECASE)
_NAMED = re.compile(r"\s*([^\[\];]+?)\s*(?:\[(\d{4}-\d\d-\d\d)?/(\d{4}-\d\d-\d\d)?\])?\s*")


def _no_safe_house(said: str | None) -> str | None:
    if said is not None and names_safe_house(said):
        raise ValueError
    return said


def _office(said: str | None) -> str | None:
    if said is not None and not names_office(said):
        raise ValueError
    return _no_safe_house(said)


def _names(value: object) -> object:
    if not isinstance(value, str):
        return value
    found = [_NAMED.fullmatch(part) for part in value.split(";") if part.strip()]
    return tuple(
        {"name": named[1], "valid_from": named[2], "valid_to": named[3]} if named else "" for named in found
    )


def _services(value: object) -> object:
    return (
        tuple(part.strip() for part in value.split(";") if part.strip()) if isinstance(value, str) else value
    )


class CentreName(Record):
    """What a centre was called during a time: [from, to), none where it is open."""

    name: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_no_safe_house)]
    valid_from: OptionalDay = None
    valid_to: OptionalDay = None

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if (self.valid_from or date.min) >= (self.valid_to or date.max):
            raise refusal("valid_to", self.valid_to)
        return self


SafeText = Annotated[Text, AfterValidator(_no_safe_house)]
SafeUrl = Annotated[Url, AfterValidator(_no_safe_house)]
OptionalSafeText = Annotated[
    Annotated[str, Field(max_length=2000)] | None,
    BeforeValidator(none_if_empty),
    AfterValidator(_no_safe_house),
    Field(description="a text of at most 2000 characters that names no safe house, or nothing"),
]
People = Annotated[
    Annotated[int, Field(strict=True, ge=0, le=100_000)] | None,
    BeforeValidator(whole),
    BeforeValidator(none_if_empty),
    Field(description="a whole number from 0 to 100000, or nothing"),
]


class CentreContent(Record):
    """A centre; with `corrects_id` it says anew all that an earlier entry said, or takes it back.

    A correction without a place or a contact keeps those that are there.
    """

    external_id: OptionalKey = None
    corrects_id: OptionalId = None
    retracted: Truth = False
    names: Annotated[
        tuple[CentreName, ...],
        BeforeValidator(_names),
        Field(
            min_length=1,
            description="names with their times, such as PSKW Melati[/2018-09-01];"
            "BRS Watunas Melati[2018-09-01/]; a safe house is never named",
        ),
    ]
    region_code: Annotated[
        str, Field(pattern=r"^\d\d\.\d\d$", description="the city: a regency's Kemendagri code such as 64.72")
    ]
    services: Annotated[
        tuple[Service, ...],
        BeforeValidator(_services),
        Field(description="separated by ;, of " + ", ".join(Service)),
    ] = ()
    operator: Annotated[Operator, Field(description="one of " + ", ".join(Operator))]
    wkt: Annotated[Wkt, Field(description="a POINT in WKT, lon before lat, EPSG:4326, or nothing")] = None
    location_accuracy: Annotated[
        Literal["exact", "approximate"] | None,
        BeforeValidator(none_if_empty),
        Field(description="exact or approximate, if and only if there is a point"),
    ] = None
    location_source: OptionalSafeText = None
    contact_office: Annotated[
        Annotated[str, Field(max_length=200)] | None,
        BeforeValidator(none_if_empty),
        AfterValidator(_office),
        Field(description="an office such as Dinas Sosial Kota Samarinda, never a person, or nothing"),
    ] = None
    contact_phone: Annotated[
        Annotated[str, Field(pattern=r"^(\+62 [1-79]\d{1,2} \d{5,8}|1500 ?\d{3}|1\d\d)$")] | None,
        BeforeValidator(none_if_empty),
        Field(
            description="an office's landline such as +62 541 123456, or a hotline such as 171, or nothing"
        ),
    ] = None
    source: SafeText
    source_url: SafeUrl = None
    reported_on: OptionalDay = None
    synthetic: Truth = False

    @model_validator(mode="after")
    def _stands(self) -> Self:
        if self.wkt is not None and not _POINT.match(self.wkt):
            raise refusal("wkt", self.wkt)
        if (self.wkt is None) != (self.location_accuracy is None):
            raise refusal("location_accuracy", self.location_accuracy)
        if (self.wkt is None) != (self.location_source is None):
            raise refusal("location_source", self.location_source)
        if self.contact_phone is not None and self.contact_office is None:
            raise refusal("contact_office", "")
        if self.retracted and self.corrects_id is None:
            raise refusal("corrects_id", "")
        if len(set(self.services)) < len(self.services):
            raise refusal("services", ";".join(self.services))
        times = sorted((each.valid_from or date.min, each.valid_to or date.max) for each in self.names)
        if any(earlier[1] > later[0] for earlier, later in pairwise(times)):
            raise refusal("names", "times that overlap")
        return self


class OccupancyContent(Record):
    """People in a centre, places in it, or both, on a day; `corrects_id` names the count that it replaces."""

    external_id: OptionalKey = None
    centre_id: Id
    counted_on: Day
    occupied: People = None
    capacity: People = None
    source: SafeText
    source_url: SafeUrl = None
    note: OptionalSafeText = None
    reported_on: OptionalDay = None
    corrects_id: OptionalId = None
    retracted: Truth = False
    synthetic: Truth = False

    @model_validator(mode="after")
    def _counts(self) -> Self:
        if self.occupied is None and self.capacity is None:
            raise refusal("occupied", "")
        if self.retracted and self.corrects_id is None:
            raise refusal("corrects_id", "")
        return self
