"""What may be entered about a plan: a letter, a decree or another document about a closing."""

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from gis.domain.lifecycle import DatePrecision
from gis.domain.records.fields import (
    Day,
    OptionalText,
    Record,
    Text,
    Truth,
    Url,
    none_if_empty,
    refusal,
)
from gis.domain.records.sites import OptionalDay, OptionalId, OptionalKey

ShortText = Annotated[
    Annotated[str, Field(max_length=200)] | None,
    BeforeValidator(none_if_empty),
    Field(description="a text of at most 200 characters, or nothing"),
]
Precision = Annotated[DatePrecision, Field(description="day, month or year")]


class PlanFacts(Record):
    """What a document says: about a site, a region of today, or, without both, the nation."""

    kind: Annotated[
        Literal[
            "governor_letter",
            "regent_letter",
            "decree",
            "by_law",
            "circular",
            "instruction",
            "plan",
        ],
        Field(
            description="governor_letter, regent_letter, decree (SK), by_law (Perda), circular (surat"
            " edaran), instruction or plan"
        ),
    ]
    issuer: Annotated[
        str,
        Field(min_length=1, max_length=200, pattern=r"\S", description="a text of 1 to 200 characters"),
    ]
    number: ShortText = None
    dated: Day
    dated_precision: Precision = DatePrecision.day
    text_reference: ShortText = None
    region_code: Annotated[
        Annotated[str, Field(pattern=r"^\d\d(\.\d\d)?$")] | None,
        BeforeValidator(none_if_empty),
        Field(description="a Kemendagri code of today such as 64 or 35.76, or nothing"),
    ] = None
    site_id: OptionalId = None
    planned_on: OptionalDay = None
    planned_precision: Precision = DatePrecision.day
    source: Text
    source_url: Url = None
    note: OptionalText = None
    retracted: Truth = False
    synthetic: Truth = False


class PlanContent(PlanFacts):
    """A document; with `corrects_id` it mends an earlier entry of it, with `retracted` it takes that back."""

    external_id: OptionalKey = None
    replaces_id: OptionalId = None
    corrects_id: OptionalId = None

    @model_validator(mode="after")
    def _retracts_something(self) -> Self:
        if self.retracted and self.corrects_id is None:
            raise refusal("corrects_id", "")
        return self


class PlanRow(PlanFacts):
    """A document as plans.csv of data/demo has it: others are named by the key of an earlier row."""

    external_id: Text
    replaces_external_id: OptionalKey = None
    corrects_external_id: OptionalKey = None
    reported_on: OptionalDay = None

    @model_validator(mode="after")
    def _retracts_something(self) -> Self:
        if self.retracted and self.corrects_external_id is None:
            raise refusal("corrects_external_id", "")
        return self
