"""The tree that CQL2 is, checked against the properties of a collection and their types."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, NoReturn, TypeAlias, cast, get_args

from gis.domain.filter_nodes import (
    And,
    ArrayComparison,
    ArrayFunction,
    Comparator,
    Comparison,
    Constant,
    Expression,
    Folded,
    In,
    IsNull,
    Like,
    Not,
    Or,
    Property,
    Shape,
    Spatial,
    SpatialFunction,
    Temporal,
    TemporalFunction,
)
from gis.domain.filter_operands import (
    ARRAY,
    MOST_MEMBERS,
    SPATIAL,
    TEMPORAL,
    OperandReader,
    exactly,
    operation,
    refuse,
)
from gis.domain.filter_shapes import Axes
from gis.domain.filter_values import matched
from gis.errors import InvalidInputError

Tree = Any
_Reader: TypeAlias = Callable[[str, list[Tree]], Expression]
_DEEPEST_JSON = 100  # brackets; an expression has two, a geometry six
_JSON_STRING = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_COMPARATORS = get_args(Comparator)


def parse_json(text: str) -> Tree:
    """The tree of CQL2 JSON.

    Raises
    ------
    InvalidInputError : it is no JSON, or too deep
    """
    depth = deepest = 0
    for sign in re.findall(r"[\[\]{}]", _JSON_STRING.sub("", text)):
        depth += 1 if sign in "[{" else -1
        deepest = max(deepest, depth)
    if deepest > _DEEPEST_JSON:
        refuse(text, f"JSON with at most {_DEEPEST_JSON} brackets within each other")
    try:
        return json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        allowed = f"CQL2 JSON (character {error.pos + 1})"
        raise InvalidInputError("filter", text[error.pos : error.pos + 20], allowed) from error
    except ValueError as error:  # an integer of thousands of digits
        raise InvalidInputError("filter", text, "numbers of at most 40 digits") from error


class TreeReader:
    """Reads the tree of one filter.

    Parameters
    ----------
    queryables : the properties that it may name, with their types
    axes : of its coordinates
    """

    def __init__(self, queryables: Mapping[str, str], axes: Axes) -> None:
        self._read = OperandReader(queryables, axes)
        self._readers: Mapping[str, _Reader] = {
            **dict.fromkeys(_COMPARATORS, self._comparison),
            "isnull": self._is_null,
            "like": self._like,
            "between": self._between,
            "in": self._in,
            **dict.fromkeys(SPATIAL, self._spatial),
            **dict.fromkeys(TEMPORAL, self._temporal),
            **dict.fromkeys(ARRAY, self._array_comparison),
        }

    def predicate(self, tree: Tree, depth: int = 1) -> Expression:
        """What is true, false or unknown of a feature."""
        self._read.count(depth)
        if isinstance(tree, bool):
            return Constant(tree, "boolean")
        if not isinstance(tree, dict):
            refuse(tree, "a condition")
        if "property" in tree:
            found = self._read.property(tree)
            allowed = "a condition, or a property that is true or false"
            return found if found.type == "boolean" else refuse(found.name, allowed)
        name, arguments = operation(tree)
        if name in ("and", "or"):
            return self._joined(name, arguments, depth)
        if name == "not":
            return Not(self.predicate(exactly(1, arguments)[0], depth + 1))
        if name not in self._readers:
            refuse(tree["op"], f"AND, OR, NOT, {', '.join(self._readers).upper()} and CASEI; no arithmetic")
        return self._readers[name](name, arguments)

    def _joined(self, name: str, arguments: list[Tree], depth: int) -> Expression:
        # A chain of one operator is flat, however it is written: GDAL writes ((a AND b) AND c) AND d.
        if not arguments:
            refuse("no arguments", f"conditions to join by {name.upper()}")
        parts: list[Expression] = []
        left = list(reversed(arguments))
        while left:
            each = left.pop()
            if isinstance(each, dict) and each.get("op") == name and isinstance(each.get("args"), list):
                self._read.count(depth)
                left.extend(reversed(operation(each)[1]))
            else:
                parts.append(self.predicate(each, depth + 1))
        return And(tuple(parts)) if name == "and" else Or(tuple(parts))

    def _comparison(self, name: str, arguments: list[Tree]) -> Expression:
        left, right = map(self._read.scalar, exactly(2, arguments))
        return Comparison(cast(Comparator, name), *matched(left, right))

    def _between(self, _name: str, arguments: list[Tree]) -> Expression:
        value, low, high = map(self._read.scalar, exactly(3, arguments))
        return And((Comparison(">=", *matched(value, low)), Comparison("<=", *matched(value, high))))

    def _in(self, _name: str, arguments: list[Tree]) -> Expression:
        first, members = exactly(2, arguments)
        if not isinstance(members, list) or not 0 < len(members) <= MOST_MEMBERS:
            refuse(members, f"IN with a list of 1 to {MOST_MEMBERS} values")
        value = self._read.scalar(first)
        pairs = [matched(value, member) for member in self._read.scalars(members)]
        if all(each == value for each, _ in pairs):
            return In(value, tuple(member for _, member in pairs))
        return Or(tuple(Comparison("=", each, member) for each, member in pairs))

    def _is_null(self, _name: str, arguments: list[Tree]) -> Expression:
        (tree,) = exactly(1, arguments)
        is_property = isinstance(tree, dict) and "property" in tree
        return IsNull(self._read.property(tree) if is_property else self._read.scalar(tree))

    def _like(self, _name: str, arguments: list[Tree]) -> Expression:
        value, pattern = (self._read.text(each) for each in exactly(2, arguments))
        constant = pattern
        while isinstance(constant, Folded):
            constant = constant.of
        if isinstance(constant, Property):
            refuse(constant.name, "LIKE with a pattern in quotes")
        written = str(constant.value)
        if (len(written) - len(written.rstrip("\\"))) % 2:
            refuse(written, r"a pattern that does not end in a lone backslash (\\ is one)")
        return Like(value, pattern)

    def _temporal(self, name: str, arguments: list[Tree]) -> Expression:
        left, right = self._read.intervals(exactly(2, arguments))
        return Temporal(cast(TemporalFunction, name), left, right)

    def _array_comparison(self, name: str, arguments: list[Tree]) -> Expression:
        left, right = map(self._read.array, exactly(2, arguments))
        return ArrayComparison(cast(ArrayFunction, name), left, right)

    def _spatial(self, name: str, arguments: list[Tree]) -> Expression:
        left, right = map(self._read.shape, exactly(2, arguments))
        if name not in ("s_intersects", "s_disjoint") and any(
            isinstance(side, Shape) and side.is_collection for side in (left, right)
        ):
            refuse("GeometryCollection", "a collection of geometries in S_INTERSECTS and S_DISJOINT only")
        return Spatial(cast(SpatialFunction, name), left, right)


def _no_number(text: str) -> NoReturn:
    refuse(text, "finite numbers")
