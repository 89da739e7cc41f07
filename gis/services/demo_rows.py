"""The rows of data/demo: the columns of its three files."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from gis.domain.lifecycle import EVENT_KINDS, RETRACTION, DatePrecision
from gis.domain.records.fields import (
    Day,
    Id,
    Names,
    OptionalText,
    Record,
    RegionCodes,
    Text,
    Truth,
    Url,
    Wkt,
    none_if_empty,
    refusal,
    whole,
)


class SiteRow(Record):
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
            raise refusal("location_accuracy", self.location_accuracy)
        if self.wkt is None and not self.declared_region_codes:
            raise refusal("declared_region_codes", "")
        return self


class EventRow(Record):
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
        Day | None, BeforeValidator(none_if_empty), Field(description="a day as YYYY-MM-DD, or nothing")
    ] = None
    corrects_external_id: Annotated[
        str | None,
        BeforeValidator(none_if_empty),
        Field(description="the external_id of an earlier row of the same site; a retraction needs it"),
    ] = None
    synthetic: Truth
    note: OptionalText = None

    @model_validator(mode="after")
    def _retracts_something(self) -> Self:
        if self.kind == RETRACTION and self.corrects_external_id is None:
            raise refusal("corrects_external_id", "")
        return self


class HeadcountRow(Record):
    """A number of people; the columns of headcounts.csv."""

    external_id: Text
    site_id: Id
    region_code: Annotated[
        Annotated[str, Field(pattern=r"^\d\d\.\d\d$")] | None,
        BeforeValidator(none_if_empty),
        Field(description="a regency's Kemendagri code such as 35.76, or nothing for the site's primary one"),
    ] = None
    counted_on: Day
    n: Annotated[
        int,
        BeforeValidator(whole),
        Field(strict=True, ge=0, le=1_000_000, description="a whole number from 0 to 1000000"),
    ]
    definition: Annotated[
        Literal["resident", "beneficiary", "returned"], Field(description="resident, beneficiary or returned")
    ]
    source: Text
    source_url: Url = None
    reported_on: Annotated[
        Day | None, BeforeValidator(none_if_empty), Field(description="a day as YYYY-MM-DD, or nothing")
    ] = None
    synthetic: Truth


@dataclass(frozen=True)
class DemoRegister:
    """A small register as rows; every event and headcount belongs to a site of it."""

    sites: Sequence[SiteRow]
    events: Sequence[EventRow]
    headcounts: Sequence[HeadcountRow]
