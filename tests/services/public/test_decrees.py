"""Decrees of a release: public law, and a site's no sooner than the site is public."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from gis.database import published
from gis.database.connection import Database
from gis.database.published import PublicSites
from gis.domain.queries import Boundaries
from gis.errors import NotFoundError
from gis.services.public.decrees import DECREE_COLUMNS, decrees_view, table_rows
from gis.services.public.moments import PublicView

Asked = Callable[..., PublicView]


@pytest.mark.parametrize("as_of", [None, "2013-12-31", "2016-06-01"])
def test_decrees_are_dated_up_to_the_day_and_on_public_sites(
    visitors: Database, asked: Asked, as_of: str | None
) -> None:
    view = decrees_view(visitors, asked(as_of))
    with visitors.transaction() as connection:
        sites = published.find_sites(connection, asked(as_of).moment, PublicSites())
    public = {site["id"]: site["name"] for site in sites}
    assert view["decrees"]
    for row in view["decrees"]:
        assert tuple(row) == DECREE_COLUMNS
        assert row["kind"] in ("decree", "by_law")
        assert row["dated"] <= view["as_of"]
        assert row["site_id"] is None or public[row["site_id"]] == row["site_name"]
    days = [row["dated"] for row in view["decrees"]]
    assert days == sorted(days, reverse=True)


def test_a_decree_on_a_site_waits_for_its_closing(visitors: Database, asked: Asked) -> None:
    with visitors.transaction() as connection:
        sites = published.find_sites(connection, asked().moment, PublicSites())
    closed_on = {site["id"]: site["closed_on"] for site in sites}
    on_sites = [row for row in decrees_view(visitors, asked())["decrees"] if row["site_id"]]
    longest = max(on_sites, key=lambda row: closed_on[row["site_id"]] - row["dated"])
    closing = closed_on[longest["site_id"]]
    before = decrees_view(visitors, asked(str(closing - timedelta(days=1))))
    assert longest["dated"] < before["as_of"] < closing
    assert longest["id"] not in {row["id"] for row in before["decrees"]}
    after = decrees_view(visitors, asked(str(closing + timedelta(days=31))))
    assert longest["id"] in {row["id"] for row in after["decrees"]}


def test_decrees_of_a_region_are_its_own_and_those_of_its_sites(visitors: Database, asked: Asked) -> None:
    every = decrees_view(visitors, asked())
    code = next(row["region_code"] for row in every["decrees"] if row["region_code"])
    for region in (code, code[:2]):
        view = decrees_view(visitors, asked(), region)
        assert view["region"]["code"] == region
        assert view["decrees"]
        assert all(row in every["decrees"] for row in view["decrees"])
    assert len(decrees_view(visitors, asked(), code)["decrees"]) <= len(view["decrees"])
    with pytest.raises(NotFoundError):
        decrees_view(visitors, asked(), "99")


def test_places_are_named_as_of_then_or_of_the_release(visitors: Database, asked: Asked) -> None:
    then = decrees_view(visitors, asked("2013-12-31"))
    today = decrees_view(visitors, asked("2013-12-31", Boundaries.today))
    assert [row["id"] for row in then["decrees"]] == [row["id"] for row in today["decrees"]]
    assert len(then["provinces"]) < len(today["provinces"]) == 38
    assert {row["synthetic"] for row in table_rows(today)} <= {"true", "false"}
