"""What a filter says, once it is read and checked: frozen values."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeAlias

Comparator = Literal["=", "<>", "<", ">", "<=", ">="]
SpatialFunction = Literal[
    "s_intersects",
    "s_disjoint",
    "s_within",
    "s_contains",
    "s_equals",
    "s_touches",
    "s_crosses",
    "s_overlaps",
]
TemporalFunction = Literal[
    "t_after",
    "t_before",
    "t_contains",
    "t_disjoint",
    "t_during",
    "t_equals",
    "t_finishedby",
    "t_finishes",
    "t_intersects",
    "t_meets",
    "t_metby",
    "t_overlappedby",
    "t_overlaps",
    "t_startedby",
    "t_starts",
]
ArrayFunction = Literal["a_contains", "a_containedby", "a_equals", "a_overlaps"]


@dataclass(frozen=True)
class Property:
    """A property of a feature, with the type that its collection gives it; `geom` is the geometry."""

    name: str
    type: str


@dataclass(frozen=True)
class Constant:
    """A value that the filter holds; its type is that of a property that it could be compared with."""

    value: str | int | float | bool | date | datetime
    type: str


@dataclass(frozen=True)
class Folded:
    """A text without regard to case (CASEI)."""

    of: "Text"


@dataclass(frozen=True)
class DayOf:
    """The day in Jakarta of a property that holds a moment, where it meets a date."""

    of: Property


@dataclass(frozen=True)
class Shape:
    """A valid geometry in EPSG:4326, longitude first, as well-known binary."""

    wkb: bytes
    is_collection: bool = False


@dataclass(frozen=True)
class Interval:
    """From an instant to another, both within it; none for an open end.

    Parameters
    ----------
    start, end : instants, of the same kind as those that they are compared with
    """

    start: "Instant | None"
    end: "Instant | None"


@dataclass(frozen=True)
class Members:
    """The members of an array."""

    texts: tuple[str, ...]


Text: TypeAlias = Property | Constant | Folded
Instant: TypeAlias = Property | Constant | DayOf
Scalar: TypeAlias = Property | Constant | Folded | DayOf


@dataclass(frozen=True)
class And:
    """All of them."""

    parts: "tuple[Expression, ...]"


@dataclass(frozen=True)
class Or:
    """Any of them."""

    parts: "tuple[Expression, ...]"


@dataclass(frozen=True)
class Not:
    """Not this; unknown stays unknown."""

    part: "Expression"


@dataclass(frozen=True)
class Comparison:
    """Two values of the same kind."""

    comparator: Comparator
    left: Scalar
    right: Scalar


@dataclass(frozen=True)
class IsNull:
    """A property that has no value."""

    of: Scalar


@dataclass(frozen=True)
class Like:
    """A text that a pattern fits: `%` any characters, `_` one, a backslash before what means itself."""

    text: Text
    pattern: Text


@dataclass(frozen=True)
class In:
    """A value that is one of some of its own type."""

    value: Scalar
    members: tuple[Scalar, ...]


@dataclass(frozen=True)
class Spatial:
    """How two geometries lie to each other."""

    function: SpatialFunction
    left: Property | Shape
    right: Property | Shape


@dataclass(frozen=True)
class Temporal:
    """How two instants or intervals lie to each other."""

    function: TemporalFunction
    left: Interval
    right: Interval


@dataclass(frozen=True)
class Lasting:
    """A feature that is there in an interval: from its first day on, until the day on which it is no longer.

    Parameters
    ----------
    since : its first day, or its only one if there is no `until`; where that is null it has always been there
    until : the first day on which it is no longer there; null for what lasts
    first, last : the interval's, both within it; none for an open end
    """

    since: Property
    until: Property | None
    first: date | None
    last: date | None


@dataclass(frozen=True)
class ArrayComparison:
    """How the members of two arrays lie to each other, as sets."""

    function: ArrayFunction
    left: Property | Members
    right: Property | Members


Expression: TypeAlias = (
    And
    | Or
    | Not
    | Comparison
    | IsNull
    | Like
    | In
    | Spatial
    | Temporal
    | Lasting
    | ArrayComparison
    | Property  # of type boolean
    | Constant  # of type boolean
)
