"""The operands in the tree of a filter: properties that there are, values, geometries, intervals, arrays."""

from collections.abc import Mapping
from typing import Any, NoReturn, cast, get_args

from gis.domain.filter_nodes import (
    ArrayFunction,
    Constant,
    Folded,
    Instant,
    Interval,
    Members,
    Property,
    Scalar,
    Shape,
    SpatialFunction,
    TemporalFunction,
    Text,
)
from gis.domain.filter_shapes import Axes, ShapeReader
from gis.domain.filter_values import (
    KINDS,
    TIMES,
    as_day,
    checked_text,
    matched,
    read_day,
    read_moment,
    read_time,
    type_of,
)
from gis.errors import InvalidInputError

Tree = Any
DEEPEST, MOST_NODES, MOST_MEMBERS = 20, 500, 500
SPATIAL, TEMPORAL, ARRAY = get_args(SpatialFunction), get_args(TemporalFunction), get_args(ArrayFunction)
FUNCTIONS = ", ".join(name.upper() for name in ("casei", *SPATIAL, *TEMPORAL, *ARRAY))
_GEOMETRY_NAMES = ("geom", "geometry")


class OperandReader:
    """Reads the operands of one filter and counts its parts.

    Parameters
    ----------
    queryables : the properties that it may name, with their types
    axes : of its coordinates
    """

    def __init__(self, queryables: Mapping[str, str], axes: Axes) -> None:
        self._queryables = queryables
        self._shapes = ShapeReader(axes)
        self._nodes = 0

    def count(self, depth: int) -> None:
        """Refuse a filter of too many parts or levels.

        Parameters
        ----------
        depth : of the part that is read now
        """
        self._nodes += 1
        if depth > DEEPEST or self._nodes > MOST_NODES:
            refuse("more", f"{DEEPEST} conditions within each other, and {MOST_NODES} parts in all")

    def scalars(self, trees: list[Tree]) -> list[Scalar]:
        """The members of a list, which has a limit of its own."""
        nodes = self._nodes
        found = []
        for tree in trees:
            self._nodes = nodes
            found.append(self.scalar(tree))
        return found

    def shape(self, tree: Tree) -> Property | Shape:
        """A geometry."""
        self.count(1)
        if not isinstance(tree, dict) or "op" in tree:
            refuse(tree, "a geometry")
        if "property" not in tree:
            return self._shapes.read(tree)
        found = self.property(tree)
        return found if found.type == "geometry" else refuse(found.name, "the property geom, or a geometry")

    def intervals(self, arguments: list[Tree]) -> tuple[Interval, Interval]:
        """Two instants or intervals, of the same kind."""
        left, right = map(self._interval, arguments)
        instants = [each for side in (left, right) for each in (side.start, side.end) if each is not None]
        if len({type_of(each) for each in instants}) < 2:
            return left, right
        return _days(left), _days(right)

    def _interval(self, tree: Tree) -> Interval:
        self.count(1)
        if not isinstance(tree, dict) or "interval" not in tree:
            instant = self._instant(tree)
            return Interval(instant, instant)
        ends = tree["interval"]
        if not isinstance(ends, list) or len(ends) != 2:
            refuse(ends, "an interval of two ends")
        start, end = (None if each == ".." else self._instant(each) for each in ends)
        if isinstance(start, Constant) and isinstance(end, Constant):
            first, last = matched(start, end)
            if cast(Constant, first).value > cast(Constant, last).value:  # type: ignore[operator]  # both times
                refuse(f"{start.value}/{end.value}", "an interval whose start is not after its end")
        return Interval(start, end)

    def _instant(self, tree: Tree) -> Instant:
        found: Scalar = read_time(tree) if isinstance(tree, str) else self.scalar(tree)
        if isinstance(found, Folded) or KINDS[type_of(found)] != "time":
            refuse(tree, f"{TIMES}, or a property that holds one")
        return found

    def array(self, tree: Tree) -> Property | Members:
        """An array."""
        self.count(1)
        if isinstance(tree, list) and len(tree) <= MOST_MEMBERS:
            if not all(isinstance(each, str) for each in tree):
                refuse(tree, "an array of texts")
            return Members(tuple(checked_text(each) for each in tree))
        found = self.property(tree)
        return (
            found if found.type == "array" else refuse(found.name, "a property that is an array, or an array")
        )

    def text(self, tree: Tree) -> Text:
        """A text."""
        found = self.scalar(tree)
        if type_of(found) != "string" or not isinstance(found, Property | Constant | Folded):
            refuse(getattr(found, "name", tree), "text")
        return found

    def scalar(self, tree: Tree, depth: int = 1) -> Scalar:
        """A value that can be compared."""
        self.count(depth)
        if not isinstance(tree, dict):
            return _constant(tree)
        if "property" in tree:
            found = self.property(tree)
            if found.type not in KINDS:
                refuse(found.name, f"a value; {found.name} is of type {found.type}")
            return found
        for name, read in (("date", read_day), ("timestamp", read_moment)):
            if name in tree:
                text = tree[name]
                return read(text) if isinstance(text, str) else refuse(text, TIMES)
        name, arguments = operation(tree)
        if name != "casei":
            refuse(
                name,
                f"a property, a value or CASEI; the functions are {FUNCTIONS}, and there is no arithmetic",
            )
        of = self.scalar(exactly(1, arguments)[0], depth + 1)
        if type_of(of) != "string" or not isinstance(of, Property | Constant | Folded):
            refuse(getattr(of, "name", name), "CASEI of a text")
        return Folded(of)

    def property(self, tree: Tree) -> Property:
        """A property that there is."""
        name = tree.get("property") if isinstance(tree, dict) else None
        geometry = next((each for each in _GEOMETRY_NAMES if each in self._queryables), None)
        if isinstance(name, str) and name in self._queryables:
            return Property("geom" if name == geometry else name, self._queryables[name])
        if name in _GEOMETRY_NAMES and geometry is not None:
            return Property("geom", "geometry")
        return refuse(name, f"one of the properties {', '.join(self._queryables)}")


def _days(interval: Interval) -> Interval:
    ends = (None if each is None else cast(Instant, as_day(each)) for each in (interval.start, interval.end))
    return Interval(*ends)


def _constant(tree: Tree) -> Constant:
    if isinstance(tree, bool):
        return Constant(tree, "boolean")
    if isinstance(tree, str):
        return Constant(checked_text(tree), "string")
    if not isinstance(tree, int | float) or not -1e300 < tree < 1e300:
        refuse(tree, "a text, a finite number, true or false")
    if isinstance(tree, float) and tree.is_integer() and abs(tree) < 2**53:
        return Constant(int(tree), "integer")
    return Constant(tree, "integer" if isinstance(tree, int) else "number")


def operation(tree: dict[str, Tree]) -> tuple[str, list[Tree]]:
    """The operator of a tree in lower case, and what it operates on."""
    name, arguments = tree.get("op"), tree.get("args")
    if not isinstance(name, str) or not isinstance(arguments, list):
        refuse(next(iter(tree), "{}"), 'a condition: an object with "op" and "args"')
    return name.lower(), arguments


def exactly(n: int, arguments: list[Tree]) -> list[Tree]:
    """The arguments, if they are so many."""
    return arguments if len(arguments) == n else refuse(f"{len(arguments)} arguments", f"{n} arguments")


def refuse(found: object, allowed: str) -> NoReturn:
    """Refuse the filter."""
    raise InvalidInputError("filter", found, allowed)
