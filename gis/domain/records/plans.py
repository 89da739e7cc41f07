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


class PlanContent(Record):
    """A document; with `corrects_id` it replaces an earlier entry of it, or retracts that."""

    external_id: OptionalKey = None
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
    replaces_id: OptionalId = None
    source: Text
    source_url: Url = None
    note: OptionalText = None
    corrects_id: OptionalId = None
    retracted: Truth = False
    synthetic: Truth = False

    @model_validator(mode="after")
    def _retracts_something(self) -> Self:
        if self.retracted and self.corrects_id is None:
            raise refusal("corrects_id", "")
        return self
