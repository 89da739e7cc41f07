"""Pages and their data twins: one content, two forms, two languages."""

import csv
import io
import re
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from gis.database.connection import Database
from gis.domain.access import Role
from gis.services import overviews
from tests.webmap.conftest import SignedIn

PAGES = ["/", "/regions/64", "/regions/35.76", "/downloads", "/about"]
DATES = ["2012-12-31", "2016-02-22", "2019-11-19", "2026-01-01"]


def site_id(database: Database, where: str) -> int:
    with database.transaction() as connection:
        row = connection.execute("SELECT id FROM site WHERE " + where + " ORDER BY id LIMIT 1").fetchone()  # type: ignore[operator]
    assert row is not None
    return int(row[0])


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_answers_in_both_languages(client: FlaskClient, path: str, prefix: str) -> None:
    answer = client.get((prefix + path).rstrip("/") or "/")
    assert answer.status_code == 200
    assert f'<html lang="{prefix.strip("/") or "id"}">' in answer.text


@pytest.mark.parametrize("path", ["/regions/64", "/regions/35.76", "/regions/65"])
@pytest.mark.parametrize("as_of", DATES)
def test_a_page_says_what_its_twin_says(client: FlaskClient, path: str, as_of: str) -> None:
    twin = client.get(f"{path}.json?as_of={as_of}").json
    page = client.get(f"/en{path}?as_of={as_of}").text
    assert twin is not None
    region = twin["region"]
    assert region["name"] in page
    if twin["exists"] and region["sites_total"]:
        words = re.sub(r"<[^>]+>", "", page).replace("\N{NO-BREAK SPACE}", " ")
        assert re.search(rf"\b{region['closed']}\b", words)
    # A page stays small: it lists the first sites, and a script adds the others from the twin.
    listed = re.findall(r"<a href=\"/en/sites/(\d+)[^>]*>[^<]*</a>(?: <i>[^<]*</i>)*<td class=", page)
    assert listed == [str(site["id"]) for site in twin["sites"]][: len(listed)]
    assert len(listed) == len(twin["sites"]) or (len(listed) >= 3 and 'id="rest"' in page)


@pytest.mark.parametrize("as_of", DATES)
def test_children_sites_and_bubbles_add_up(client: FlaskClient, as_of: str) -> None:
    nation: Any = client.get(f"/index.json?as_of={as_of}").json
    assert nation["unplaced"] == 0
    for name in ("sites_total", "closed", "active", "planned", "reactivated", "lokasi_total"):
        total = nation["region"][name]
        assert sum(row[name] for row in nation["children"]) == total
        assert sum(row[name] for row in nation["bubbles"]) == total
    assert nation["region"]["sites_total"] == sum(
        nation["region"][name] for name in ("active", "planned", "closed", "reactivated")
    )


def test_the_table_twin_has_the_rows_of_the_page(client: FlaskClient) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/index.csv?as_of=2016-02-22").text)))
    assert len(rows) == 34
    assert sum(int(row["closed"]) for row in rows) == 68


def test_a_region_before_it_came_into_being(client: FlaskClient) -> None:
    twin: Any = client.get("/regions/65.json?as_of=2012-06-01").json
    assert (twin["exists"], twin["region"]["sites_total"]) == (False, 0)
    assert twin["former"] == [{"code": "64", "name": "Kalimantan Timur", "until": "2013-04-21"}]
    today: Any = client.get("/regions/65.json?as_of=2012-06-01&boundaries=today").json
    assert (today["exists"], today["region"]["sites_total"]) == (True, 2)
    assert client.get("/regions/65?as_of=2012-06-01").status_code == 200


def test_a_cross_border_site_counts_once_and_shows_twice(
    client: FlaskClient, demo_database: Database
) -> None:
    gambilangu = site_id(demo_database, "name LIKE 'Gambilangu%'")
    semarang: Any = client.get("/regions/33.74.json?as_of=2019-12-01").json
    kendal: Any = client.get("/regions/33.24.json?as_of=2019-12-01").json
    for region in (semarang, kendal):
        assert gambilangu in [site["id"] for site in region["sites"]]
    assert kendal["region"]["shared"] == 1
    shown = next(site for site in kendal["sites"] if site["id"] == gambilangu)
    assert (shown["regency_code"], shown["shared_with"]) == ("33.74", ["33.24"])
    assert (semarang["region"]["people"] or 0) + (kendal["region"]["people"] or 0) >= 226


def test_a_site_page_knows_both_clocks(client: FlaskClient, demo_database: Database) -> None:
    loa_hui = site_id(demo_database, "name LIKE 'Loa Hui%'")
    now: Any = client.get(f"/sites/{loa_hui}.json").json
    assert now["site"]["status"] == "sealed"
    before: Any = client.get(f"/sites/{loa_hui}.json?as_of=2025-11-30").json
    assert before["site"]["status_group"] == "reactivated"
    unknown: Any = client.get(f"/sites/{loa_hui}.json?as_of=2025-12-31&known_at=2025-10-01").json
    assert unknown["site"]["status_group"] == "closed"
    assert next(m["kind"] for m in now["milestones"]) == "recorded"
    assert client.get(f"/en/sites/{loa_hui}").status_code == 200


def test_the_numbers_of_the_log_never_leave(client: FlaskClient, demo_database: Database) -> None:
    with demo_database.transaction() as connection:
        rows = connection.execute(
            "SELECT e.site_id, e.uid, mended.uid"
            " FROM event e LEFT JOIN event mended ON mended.id = e.corrects_id"
        ).fetchall()
    uids = {uid for _, uid, _ in rows}
    site, by, mended = next(row for row in rows if row[2])
    twin: Any = client.get(f"/sites/{site}.json").json
    log = [*twin["side_events"]]
    for stage in twin["milestones"]:
        log += [*stage["planned"], *stage["actual"]]
    entries = {entry["id"]: entry for entry in log}
    assert entries.keys() <= uids
    assert entries[by]["corrects_id"] == mended
    assert entries[mended]["corrected_by"] == by


def test_a_site_known_by_its_region_has_no_geometry(client: FlaskClient, demo_database: Database) -> None:
    dolly = site_id(demo_database, "name LIKE 'Dolly%'")
    feature: Any = client.get(f"/sites/{dolly}.geojson").json
    assert feature["geometry"] is None
    assert feature["properties"]["regency_code"] == "35.78"
    assert feature["properties"]["regency_join_method"] == "declared"


def test_pages_ignore_what_they_do_not_know_and_data_refuses_it(client: FlaskClient) -> None:
    assert client.get("/?fbclid=x&as_of=").status_code == 200
    answer = client.get("/index.json?fbclid=x")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert "fbclid" in answer.json["detail"]  # type: ignore[index]


def test_checkboxes_of_a_form_are_a_list(client: FlaskClient) -> None:
    page = client.get("/en/?status=closed&status=planned").text
    assert page.count('aria-pressed="true"') == 2


def test_addresses_keep_the_state(client: FlaskClient) -> None:
    page = client.get("/?as_of=2016-02-22&boundaries=today").text
    assert "/regions/64?as_of=2016-02-22&boundaries=today" in page
    assert 'hreflang="en"' in page
    assert "/en/?as_of=2016-02-22&boundaries=today" in page


def test_no_state_of_an_address_ends_an_attribute(client: FlaskClient) -> None:
    hostile = quote('"><script>alert(1)</script><a title="\'&lt;')
    page = client.get(f"/en/?as_of=2016-02-22&tab={hostile}").text
    assert "alert(1)" in page
    assert "<script>alert" not in page
    assert not re.search(r"&(?!amp;|lt;|gt;|#34;|#39;|nbsp;|\w+=)", page)


def test_a_page_is_the_same_bytes_each_time(client: FlaskClient) -> None:
    assert client.get("/?as_of=2016-02-22").data == client.get("/?as_of=2016-02-22").data


@pytest.mark.parametrize("path", [*PAGES, "/en/", "/en/regions/64"])
def test_no_page_names_another_host_or_holds_code(client: FlaskClient, path: str) -> None:
    page = client.get(path).text
    loaded = re.findall(r"""<(?:script|link|img|iframe|source|use)[^>]*?(?:src|href)=["']([^"']+)""", page)
    assert loaded
    assert not [address for address in loaded if re.match(r"(?:\w+:)?//", address)]
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", page)
    assert not re.search(r"<[^>]+\s(?:on\w+|style)=", page)


def test_an_overview_is_made_once_until_somebody_writes(
    client: FlaskClient, signed_in: SignedIn, demo_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    province = signed_in(Role.province, "64")
    addresses = [(client, "/index.json"), (client, "/regions/64.json"), (province, "/regions/64.json")]
    before = [who.get(path).data for who, path in addresses]
    made = overviews.summaries.summarise_levels
    monkeypatch.setattr(overviews.summaries, "summarise_levels", None)
    assert [who.get(path).data for who, path in addresses] == before
    assert client.get("/regions/64.json").data != province.get("/regions/64.json").data
    monkeypatch.setattr(overviews.summaries, "summarise_levels", made)
    with demo_database.transaction() as connection:
        connection.execute(
            "UPDATE site SET name = name || ' lama' WHERE id = (SELECT min(id) FROM site"
            " WHERE province_code = '64' AND site_type = 'lokalisasi')"
        )
        connection.execute(
            "INSERT INTO headcount (site_id, counted_on, n, definition, source) SELECT min(id), '2020-01-01',"
            " 4321, 'resident', 'uji' FROM site WHERE province_code = '64' AND site_type = 'lokalisasi'"
        )
    after = [who.get(path).data for who, path in addresses]
    assert all(now != then for now, then in zip(after, before, strict=True))
