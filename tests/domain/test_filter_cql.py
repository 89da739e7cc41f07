"""What GDAL makes of SQL, as `tests/clients/test_gdal.py` sees it asked."""

import pytest

from gis.domain.filters import Language, read_filter
from gis.errors import InvalidInputError

QUERYABLES = {"closed": "boolean", "since": "date", "at": "date-time", "name": "string", "shared": "array"}
CQL: Language = "cql-text"
CQL2: Language = "cql2-text"


@pytest.mark.parametrize(
    ("cql", "cql2"),
    [
        ("name ILIKE 'A%'", "CASEI(name) LIKE CASEI('A%')"),
        ("NOT (name ILIKE 'A%')", "NOT CASEI(name) LIKE CASEI('A%')"),
        ("closed = 1", "closed = true"),
        ("NOT (closed <> 0)", "NOT closed <> false"),
        ("since > '2015-01-01T'", "since > DATE('2015-01-01')"),
        ("since = '2015-01-01T10:00:00Z'", "since = DATE('2015-01-01')"),
        ("(at >= '2015-01-01T') AND (closed IS NULL)", "at >= '2015-01-01T00:00:00Z' AND closed IS NULL"),
        ("name = '2015-01-01T'", "name = '2015-01-01T'"),
        ("name IN ('a', 'b') OR name LIKE 'c%'", "name IN ('a', 'b') OR name LIKE 'c%'"),
    ],
)
def test_means_the_same(cql: str, cql2: str) -> None:
    assert read_filter(cql, CQL, QUERYABLES) == read_filter(cql2, CQL2, QUERYABLES)


@pytest.mark.parametrize("cql", ["name ILIKE 'A%'", "closed = 1", "since > '2015-01-01T'"])
def test_is_no_cql2(cql: str) -> None:
    with pytest.raises(InvalidInputError):
        read_filter(cql, CQL2, QUERYABLES)


@pytest.mark.parametrize(
    "cql", ["closed = 2", "since > '2015-13-01T'", "shared LIKE 'a'", "name ILIKE", "x = 1"]
)
def test_what_is_wrong_is_refused(cql: str) -> None:
    with pytest.raises(InvalidInputError):
        read_filter(cql, CQL, QUERYABLES)
