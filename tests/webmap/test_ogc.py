"""OGC API – Features as its readers meet it: who sees what, and what other servers get wrong."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg import sql
from shapely import total_bounds
from shapely.geometry import shape
from werkzeug.test import TestResponse

from gis.database.connection import Database
from gis.domain.access import Role
from gis.domain.collections import PUBLIC, REGISTER
from gis.services import audit
from gis.services import features as feature_service
from gis.services.tallies import Tally
from tests.webmap.conftest import SignedIn

HYPHENATED = {"bbox_crs": "bbox-crs", "filter_lang": "filter-lang"}
SITES = "/ogc/collections/sites/items"


def asked(client: FlaskClient, path: str = SITES, **query: object) -> TestResponse:
    return client.get(
        f"{path}?{urlencode({HYPHENATED.get(name, name): value for name, value in query.items()})}"
    )


def features(client: FlaskClient, path: str = SITES, **query: object) -> list[dict[str, Any]]:
    answer = asked(client, path, **query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = json.loads(answer.text)["features"]
    return found


@pytest.mark.parametrize("collection", list(REGISTER))
def test_every_collection_with_its_properties(client: FlaskClient, collection: str) -> None:
    found = features(client, f"/ogc/collections/{collection}/items", limit=10_000)
    assert found
    assert {tuple(each["properties"]) for each in found} == {REGISTER[collection].names}


@pytest.mark.parametrize("collection", list(PUBLIC))
def test_a_visitor_gets_what_is_public(released: Flask, collection: str) -> None:
    found = features(released.test_client(), f"/ogc/collections/{collection}/items", limit=10_000)
    assert found
    assert {tuple(each["properties"]) for each in found} == {PUBLIC[collection].names}


def test_a_visitor_without_a_release_is_asked_who_he_is(visitor: FlaskClient) -> None:
    assert asked(visitor).status_code == 401


def test_a_province_gets_its_own(signed_in: SignedIn, client: FlaskClient) -> None:
    own = {each["id"] for each in features(signed_in(Role.province, "64"), limit=10_000)}
    every = features(client, limit=10_000)
    crossing = {each["id"] for each in every if each["properties"]["province_code"] == "64"}
    assert crossing <= own < {each["id"] for each in every}
    assert [
        each["id"] for each in features(signed_in(Role.province, "64"), "/ogc/collections/provinces/items")
    ] == ["64"]


@pytest.mark.parametrize("role", [(Role.planner, None), (Role.province, "64"), (Role.regency, "64.72")])
@pytest.mark.parametrize("collection", list(REGISTER))
def test_an_extent_is_that_of_the_features_that_one_sees(
    signed_in: SignedIn, collection: str, role: tuple[Role, str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = signed_in(*role)
    items = features(reader, f"/ogc/collections/{collection}/items", limit=10_000)
    shapes = [shape(each["geometry"]) for each in items if each["geometry"]]
    monkeypatch.setattr(feature_service, "summed", None)  # where regions are does not depend on their sums
    told = json.loads(reader.get(f"/ogc/collections/{collection}").text)
    if not shapes:
        assert "extent" not in told
        return
    (box,) = told["extent"]["spatial"]["bbox"]
    assert box == pytest.approx(total_bounds(shapes).tolist(), abs=1e-6)


def test_pages_hold_each_feature_once(client: FlaskClient) -> None:
    every = [each["id"] for each in features(client, limit=10_000)]
    address, found = f"{SITES}?limit=37&bbox=95,-11,141,6", list[int]()
    while address:
        page = json.loads(client.get(address).text)
        found += [each["id"] for each in page["features"]]
        (self_link,) = (each["href"] for each in page["links"] if each["rel"] == "self")
        assert "bbox=" in self_link
        address = next((each["href"] for each in page["links"] if each["rel"] == "next"), "")
        assert not address or "bbox=" in address
    assert len(found) == len(set(found)) == page["numberMatched"]
    assert set(found) == set(
        every
    )  # those without a place are in every box (Features core, abstract test 15)


def test_a_sorted_page_goes_on_by_offset(client: FlaskClient) -> None:
    first = json.loads(asked(client, sortby="-closed_on", limit=5).text)
    (following,) = (each["href"] for each in first["links"] if each["rel"] == "next")
    both = first["features"] + json.loads(client.get(following).text)["features"]
    days = [each["properties"]["closed_on"] for each in both]
    assert len({each["id"] for each in both}) == 10
    assert days == sorted(days, reverse=True)


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ({"bbox": "abc"}, "bbox"),
        ({"bbox": "nan,nan,nan,nan"}, "bbox"),
        ({"bbox": "1e400,0,1,1"}, "bbox"),
        ({"crs": "EPSG:23830"}, "crs"),
        ({"bbox": "1,2,3,4", "bbox_crs": "x"}, "bbox-crs"),
        ({"datetime": "garbage"}, "datetime"),
        ({"datetime": "2015-13-01"}, "datetime"),
        ({"datetime": "2016-01-01/2015-01-01"}, "datetime"),
        ({"limit": "0"}, "limit"),
        ({"limit": "-1"}, "limit"),
        *(({"limit": text}, "limit") for text in ("1e3", "+5", " 5", "1_000", "5.0", "٣", "", "9" * 5_000)),
        ({"bbox": "1,2,3,\x00"}, "bbox"),
        ({"name": "a\x00b"}, "name"),
        ({"after": "1" * 40}, "after"),
        *(({"offset": text}, "offset") for text in ("99999999999999999999", "+1")),
        ({"after": "x"}, "after"),
        ({"nosuch": "1"}, "nosuch"),
        ({"filter": "nosuch = 1"}, "filter"),
        ({"filter": "name = "}, "filter"),
        ({"filter": "name = 'a\x00b'"}, "filter"),
        ({"filter": "name = 'a'", "filter_lang": "ecql"}, "filter-lang"),
        ({"sortby": "nosuch"}, "sortby"),
        ({"properties": "nosuch"}, "properties"),
        ({"people": "many"}, "people"),
        ({"f": "xml"}, "f"),
        *(({"region": text}, "region") for text in ("6", "99", "６４")),
    ],
    ids=str,
)
def test_what_cannot_be_meant_is_refused_by_name(
    client: FlaskClient, query: dict[str, str], named: str
) -> None:
    answer = asked(client, **query)
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert answer.get_json()["detail"].startswith(f"{named}: found ")


@pytest.mark.parametrize("key", ["1", "99999999999999999999999", "abc", "%00", "-1", "1.5", "1%20OR%201"])
def test_no_feature_bears_that_id(client: FlaskClient, key: str) -> None:
    assert client.get(f"{SITES}/{key}").status_code == 404


def test_null_stays_null(client: FlaskClient) -> None:
    found = features(client, limit=10_000)
    assert any(each["properties"]["closed_on"] is None for each in found)
    assert any(each["geometry"] is None for each in found)
    assert not any("" in each["properties"].values() for each in found)


def test_an_item_is_as_in_its_page(client: FlaskClient) -> None:
    for collection in REGISTER:
        path = f"/ogc/collections/{collection}/items"
        (first,) = features(client, path, limit=1)
        item = json.loads(client.get(f"{path}/{first['id']}").text)
        assert {name: item[name] for name in first} == first


def test_forms_do_not_share_a_name(released: Flask) -> None:
    visitor = released.test_client()
    page = visitor.get(SITES, headers={"Accept": "text/html"})
    data = visitor.get(SITES)
    assert (page.mimetype, data.mimetype) == ("text/html", "application/geo+json")
    assert page.headers["ETag"] != data.headers["ETag"]
    assert {"Accept", "Cookie"} <= {each.strip() for each in data.headers["Vary"].split(",")}
    unchanged = visitor.get(SITES, headers={"If-None-Match": data.headers["ETag"]})
    assert (unchanged.status_code, unchanged.data) == (304, b"")
    assert (
        visitor.get(SITES, headers={"If-None-Match": data.headers["ETag"], "Accept": "text/html"}).status_code
        == 200
    )


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize(
    "path",
    [
        *("", "/conformance", "/api", "/collections", "/collections/sites", "/collections/sites/queryables"),
        *("/collections/sites/items", "/collections/regencies/items", "/collections/provinces/items/64"),
    ],
)
def test_pages_for_people_are_small(client: FlaskClient, prefix: str, path: str) -> None:
    answer = client.get(f"{prefix}/ogc{path}", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert len(answer.data) < 31_000
    assert f'<html lang="{"en" if prefix else "id"}"' in answer.text


def test_a_page_for_people_reads_what_it_shows_and_no_geometries(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[dict[str, Any]] = []
    find_page = feature_service.find_page

    def noting(*arguments: Any, **options: Any) -> feature_service.Page:
        page = find_page(*arguments, **options)
        read.extend(json.loads(bytes(line)) for line in page.features)
        return page

    monkeypatch.setattr(feature_service, "find_page", noting)
    answer = asked(client, "/ogc/collections/provinces/items", f="html")
    assert len(read) == 38
    assert {each["geometry"] for each in read} == {None}
    assert {tuple(each["properties"]) for each in read} == {REGISTER["provinces"].names[:8]}
    assert "Kalimantan Timur" in answer.text
    assert asked(client, f="html", properties="status,name").text.count('<th scope="col">') == 2


def test_reading_in_bulk_leaves_a_record(
    client: FlaskClient, demo_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "_sent", Tally(1_000))

    def records() -> int:
        with demo_database.transaction() as connection:
            row = connection.execute("SELECT count(*) FROM register.audit WHERE action = 'list'").fetchone()
        return int(row[0]) if row else 0

    before = records()
    asked(client, limit=10)
    assert records() == before
    asked(client, limit=10, offset=10)
    asked(client, limit=5_000, bbox="95,-11,141,6", status_group="closed", as_of="2020-01-01")
    assert records() == before + 2
    trail = client.get("/manage/audit.json?action=list").json
    assert trail is not None
    detail = trail["rows"][0]["detail"]
    assert detail["filter"] == {"limit": "5000", "bbox": "95,-11,141,6", "status_group": "closed"}
    assert (detail["collection"], detail["as_of"]) == ("sites", "2020-01-01")


def test_a_few_sites_at_a_time_add_up(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "_sent", Tally(1_000))

    def records() -> list[dict[str, Any]]:
        trail = client.get("/manage/audit.json?action=list").json
        assert trail is not None
        return [row["detail"] for row in trail["rows"]]

    before = records()
    (first,) = features(client, limit=1, status_group="closed")
    for _ in range(9):
        assert len(features(client, limit=100, status_group="closed")) == 100
    features(client, "/ogc/collections/provinces/items")  # sums, and no sites
    assert len(features(client, limit=98)) == 98
    assert records() == before  # 999
    assert asked(client, f"{SITES}/{first['id']}").status_code == 200
    assert [record["rows"] for record in records()] == [1_000, *(record["rows"] for record in before)]


def write_a_lokasi_of_samarinda(database: Database) -> None:
    with database.transaction() as connection:
        row = connection.execute(
            "INSERT INTO site (name, site_type, geom, location_accuracy, location_source) VALUES"
            " ('Baru', 'lokasi', ST_SetSRID(ST_MakePoint(117.1, -0.5), 4326), 'exact', 'uji') RETURNING id"
        ).fetchone()
        connection.execute(
            "INSERT INTO event (site_id, kind, occurred_on, reported_on, source)"
            " VALUES (%s, 'recorded', '2015-01-01', '2015-01-01', 'uji')",
            row,
        )


def test_a_count_is_right_after_a_write(client: FlaskClient, demo_database: Database) -> None:
    def matched() -> int:
        return int(json.loads(asked(client, limit=1, site_type="lokasi").text)["numberMatched"])

    before = matched()
    assert matched() == before
    write_a_lokasi_of_samarinda(demo_database)
    assert matched() == before + 1


@pytest.fixture
def without_sums(demo_database: Database) -> Iterator[None]:
    """The function that sums sites by regions bears another name."""
    rename = "ALTER FUNCTION register.{} RENAME TO {}"
    names = ("regional_summary", "nothing_to_sum")
    with demo_database.transaction() as connection:
        connection.execute(sql.SQL(rename).format(*map(sql.Identifier, names)))
    yield
    with demo_database.transaction() as connection:
        connection.execute(sql.SQL(rename).format(*map(sql.Identifier, reversed(names))))


REGIONS = (
    "/ogc/collections/provinces/items?limit=2&sortby=-code",
    "/ogc/collections/regencies/items?limit=2&filter=closed > 0",
    "/ogc/collections/regencies/items/64.72",
    "/ogc/collections/provinces?f=json",
)


@pytest.fixture
def summed_before(client: FlaskClient, signed_in: SignedIn) -> dict[str, list[bytes]]:
    who = (client, signed_in(Role.province, "64"))
    return {path: [each.get(path).data for each in who] for path in REGIONS}


def test_regions_are_summed_once_for_each_revision_and_scope(
    client: FlaskClient,
    signed_in: SignedIn,
    summed_before: dict[str, list[bytes]],
    without_sums: None,
    demo_database: Database,
) -> None:
    for path, before in summed_before.items():
        for who, wanted in zip((client, signed_in(Role.province, "64")), before, strict=True):
            answer = who.get(path)
            assert (answer.status_code, answer.data) == (200, wanted), path
        assert len(set(before)) == 2 or "64.72" in path
    # Another scope, another day and a write are summed anew: here in vain.
    assert signed_in(Role.regency, "64.72").get(REGIONS[0]).status_code >= 500
    assert client.get(f"{REGIONS[0]}&as_of=2015-05-05").status_code >= 500
    write_a_lokasi_of_samarinda(demo_database)
    assert client.get(REGIONS[0]).status_code >= 500


def test_sums_are_right_after_a_write(client: FlaskClient, demo_database: Database) -> None:
    def lokasi() -> int:
        found = features(client, "/ogc/collections/regencies/items", code="64.72")
        return int(found[0]["properties"]["lokasi_total"])

    before = lokasi()
    write_a_lokasi_of_samarinda(demo_database)
    assert lokasi() == before + 1


@pytest.mark.parametrize("query", [{}, {"as_of": "2015-01-01", "known_at": "2014-06-01"}])
@pytest.mark.parametrize(("collection", "level"), [("provinces", "province"), ("regencies", "regency")])
def test_sums_are_those_of_the_summary(
    client: FlaskClient, collection: str, level: str, query: dict[str, str]
) -> None:
    asked_for = {"region": "64", **query}
    summary: Any = client.get(f"/summary.json?{urlencode({'level': level, **asked_for})}").json
    told = {each["code"]: each for each in summary["regions"]}
    items = features(client, f"/ogc/collections/{collection}/items", **asked_for)
    assert told.keys() == {each["id"] for each in items}
    assert any(each["lokasi_total"] for each in told.values())
    for each in items:
        for name in REGISTER[collection].names:
            if name in told[each["id"]]:
                assert each["properties"][name] == told[each["id"]][name], name


@pytest.mark.parametrize("path", [SITES, "/exports/sites.csv", "/map/sites.geojson", "/ogc/collections"])
def test_a_release_that_is_not_there_is_not_the_register(client: FlaskClient, path: str) -> None:
    assert asked(client, path, release="2026-01-01").status_code == 404
