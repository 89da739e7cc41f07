"""What may be entered about a number that somebody gave: a claim, which stands beside the register."""

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from gis.domain.claims import Definition
from gis.domain.lifecycle import DatePrecision, period
from gis.domain.records.fields import (
    Day,
    OptionalText,
    Record,
    Text,
    Truth,
    Url,
    none_if_empty,
    refusal,
    whole,
)
from gis.domain.records.sites import OptionalDay, OptionalId, OptionalKey

OptionalName = Annotated[
    Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")] | None,
    BeforeValidator(none_if_empty),
    Field(description="a text of 1 to 200 characters, or nothing"),
]


class ClaimContent(Record):
    """What a report says of a number; with `corrects_id` it replaces an earlier claim, or retracts it."""

    external_id: OptionalKey = None
    report: Annotated[
        str,
        Field(
            min_length=1,
            max_length=200,
            pattern=r"\S",
            description="a key of 1 to 200 characters that the claims of one report share",
        ),
    ]
    region_code: Annotated[
        Annotated[str, Field(pattern=r"^\d\d(\.\d\d)?$")] | None,
        BeforeValidator(none_if_empty),
        Field(description="today's Kemendagri code such as 64 or 35.76, or nothing for the nation"),
    ] = None
    definition: Annotated[Definition, Field(description="one of " + ", ".join(Definition))]
    site_type: Annotated[
        Literal["lokalisasi", "lokasi"] | None,
        BeforeValidator(none_if_empty),
        Field(description="lokalisasi or lokasi, or nothing where the number holds both"),
    ] = None
    value: Annotated[
        int,
        BeforeValidator(whole),
        Field(strict=True, ge=0, le=1_000_000_000, description="a whole number from 0 to 1000000000"),
    ]
    as_of: Day
    as_of_precision: Annotated[DatePrecision, Field(description="day, month or year")] = DatePrecision.day
    counted_from: OptionalDay = None
    speaker: OptionalName = None
    source: Text
    source_url: Url = None
    note: OptionalText = None
    uncertain: Truth = False
    reported_on: OptionalDay = None
    corrects_id: OptionalId = None
    retracted: Truth = False
    synthetic: Truth = False

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.definition.is_of_provinces and self.region_code is not None:
            raise refusal("region_code", self.region_code)
        if self.counted_from is not None and self.counted_from > self.as_of:
            raise refusal("counted_from", self.counted_from)
        if self.reported_on is not None and self.reported_on < period(self.as_of, self.as_of_precision)[0]:
            raise refusal("reported_on", self.reported_on)
        if self.retracted and self.corrects_id is None:
            raise refusal("corrects_id", "")
        return self
