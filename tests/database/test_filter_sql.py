"""Filters as PostgreSQL executes them, against rows that were found by hand and by a second evaluator."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any, get_args

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg import sql

from gis.database.connection import Connection, Database
from gis.database.copying import copied
from gis.database.filter_sql import condition
from gis.domain.filter_nodes import TemporalFunction
from gis.domain.filter_text import parse_text
from gis.domain.filters import Expression, both, equals, read_filter, within
from tests.filter_rows import BIG, EVERY, FOUND, QUERYABLES, ROWS, SQL_TYPES

Truth = bool | None


@pytest.fixture(scope="module")
def rows(database: Database) -> Iterator[Connection]:
    """A connection in a transaction with the rows in a table of its own."""
    columns = sql.SQL(", ").join(
        sql.SQL("{} " + SQL_TYPES[kind]).format(sql.Identifier(name)) for name, kind in QUERYABLES.items()
    )
    values = sql.SQL(", ").join(
        sql.SQL("ST_GeomFromText(%s, 4326)" if kind == "geometry" else "%s") for kind in QUERYABLES.values()
    )
    with database.transaction() as connection:
        connection.execute(sql.SQL("CREATE TEMP TABLE feature ({}) ON COMMIT DROP").format(columns))
        for row in ROWS:
            connection.execute(sql.SQL("INSERT INTO feature VALUES ({})").format(values), row)
        yield connection


def found(connection: Connection, expression: Expression | None) -> list[int]:
    """The rows that a filter finds, bound by the server."""
    assert expression is not None
    where = condition(expression)
    text = sql.SQL("SELECT f.id FROM (SELECT * FROM feature) f WHERE {} ORDER BY f.id").format(where.sql)
    return [id_ for (id_,) in connection.execute(text, where.values)]


def copied_ids(connection: Connection, expression: Expression) -> list[int]:
    """The same, bound by the client."""
    where = condition(expression)
    text = sql.SQL("SELECT f.id::text FROM (SELECT * FROM feature) f WHERE {} ORDER BY f.id").format(
        where.sql
    )
    lines = b"".join(bytes(chunk) for chunk in copied(connection, text, where.values))
    return [int(line) for line in lines.split()]


@pytest.mark.parametrize(("text", "ids"), FOUND, ids=[text for text, _ in FOUND])
def test_a_filter_finds_its_rows_by_every_way(rows: Connection, text: str, ids: list[int]) -> None:
    expression = read_filter(text, "cql2-text", QUERYABLES)
    assert found(rows, expression) == ids
    assert copied_ids(rows, expression) == ids
    as_json = read_filter(json.dumps(parse_text(text)), "cql2-json", QUERYABLES)
    assert as_json == expression


@pytest.mark.parametrize(
    ("name", "text", "ids"),
    [
        ("status", "closed", [1, 3, 6]),
        ("name", "' OR true --", []),
        ("name", "", [BIG]),
        ("people", "10", [1]),
        ("share", "0.1", [5]),
        ("synthetic", "true", [1, 3, BIG]),
        ("since", "2014-06-18", [3]),
        ("updated_at", "2024-01-02", [2]),
        ("updated_at", "2024-01-01T18:00:00Z", [2]),
        ("shared_with", "c,d", [6]),
    ],
)
def test_a_property_equals_what_the_address_says(
    rows: Connection, name: str, text: str, ids: list[int]
) -> None:
    expression = equals(name, text, QUERYABLES)
    assert found(rows, expression) == ids == copied_ids(rows, expression)


@pytest.mark.parametrize(
    ("until", "first", "last", "ids"),
    [
        (None, date(2014, 6, 18), date(2014, 6, 18), [2, 3, 4]),
        (None, None, date(2012, 5, 1), [1, 2, 4, 5]),
        (None, date(2020, 1, 1), None, [2, 4, 6, BIG]),
        # The day on which it is no longer there is none of its days; null lasts, and null is at all times.
        ("until", date(2020, 1, 1), date(2020, 1, 1), [1, 2, 4, BIG]),
        ("until", date(2019, 12, 31), date(2019, 12, 31), [1, 2, 3, 4]),
        ("until", None, date(1999, 12, 31), [2, 4, 5]),
    ],
)
def test_what_is_there_at_a_time(
    rows: Connection, until: str | None, first: date | None, last: date | None, ids: list[int]
) -> None:
    assert found(rows, within("since", until, first, last)) == ids


def test_both_is_what_all_find(rows: Connection) -> None:
    parts = (equals("status", "closed", QUERYABLES), None, equals("synthetic", "true", QUERYABLES))
    assert found(rows, both(*parts)) == [1, 3]
    assert both(None, None) is None
    assert both(None, parts[0]) == parts[0]


@pytest.mark.parametrize(
    ("srid", "flip", "box", "ids"),
    [
        (4326, True, "BBOX(-7.6, 112, -7.4, 113)", [2, 3]),
        (4326, True, "POINT(-7.5 111)", [1, 3]),
        (3857, False, "BBOX(12467782, -848911, 12579102, -826480)", [2, 3]),
    ],
)
def test_coordinates_are_of_the_system_that_is_asked_for(
    rows: Connection, srid: int, flip: bool, box: str, ids: list[int]
) -> None:
    expression = read_filter(f"S_INTERSECTS(geom, {box})", "cql2-text", QUERYABLES, srid, flip)
    assert found(rows, expression) == ids


def test_the_projection_of_literals_is_that_of_postgis(rows: Connection) -> None:
    where = condition(read_filter("S_EQUALS(geom, POINT(12467782 -848911))", "cql2-text", QUERYABLES, 3857))
    (wkb,) = where.values.values()
    row = rows.execute(
        "SELECT ST_X(p), ST_Y(p) FROM ST_Transform(ST_SetSRID(ST_MakePoint(12467782, -848911), 3857), 4326) p"
    ).fetchone()
    assert row is not None
    point = shapely.from_wkb(wkb)
    assert (point.x, point.y) == pytest.approx(row, abs=1e-9)


def test_the_index_on_places_serves_a_filter(rows: Connection) -> None:
    where = condition(read_filter("S_INTERSECTS(geom, BBOX(110,-8,111,-7))", "cql2-text", QUERYABLES))
    plan = sql.SQL("EXPLAIN SELECT f.id FROM (SELECT id, geom FROM register.site) f WHERE {}")
    rows.execute("SET LOCAL enable_seqscan = off")
    lines = "\n".join(line for (line,) in rows.execute(plan.format(where.sql), where.values))
    rows.execute("SET LOCAL enable_seqscan = on")
    assert re.search(r"Index Cond: \(+geom &&", lines)


# A second evaluator: of the tree, in Python, with three truths.

_PROPERTIES = [dict(zip(QUERYABLES, row, strict=True)) for row in ROWS]
for _row in _PROPERTIES:
    for _name in ("since", "until"):
        _row[_name] = date.fromisoformat(str(_row[_name])) if _row[_name] else None
    _row["geom"] = shapely.from_wkt(_row["geom"]) if _row["geom"] else None
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
}


def compared(sign: str, left: Any, right: Any) -> Truth:
    return None if left is None or right is None else _COMPARE[sign](left, right)


def all_of(*truths: Truth) -> Truth:
    return False if False in truths else (None if None in truths else True)


def any_of(*truths: Truth) -> Truth:
    return True if True in truths else (None if None in truths else False)


def negated(truth: Truth) -> Truth:
    return None if truth is None else not truth


def value(tree: Any, row: dict[str, Any]) -> Any:
    match tree:
        case {"property": name}:
            return row[name]
        case {"date": text}:
            return date.fromisoformat(text)
        case {"op": "casei", "args": [of]}:
            text = value(of, row)
            return None if text is None else text.lower()
    return tree


def ends(tree: Any, row: dict[str, Any]) -> list[Any]:
    if "interval" not in tree:
        return [value(tree, row)] * 2
    open_ends = (date.min, date.max)
    return [
        open_ends[i] if end == ".." else value({"date": end} if isinstance(end, str) else end, row)
        for i, end in enumerate(tree["interval"])
    ]


def temporal(name: str, arguments: list[Any], row: dict[str, Any]) -> Truth:
    (a, b), (c, d) = (ends(each, row) for each in arguments)
    is_less, same = partial(compared, "<"), partial(compared, "=")
    rules: dict[str, Truth] = {
        "t_after": is_less(d, a),
        "t_before": is_less(b, c),
        "t_contains": all_of(is_less(a, c), is_less(d, b)),
        "t_disjoint": any_of(is_less(b, c), is_less(d, a)),
        "t_during": all_of(is_less(c, a), is_less(b, d)),
        "t_equals": all_of(same(a, c), same(b, d)),
        "t_finishedby": all_of(is_less(a, c), same(b, d)),
        "t_finishes": all_of(is_less(c, a), same(b, d)),
        "t_intersects": all_of(negated(is_less(d, a)), negated(is_less(b, c))),
        "t_meets": same(b, c),
        "t_metby": same(a, d),
        "t_overlappedby": all_of(is_less(c, a), is_less(a, d), is_less(d, b)),
        "t_overlaps": all_of(is_less(a, c), is_less(c, b), is_less(b, d)),
        "t_startedby": all_of(same(a, c), is_less(d, b)),
        "t_starts": all_of(same(a, c), is_less(b, d)),
    }
    return rules[name]


def is_like(text: str | None, pattern: str) -> Truth:
    if text is None:
        return None
    parts = re.findall(r"\\.|.", pattern, re.DOTALL)
    wild = {"%": ".*", "_": "."}
    return re.fullmatch("".join(wild.get(p, re.escape(p[-1])) for p in parts), text, re.DOTALL) is not None


def between(row: dict[str, Any], of: Any, low: Any, high: Any) -> Truth:
    found_value = value(of, row)
    return all_of(compared(">=", found_value, value(low, row)), compared("<=", found_value, value(high, row)))


def one_of(row: dict[str, Any], of: Any, members: list[Any]) -> Truth:
    return any_of(*(compared("=", value(of, row), value(member, row)) for member in members))


def meets(row: dict[str, Any], _: Any, box: dict[str, Any]) -> Truth:
    return None if row["geom"] is None else bool(shapely.intersects(row["geom"], shapely.box(*box["bbox"])))


def contains(row: dict[str, Any], _: Any, members: list[str]) -> Truth:
    return None if row["shared_with"] is None else set(members) <= set(row["shared_with"])


OPERATORS: dict[str, Callable[..., Truth]] = {
    "and": lambda row, *parts: all_of(*(truth(part, row) for part in parts)),
    "or": lambda row, *parts: any_of(*(truth(part, row) for part in parts)),
    "not": lambda row, part: negated(truth(part, row)),
    "isNull": lambda row, of: value(of, row) is None,
    "like": lambda row, of, pattern: is_like(value(of, row), pattern),
    "between": between,
    "in": one_of,
    "s_intersects": meets,
    "a_contains": contains,
}


def truth(tree: Any, row: dict[str, Any]) -> Truth:
    if isinstance(tree, bool):
        return tree
    if "property" in tree:
        return row[tree["property"]]  # type: ignore[no-any-return]  # one that is true or false
    name, arguments = tree["op"], tree["args"]
    if name in OPERATORS:
        return OPERATORS[name](row, *arguments)
    if name in _COMPARE:
        return compared(name, *(value(each, row) for each in arguments))
    return temporal(name, arguments, row)


def call(name: str, *arguments: Any) -> dict[str, Any]:
    return {"op": name, "args": list(arguments)}


def of(name: str) -> dict[str, str]:
    return {"property": name}


SIGNS = st.sampled_from(sorted(_COMPARE))
TEXTS = st.sampled_from([*(str(r[1]) for r in ROWS if r[1]), "closed", "active", "x", "%", "a'"]) | st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=3
)
NUMBERS = st.sampled_from([0, 7, 10, 100, -5, 0.1, 0.5, BIG]) | st.integers() | st.floats(-1e9, 1e9)
DAYS = st.dates(date(1999, 12, 30), date(2000, 1, 2)) | st.sampled_from(
    [r["since"] for r in _PROPERTIES if r["since"]]
)
PATTERNS = st.text(st.sampled_from("anAgk%_"), max_size=5) | st.just(r"%\_50\%")
SCALARS = st.sampled_from(["people", "share", "id"]).map(of)
TIMES = st.sampled_from(["since", "until"]).map(of) | DAYS.map(lambda day: {"date": day.isoformat()})
INTERVALS = TIMES | st.tuples(DAYS, st.integers(0, 4000)).map(
    lambda pair: {"interval": [pair[0].isoformat(), (pair[0] + timedelta(pair[1])).isoformat()]}
) | st.just({"interval": [of("since"), of("until")]}) | DAYS.map(
    lambda day: {"interval": ["..", day.isoformat()]}
)  # fmt: skip
BOXES = st.tuples(st.integers(99, 113), st.integers(-9, 1), st.integers(1, 5), st.integers(1, 5)).map(
    lambda b: {"bbox": [b[0] - 0.25, b[1] - 0.25, b[0] + b[2], b[1] + b[3]]}
)
FOLDED = st.sampled_from(["name", "status"]).map(lambda name: call("casei", of(name)))
ATOMS = (
    st.booleans()
    | st.just(of("synthetic"))
    | st.builds(call, SIGNS, SCALARS, NUMBERS | SCALARS)
    | st.builds(call, SIGNS, st.sampled_from(["name", "status"]).map(of), TEXTS)
    | st.builds(call, st.just("="), FOLDED, st.sampled_from(["anggrek", "closed"]))
    | st.builds(call, SIGNS, TIMES, TIMES)
    | st.builds(call, st.just("isNull"), st.sampled_from(sorted(QUERYABLES)).map(of))
    | st.builds(call, st.just("like"), st.just(of("name")) | FOLDED, PATTERNS)
    | st.builds(call, st.just("between"), SCALARS, NUMBERS, NUMBERS)
    | st.builds(call, st.just("in"), st.just(of("status")), st.lists(TEXTS, min_size=1, max_size=3))
    | st.builds(call, st.just("in"), SCALARS, st.lists(NUMBERS, min_size=1, max_size=3))
    | st.builds(call, st.just("s_intersects"), st.just(of("geom")), BOXES)
    | st.builds(call, st.just("a_contains"), st.just(of("shared_with")), st.lists(TEXTS, max_size=2))
    | st.builds(
        call,
        st.sampled_from(get_args(TemporalFunction)),
        INTERVALS,
        INTERVALS,
    )
)
TREES = st.recursive(
    ATOMS,
    lambda parts: (
        st.builds(call, st.just("not"), parts)
        | st.lists(parts, min_size=1, max_size=3).flatmap(
            lambda found_parts: st.sampled_from(["and", "or"]).map(lambda word: call(word, *found_parts))
        )
    ),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(tree=TREES)
def test_postgresql_and_python_find_the_same(rows: Connection, tree: Any) -> None:
    expression = read_filter(json.dumps(tree), "cql2-json", QUERYABLES)
    assert hash(expression) is not None
    assert found(rows, expression) == [row["id"] for row in _PROPERTIES if truth(tree, row) is True]


def test_every_row_is_found_by_what_is_true(rows: Connection) -> None:
    assert found(rows, read_filter("TRUE", "cql2-text", QUERYABLES)) == EVERY
