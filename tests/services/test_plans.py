"""Plans, letters and visits of the demonstration register, and what their pages are made of."""

import csv
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from gis.config import PROJECT_DIRECTORY
from gis.database.connection import Database
from gis.domain.access import Identity, Role
from gis.domain.monitoring import VisitState
from gis.domain.plans import DOCUMENT_KINDS, PlanState
from gis.domain.queries import Boundaries, Moment
from gis.domain.records.plans import PlanRow
from gis.errors import InvalidInputError, NotFoundError
from gis.services import demo_plans, plans
from gis.services.demo_files import read_register, read_rows

DEMO = PROJECT_DIRECTORY / "data" / "demo"
Actor = Callable[..., Identity]
ROWS = list(read_rows(DEMO / "plans.csv", PlanRow))


def test_the_generator_reproduces_the_file(tmp_path: Path) -> None:
    assert demo_plans.build(read_register(DEMO), tmp_path) == len(ROWS)
    assert (tmp_path / "plans.csv").read_bytes() == (DEMO / "plans.csv").read_bytes()


def test_what_is_real_has_its_source_and_the_rest_says_that_it_is_made_up() -> None:
    synthetic_sites = {site.id for site in read_register(DEMO).sites if site.synthetic}
    real = [row for row in ROWS if not row.synthetic]
    assert [(row.issuer, row.source) for row in real] == [
        ("Kementerian Sosial", "NetralNews, Menteri Sosial Khofifah")
    ]
    for row in ROWS:
        if row.synthetic:
            assert row.source == "Data contoh sintetis closure-atlas"
            assert re.fullmatch(r"SINTETIS-\d{3}/\d{4}", row.number or "")
            assert row.site_id is None or row.site_id in synthetic_sites


def test_every_kind_of_document_and_of_change_occurs() -> None:
    assert {row.kind for row in ROWS} == set(DOCUMENT_KINDS)
    assert any(row.replaces_external_id for row in ROWS)
    assert any(row.corrects_external_id and not row.retracted for row in ROWS)
    assert any(row.retracted for row in ROWS)
    assert {row.planned_precision for row in ROWS} == {"day", "month", "year"}


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"external_id": "demo:p:real-target"}, "external_id"),
        ({"replaces_external_id": "nothing"}, "replaces_external_id"),
        ({"corrects_external_id": "nothing"}, "corrects_external_id"),
        ({"kind": "letter"}, "kind"),
    ],
)
def test_a_row_that_contradicts_another_is_named(
    database: Database, tmp_path: Path, change: dict[str, str], refused: str
) -> None:
    with (DEMO / "plans.csv").open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        first = next(reader)
    with (tmp_path / "plans.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(first))
        writer.writeheader()
        writer.writerows([first, {**first, "external_id": "other", **change}])
    with (
        pytest.raises(InvalidInputError, match=f"row 2, plans.csv, {refused}"),
        database.transaction() as connection,
    ):
        demo_plans.load(connection, tmp_path)


@pytest.mark.parametrize("as_of", ["2015-06-01", "2016-06-01", "2019-12-31", "2026-05-31"])
def test_plans_of_the_nation_are_those_of_its_provinces(demo_database: Database, as_of: str) -> None:
    moment = Moment(date.fromisoformat(as_of), boundaries=Boundaries.today)
    nation = plans.plans_view(demo_database, moment)
    found = {row["id"] for row in nation["plans"] if row["site_id"] is None and not row["region_code"]}
    assert len(found) == (1 if as_of >= "2016-02-22" else 0)
    for province in nation["provinces"]:
        found |= {row["id"] for row in plans.plans_view(demo_database, moment, province["code"])["plans"]}
    assert found == {row["id"] for row in nation["plans"]}
    assert sum(nation["counts"].values()) == len(nation["plans"])


def test_a_list_is_ordered_by_what_is_late(demo_database: Database) -> None:
    view = plans.plans_view(demo_database, Moment(date(2018, 6, 1)))
    states = [row["state"] for row in view["plans"]]
    assert states == sorted(states, key=list(PlanState).index)
    late = [row["days"] for row in view["plans"] if row["state"] == "overdue"]
    assert late == sorted(late, reverse=True)
    assert late[-1] > 0
    only = plans.plans_view(demo_database, Moment(date(2018, 6, 1)), states=[PlanState.overdue])
    assert [row["id"] for row in only["plans"]] == [
        row["id"] for row in view["plans"] if row["state"] == "overdue"
    ]
    assert only["counts"] == view["counts"]


def test_the_target_of_the_nation_is_overdue_with_what_is_left(demo_database: Database) -> None:
    def target(as_of: date) -> tuple[str, int, int]:
        view = plans.plans_view(demo_database, Moment(as_of))
        row = next(row for row in view["plans"] if row["site_id"] is None and row["region_code"] is None)
        return row["state"], row["sites_open"], row["sites"]

    assert target(date(2016, 2, 22)) == ("coming", 100, 168)
    assert target(date(2019, 11, 19)) == ("coming", 7, 169)
    assert target(date(2020, 1, 1))[0] == "overdue"


def test_visits_are_listed_by_site(demo_database: Database) -> None:
    moment = Moment(date(2021, 3, 1))
    view = plans.monitoring_view(demo_database, moment)
    assert [len(site["visits"]) for site in view["sites"]] == [3] * len(view["sites"])
    assert sum(view["counts"].values()) == 3 * len(view["sites"])
    longest = [
        max((v["days"] for v in site["visits"] if v["state"] == "overdue"), default=0)
        for site in view["sites"]
    ]
    assert longest == sorted(longest, reverse=True)
    only = plans.monitoring_view(demo_database, moment, states=[VisitState.due])
    assert 0 < len(only["sites"]) < len(view["sites"])
    assert {"due"} <= {visit["state"] for site in only["sites"] for visit in site["visits"]}
    ids = {site["site_id"] for site in view["sites"]}
    assert not ids & {site["id"] for site in view["reactivated"]}


def test_reactivations_of_provinces_add_up_to_the_nation(demo_database: Database) -> None:
    moment = Moment(date(2026, 5, 31))
    nation = plans.monitoring_view(demo_database, moment)
    parts = [plans.monitoring_view(demo_database, moment, each["code"]) for each in nation["provinces"]]
    for name in ("sites", "sealed", "closed", "open"):
        assert nation["reactivations"][name] == sum(part["reactivations"][name] for part in parts)
    again = nation["reactivations"]
    assert again["sites"] == again["sealed"] + again["closed"] + again["open"] > 0
    assert sum(row["sites"] for row in again["by_year"]) >= again["sites"]


def test_a_scoped_account_sees_its_own_part(demo_database: Database, actor: Actor) -> None:
    acting = demo_database.acting_as(actor(demo_database, Role.province, "64"))
    moment = Moment(date(2019, 6, 1))
    own = plans.plans_view(acting, moment)
    same = plans.plans_view(demo_database, moment, "64")
    assert [row["id"] for row in own["plans"]] == [row["id"] for row in same["plans"]] != []
    assert own["plans"] == same["plans"]
    assert {s["site_id"] for s in plans.monitoring_view(acting, moment)["sites"]} == {
        s["site_id"] for s in plans.monitoring_view(demo_database, moment, "64")["sites"]
    }


def test_a_region_that_nothing_bears_is_refused(demo_database: Database) -> None:
    for view in (plans.plans_view, plans.monitoring_view):
        with pytest.raises(NotFoundError):
            view(demo_database, Moment(date(2012, 1, 1)), "65")
