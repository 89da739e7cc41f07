"""The second attacker finds what would place a hidden site."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.domain.placing_attack import place

DAY = date(2016, 6, 30)
SITE = {
    **{"id": 1, "site_type": "lokalisasi", "closed_on": date(2016, 6, 1), "province_code": "64"},
    **{"region_codes": ["64", "64.72"], "geom": "SRID=4326;POINT(117.155 -0.495)"},
}
FIGURE = {"figure_on": DAY, "province_code": "64", "site_type": "lokalisasi", "active": 2, "closed": 1}


def release(**changed: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    tables = ("people", "event", "decree", "claim", "centre", "aid", "reactivation")
    return {"site": [SITE], "figure": [FIGURE], **{table: [] for table in tables}, **changed}


def test_a_release_by_the_rules_tells_nothing() -> None:
    assert place(release(event=[{"site_id": 1}], decree=[{"site_id": None, "region_code": "64.72"}])) == []
    # A centre is told by its city, wherever the sites are.
    assert place(release(centre=[{"region_code": "36.73"}])) == []


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("site", {**SITE, "geom": "SRID=4326;POINT(117.1512 -0.4951)"}),
        ("centre", {"geom": "SRID=4326;POINT(117.155 -0.495)"}),
        ("event", {"site_id": 2}),
        ("decree", {"site_id": 2, "region_code": None}),
        ("decree", {"site_id": None, "region_code": "64.01"}),
        ("people", {"province_code": "64.72", "n": 10}),
        ("claim", {"region_code": "64.72", "value": 1}),
        ("figure", {**FIGURE, "closed": 2}),
        ("figure", {**FIGURE, "figure_on": date(2016, 5, 31)}),
    ],
)
def test_what_would_place_a_site_is_found(table: str, row: dict[str, Any]) -> None:
    assert [clue.table for clue in place(release(**{table: [row]}))] == [table]


@given(st.integers(0, 5), st.integers(0, 5))
def test_figures_count_the_published_sites(published: int, told: int) -> None:
    sites = [{**SITE, "id": number} for number in range(published)]
    figures = [{**FIGURE, "closed": told}] if published or told else []
    assert (place(release(site=sites, figure=figures)) == []) == (published == told)
