"""What may be entered about the boundary that a decree sets for a site."""

from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from gis.domain.records.fields import (
    Day,
    Id,
    OptionalText,
    Record,
    Text,
    Truth,
    Url,
    Wkt,
    none_if_empty,
    refusal,
)
from gis.domain.records.sites import OptionalDay, OptionalId, OptionalKey


class BoundaryContent(Record):
    """An area that a decree names; with `corrects_id` it replaces an earlier one, or retracts it."""

    external_id: OptionalKey = None
    site_id: Id
    wkt: Annotated[
        Wkt, Field(description="a valid POLYGON or MULTIPOLYGON in WKT, lon before lat, EPSG:4326")
    ]
    legal_instrument: Annotated[
        Text, Field(pattern=r"\S", description="such as SK Wali Kota; a text of 1 to 2000 characters")
    ]
    legal_number: OptionalText = None
    dated_on: Annotated[
        Day | None,
        BeforeValidator(none_if_empty),
        Field(description="the day of the decree as YYYY-MM-DD, or nothing where the source does not say"),
    ] = None
    source: Text
    source_url: Url = None
    note: OptionalText = None
    reported_on: OptionalDay = None
    corrects_id: OptionalId = None
    retracted: Truth = False
    synthetic: Truth = False

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.wkt is None or not self.wkt.lstrip().upper().startswith(("POLYGON", "MULTIPOLYGON")):
            raise refusal("wkt", self.wkt)
        if self.retracted and self.corrects_id is None:
            raise refusal("corrects_id", "")
        return self


class BoundaryRow(BoundaryContent):
    """A row of data/demo/boundaries.csv: with an id that others may correct."""

    external_id: Text
    id: Id
    synthetic: Truth
