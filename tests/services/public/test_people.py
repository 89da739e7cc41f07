"""People of a release: rounded, by definition and province, and withheld where they are few."""

from collections.abc import Callable

import pytest

from gis.database.connection import Database
from gis.domain.disclosure import FEWEST, STEP
from gis.domain.queries import Boundaries
from gis.errors import NotFoundError
from gis.services.people import NUMBERS
from gis.services.public.moments import PublicView
from gis.services.public.people import TABLE_COLUMNS, people_view, table_rows

Asked = Callable[..., PublicView]


@pytest.mark.parametrize("as_of", [None, "2013-01-31", "2016-06-01", "2019-11-19"])
def test_people_are_told_in_tens_or_not_at_all(visitors: Database, asked: Asked, as_of: str | None) -> None:
    view = people_view(visitors, asked(as_of))
    assert view["children"]
    for row in [view["figures"], *view["children"]]:
        for name in NUMBERS:
            n = row[name]
            assert n is None or n == 0 or (n >= FEWEST and n % STEP == 0)
            assert not (row[f"{name}_withheld"] and n is not None)


def test_the_nation_gives_back_no_province_that_is_withheld(visitors: Database, asked: Asked) -> None:
    view = people_view(visitors, asked())
    assert any(view["left_out"].values())
    for name, left_out in view["left_out"].items():
        assert left_out == sum(row[f"{name}_withheld"] for row in view["children"])
        if left_out:
            told = [row[name] for row in view["children"] if row[name] is not None]
            assert view["figures"][name] == (sum(told) or None)


def test_a_province_of_then_is_withheld_where_a_part_of_it_is(visitors: Database, asked: Asked) -> None:
    then = people_view(visitors, asked("2012-12-31"), "64")
    today = people_view(visitors, asked("2012-12-31", Boundaries.today))
    parts = [row for row in today["children"] if row["code"] in ("64", "65")]
    for name in NUMBERS:
        if any(row[f"{name}_withheld"] for row in parts):
            assert then["figures"][f"{name}_withheld"]
        else:
            told = [row[name] for row in parts if row[name] is not None]
            assert then["figures"][name] == (sum(told) if told else None)
    assert then["figures"]["parts"] == max(1, len(parts))


def test_of_one_province_and_of_no_regency(visitors: Database, asked: Asked) -> None:
    nation = people_view(visitors, asked())
    own = people_view(visitors, asked(), "15")
    (child,) = [row for row in nation["children"] if row["code"] == "15"]
    assert own["figures"].items() <= child.items()
    assert (own["children"], own["children_level"], own["left_out"]) == ([], None, {})
    assert "counts" not in own
    for code in ("64.72", "99"):
        with pytest.raises(NotFoundError):
            people_view(visitors, asked(), code)


def test_nobody_was_counted_before_the_first_event(visitors: Database, asked: Asked) -> None:
    view = people_view(visitors, asked("1950-01-01"))
    assert view["children"] == []
    assert all(view["figures"][name] is None for name in NUMBERS)


def test_the_table_begins_with_the_region_and_says_what_is_withheld(visitors: Database, asked: Asked) -> None:
    view = people_view(visitors, asked())
    first, *rest = table_rows(view)
    assert (first["level"], first["name"], first["resident"]) == (
        "nation",
        "Indonesia",
        view["figures"]["resident"],
    )
    assert [row["code"] for row in rest] == [row["code"] for row in view["children"]]
    assert {row["level"] for row in rest} == {"province"}
    assert any(row["returned_withheld"] == "true" for row in rest)
    assert all(set(row) == set(TABLE_COLUMNS) for row in rest)
