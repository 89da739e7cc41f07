"""What may be entered about a site, its events and its people."""

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

OptionalDay = Annotated[
    Day | None, BeforeValidator(none_if_empty), Field(description="a day as YYYY-MM-DD, or nothing")
]
OptionalId = Annotated[
    Id | None,
    BeforeValidator(none_if_empty),
    Field(description="the id of a record that is there, or nothing"),
]
OptionalKey = Annotated[
    Annotated[str, Field(min_length=1, max_length=200)] | None,
    BeforeValidator(none_if_empty),
    Field(description="the sender's own key for the row, of 1 to 200 characters, or nothing"),
]


class SiteContent(Record):
    """A new site, or what a site that is there shall be from now on."""

    site_id: OptionalId = None
    name: Annotated[str, Field(min_length=1, max_length=200, description="a text of 1 to 200 characters")]
    alternative_names: Names = ()
    site_type: Annotated[Literal["lokalisasi", "lokasi"], Field(description="lokalisasi or lokasi")]
    wkt: Wkt = None
    location_accuracy: Annotated[
        Literal["exact", "approximate", "cell", "regency"],
        Field(description="exact, approximate, cell or regency; regency if and only if there is no geometry"),
    ]
    location_source: Text
    source_crs: Annotated[str, Field(max_length=100, description="the CRS as sent, such as EPSG:9470")] = (
        "EPSG:4326"
    )
    declared_region_codes: RegionCodes = ()
    source: Text
    source_url: Url = None
    # A new site is on record from its first event on; without one it would exist on no day.
    recorded_on: Day
    synthetic: Truth = False

    @model_validator(mode="after")
    def _located(self) -> Self:
        if (self.wkt is None) != (self.location_accuracy == "regency"):
            raise refusal("location_accuracy", self.location_accuracy)
        if self.wkt is None and not self.declared_region_codes:
            raise refusal("declared_region_codes", "")
        return self


class EventContent(Record):
    """An entry of a site's log; with `corrects_id` it replaces an earlier one, or retracts it."""

    external_id: OptionalKey = None
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
    corrects_id: OptionalId = None
    synthetic: Truth = False
    note: OptionalText = None

    @model_validator(mode="after")
    def _retracts_something(self) -> Self:
        if self.kind == RETRACTION and self.corrects_id is None:
            raise refusal("corrects_id", "")
        return self


class HeadcountContent(Record):
    """A number of people of one definition at one site; with `corrects_id` it replaces an earlier one.

    `retracted` takes the earlier one back instead, and the number repeats it.
    """

    external_id: OptionalKey = None
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
    corrects_id: OptionalId = None
    synthetic: Truth = False
    retracted: Truth = False

    @model_validator(mode="after")
    def _retracts_something(self) -> Self:
        if self.retracted and self.corrects_id is None:
            raise refusal("corrects_id", "")
        return self
