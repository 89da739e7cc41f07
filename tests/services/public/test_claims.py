"""Claims of a release: beside what the release has, and never with what it withholds."""

from collections.abc import Callable
from typing import Any

import pytest

from gis.database.connection import Database
from gis.domain.queries import Boundaries
from gis.errors import NotFoundError
from gis.services.public.claims import claims_view, region_claims
from gis.services.public.moments import PublicView

Asked = Callable[..., PublicView]


def rows_of(view: dict[str, Any], report: str) -> list[dict[str, Any]]:
    return [row for each in view["reports"] if each["report"] == report for row in each["claims"]]


def test_claims_stand_beside_the_number_of_their_day(visitors: Database, asked: Asked) -> None:
    view = claims_view(visitors, asked())
    told = {
        (row["report"], row["definition"]): (row["value"], row["derived"], row["difference"])
        for each in view["reports"]
        for row in each["claims"]
    }
    assert told["nasional-2016-02-22", "sites_closed"] == (68, 68, 0)
    assert told["nasional-2018-10", "sites_total"] == (169, 169, 0)
    assert told["nasional-2019-11-19", "provinces_left"] == (6, 6, 0)
    assert told["nasional-2019", "sites_closed"] == (118, 162, -44)
    days = [each["claims"][-1]["holds_on"] for each in view["reports"]]
    assert days == sorted(days, reverse=True)


def test_people_are_compared_as_rounded(visitors: Database, asked: Asked) -> None:
    view = claims_view(visitors, asked())
    (kaltara,) = [row for row in rows_of(view, "kaltara-2018-07") if row["definition"] == "people_resident"]
    assert (kaltara["value"], kaltara["derived"], kaltara["within_rounding"]) == (139, 140, True)
    assert kaltara["reasons"] == ["told_in_tens"]
    (both,) = rows_of(view, "planted-both")
    assert (both["value"], both["derived"], both["within_rounding"]) == (1762, 1450 + 310, True)
    numbers = [
        row["derived"]
        for each in view["reports"]
        for row in each["claims"]
        if row["definition"].startswith("people")
    ]
    assert all(n is None or n % 10 == 0 for n in numbers)


def test_a_few_people_are_withheld_and_what_gives_them_back(visitors: Database, asked: Asked) -> None:
    view = claims_view(visitors, asked())
    few = rows_of(view, "planted-few")
    assert [(row["value"], row["withheld"], row["difference"], row["reasons"]) for row in few] == [
        (None, True, None, [])
    ] * 2
    assert [each["readings"] for each in view["reports"] if each["report"] == "planted-few"] == [[]]
    assert view["counts"]["withheld"] == 3


def test_a_withheld_number_of_the_day_is_said_to_be_so(visitors: Database, asked: Asked) -> None:
    (row,) = rows_of(claims_view(visitors, asked()), "planted-day")
    assert (row["value"], row["derivation"], row["derived"], row["difference"]) == (
        300,
        "withheld",
        None,
        None,
    )


def test_claims_are_those_up_to_the_day_and_of_the_region(visitors: Database, asked: Asked) -> None:
    early = claims_view(visitors, asked("2016-02-29"))
    assert {row["holds_on"] <= early["as_of"] for each in early["reports"] for row in each["claims"]} == {
        True
    }
    assert not rows_of(early, "nasional-2016-03-03")
    kaltim = claims_view(visitors, asked(), "64")
    assert {row["region_code"] for each in kaltim["reports"] for row in each["claims"]} == {"64"}
    assert kaltim["region"] == {"code": "64", "name": "Kalimantan Timur"}
    for code in ("64.72", "99"):
        with pytest.raises(NotFoundError):
            claims_view(visitors, asked(), code)


def test_regions_of_then_or_of_the_release(visitors: Database, asked: Asked) -> None:
    (then,) = rows_of(claims_view(visitors, asked()), "planted-early")
    (today,) = rows_of(claims_view(visitors, asked(None, Boundaries.today)), "planted-early")
    assert (then["derivation"], then["derived"], then["region_code_then"]) == ("no_region", None, None)
    assert (today["derivation"], today["region_code_then"]) == ("derived", "65")


def test_the_page_of_a_region_has_its_newest_claims(visitors: Database, asked: Asked) -> None:
    view = claims_view(visitors, asked(), "64")
    with visitors.transaction() as connection:
        own = region_claims(connection, asked(), "64")
        nation = region_claims(connection, asked("2016-02-29"), None)
        nothing = region_claims(connection, asked(), "11")
    listed = [row["id"] for each in view["reports"] for row in each["claims"]]
    assert own["total"] == view["total"] == len(listed)
    assert [row["id"] for row in own["rows"]] == listed[:3]
    assert [(row["value"], row["derived"]) for row in nation["rows"]] == [(100, 100), (68, 68)]
    assert nothing == {"total": 0, "rows": []}
