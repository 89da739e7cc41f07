"""Vector tiles over HTTP: what is in them for whom, what is refused, and that a write sets them right."""

import gzip
import json
import math
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import mapbox_vector_tile
import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient

from gis.database import tiles as tile_statements
from gis.database.connection import Database
from gis.domain.access import Role
from gis.domain.tiles import Tile
from gis.errors import UnavailableError
from gis.services import audit, tiles
from gis.services.tallies import Tally
from webmap import disconnects

SignedIn = Callable[..., FlaskClient]
MVT = "application/vnd.mapbox-vector-tile"
ROOT = "/ogc/collections/{}/tiles/WebMercatorQuad/{}/{}/{}"


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    tiles.forget()


def at(z: int, lon: float, lat: float) -> Tile:
    """The tile that holds a place."""
    n = 2**z
    x = int((lon + 180) / 360 * n)
    y = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * n)
    return Tile(z, y, x)


def address(collection: str, tile: Tile, query: str = "") -> str:
    return ROOT.format(collection, tile.z, tile.y, tile.x) + query


def layers(client: FlaskClient, path: str, **headers: str) -> dict[str, list[dict[str, Any]]]:
    """The features of each layer of a tile; none where there is nothing in it."""
    answer = client.get(path, headers=headers)
    if answer.status_code == 204:
        assert answer.data == b""
        return {}
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == MVT
    decoded = mapbox_vector_tile.decode(answer.data)
    return {name: layer["features"] for name, layer in decoded.items()}


def all_of(client: FlaskClient, collection: str, z: int, query: str = "") -> Iterator[tuple[str, Any]]:
    """Every feature of every tile over Indonesia, with its layer."""
    west, north = at(z, 94.5, 7.5), at(z, 141.5, -11.5)
    for y in range(west.y, north.y + 1):
        for x in range(west.x, north.x + 1):
            for name, features in layers(client, address(collection, Tile(z, y, x), query)).items():
                yield from ((name, feature) for feature in features)


def near(client: FlaskClient, sites: Iterable[dict[str, Any]], z: int) -> Iterator[Any]:
    """The single sites of all tiles that some sites touch."""
    boxes = [shapely.geometry.shape(site["geometry"]).bounds for site in sites]
    corners = {at(z, lon, lat) for w, s, e, n in boxes for lon, lat in ((w, s), (e, s), (w, n), (e, n))}
    for tile in corners:
        yield from layers(client, address("sites", tile)).get("sites", [])


def items(client: FlaskClient, collection: str, query: str = "") -> list[dict[str, Any]]:
    found = client.get(f"/ogc/collections/{collection}/items?limit=10000{query}").json
    assert found is not None
    return list(found["features"])


@pytest.fixture(scope="module")
def visitor(released: Flask) -> FlaskClient:
    return released.test_client()


# Sites far out


@pytest.mark.parametrize("query", ["", "&status_group=closed", "&filter=synthetic = true"])
def test_clusters_count_every_site_also_those_without_a_place(client: FlaskClient, query: str) -> None:
    sites = items(client, "sites", query)
    assert any(site["geometry"] is None for site in sites)
    found = list(all_of(client, "sites", 5, "?" + query[1:]))
    assert {name for name, _ in found} == {"clusters"}
    told = [feature["properties"] for _, feature in found]
    assert sum(each["n"] for each in told) == len(sites)
    for group in ("active", "planned", "closed", "reactivated"):
        wanted = sum(site["properties"]["status_group"] == group for site in sites)
        assert sum(each[group] for each in told) == wanted
    assert {each["clustered"] for each in told} == {"regency"}
    by_code = {each["code"]: each for each in told}
    code = next(iter(by_code))
    assert by_code[code]["n"] == sum(site["properties"]["regency_code"] == code for site in sites)
    ids = [feature["id"] for _, feature in found]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("z", [0, 7])
def test_no_cluster_is_lost_or_doubled_between_tiles(client: FlaskClient, z: int) -> None:
    ids = sorted(feature["id"] for _, feature in all_of(client, "sites", z))
    assert ids == sorted(feature["id"] for _, feature in all_of(client, "sites", 4))
    assert len(ids) == len(set(ids)) > 10


# Sites near


def test_from_zoom_8_on_each_site_with_a_place_is_there_once(client: FlaskClient) -> None:
    placed = {site["id"]: site for site in items(client, "sites") if site["geometry"]}
    found = {}
    for feature in near(client, placed.values(), 8):
        assert feature["id"] not in found
        found[feature["id"]] = feature["properties"]
    assert found.keys() == placed.keys()
    wanted = ("name", "site_type", "status", "status_group", "location_accuracy", "synthetic")
    for key, properties in found.items():
        assert properties == {name: placed[key]["properties"][name] for name in wanted}


def test_a_site_lies_where_it_is(client: FlaskClient) -> None:
    site = next(s for s in items(client, "sites") if s["geometry"] and s["geometry"]["type"] == "Point")
    lon, lat = site["geometry"]["coordinates"]
    tile = at(14, lon, lat)
    found = {each["id"]: each for each in layers(client, address("sites", tile))["sites"]}
    x, y = found[site["id"]]["geometry"]["coordinates"]  # the decoder counts from the south
    box = tile.box
    assert box.west + x / 4096 * (box.east - box.west) == pytest.approx(lon, abs=1e-5)
    assert box.south + y / 4096 * (box.north - box.south) == pytest.approx(lat, abs=1e-5)


def test_too_many_are_summed_up_and_it_says_so(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    tile = max(
        (Tile(8, y, x) for y in range(128, 136) for x in range(200, 212)),
        key=lambda tile: len(layers(client, address("sites", tile)).get("sites", [])),
    )
    single = layers(client, address("sites", tile))["sites"]
    tiles.forget()
    monkeypatch.setattr(tiles, "MOST_SITES", len(single) - 1)
    found = layers(client, address("sites", tile))
    told = [feature["properties"] for feature in found["clusters"]]
    assert set(found) == {"clusters"}
    assert sum(each["n"] for each in told) == len(single)
    assert {each["clustered"] for each in told} == {"grid"}
    assert sum(each["closed"] for each in told) == sum(
        each["properties"]["status_group"] == "closed" for each in single
    )
    tiles.forget()
    monkeypatch.setattr(tiles, "MOST_SITES", len(single) + 20)
    assert len(layers(client, address("sites", tile))["sites"]) == len(single)


@pytest.mark.parametrize("query", ["", "&as_of=2010-06-01", "&as_of=2010-06-01&boundaries=today"])
@pytest.mark.parametrize("scope", [(Role.planner, None), (Role.province, "64")])
def test_without_a_filter_it_is_the_same_as_with_one_that_lets_all_through(
    signed_in: SignedIn, scope: tuple[Role, str | None], query: str
) -> None:
    """The two are different statements."""
    who = signed_in(*scope)
    for tile in (Tile(0, 0, 0), at(5, 117, -0.5), at(8, 117.15, -0.5), at(8, 110.4, -7)):
        filtered = who.get(address("sites", tile, f"?filter=id > 0{query}"))
        plain = who.get(address("sites", tile, f"?{query[1:]}"))
        assert plain.status_code == filtered.status_code
        told = [
            sorted((layer, str(feature)) for layer in found for feature in found[layer]["features"])
            for found in (mapbox_vector_tile.decode(answer.data) for answer in (plain, filtered))
        ]
        assert told[0] == told[1]


# Regions


@pytest.mark.parametrize(("collection", "count"), [("provinces", 38), ("regencies", 514)])
def test_regions_bear_their_code_and_counts(client: FlaskClient, collection: str, count: int) -> None:
    wanted = {feature["id"]: feature["properties"] for feature in items(client, collection)}
    found = layers(client, address(collection, Tile(2, 2, 3)))[collection]
    found += layers(client, address(collection, Tile(2, 1, 3)))[collection]
    by_code = {feature["properties"]["code"]: feature for feature in found}
    assert len(by_code) > count * 0.9
    for code, feature in by_code.items():
        assert feature["id"] == int(code.replace(".", ""))
        told = {name: value for name, value in wanted[code].items() if value is not None}
        for name, value in feature["properties"].items():
            assert told[name] == value
        assert {"sites_total", "closed", "name"} <= feature["properties"].keys()


@pytest.mark.parametrize("z", [5, 8, 11, 22])
def test_regions_are_there_at_every_zoom_and_small(client: FlaskClient, z: int) -> None:
    answer = client.get(address("regencies", at(z, 117.15, -0.5)))
    decoded = mapbox_vector_tile.decode(answer.data)
    assert "64.72" in {each["properties"]["code"] for each in decoded["regencies"]["features"]}
    assert len(answer.data) < 60_000


def test_the_past_has_its_own_regions(client: FlaskClient) -> None:
    def codes(query: str) -> set[str]:
        found = layers(client, address("provinces", at(6, 116.5, 3), query))["provinces"]
        return {each["properties"]["code"] for each in found}

    assert "65" in codes("")
    assert "65" not in codes("?as_of=2010-01-01")
    assert "65" in codes("?as_of=2010-01-01&boundaries=today")


# Who sees what


def test_visitors_get_what_is_published_and_no_more(visitor: FlaskClient) -> None:
    published = items(visitor, "sites")
    found = [feature["properties"] for _, feature in all_of(visitor, "sites", 5)]
    assert sum(each["n"] for each in found) == len(published) > 0
    for each in found:
        assert set(each) == {"clustered", "code", "name", "n", "closed"}
        assert each["n"] == each["closed"]
    placed = {site["id"] for site in published if site["geometry"]}
    assert {each["id"] for each in near(visitor, [s for s in published if s["geometry"]], 8)} == placed
    regencies = layers(visitor, address("regencies", at(5, 110, -7)))["regencies"]
    assert {"code", "name", "parent_code", "closed", "lokasi_closed"} == set(regencies[0]["properties"])
    provinces = layers(visitor, address("provinces", at(5, 110, -7)))["provinces"]
    assert {"active", "planned", "closed"} <= set(provinces[0]["properties"])


def test_a_scope_sees_its_own_and_no_other_gets_it(client: FlaskClient, signed_in: SignedIn) -> None:
    tile = at(5, 117, 0)
    nation = layers(client, address("sites", tile))["clusters"]
    own = layers(signed_in(Role.province, "64"), address("sites", tile))["clusters"]
    other = layers(signed_in(Role.province, "65"), address("sites", tile)).get("clusters", [])
    again = layers(signed_in(Role.province, "64"), address("sites", tile))["clusters"]
    assert own == again != other
    assert {each["id"] for each in own} < {each["id"] for each in nation}
    regions = layers(signed_in(Role.province, "64"), address("regencies", tile))["regencies"]
    assert {each["properties"]["parent_code"] for each in regions} == {"64"}


def test_without_a_release_nobody_is_let_in(app: Flask) -> None:
    assert app.test_client().get(address("sites", Tile(0, 0, 0))).status_code == 401


# The cache


def test_a_write_makes_tiles_right_again(client: FlaskClient, demo_database: Database) -> None:
    tile = at(12, 117.15, -0.5)
    before = client.get(address("sites", tile))
    assert client.get(address("sites", tile)).headers["ETag"] == before.headers["ETag"]
    known = {"If-None-Match": before.headers["ETag"]}
    assert client.get(address("sites", tile), headers=known).status_code == 304
    with demo_database.transaction() as connection:
        row = connection.execute(
            "INSERT INTO register.site (name, site_type, location_accuracy, location_source, geom, synthetic)"
            " VALUES ('Baru', 'lokalisasi', 'exact', 'test', ST_Point(117.15, -0.5, 4326), true) RETURNING id"
        ).fetchone()
        assert row is not None
        connection.execute(
            "INSERT INTO register.event (site_id, kind, occurred_on, source, synthetic)"
            " VALUES (%s, 'recorded', '2012-01-01', 'test', true)",
            [row[0]],
        )
    after = layers(client, address("sites", tile), **{"If-None-Match": before.headers["ETag"]})["sites"]
    assert row[0] in {each["id"] for each in after}
    assert sum(feature["properties"]["n"] for _, feature in all_of(client, "sites", 5)) == len(
        items(client, "sites")
    )


def test_a_tile_that_is_kept_is_not_made_again(
    client: FlaskClient, visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [address("sites", Tile(5, 16, 26)), address("provinces", Tile(5, 16, 26))]
    first = [[who.get(path).data for path in paths] for who in (client, visitor)]
    monkeypatch.setattr(tiles, "_make", None)
    assert [[who.get(path).data for path in paths] for who in (client, visitor)] == first


def test_it_is_compressed_where_that_is_asked_for(client: FlaskClient) -> None:
    path = address("provinces", Tile(4, 8, 13))
    plain, packed = client.get(path), client.get(path, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.data) == plain.data
    known = {"If-None-Match": packed.headers["ETag"], "Accept-Encoding": "gzip"}
    assert client.get(path, headers=known).status_code == 304


def test_caches_may_keep_those_of_visitors_alone(client: FlaskClient, visitor: FlaskClient) -> None:
    sea = Tile(8, 160, 180)
    for path in (address("sites", Tile(5, 16, 26)), address("sites", sea)):
        assert client.get(path).headers["Cache-Control"] == "private, no-store"
        answer = visitor.get(path)
        assert answer.headers["Cache-Control"] == "public, max-age=60"
        known = {"If-None-Match": answer.headers["ETag"]}
        assert visitor.get(path, headers=known).status_code == 304


# What is recorded


def test_each_thousand_of_single_sites_leaves_a_record(
    signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "_sent", Tally(1_000))  # nothing of what the other tests have read
    who, other = signed_in(Role.province, "64"), signed_in(Role.approver)
    tile = at(8, 117.15, -0.5)
    path = address("sites", tile, "?as_of=2019-12-31&status_group=closed")

    def records(reader: FlaskClient) -> list[dict[str, Any]]:
        found = reader.get("/manage/audit.json?action=list").json
        assert found is not None
        return [row["detail"] for row in found["rows"] if row["account"] == "test-province-64"]

    n = len(layers(who, path)["sites"])
    most = math.ceil(1_000 / n)
    for _ in range(most - 2):
        assert who.get(path).status_code == 200  # kept, and counted all the same
    for _ in range(3):
        assert other.get(path).status_code == 200  # another account has its own count
    assert n > 1
    assert records(who) == []
    who.get(path)
    (record,) = records(who)
    assert record["rows"] == most * n
    assert record["tile"] == f"{tile.z}/{tile.y}/{tile.x}"
    assert (record["collection"], record["as_of"]) == ("sites", "2019-12-31")
    assert record["filter"] == {"status_group": "closed"}
    who.get(path)
    assert records(who) == [record]
    for page, words in (("", "petak peta terakhir: "), ("/en", "last tile: ")):
        told = other.get(f"{page}/manage/audit?action=list&account=test-province-64").text
        assert f"{words}{record['tile']}" in told
        assert "status_group=closed" in told


def test_sites_of_the_map_and_of_tiles_add_up(signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    who, tile = signed_in(Role.province, "35"), address("sites", at(8, 112.7, -7.3))
    layer = "/map/sites.geojson?bbox=111,-9,115,-6"
    of_map, of_tile = len(who.get(layer).get_json()["features"]), len(layers(who, tile)["sites"])
    monkeypatch.setattr(audit, "_sent", Tally(of_map + of_tile))
    for path in (tile, layer):
        assert who.get(path).status_code == 200
    record = who.get("/manage/audit.json?action=list").get_json()["rows"][0]["detail"]
    assert record["rows"] == of_map + of_tile
    assert record["filter"] == {"bbox": "111,-9,115,-6"}


def test_clusters_and_visitors_leave_none(
    signed_in: SignedIn, visitor: FlaskClient, demo_database: Database
) -> None:
    def records() -> int:
        with demo_database.transaction() as connection:
            row = connection.execute("SELECT count(*) FROM register.audit WHERE action = 'list'").fetchone()
        assert row is not None
        return int(row[0])

    before = records()
    far, near_by = address("sites", Tile(0, 0, 0)), address("sites", at(8, 110.4, -7))
    admin = signed_in(Role.admin)
    (every,) = (each["properties"]["n"] for each in layers(admin, far)["clusters"][:1])
    assert every > 0
    n = len(layers(visitor, near_by)["sites"])
    for _ in range(math.ceil(1_000 / n)):
        assert admin.get(far).status_code == visitor.get(near_by).status_code == 200
    assert records() == before


def test_what_cannot_be_recorded_is_not_sent_and_stays_to_be_recorded(
    signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = signed_in(Role.regency, "35.78")
    path = address("sites", at(8, 112.7, -7.3))
    written: list[int] = []

    def refuse(_: object, detail: dict[str, Any]) -> None:
        written.append(detail["rows"])
        raise UnavailableError("the database is away")

    n = len(layers(who, path)["sites"])
    monkeypatch.setattr(audit, "_sent", Tally(2 * n))
    monkeypatch.setattr(audit, "record_bulk_reading", refuse)
    assert [who.get(path).status_code for _ in range(3)] == [200, 503, 503]
    assert written == [2 * n, 2 * n]


# What is refused


@pytest.mark.parametrize(
    ("path", "status"),
    [
        *((ROOT.format("sites", *zyx), 404) for zyx in (("99", 0, 0), (2, 4, 0), (-1, 0, 0), ("a", 0, 0))),
        (ROOT.format("sites", 1, 0, "9" * 5_000), 404),
        (ROOT.format("sites", "%00", 0, 0), 404),
        *((ROOT.format(name, 0, 0, 0), 404) for name in ("centres", "nothing", "%00")),
        ("/ogc/collections/sites/tiles/WorldCRS84Quad/0/0/0", 404),
        *(
            (ROOT.format("sites", 0, 0, 0) + "?" + query, 400)
            for query in (
                *(
                    "wrong=1",
                    "as_of=garbage",
                    "filter=nothing = 1",
                    "filter=(",
                    "bbox=abc",
                    "bbox=nan,0,0,0",
                    "f=json",
                ),
                *(
                    "status_group=%00",
                    "datetime=garbage",
                    "sortby=name",
                    "crs=x",
                    "properties=name",
                    "limit=5",
                ),
                "status=closed&status=closed",
            )
        ),
        ("/ogc/collections/sites/tiles?wrong=1", 400),
        ("/ogc/collections/sites/tiles/WebMercatorQuad?f=xml", 400),
        ("/ogc/collections/centres/tiles", 404),
        ("/ogc/collections/sites/tiles/nothing", 404),
        ("/ogc/tileMatrixSets/nothing", 404),
        (ROOT.format("sites", 0, 0, 0) + "?region=99", 400),
    ],
)
def test_what_is_wrong_is_refused_with_a_reason(
    client: FlaskClient, visitor: FlaskClient, path: str, status: int
) -> None:
    for who in (client, visitor):
        answer = who.get(path)
        assert answer.status_code == status
        assert answer.mimetype == "application/problem+json"


def test_a_box_and_a_filter_cut_a_tile(client: FlaskClient) -> None:
    tile = at(8, 110.4, -7)
    every = layers(client, address("sites", tile))["sites"]
    box = tile.box
    middle = (box.west + box.east) / 2
    west = layers(client, address("sites", tile, f"?bbox={box.west},-8,{middle},0")).get("sites", [])
    east = layers(client, address("sites", tile, f"?bbox={middle},-8,{box.east},0")).get("sites", [])
    assert len(west) + len(east) == len(every)
    assert layers(client, address("sites", tile, "?bbox=100,0,101,1")) == {}
    closed = layers(client, address("sites", tile, "?filter=status_group = 'closed'")).get("sites", [])
    assert len(closed) == sum(each["properties"]["status_group"] == "closed" for each in every)


def test_what_takes_too_long_is_to_be_tried_again(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tiles, "TIME_LIMIT_MS", 1)
    answer = client.get(address("sites", Tile(0, 0, 0)))
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0


# A client that leaves


def test_a_query_of_one_who_has_left_is_cancelled(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(connection: Any, *_: object) -> tuple[int, bytes]:
        connection.execute("SELECT pg_sleep(10)")
        return 0, b""

    monkeypatch.setattr(tile_statements, "write_sites", slow)
    browser, server = socket.socketpair()
    threading.Timer(0.3, browser.close).start()
    began = time.monotonic()
    answer = client.get(address("sites", Tile(8, 130, 210)), environ_overrides={"gunicorn.socket": server})
    assert answer.status_code == 503
    assert 0.2 < time.monotonic() - began < 3
    server.close()
    monkeypatch.undo()
    assert client.get(address("sites", Tile(8, 130, 210))).status_code in (200, 204)


def test_who_left_before_the_query_began_is_cancelled_when_it_has(app: Flask) -> None:
    browser, server = socket.socketpair()
    browser.close()
    cancelled: list[float] = []
    with (
        app.test_request_context("/", environ_overrides={"gunicorn.socket": server}),
        disconnects.watched(lambda: cancelled.append(time.monotonic())),
    ):
        time.sleep(0.35)
    server.close()
    count = len(cancelled)
    assert count >= 2
    time.sleep(0.2)
    assert len(cancelled) == count


def test_nobody_is_cancelled_who_waits(app: Flask) -> None:
    browser, server = socket.socketpair()
    cancelled: list[bool] = []
    with app.test_request_context("/", environ_overrides={"gunicorn.socket": server}):
        with disconnects.watched(lambda: cancelled.append(True)):
            browser.send(b"GET /another HTTP/1.1")  # pipelined
            time.sleep(0.1)
        browser.close()
        time.sleep(0.1)
    server.close()
    assert cancelled == []


# OGC 20-057: conf/core, tileset, tilesets-list, geodata-tilesets, mvt


@pytest.mark.parametrize("collection", ["sites", "provinces", "regencies"])
def test_the_documents_lead_from_the_collection_to_a_tile(visitor: FlaskClient, collection: str) -> None:
    def get(href: str) -> Any:
        return visitor.get(href.removeprefix("http://localhost")).json

    def href(document: Any, rel: str) -> str:
        return str(next(link["href"] for link in document["links"] if link["rel"].endswith(rel)))

    listed = get(href(get(f"/ogc/collections/{collection}"), "/tilesets-vector"))
    (head,) = listed["tilesets"]
    assert head["dataType"] == "vector"
    assert head["crs"] == "http://www.opengis.net/def/crs/EPSG/0/3857"
    tileset = get(href(head, "self"))
    definition = get(href(tileset, "/tiling-scheme"))
    assert definition["id"] == "WebMercatorQuad"
    assert [each["id"] for each in definition["tileMatrices"]] == [str(z) for z in range(23)]
    template = href(tileset, "item")
    path = template.format(tileMatrix=2, tileRow=2, tileCol=3).removeprefix("http://localhost")
    found = layers(visitor, path)
    described = {layer["id"]: layer["propertiesSchema"]["properties"] for layer in tileset["layers"]}
    for name, features in found.items():
        for feature in features:
            assert feature["properties"].keys() <= described[name].keys()
    schemes = get(href(get("/ogc"), "/tiling-schemes"))
    assert schemes["tileMatrixSets"][0]["id"] == "WebMercatorQuad"


def test_a_collection_without_tiles_leads_to_none(client: FlaskClient) -> None:
    document = client.get("/ogc/collections/centres").text
    assert "tilesets" not in document


def test_tilejson_shows_the_same_as_its_address(client: FlaskClient) -> None:
    path = "/ogc/collections/sites/tiles/WebMercatorQuad?as_of=2014-01-01&status_group=closed&f=tilejson"
    found = client.get(path).json
    assert found is not None
    assert found["tilejson"] == "3.0.0"
    (template,) = found["tiles"]
    assert template.endswith("/{z}/{y}/{x}?as_of=2014-01-01&status_group=closed")
    assert {layer["id"] for layer in found["vector_layers"]} == {"sites", "areas", "clusters"}
    tile = template.removeprefix("http://localhost").format(z=3, y=4, x=6)
    assert layers(client, tile)["clusters"]


def test_the_api_tells_of_tiles(client: FlaskClient) -> None:
    document = json.loads(client.get("/ogc/api?f=json").data)
    paths = [path for path in document["paths"] if "{tileRow}" in path]
    assert len(paths) == 3
    names = {each.get("name") for each in document["paths"][paths[0]]["get"]["parameters"]}
    assert {"tileMatrix", "tileRow", "tileCol", "as_of", "filter"} <= names
    conformance = client.get("/ogc/conformance?f=json").text
    assert "ogcapi-tiles-1/1.0/conf/core" in conformance
