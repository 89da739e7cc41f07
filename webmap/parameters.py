"""From a query string to what a caller may ask; each parameter is defined once, with what is allowed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from werkzeug.datastructures import MultiDict

from gis.domain.crs import NUMBER
from gis.domain.lifecycle import StatusGroup
from gis.domain.queries import (
    ALL_GROUPS,
    Boundaries,
    BoundingBox,
    Moment,
    SiteQuery,
    SummaryLevel,
    today,
)
from gis.domain.sites import SiteType
from gis.errors import InvalidInputError, NotFoundError

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _iso_day(text: object) -> object:
    # Pydantic alone would take a number of seconds or a date with a time for a day.
    if isinstance(text, str) and not _DAY.fullmatch(text):
        raise ValueError("not a date")
    return text


def _whole(text: object) -> object:
    # Pydantic alone would take " 5", "+5", "1_000" and "5.0" for numbers. A plus in a query is a space.
    if isinstance(text, str) and not (text.isascii() and text.isdigit()):
        raise ValueError("not a whole number")
    return text


def comma_list(text: object) -> object:
    """The parts of a comma list, as a parameter of several values has them."""
    return text.split(",") if isinstance(text, str) else text


def _box(text: object) -> object:
    if not isinstance(text, str):
        return text
    parts = text.split(",")
    if len(parts) != 4 or not all(NUMBER.fullmatch(part) for part in parts):
        raise ValueError("not four numbers")
    return BoundingBox(*map(float, parts))


Day = Annotated[date, BeforeValidator(_iso_day)]
Whole = Annotated[int, BeforeValidator(_whole)]
Groups = Annotated[tuple[StatusGroup, ...], BeforeValidator(comma_list)]
Box = Annotated[BoundingBox, BeforeValidator(_box)]
RegionCode = Annotated[str, Field(pattern=r"^[0-9]{2}(\.[0-9]{2})?$")]


class Parameters(BaseModel):
    """A set of query parameters; the descriptions say what is allowed and stand in error messages."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True, frozen=True)

    @classmethod
    def read(cls, given: MultiDict[str, str], *, lenient: bool = False) -> Self:
        """The parameters of a request.

        Parameters
        ----------
        given : as they stand in the address
        lenient : of a page: ignore parameters that are not known (`fbclid`) or empty (an emptied form field),
            and join repeated ones, as a form of checkboxes sends them

        Raises
        ------
        InvalidInputError : a parameter is unknown, repeated, or not of the form that is allowed
        """
        values = {name: ",".join(every) if lenient else single(name, every) for name, every in given.lists()}
        if lenient:
            values = {name: value for name, value in values.items() if value and name in cls.model_fields}
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise cls._refusal(error, values) from error

    @classmethod
    def _refusal(cls, error: ValidationError, values: dict[str, str]) -> InvalidInputError:
        first = error.errors(include_url=False, include_context=False)[0]
        name = str(first["loc"][0])
        if name not in cls.model_fields:
            return InvalidInputError(name, values.get(name), "one of " + ", ".join(cls.model_fields))
        allowed = cls.model_fields[name].description or "another value"
        return InvalidInputError(name, values.get(name), allowed)


@contextmanager
def named_region(code: str | None) -> Iterator[None]:
    """Turn "there is no such region" into "this parameter names none", where a parameter named it.

    Raises
    ------
    InvalidInputError : nothing bore that code on the day whose boundaries are meant
    """
    try:
        yield
    except NotFoundError as error:
        allowed = "the Kemendagri code of a province or regency on the day whose boundaries are meant"
        raise InvalidInputError("region", code, allowed) from error


class MomentParameters(Parameters):
    """Both clocks and whose boundaries."""

    as_of: Day | None = Field(None, description="a date as YYYY-MM-DD")
    known_at: Day | None = Field(None, description="a date as YYYY-MM-DD")
    boundaries: Boundaries = Field(Boundaries.then, description="then or today")

    def moment(self) -> Moment:
        """The moment that is meant; today where nothing is said."""
        return Moment(self.as_of or today(), self.known_at, self.boundaries)


class ViewParameters(MomentParameters):
    """What the address of a page holds; `tab` is for the page alone."""

    status: Groups = Field(ALL_GROUPS, description="a comma list of active, planned, closed, reactivated")

    def query(self, **more: Any) -> SiteQuery:
        """The query of a page or of its twin."""
        groups = tuple(group for group in ALL_GROUPS if group in self.status)
        return SiteQuery(self.moment(), groups=groups, **more)


class SiteParameters(ViewParameters):
    """Which sites a file or a map layer holds."""

    region: RegionCode | None = Field(None, description="a Kemendagri code such as 64 or 35.76")
    site_type: SiteType | None = Field(None, description="lokalisasi or lokasi")
    bbox: Box | None = Field(None, description="west,south,east,north in degrees, longitude before latitude")

    def sites(self) -> SiteQuery:
        """The query of a file or of a layer."""
        return self.query(region=self.region, site_type=self.site_type, bbox=self.bbox)


class RegionParameters(MomentParameters):
    """Which regions a file holds, as of when."""

    region: RegionCode | None = Field(None, description="a Kemendagri code such as 64 or 35.76")


class CentreParameters(RegionParameters):
    """Which centres, and what the nearest ones are measured from."""

    site: Whole | None = Field(None, gt=0, lt=2**53, description="the number of a site")


class SummaryParameters(RegionParameters):
    """The regional summary."""

    level: SummaryLevel = Field("province", description="nation, province or regency")


class LayerParameters(Parameters):
    """A region layer of the map."""

    parent: Annotated[str, Field(pattern=r"^[0-9]{2}$")] | None = Field(
        None, description="a province's Kemendagri code such as 64"
    )
    v: str | None = Field(None, max_length=64, description="the checksum of the boundary files")


def record_id(text: str) -> int:
    """The id of a record, as it stands in the address of a form.

    Raises
    ------
    ValueError : no record bears it
    """
    if not (text.isascii() and text.isdigit() and len(text) <= 16):
        raise ValueError("no id")
    return int(text)


def single(name: str, every: list[str]) -> str:
    """The one value of a parameter.

    Raises
    ------
    InvalidInputError : it was given more than once
    """
    if len(every) > 1:
        raise InvalidInputError(name, ",".join(every), "to be given once")
    return every[0]
