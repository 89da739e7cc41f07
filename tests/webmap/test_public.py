"""What visitors are answered: one release, by a table of addresses, for as long as it may be kept."""

import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gis.config import Settings
from gis.database.connection import Connection, Database
from gis.domain.access import Identity, Role
from gis.services.publication import publish
from tests.webmap.conftest import PUBLISHED_ON
from webmap import create_app, public
from webmap.cookies import SESSION

PAGES = ("/", "/regions/64", "/regions/64.72", "/regions/35", "/about", "/downloads", "/releases")
DATA = (
    *("/index.json", "/index.csv", "/index.geojson", "/regions/64.json", "/regions/64.72.json"),
    *("/regions/64.csv", "/regions/64.geojson", "/summary.json", "/summary.csv", "/series.json"),
    *("/exports/sites.geojson", "/exports/provinces.geojson", "/map/sites.geojson?bbox=94,-11,142,7"),
    "/releases.json",
)


@pytest.fixture
def anyone(released: Flask) -> FlaskClient:
    """A client without a session."""
    return released.test_client()


def rows_of(database: Database, query: str, **values: Any) -> list[tuple[Any, ...]]:
    with database.transaction() as connection:
        return connection.execute(query, values).fetchall()


@pytest.mark.parametrize("path", [*PAGES, *(f"/en{path}".rstrip("/") for path in PAGES), *DATA])
def test_a_visitor_is_answered_and_gets_no_cookie(anyone: FlaskClient, path: str) -> None:
    answer = anyone.get(path)
    assert answer.status_code == 200
    assert answer.headers.getlist("Set-Cookie") == []
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert "Cookie" in answer.headers["Vary"]
    assert anyone.get(path).data == answer.data


@pytest.mark.parametrize("path", ["/manage", "/manage/audit", "/account", "/monitoring", "/plans.xml"])
def test_what_is_not_in_the_table_is_not_for_visitors(anyone: FlaskClient, path: str) -> None:
    assert anyone.get(path).status_code in (303, 401, 404)


@pytest.mark.parametrize(
    ("as_of", "closed", "total"),
    [("2016-02-22", 68, 168), ("2018-10-31", 125, 169), ("2019-11-19", 162, 169)],
)
def test_the_anchors_are_met(anyone: FlaskClient, as_of: str, closed: int, total: int) -> None:
    (nation,) = anyone.get(f"/summary.json?level=nation&as_of={as_of}").get_json()["regions"]
    assert (nation["closed"], nation["sites_total"]) == (closed, total)
    provinces = anyone.get(f"/summary.json?as_of={as_of}").get_json()["regions"]
    assert sum(row["closed"] for row in provinces) == closed


def test_a_day_is_the_last_figure_day_up_to_it(anyone: FlaskClient) -> None:
    assert anyone.get("/index.json?as_of=2012-05-05").get_json()["as_of"] == "2012-04-30"
    assert anyone.get("/index.json?as_of=2199-01-01").get_json()["as_of"] == str(PUBLISHED_ON)
    assert anyone.get("/index.json").get_json()["as_of"] == str(PUBLISHED_ON)
    before_all = anyone.get("/index.json?as_of=1950-01-01").get_json()
    assert (before_all["as_of"], before_all["region"]["sites_total"]) == ("1950-01-01", 0)


def test_of_a_regency_only_closed_sites_are_public(anyone: FlaskClient) -> None:
    view = anyone.get("/regions/64.72.json").get_json()
    hidden = {
        "active",
        "planned",
        "reactivated",
        "sites_total",
        "people",
        "pace",
        "target_gap",
        "closed_share",
    }
    assert hidden.isdisjoint(view["region"])
    assert view["region"]["closed"] == sum(site["site_type"] == "lokalisasi" for site in view["sites"])
    assert {site["status_group"] for site in view["sites"]} == {"closed"}
    assert all("people" not in site for site in view["sites"])
    table = anyone.get("/regions/64.csv").text.splitlines()[0]
    assert "active" not in table
    assert "people" not in table


def test_a_reactivation_is_told_of_the_nation_by_year_alone(anyone: FlaskClient) -> None:
    told = anyone.get("/index.json").get_json()
    assert sum(row["sites"] for row in told["reactivated_by_year"]) > 0
    assert all("reactivated" not in row for row in [told["region"], *told["children"]])
    for path in ("/regions/64.json", "/regions/62.72.json", "/exports/sites.geojson", "/series.json"):
        assert "reactivated" not in anyone.get(path).text


def test_what_is_public_of_a_site_is_its_closing_and_its_cell(
    anyone: FlaskClient, demo_database: Database
) -> None:
    ((site_id, lon, lat),) = rows_of(
        demo_database,
        "SELECT s.id, ST_X(s.geom), ST_Y(s.geom) FROM register.site s"
        " JOIN register.states_at(%(on)s, NULL) st ON st.site_id = s.id AND st.status_group = 'closed'"
        " WHERE GeometryType(s.geom) = 'POINT' ORDER BY s.id LIMIT 1",
        on=PUBLISHED_ON,
    )
    feature = anyone.get(f"/sites/{site_id}.geojson").get_json()
    told = feature["geometry"]["coordinates"]
    assert told == [pytest.approx(lon, abs=0.005), pytest.approx(lat, abs=0.005)]
    assert all(re.fullmatch(r"-?\d+\.\d\d5", str(part)) for part in told)
    assert feature["properties"]["status"] == "closed"
    assert anyone.get(f"/en/sites/{site_id}").status_code == 200
    before = date.fromisoformat(feature["properties"]["closed_on"]).replace(day=1)
    assert (
        anyone.get(f"/sites/{site_id}.json?as_of={before.replace(year=before.year - 1)}").status_code == 404
    )


def test_absent_and_hidden_are_told_alike(anyone: FlaskClient, demo_database: Database) -> None:
    hidden = rows_of(
        demo_database,
        "SELECT s.id FROM register.site s WHERE NOT EXISTS (SELECT FROM register.site_state st"
        " WHERE st.site_id = s.id AND st.status_group = 'closed') ORDER BY s.id",
    )
    assert hidden
    for (site_id,) in hidden:
        for ending in ("", ".json", ".geojson"):
            is_hidden = anyone.get(f"/sites/{site_id}{ending}")
            is_absent = anyone.get(f"/sites/{site_id + 1}{ending}")
            assert is_hidden.status_code == is_absent.status_code == 404
            assert is_hidden.data == is_absent.data.replace(str(site_id + 1).encode(), str(site_id).encode())
            assert dict(is_hidden.headers) == dict(is_absent.headers)


def test_a_conditional_request_asks_no_database(
    anyone: FlaskClient, released: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    etag = anyone.get("/regions/64").headers["ETag"]
    assert not etag.startswith("W/")

    def refuse(_: Database) -> Connection:
        raise AssertionError("the database was asked")

    monkeypatch.setattr(Database, "transaction", refuse)
    for sent in (etag, f'"x", {etag}', etag[:-1] + ':gzip"'):
        answer = anyone.get("/regions/64", headers={"If-None-Match": sent})
        assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", etag)
        assert answer.headers["Cache-Control"] == "public, max-age=60"


def test_a_named_release_may_be_kept_for_good(anyone: FlaskClient) -> None:
    answer = anyone.get(f"/index.json?release={PUBLISHED_ON}")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.get_json()["release"]["id"] == str(PUBLISHED_ON)
    assert anyone.get("/?release=2001-01-01").status_code == 404
    assert anyone.get("/?known_at=2001-01-01").status_code == 404
    assert anyone.get("/index.json?release=yes").status_code == 400


@pytest.mark.parametrize(
    "path", ["/index.json?x=1", "/summary.json?status=closed", "/exports/sites.geojson?limit=1"]
)
def test_an_unknown_parameter_of_a_data_address_is_refused(anyone: FlaskClient, path: str) -> None:
    answer = anyone.get(path)
    assert answer.status_code == 400
    assert "release" in answer.get_json()["detail"]


def test_a_release_can_be_cited(anyone: FlaskClient) -> None:
    page = anyone.get(f"/en/releases/{PUBLISHED_ON}").text
    assert f"release {PUBLISHED_ON}" in page
    twin = anyone.get(f"/releases/{PUBLISHED_ON}.json").get_json()
    assert re.fullmatch("[0-9a-f]{64}", twin["release"]["checksum"])
    assert anyone.get("/releases/2001-01-01").status_code == 404


def test_files_are_read_in_parts(anyone: FlaskClient) -> None:
    whole = anyone.get("/exports/provinces.geojson")
    assert whole.headers["Accept-Ranges"] == "bytes"
    part = anyone.get("/exports/provinces.geojson", headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.data) == (206, whole.data[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(whole.data)}"
    other = {"Range": "bytes=0-9", "If-Range": '"another release"'}
    assert anyone.get("/exports/provinces.geojson", headers=other).data == whole.data
    beyond = anyone.get("/exports/provinces.geojson", headers={"Range": "bytes=999999999-"})
    assert beyond.status_code == 416


def test_files_say_how_much_they_hold(anyone: FlaskClient) -> None:
    answer = anyone.get("/exports/sites.geojson?region=64&site_type=lokalisasi")
    collection = json.loads(answer.data)
    assert len(collection["features"]) == int(answer.headers["X-Feature-Count"]) == 24
    assert collection["metadata"]["release"]["id"] == str(PUBLISHED_ON)
    assert json.loads(anyone.get("/exports/sites.geojson?status=active").data)["features"] == []


@pytest.fixture
def account(
    released: Flask,
    demo_database: Database,
    actor: Callable[..., Identity],
    token_of: Callable[[Database, Identity], str],
) -> Callable[..., FlaskClient]:
    """A signed-in client of the application with a public side."""

    def made(role: Role, region_code: str | None = None) -> FlaskClient:
        client = released.test_client()
        client.set_cookie(SESSION, token_of(demo_database, actor(demo_database, role, region_code)))
        return client

    return made


def test_who_is_bound_to_a_region_sees_the_release_elsewhere(account: Callable[..., FlaskClient]) -> None:
    governor = account(Role.province, "64")
    nation = governor.get("/index.json")
    assert nation.get_json()["release"]["id"] == str(PUBLISHED_ON)
    assert nation.headers["Cache-Control"] == "private, no-store"
    assert "release" in governor.get("/regions/35.json").get_json()
    own = governor.get("/regions/64.json").get_json()
    assert "release" not in own
    assert "reactivated" in own["region"]
    assert "release" not in governor.get("/regions/64.72.json").get_json()


def test_planners_see_the_register_and_a_release_by_its_name(account: Callable[..., FlaskClient]) -> None:
    planner = account(Role.planner)
    assert "release" not in planner.get("/index.json").get_json()
    answer = planner.get(f"/index.json?release={PUBLISHED_ON}")
    assert answer.get_json()["release"]["id"] == str(PUBLISHED_ON)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "ETag" not in answer.headers


@pytest.mark.parametrize("who", [None, (Role.province, "64"), (Role.planner, None)])
@pytest.mark.parametrize("path", ["/map/sites.geojson", "/ogc/collections/sites/items"])
def test_a_box_ends_where_it_says_and_not_a_metre_further(
    anyone: FlaskClient,
    account: Callable[..., FlaskClient],
    who: tuple[Role, str | None] | None,
    path: str,
) -> None:
    """The boxes of an index are of single precision."""
    client = account(*who) if who else anyone

    def found(*box: float) -> dict[int, list[float]]:
        answer = client.get(f"{path}?bbox={','.join(map(str, box))}").get_json()
        points = [each for each in answer["features"] if (each["geometry"] or {}).get("type") == "Point"]
        return {each["id"]: each["geometry"]["coordinates"] for each in points}

    every = found(94, -11, 142, 7)
    key, (lon, lat) = next(iter(every.items()))
    assert key in found(lon, -11, 142, lat)
    for nearly in ((lon + 1e-7, -11, 142, 7), (94, -11, lon - 1e-7, 7), (94, lat + 1e-7, 142, 7)):
        assert key not in found(*nearly)


@pytest.mark.parametrize("who", [None, (Role.province, "64"), (Role.planner, None)])
def test_a_site_is_the_same_feature_at_its_page_and_in_the_collection(
    anyone: FlaskClient, account: Callable[..., FlaskClient], who: tuple[Role, str | None] | None
) -> None:
    client = account(*who) if who else anyone
    key = client.get("/exports/sites.geojson").get_json()["features"][0]["id"]
    for query in ("", "?as_of=2020-06-01&boundaries=today"):
        twin = client.get(f"/sites/{key}.geojson{query}")
        item = client.get(f"/ogc/collections/sites/items/{key}{query}").get_json()
        del item["links"]
        assert twin.mimetype == "application/geo+json"
        assert twin.get_json() == item
    assert client.get(f"/sites/{key}.geojson?as_of=1950-01-01").status_code == 404


def test_every_public_view_is_an_address(released: Flask) -> None:
    known = {rule.endpoint for rule in released.url_map.iter_rules()}
    for endpoint in public.VIEWS:
        assert endpoint in known or {f"pages_id.{endpoint}", f"pages_en.{endpoint}"} <= known


def test_a_newer_release_takes_the_default_addresses(
    anyone: FlaskClient, demo_database: Database, released: Flask
) -> None:
    first = anyone.get("/index.json").headers["ETag"]
    made = publish(demo_database, "Second", PUBLISHED_ON)
    released.extensions["atlas_releases"].forget()
    second = anyone.get("/index.json")
    assert second.get_json()["release"]["id"] == made.id == f"{PUBLISHED_ON}.2"
    assert second.headers["ETag"] != first
    assert anyone.get(f"/index.json?release={PUBLISHED_ON}").get_json()["release"]["note"] == "First"


def test_while_the_database_is_away_a_visitor_is_told_so(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gis.database.connection.POOL_TIMEOUT_S", 0.2)  # waited for in full by each request
    with Database("host=127.0.0.1 port=1 dbname=nowhere") as away:
        client = create_app(settings, away, away).test_client()
        for path, kind in (
            ("/", "text/html"),
            ("/en/regions/64", "text/html"),
            ("/index.json", "application/problem+json"),
        ):
            answer = client.get(path, headers={"Accept": "*/*" if "json" in kind else "text/html"})
            assert (answer.status_code, answer.mimetype) == (503, kind), path
            assert answer.headers["Retry-After"]
