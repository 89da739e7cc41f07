"""Filters are read as two parsers read them, and whatever is wrong with one is told and never executed."""

import json
import time
from contextlib import suppress
from typing import Any

import cql2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.domain.filter_nodes import And, Comparison, Constant, Property, Shape, Spatial
from gis.domain.filter_text import DEEPEST, parse_text
from gis.domain.filters import LONGEST, Language, equals, read_filter, within
from gis.errors import InvalidInputError
from tests.filter_rows import FOUND, QUERYABLES

TEXT: Language = "cql2-text"
JSON: Language = "cql2-json"
#: What the other parser does not read, though the standard's grammar has it, or writes in other words.
BEYOND = (
    r"\'",
    " 1e1",
    "= .5",
    "Z (",
    "1e-7",
    "12345678901234567890123",
    "900719925474099",
    "+07:00",
    ".500Z",
)
PLACE = {"property": "geom"}


def read(text: str) -> Any:
    return read_filter(text, TEXT, QUERYABLES)


def read_json(tree: Any) -> Any:
    return read_filter(json.dumps(tree), JSON, QUERYABLES)


def refusal(text: str, language: Language = TEXT) -> str:
    with pytest.raises(InvalidInputError) as caught:
        read_filter(text, language, QUERYABLES)
    assert caught.value.field == "filter"
    return str(caught.value)


def lower(tree: Any) -> Any:
    """A tree with its operators in lower case."""
    if isinstance(tree, dict):
        return {key: each.lower() if key == "op" else lower(each) for key, each in tree.items()}
    return [lower(each) for each in tree] if isinstance(tree, list) else tree


@pytest.mark.parametrize("text", [t for t, _ in FOUND if not any(mark in t for mark in BEYOND)])
def test_the_tree_is_that_of_another_parser(text: str) -> None:
    assert lower(parse_text(text)) == lower(cql2.parse_text(text).to_json())


def test_both_languages_end_in_the_same_values() -> None:
    expression = read("status = 'closed' AND people < 100")
    assert expression == And(
        (
            Comparison("=", Property("status", "string"), Constant("closed", "string")),
            Comparison("<", Property("people", "integer"), Constant(100, "integer")),
        )
    )
    tree = {
        "op": "and",
        "args": [
            {"op": "=", "args": [{"property": "status"}, "closed"]},
            {"op": "<", "args": [{"property": "people"}, 100]},
        ],
    }
    assert read_json(tree) == expression
    assert {expression: 1}[read_json(tree)] == 1


def test_a_chain_is_flat_however_it_is_written() -> None:
    conditions = [f"(people <> {n})" for n in range(DEEPEST)]
    nested = "(" * (len(conditions) - 2) + conditions[0]
    nested += "".join(f" AND {each})" for each in conditions[1:-1]) + f" AND {conditions[-1]}"
    assert read(nested) == read(" AND ".join(conditions))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "character 1"),
        ("pepole > 5", "one of the properties id, name, status, people"),
        ('"it""s" = 5', "one of the properties"),
        ("people = 'x'", "people (integer) and x (string)"),
        ("name > 5", "name (string) and 5 (integer)"),
        ("synthetic = 1", "synthetic (boolean)"),
        ("since > 5", "since (date)"),
        ("since > 'yesterday'", "a date like 2024-05-31"),
        ("geom = 'x'", "geom is of type geometry"),
        ("shared_with = 'x'", "shared_with is of type array"),
        ("people", "a condition"),
        ("'x'", "a condition"),
        ("people AND TRUE", "a condition"),
        ("people LIKE 'x'", "text"),
        ("name LIKE status", "a pattern in quotes"),
        ("name LIKE 'x\\'", "CQL2 text"),
        ("CASEI(people) = 'x'", "CASEI of a text"),
        ("people IN (1, 'x')", "people (integer) and x (string)"),
        ("people IN ()", "character 12"),
        ("people BETWEEN 1", "AND and the upper bound"),
        ("people NOT 5", "LIKE, BETWEEN or IN"),
        ("people = 1)", "character 11"),
        ("(people = 1", "')' (character 12)"),
        ("people = 1 people", "AND, OR or the end"),
        ("people + 1 = 2", "character 8"),
        ("people = 1e400", "finite"),
        ("people = " + "9" * 41, "40 digits"),
        ("pg_sleep(10) = 1", "CASEI"),
        ("pg_sleep(10)", "S_INTERSECTS"),
        ("S_INTERSECTS(geom)", "2 arguments"),
        ("S_INTERSECTS(name, POINT(1 2))", "the property geom"),
        ("S_INTERSECTS(geom, 'POINT(1 2)')", "a geometry"),
        ("S_INTERSECTS(geom, POINT EMPTY)", "character"),
        ("S_INTERSECTS(geom, POINT(1))", "positions of two"),
        ("S_INTERSECTS(geom, POINT(181 0))", "inside the world"),
        ("S_INTERSECTS(geom, POINT(1e99 0))", "inside the world"),
        ("S_INTERSECTS(geom, LINESTRING(1 2))", "enough positions"),
        ("S_INTERSECTS(geom, LINESTRING(1 2, 1 2))", "a valid geometry"),
        ("S_INTERSECTS(geom, POLYGON((0 0, 1 1, 0 1, 1 0, 0 0)))", "Self-intersection"),
        ("S_INTERSECTS(geom, POLYGON((0 0, 1 0, 1 1)))", "the last the same as the first"),
        ("S_INTERSECTS(geom, BBOX(1, 2, 3))", "four finite numbers"),
        ("S_INTERSECTS(geom, BBOX(1, 4, 3, 2))", "the lower one"),
        ("S_INTERSECTS(geom, GEOMETRYCOLLECTION(GEOMETRYCOLLECTION(POINT(1 2))))", "other than a collection"),
        ("S_WITHIN(geom, GEOMETRYCOLLECTION(POINT(1 2)))", "S_INTERSECTS and S_DISJOINT only"),
        ("T_AFTER(name, DATE('2020-01-01'))", "a property that holds one"),
        ("T_AFTER(since, DATE('2020-02-30'))", "a date like"),
        ("T_AFTER(since, DATE(5))", "a text in quotes"),
        ("T_AFTER(since, TIMESTAMP('2020-01-01'))", "a time like"),
        ("T_AFTER(since, TIMESTAMP('9999-12-31T23:59:59-23:59'))", "a time like"),
        ("T_AFTER(since, TIMESTAMP('0001-01-01T00:00:00+00:01'))", "a time like"),
        ("T_AFTER(since, INTERVAL('2020-01-02', '2020-01-01'))", "not after its end"),
        ("T_AFTER(since, INTERVAL('2020-01-02'))", "two ends"),
        ("A_CONTAINS(name, ('x'))", "a property that is an array"),
        ("A_CONTAINS(shared_with, (5))", "an array of texts"),
        ("name = 'a\0'", "NUL"),
        ("name = 'a\ud800'", "halves of characters"),
        ("name = NULL", "a property, a value"),
        ("(" * 4000, "40 brackets"),
        ("(" * 41 + "TRUE" + ")" * 41, "40 brackets"),
        ("NOT " * 1900 + "TRUE", "40 brackets"),
        ("CASEI(" * 1000 + "name" + ")" * 1000 + " = 'x'", "40 brackets"),
        ("NOT " * 30 + "TRUE", "20 conditions within each other"),
        ("TRUE" + " OR TRUE" * 600, "500 parts"),
        ("people IN (" + "1," * 600 + "1)", "1 to 500 values"),
        ("x" * (LONGEST + 1), "at most 8000 characters"),
    ],
)
def test_what_is_wrong_is_told(text: str, told: str) -> None:
    started = time.perf_counter()
    assert told in refusal(text)
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "character 1"),
        ("{", "character 2"),
        ("[]", "a condition"),
        ("null", "a condition"),
        ('"x"', "a condition"),
        ("{}", '"op" and "args"'),
        ('{"op": "=", "args": 5}', '"op" and "args"'),
        ('{"op": ["="], "args": []}', '"op" and "args"'),
        ('{"op": "and", "args": []}', "conditions to join"),
        ('{"op": "not", "args": []}', "1 arguments"),
        ('{"op": "=", "args": [{"property": "people"}, null]}', "a text, a finite number"),
        ('{"op": "=", "args": [{"property": "people"}, NaN]}', "finite numbers"),
        ('{"op": "=", "args": [{"property": "people"}, -Infinity]}', "finite numbers"),
        ('{"op": "=", "args": [{"property": "people"}, 1e999]}', "finite number"),
        ('{"op": "=", "args": [{"property": "people"}, ' + "9" * 5000 + "]}", "40 digits"),
        ('{"op": "=", "args": [{"property": ["people"]}, 5]}', "one of the properties"),
        ('{"op": "=", "args": [{"property": {}}, 5]}', "one of the properties"),
        ('{"op": "=", "args": [{"property": "name"}, "a\\u0000"]}', "NUL"),
        ('{"op": "=", "args": [{"property": "name"}, "a\\ud800"]}', "halves"),
        ('{"op": "=", "args": [{"property": "name"}, {"date": 5}]}', "a date like"),
        ('{"op": "in", "args": [{"property": "name"}, "x"]}', "1 to 500 values"),
        ('{"op": "+", "args": [1, 2]}', "no arithmetic"),
        ('{"op": "like", "args": [{"property": "name"}, "x\\\\"]}', "lone backslash"),
        ('{"op": "a_contains", "args": [{"property": "shared_with"}, [["x"]]]}', "an array of texts"),
        ('{"op": "t_after", "args": [{"property": "since"}, {"interval": 5}]}', "two ends"),
        ("[" * 8000, "100 brackets"),
        ('{"op":"not","args":[' * 300 + "true" + "]}" * 300, "100 brackets"),
        ('{"op":"not","args":[' * 40 + "true" + "]}" * 40, "20 conditions"),
        ('"' + '\\"' * 3999, "character 1"),
    ],
)
def test_what_is_wrong_in_json_is_told(text: str, told: str) -> None:
    started = time.perf_counter()
    assert told in refusal(text, JSON)
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Point"},
        {"type": "Point", "coordinates": []},
        {"type": "Point", "coordinates": ["1", 2]},
        {"type": "Point", "coordinates": [True, 2]},
        {"type": "Point", "coordinates": [[1, 2]]},
        {"type": "Point", "coordinates": [10**400, 2]},
        {"type": "Point", "coordinates": [1, 2, 3, 4]},
        {"type": "Polygon", "coordinates": [[]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 0], [0, 0]]]},
        {"type": "MultiPolygon", "coordinates": [[[[0, 0], [2, 0], [0, 2], [0, 0]]]] * 2},
        {"type": "Circle", "coordinates": [1, 2]},
        {"type": ["Point"], "coordinates": [1, 2]},
        {"type": "GeometryCollection", "geometries": []},
        {"type": "GeometryCollection", "geometries": [5]},
        {"type": "MultiPoint", "coordinates": [[1, 2]] * 2001},
        {"bbox": [1, 2, 3, "4"]},
        {"bbox": {}},
    ],
)
def test_a_geometry_that_is_none_is_refused(geometry: Any) -> None:
    text = json.dumps({"op": "s_intersects", "args": [PLACE, geometry]}, separators=(",", ":"))
    assert refusal(text if len(text) <= LONGEST else "x" * 9000, JSON)


def test_vertices_are_counted_in_all() -> None:
    one = "S_INTERSECTS(geom, MULTIPOINT(" + "0 1," * 1000 + "0 1))"
    assert read(one)
    with pytest.raises(InvalidInputError, match="8000 characters"):
        read(f"{one} OR {one}")


def test_axes_and_projection_of_literals() -> None:
    where = "S_INTERSECTS(geom, POINT(-7.5 111))"
    expected = read("S_INTERSECTS(geom, POINT(111 -7.5))")
    assert read_filter(where, TEXT, QUERYABLES, flip_axes=True) == expected
    assert isinstance(expected, Spatial)
    assert isinstance(expected.right, Shape)
    with pytest.raises(InvalidInputError, match="filter-crs"):
        read_filter(where, TEXT, QUERYABLES, 32750)
    with pytest.raises(InvalidInputError, match="inside the world"):
        read_filter("S_INTERSECTS(geom, POINT(3e7 0))", TEXT, QUERYABLES, 3857)


def test_a_collection_without_places_has_none() -> None:
    with pytest.raises(InvalidInputError, match="one of the properties name"):
        read_filter("S_INTERSECTS(geom, POINT(1 2))", TEXT, {"name": "string"})


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pepole", "5"),
        ("people", "x"),
        ("people", "5.5"),
        ("people", "9" * 19),
        ("people", ""),
        ("share", "nan"),
        ("share", "1e999"),
        ("synthetic", "maybe"),
        ("since", "2024-02-30"),
        ("updated_at", "2024-01-01T25:00:00Z"),
        ("name", "a\0"),
        ("shared_with", "a\0"),
        ("geom", "POINT(1 2)"),
    ],
)
def test_a_value_that_a_property_cannot_have_is_told(name: str, text: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        equals(name, text, QUERYABLES)
    assert caught.value.field == name


def test_an_interval_has_a_direction() -> None:
    day, later = (read(f"since = DATE('2020-01-0{n}')").right.value for n in (1, 2))
    assert within("since", None, None, None) is None
    assert within("since", None, day, later) is not None
    with pytest.raises(InvalidInputError, match="datetime"):
        within("since", None, later, day)


WORDS = st.sampled_from(
    [
        "(",
        ")",
        ",",
        "=",
        "<>",
        "<",
        ">=",
        "AND",
        "OR",
        "NOT",
        "LIKE",
        "BETWEEN",
        "IN",
        "IS",
        "NULL",
        "TRUE",
        "name",
        "people",
        "geom",
        "since",
        "shared_with",
        "'x'",
        "5",
        "-1",
        ".5",
        "1e3",
        "S_INTERSECTS(",
        "POINT(",
        "POLYGON((",
        "BBOX(",
        "1",
        "2",
        "T_AFTER(",
        "INTERVAL(",
        "'..'",
        "DATE('2020-01-01')",
        "CASEI(",
        "A_CONTAINS(",
        '"',
        "'",
    ]
)
SCRAPS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | st.just(PLACE),
    lambda parts: (
        st.lists(parts, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["op", "args", "property", "date", "timestamp", "interval", "bbox", "type", "coordinates"]
            ),
            parts
            | st.sampled_from(["=", "and", "not", "in", "like", "s_intersects", "t_after", "Point", "name"]),
            max_size=3,
        )
    ),
    max_leaves=12,
)


def is_read_or_refused(text: str, language: Language) -> bool:
    started = time.perf_counter()
    with suppress(InvalidInputError):
        hash(read_filter(text, language, QUERYABLES))
    return time.perf_counter() - started < 1


@settings(max_examples=400, deadline=None)
@given(text=st.text(max_size=60) | st.lists(WORDS, max_size=25).map(" ".join))
def test_garbage_is_refused_at_once(text: str) -> None:
    assert is_read_or_refused(text, TEXT)
    assert is_read_or_refused(text, JSON)


@settings(max_examples=300, deadline=None)
@given(tree=SCRAPS)
def test_garbage_in_json_is_refused_at_once(tree: Any) -> None:
    assert is_read_or_refused(json.dumps(tree), JSON)


@settings(max_examples=150, deadline=None)
@given(
    text=st.sampled_from([text for text, _ in FOUND]),
    at=st.integers(0, 80),
    scrap=st.sampled_from(["(", ")", "'", '"', ",", " ", "\\", "5", "NOT ", "\0", "é", "(" * 50]),
    cut=st.integers(0, 3),
)
def test_a_filter_with_a_slip_is_read_or_refused(text: str, at: int, scrap: str, cut: int) -> None:
    assert is_read_or_refused(text[:at] + scrap + text[at + cut :], TEXT)
