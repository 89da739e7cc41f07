"""What is known of a row while it is built, and what it has come to when it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ValidationError

from gis.services.imports.raw_table import Cell, RawRow
from gis.services.imports.refusals import Problem
from gis.services.imports.values import details_of, shown

Models = Mapping[Any, type[BaseModel]]
Content = dict[str, Any]


@dataclass(frozen=True)
class SiteReference:
    """The site that a row tells of, where it does so by name.

    Parameters
    ----------
    name : as it stands in the list
    region_codes : the regency or province that the list declares, or nothing
    """

    name: str
    region_codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class BuiltRow:
    """A row, and what it came to.

    Parameters
    ----------
    row_number : as a person counts it in the file
    raw : the cells by their columns; of a refused row also the place that its layer brings, as `wkt`
    content : what a draft of the collection holds, None if the row is refused; without `site_id` where the
        row names its site, see `site`
    problems : why it is refused
    remarks : what was done to it or taken for granted
    events, headcounts : contents that a row of sites brings beside it, without their `site_id`
    site : the site that a row of another collection names
    links : by field, the sender's key of another record; the field is missing from the content
    """

    row_number: int
    raw: dict[str, Cell]
    content: Content | None
    problems: tuple[Problem, ...] = ()
    remarks: tuple[Problem, ...] = ()
    events: tuple[Content, ...] = ()
    headcounts: tuple[Content, ...] = ()
    site: SiteReference | None = None
    links: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Draft:
    """What is known of a row while it is built; `cells` are those of the fields, without the empty ones."""

    cells: dict[str, Cell]
    row: RawRow
    values: Content = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)

    def said(self, name: str) -> Cell:
        """The cell of a field; None if it is empty or there is none."""
        return self.cells.get(name)


def validated(model: type[BaseModel], values: Content) -> tuple[Content | None, list[Problem]]:
    """What a class makes of values, fit for JSON, or why it refuses them."""
    try:
        return model.model_validate(values).model_dump(mode="json"), []
    except ValidationError as error:
        return None, [_problem(each, model) for each in error.errors(include_url=False)]


def _problem(error: Any, model: type[BaseModel]) -> Problem:
    name, found, details = details_of(error, model)
    if error["type"] == "missing":
        return Problem(name, None, "missing", details)
    return Problem(name, shown(found), "model", details)
