"""Plans, letters and visits: pages and twins, in both languages and for each role."""

import csv
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from gis.database.connection import Database
from gis.domain.access import Role

PATHS = ["/plans", "/monitoring"]
EVERY = "?as_of=2019-11-30&known_at=2020-06-30&boundaries=today"
MAX_HTML_BYTES = 30 * 1024
SignedIn = Callable[..., FlaskClient]


def words_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("query", ["", "?as_of=2016-06-01", "?as_of=1995-01-01", EVERY, f"{EVERY}&region=35"])
def test_a_page_is_small_and_stands_in_both_languages(client: FlaskClient, path: str, query: str) -> None:
    for prefix, language in (("", "id"), ("/en", "en")):
        answer = client.get(f"{prefix}{path}{query}")
        assert answer.status_code == 200
        assert f'<html lang="{language}">' in answer.text
        assert len(answer.data) <= MAX_HTML_BYTES, len(answer.data)


def test_a_page_of_plans_says_what_its_twin_says(client: FlaskClient) -> None:
    twin: Any = client.get("/plans.json?as_of=2018-06-01").json
    words = words_of(client.get("/en/plans?as_of=2018-06-01").text)
    counts = twin["counts"]
    planned = counts["overdue"] + counts["coming"] + counts["fulfilled"]
    assert f"As of 1 June 2018: {counts['overdue']} of {planned} planned closings are overdue." in words
    first = twin["plans"][0]
    assert first["state"] == "overdue"
    assert f"{first['days']:,} days overdue" in words
    rows = list(csv.DictReader(io.StringIO(client.get("/plans.csv?as_of=2018-06-01").text)))
    assert [row["id"] for row in rows] == [str(plan["id"]) for plan in twin["plans"]]


def test_a_filter_of_states_leaves_the_counts(client: FlaskClient) -> None:
    every: Any = client.get("/plans.json?as_of=2018-06-01").json
    some: Any = client.get("/plans.json?as_of=2018-06-01&state=overdue,undated").json
    assert {plan["state"] for plan in some["plans"]} == {"overdue", "undated"}
    assert some["counts"] == every["counts"]
    page = client.get("/en/plans?as_of=2018-06-01&state=overdue&state=undated").text
    assert re.findall(r'<section class="(\w+)"', page) == ["overdue", "undated"]
    assert 'href="/plans?as_of=2018-06-01&amp;state=overdue,undated"' in page
    assert "/en/plans.csv?as_of=2018-06-01&amp;state=overdue,undated" in page


def test_a_region_is_kept_in_the_address_and_named(client: FlaskClient) -> None:
    page = client.get("/en/plans?as_of=2016-06-01&region=64").text
    assert "Kalimantan Timur <small>64</small></h1>" in page
    assert 'href="/en/monitoring?as_of=2016-06-01&amp;region=64"' in page
    assert 'href="/plans?as_of=2016-06-01&amp;region=64"' in page
    assert "<option value=64 selected>" in page
    regency = client.get("/en/monitoring?region=64.72").text
    assert '<option value="64.72" selected>Kota Samarinda' in regency


@pytest.mark.parametrize("path", PATHS)
def test_wrong_parameters_are_named(client: FlaskClient, path: str) -> None:
    for query, name in (("state=late", "state"), ("region=99", "region"), ("nothing=1", "nothing")):
        answer = client.get(f"{path}.json?{query}")
        assert answer.status_code == 400
        assert name in answer.json["detail"]  # type: ignore[index]


def test_visits_of_a_page_are_those_of_its_twins(client: FlaskClient) -> None:
    twin: Any = client.get("/monitoring.json?as_of=2021-03-01").json
    rows = list(csv.DictReader(io.StringIO(client.get("/monitoring.csv?as_of=2021-03-01").text)))
    assert len(rows) == 3 * len(twin["sites"])
    assert [row["site_id"] for row in rows[::3]] == [str(site["site_id"]) for site in twin["sites"]]
    words = words_of(client.get("/en/monitoring?as_of=2021-03-01").text)
    assert f"{twin['counts']['overdue']} of {sum(twin['counts'].values())} visits are overdue" in words
    assert "up to 90 days early" in words


@pytest.mark.parametrize("as_of", ["2012-01-01", "2019-12-31", "2026-05-31"])
def test_overviews_say_what_is_overdue_and_what_is_active_again(client: FlaskClient, as_of: str) -> None:
    for path, region in (("/index", ""), ("/regions/35", "&region=35")):
        overview: Any = client.get(f"{path}.json?as_of={as_of}").json
        listed: Any = client.get(f"/plans.json?as_of={as_of}&state=overdue{region}").json
        assert overview["overdue_total"] == len(listed["plans"])
        assert overview["overdue"] == listed["plans"][:30]
        visits: Any = client.get(f"/monitoring.json?as_of={as_of}{region}").json
        assert overview["reactivations"] == visits["reactivations"]
        words = words_of(client.get(f"/en{path.removesuffix('/index')}/?as_of={as_of}").text)
        again = overview["reactivations"]["sites"]
        assert (f"Active again after a closing so far: {again};" in words) == bool(again)


def test_a_site_page_states_the_source_of_everything(client: FlaskClient, demo_database: Database) -> None:
    with demo_database.transaction() as connection:
        row = connection.execute(
            "SELECT p.site_id, p.number FROM plan p WHERE p.site_id IS NOT NULL AND p.planned_on IS NOT NULL"
            " AND p.corrects_id IS NULL ORDER BY p.number LIMIT 1"
        ).fetchone()
        real = connection.execute("SELECT id FROM site WHERE name LIKE 'Sunan Kuning%'").fetchone()
    assert row is not None
    assert real is not None
    twin: Any = client.get(f"/sites/{row[0]}.json").json
    assert row[1] in [plan["number"] for plan in twin["plans"]]
    words = words_of(client.get(f"/en/sites/{row[0]}").text)
    assert "Source of the status: Data contoh sintetis closure-atlas" in words
    assert "Source of name and type: Data contoh sintetis closure-atlas" in words
    assert row[1] in words
    page = client.get(f"/en/sites/{real[0]}").text
    assert re.search(r'Source of name and type: <a href="https://tribunnews[^"]+"', page)
    assert [visit["year"] for visit in client.get(f"/sites/{real[0]}.json").json["visits"]] == [1, 3, 5]  # type: ignore[index]


def test_every_part_of_a_site_page_obeys_both_clocks(client: FlaskClient, demo_database: Database) -> None:
    with demo_database.transaction() as connection:
        row = connection.execute(
            "SELECT p.site_id, p.known_on, p.dated FROM plan p WHERE p.site_id IS NOT NULL"
            " AND p.corrects_id IS NULL AND p.planned_on IS NOT NULL AND NOT p.retracted"
            " ORDER BY p.known_on DESC LIMIT 1"
        ).fetchone()
    assert row is not None
    site, known_on, dated = row
    before = f"known_at={known_on.replace(year=known_on.year - 1)}"
    unknown: Any = client.get(f"/sites/{site}.json?{before}").json
    assert unknown["plans"] == []
    unsaid: Any = client.get(f"/sites/{site}.json?as_of={dated.replace(year=dated.year - 1)}").json
    assert unsaid["plans"] == []
    early: Any = client.get(f"/sites/{site}.json?as_of=2009-01-01&known_at=2009-01-01").json
    assert early["sources"]["status"] is None
    assert early["visits"] == []
    assert early["headcounts"] == []
    log = [entry for stage in early["milestones"] for entry in (*stage["planned"], *stage["actual"])]
    assert all(entry["known_on"] <= "2009-01-01" for entry in (*log, *early["side_events"]))
    words = words_of(client.get(f"/en/sites/{site}?{before}").text)
    assert "Name, type and place are those on record today" in words


def test_an_account_of_a_province_sees_its_own(signed_in: SignedIn) -> None:
    own = signed_in(Role.province, "64")
    national = signed_in()
    for path in PATHS:
        mine: Any = own.get(f"{path}.json?as_of=2019-06-01").json
        same: Any = national.get(f"{path}.json?as_of=2019-06-01&region=64").json
        key = "plans" if path == "/plans" else "sites"
        assert mine[key] == same[key] != []
        refused = own.get(f"{path}.json?region=33")
        absent = own.get(f"{path}.json?region=99")
        assert refused.status_code == absent.status_code == 400
        assert refused.json["detail"].replace("33", "99") == absent.json["detail"]  # type: ignore[index]
        page = own.get(f"{path}?as_of=2019-06-01").text
        assert "<select" not in page


def test_a_visitor_sees_neither_plans_nor_visits(visitor: FlaskClient) -> None:
    for path in PATHS:
        for ending in ("", ".json", ".csv"):
            assert visitor.get(path + ending).status_code in {303, 401}
