"""What may be entered about aid: an item as it stood on a day, and what a kind of aid amounts to."""

from datetime import date
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from gis.domain.aid import AidType, Payer
from gis.domain.records.fields import (
    REGION_CODE,
    Day,
    Id,
    OptionalText,
    Record,
    Text,
    Truth,
    Url,
    none_if_empty,
    refusal,
    whole,
)

LARGEST_AMOUNT = 1_000_000_000
LARGEST_NUMBER = 1_000_000
_NUMBER = f"a whole number from 0 to {LARGEST_NUMBER}"

Key = Annotated[
    Annotated[str, Field(min_length=1, max_length=200)] | None,
    BeforeValidator(none_if_empty),
    Field(description="the sender's own key for the row, of 1 to 200 characters, or nothing"),
]
Rupiah = Annotated[
    int,
    BeforeValidator(whole),
    Field(
        strict=True,
        ge=1,
        le=LARGEST_AMOUNT,
        description="whole rupiah a person, from 1 to 1000000000, without separators",
    ),
]
OptionalRupiah = Annotated[
    Rupiah | None,
    BeforeValidator(none_if_empty),
    Field(description="whole rupiah a person, from 1 to 1000000000, without separators, or nothing"),
]
Number = Annotated[
    int, BeforeValidator(whole), Field(strict=True, ge=0, le=LARGEST_NUMBER, description=_NUMBER)
]
OptionalNumber = Annotated[
    Number | None, BeforeValidator(none_if_empty), Field(description=f"{_NUMBER}, or nothing")
]
OptionalDay = Annotated[
    Day | None, BeforeValidator(none_if_empty), Field(description="a day as YYYY-MM-DD, or nothing")
]
OptionalId = Annotated[
    Id | None,
    BeforeValidator(none_if_empty),
    Field(description="the id of a record that is there, or nothing"),
]
AnyRegion = Annotated[
    Annotated[str, Field(pattern=f"^{REGION_CODE.pattern}$")] | None,
    BeforeValidator(none_if_empty),
    Field(description="a Kemendagri code such as 64 or 35.76, or nothing for the nation or the site's own"),
]
Kind = Annotated[AidType, Field(description="one of " + ", ".join(AidType))]


class AidContent(Record):
    """An item of aid as it stood on `stated_on`; a later record of the same place and key continues it.

    With `corrects_id` it replaces an earlier record of the same place, or, `retracted`, takes it back.
    """

    external_id: Key = None
    item_key: Annotated[
        str,
        Field(min_length=1, max_length=200, description="a text of 1 to 200 characters that names the item"),
    ]
    aid_type: Kind
    payer: Annotated[Payer, Field(description="one of " + ", ".join(Payer))]
    payer_name: OptionalText = None
    region_code: AnyRegion = None
    site_id: OptionalId = None
    amount_rupiah: OptionalRupiah = None
    eligible_n: OptionalNumber = None
    planned_n: Number
    paid_n: Annotated[
        int,
        BeforeValidator(whole),
        Field(
            strict=True,
            ge=0,
            le=LARGEST_NUMBER,
            description=f"{_NUMBER}, not above planned_n: what is paid beyond it was promised too",
        ),
    ]
    period_from: Day
    period_to: Annotated[
        Day, Field(description="the last day of the period as YYYY-MM-DD, not before period_from")
    ]
    stated_on: Day
    source: Text
    source_url: Url = None
    note: OptionalText = None
    synthetic: Truth = False
    corrects_id: OptionalId = None
    retracted: Truth = False

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.paid_n > self.planned_n:
            raise refusal("paid_n", self.paid_n)
        if self.period_to < self.period_from:
            raise refusal("period_to", self.period_to)
        if self.retracted and self.corrects_id is None:
            raise refusal("corrects_id", "")
        return self


class AidRow(AidContent):
    """A row of data/demo/aid.csv: with an id that others may correct, and since when it is known."""

    external_id: Text
    id: Id
    reported_on: OptionalDay = None
    synthetic: Truth


class AidRateRow(Record):
    """A row of data/demo/aid_rates.csv: what a person was to get of a kind of aid, from a day to a day."""

    aid_type: Kind
    amount_rupiah: Rupiah
    valid_from: Day
    valid_to: OptionalDay = None
    source: Text
    source_url: Url = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise refusal("valid_to", self.valid_to)
        return self

    def holds_on(self, day: date) -> bool:
        """Whether the rate is in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
