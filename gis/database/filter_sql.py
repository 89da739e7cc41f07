"""Filters as SQL: every name is an identifier, every value a placeholder, and nothing else is ever composed.

Unknown stays unknown, as in CQL2: a null is neither equal nor unequal to anything.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any, LiteralString, NamedTuple

from psycopg import sql

from gis.domain.filter_nodes import (
    And,
    ArrayComparison,
    Comparison,
    Constant,
    DayOf,
    Expression,
    Folded,
    In,
    Interval,
    IsNull,
    Lasting,
    Like,
    Members,
    Not,
    Or,
    Property,
    Scalar,
    Shape,
    Spatial,
    Temporal,
    TemporalFunction,
)
from gis.domain.filter_values import type_of


class Condition(NamedTuple):
    """A condition on the columns of `f`, and the values of its placeholders, `filter_1` and so on."""

    sql: sql.Composable
    values: dict[str, Any]


_COMPARATORS: Mapping[str, LiteralString] = {
    "=": "{} = {}",
    "<>": "{} <> {}",
    "<": "{} < {}",
    ">": "{} > {}",
    "<=": "{} <= {}",
    ">=": "{} >= {}",
}
# The box first, so that the index is used; the exact test too, since boxes are of single precision.
_SPATIAL: Mapping[str, LiteralString] = {
    "s_intersects": "({0} && {1} AND ST_Intersects({0}, {1}))",
    "s_disjoint": "NOT ST_Intersects({0}, {1})",
    "s_within": "ST_Within({0}, {1})",
    "s_contains": "ST_Contains({0}, {1})",
    "s_equals": "ST_Equals({0}, {1})",
    "s_touches": "ST_Touches({0}, {1})",
    "s_crosses": "ST_Crosses({0}, {1})",
    "s_overlaps": "ST_Overlaps({0}, {1})",
}
# 0 and 1 are the first operand's start and end, 2 and 3 the second's (21-065r2, 8.4).
_TEMPORAL: Mapping[TemporalFunction, LiteralString] = {
    "t_after": "{0} > {3}",
    "t_before": "{1} < {2}",
    "t_contains": "({0} < {2} AND {1} > {3})",
    "t_disjoint": "({1} < {2} OR {0} > {3})",
    "t_during": "({0} > {2} AND {1} < {3})",
    "t_equals": "({0} = {2} AND {1} = {3})",
    "t_finishedby": "({0} < {2} AND {1} = {3})",
    "t_finishes": "({0} > {2} AND {1} = {3})",
    "t_intersects": "({0} <= {3} AND {1} >= {2})",
    "t_meets": "{1} = {2}",
    "t_metby": "{0} = {3}",
    "t_overlappedby": "({0} > {2} AND {0} < {3} AND {1} > {3})",
    "t_overlaps": "({0} < {2} AND {1} > {2} AND {1} < {3})",
    "t_startedby": "({0} = {2} AND {1} > {3})",
    "t_starts": "({0} = {2} AND {1} < {3})",
}
_ARRAY: Mapping[str, LiteralString] = {
    "a_contains": "{0} @> {1}",
    "a_containedby": "{0} <@ {1}",
    "a_equals": "({0} @> {1} AND {0} <@ {1})",
    "a_overlaps": "{0} && {1}",
}
_TEMPLATES: Mapping[str, LiteralString] = {
    **_COMPARATORS,
    **_SPATIAL,
    **_ARRAY,
}
_BIGINT = 2**63


def condition(expression: Expression) -> Condition:
    """A filter as a condition on a subquery `f` whose columns are the properties and `geom`.

    Parameters
    ----------
    expression : checked against the properties of the collection
    """
    composer = _Composer()
    return Condition(composer.predicate(expression), composer.values)


class _Composer:
    """Composes one condition and gathers its values."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def predicate(self, node: Expression) -> sql.Composable:
        match node:
            case And(parts):
                return self._joined(" AND ", parts)
            case Or(parts):
                return self._joined(" OR ", parts)
            case Not(part):
                return sql.SQL("(NOT {})").format(self.predicate(part))
            case Property() | Constant():
                return self._scalar(node)
            case Lasting():
                return self._lasting(node)
            case _:
                return sql.SQL("({})").format(self._relation(node))

    def _relation(self, node: Expression) -> sql.Composable:
        match node:
            case (
                Comparison(name, left, right)
                | Spatial(name, left, right)
                | ArrayComparison(name, left, right)
            ):
                return sql.SQL(_TEMPLATES[name]).format(self._operand(left), self._operand(right))
            case IsNull(of):
                return sql.SQL("{} IS NULL").format(self._scalar(of))
            case Like(text, pattern):
                return sql.SQL("{} LIKE {}").format(self._scalar(text), self._scalar(pattern))
            case In(value, members):
                listed = sql.SQL(", ").join(map(self._scalar, members))
                return sql.SQL("{} IN ({})").format(self._scalar(value), listed)
            case Temporal(function, left, right):
                return self._temporal(function, left, right)
        raise TypeError(node)

    def _joined(self, word: LiteralString, parts: Iterable[Expression]) -> sql.Composable:
        return sql.SQL("({})").format(sql.SQL(word).join(map(self.predicate, parts)))

    def _temporal(self, function: TemporalFunction, left: Interval, right: Interval) -> sql.Composable:
        ends = (left.start, left.end, right.start, right.end)
        of_moments = any(type_of(end) == "date-time" for end in ends if end is not None)
        composed = [self._end(end, position, of_moments) for position, end in enumerate(ends)]
        return sql.SQL(_TEMPORAL[function]).format(*composed)

    def _end(self, end: Scalar | None, position: int, of_moments: bool) -> sql.Composable:
        if end is not None:
            return self._scalar(end)
        infinity = sql.SQL("'-infinity'" if position % 2 == 0 else "'infinity'")
        return infinity + sql.SQL("::timestamptz" if of_moments else "::date")

    def _lasting(self, node: Lasting) -> sql.Composable:
        # What has no time is at all times (Features core, abstract test 19).
        parts: list[sql.Composable] = []
        if node.last is not None:
            parts.append(self._or_null("({0} IS NULL OR {0} <= {1})", node.since, node.last))
        if node.first is not None and node.until is None:
            parts.append(self._or_null("({0} IS NULL OR {0} >= {1})", node.since, node.first))
        if node.first is not None and node.until is not None:
            parts.append(self._or_null("({0} IS NULL OR {0} > {1})", node.until, node.first))
        return sql.SQL("({})").format(sql.SQL(" AND ").join(parts))

    def _or_null(self, template: LiteralString, own: Property, day: date) -> sql.Composable:
        return sql.SQL(template).format(self._scalar(own), self._value(day, "date"))

    def _scalar(self, node: Scalar) -> sql.Composable:
        match node:
            case Property(name, _):
                return sql.Identifier("f", name)
            case Folded(of):
                return sql.SQL("lower({})").format(self._scalar(of))
            case DayOf(of):
                return sql.SQL("({} AT TIME ZONE 'Asia/Jakarta')::date").format(self._scalar(of))
            case Constant(value, _):
                return self._value(value, _sql_type(value))

    def _operand(self, node: Scalar | Shape | Members) -> sql.Composable:
        match node:
            case Shape(wkb, _):
                return sql.SQL("ST_GeomFromWKB({}, 4326)").format(self._value(wkb, "bytea"))
            case Members(texts):
                return self._value(list(texts), "text[]")
            case _:
                return self._scalar(node)

    def _value(self, value: object, sql_type: LiteralString) -> sql.Composable:
        name = f"filter_{len(self.values) + 1}"
        # In UTC: PostgreSQL takes no offset of 16 hours or more in the texts that COPY binds.
        self.values[name] = value.astimezone(UTC) if isinstance(value, datetime) else value
        # CAST and not `::`, which binds closer than the sign of a number that is bound on the client.
        return sql.SQL("CAST({} AS " + sql_type + ")").format(sql.Placeholder(name))


def _sql_type(value: str | int | float | bool | date) -> LiteralString:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "bigint" if -_BIGINT <= value < _BIGINT else "numeric"
    if isinstance(value, datetime):
        return "timestamptz"
    if isinstance(value, date):
        return "date"
    return "float8" if isinstance(value, float) else "text"
