"""Options that several sub-commands share, with the same words for what is allowed."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import click

from gis.domain.lifecycle import StatusGroup
from gis.domain.queries import ALL_GROUPS, Boundaries, BoundingBox, Moment, today
from gis.errors import InvalidInputError

F = TypeVar("F", bound=Callable[..., Any])


class Day(click.ParamType[date]):
    """A date as YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day that the text names."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a date as YYYY-MM-DD", param, ctx)


class Groups(click.ParamType[tuple[StatusGroup, ...]]):
    """A comma list of status groups."""

    name = "groups"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[StatusGroup, ...]:
        """The groups that the text names."""
        if isinstance(value, tuple):
            return value
        try:
            return tuple(StatusGroup(part) for part in value.split(","))
        except ValueError:
            self.fail(f"{value!r} is not a comma list of {', '.join(ALL_GROUPS)}", param, ctx)


class Box(click.ParamType[BoundingBox]):
    """West,south,east,north in degrees."""

    name = "bbox"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> BoundingBox:
        """The box that the text names."""
        if isinstance(value, BoundingBox):
            return value
        try:
            west, south, east, north = map(float, value.split(","))
            return BoundingBox(west, south, east, north)
        except ValueError:
            self.fail(f"{value!r} is not west,south,east,north", param, ctx)
        except InvalidInputError as error:
            self.fail(str(error), param, ctx)


def moment_options(function: F) -> F:
    """Add --as-of, --known-at and --boundaries; `moment` makes one value of them."""
    for decorate in (
        click.option(
            "--boundaries",
            type=click.Choice([each.value for each in Boundaries]),
            default=Boundaries.then.value,
            show_default=True,
            help="Regions as of that date, or today's.",
        ),
        click.option("--known-at", type=Day(), help="Only what was known at the end of that day."),
        click.option("--as-of", type=Day(), help="The end of that day; default: today, in Jakarta."),
    ):
        function = decorate(function)
    return function


def moment(as_of: date | None, known_at: date | None, boundaries: str) -> Moment:
    """The moment that the options mean.

    Raises
    ------
    InvalidInputError : a date outside of what the register knows
    """
    return Moment(as_of or today(), known_at, Boundaries(boundaries))
