"""Conditions on the features of a collection: CQL2 (OGC 21-065r2), `name=value`, and times.

Each ends in an expression that is checked against the types of the properties.
"""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from gis.domain.filter_cql import as_cql2
from gis.domain.filter_nodes import (
    And,
    ArrayComparison,
    Comparison,
    Expression,
    Lasting,
    Members,
    Property,
)
from gis.domain.filter_reading import TreeReader, parse_json
from gis.domain.filter_shapes import Axes
from gis.domain.filter_text import parse_text
from gis.domain.filter_values import checked_text, matched, read_as
from gis.errors import InvalidInputError

__all__ = ["LONGEST", "Expression", "Language", "both", "equals", "read_filter", "within"]

Language = Literal["cql2-text", "cql2-json", "cql-text"]
LONGEST = 8000  # characters of a filter


def read_filter(
    text: str,
    language: Language,
    queryables: Mapping[str, str],
    srid: int = 4326,
    flip_axes: bool = False,
) -> Expression:
    """The expression that a filter is.

    Parameters
    ----------
    text : CQL2, as text or as JSON, or CQL as GDAL writes it
    language : which of them
    queryables : the properties that it may name, with their types: string, integer, number, boolean, date,
        date-time, array, and geometry for `geom`, which may be called `geometry` as well
    srid : of its coordinates (filter-crs): 4326 or 3857
    flip_axes : whether latitude stands first in them

    Raises
    ------
    InvalidInputError : it is not CQL2, names what there is not, compares what cannot be compared, holds a
        geometry that is not valid, or is too large
    """
    if len(text) > LONGEST:
        raise InvalidInputError("filter", f"{len(text)} characters", f"at most {LONGEST} characters")
    checked_text(text)
    tree = parse_json(text) if language == "cql2-json" else parse_text(text)
    if language == "cql-text":
        tree = as_cql2(tree, queryables)
    return TreeReader(queryables, Axes(srid, flip_axes)).predicate(tree)


def equals(name: str, text: str, queryables: Mapping[str, str]) -> Expression:
    """A property that has a value, as in `status=closed`; an array that contains it.

    Parameters
    ----------
    name : of the property
    text : the value, as it is written in an address
    queryables : the properties with their types

    Raises
    ------
    InvalidInputError : there is no such property, or the text is no value of its type
    """
    kind = queryables.get(name)
    if kind is None:
        raise InvalidInputError(name, text, f"one of the properties {', '.join(queryables)}")
    own = Property(name, kind)
    if kind == "array":
        return ArrayComparison("a_contains", own, Members((checked_text(text, name),)))
    return Comparison("=", *matched(own, read_as(kind, text, name)))


def within(since: str, until: str | None, first: date | None, last: date | None) -> Expression | None:
    """Features that are there at some day of an interval (the parameter `datetime`).

    Parameters
    ----------
    since : the property that holds a feature's first day, or its only one if there is no `until`
    until : the property that holds the first day on which it is no longer there; null for what lasts
    first, last : the interval's days, both within it; none for an open end

    Raises
    ------
    InvalidInputError : the interval ends before it starts
    """
    if first is None and last is None:
        return None
    if first is not None and last is not None and first > last:
        raise InvalidInputError("datetime", f"{first}/{last}", "an interval whose start is not after its end")
    return Lasting(Property(since, "date"), Property(until, "date") if until else None, first, last)


def both(*parts: Expression | None) -> Expression | None:
    """What is true where all parts are; none of none."""
    found = tuple(part for part in parts if part is not None)
    return And(found) if len(found) > 1 else next(iter(found), None)
