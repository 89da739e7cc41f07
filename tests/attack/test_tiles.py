"""Tiles of single sites around hidden ones: no square, at no zoom, tells a region or a visitor of them."""

import math
from collections.abc import Iterator
from typing import Any

import mapbox_vector_tile
import pytest
from flask.testing import FlaskClient

from gis.domain.access import Role
from gis.domain.tiles import Tile
from tests.attack.conftest import PROVINCE, REGENCY, Account, Register
from tests.attack.planting import OURS, PLACES, Marks

Twins = tuple[Register, Register]
PLANNER: Account = (Role.planner, None)
ZOOMS = (8, 10, 12, 14)
ROOT = "/ogc/collections/{}/tiles/WebMercatorQuad/{}/{}/{}"
CELL = 0.01


def at(z: int, lon: float, lat: float) -> Tile:
    """The tile that holds a place."""
    n = 2**z
    x = int((lon + 180) / 360 * n)
    return Tile(z, int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * n), x)


def around(lon: float, lat: float, z: int) -> Iterator[Tile]:
    """The tile that holds a place, and those beside it."""
    middle = at(z, lon, lat)
    for dy, dx in ((0, 0), (-1, 0), (1, 0), (0, -1), (0, 1)):
        yield Tile(z, middle.y + dy, middle.x + dx)


def address(collection: str, tile: Tile, query: str = "") -> str:
    return ROOT.format(collection, tile.z, tile.y, tile.x) + query


def hidden_squares(twins: Twins, place: int) -> set[Tile]:
    """Of every zoom the tiles around the hidden sites of a place, in both registers."""
    lon, lat = PLACES[place].centre_point
    return {
        tile
        for register in twins
        for z in ZOOMS
        for tile in around(lon + register.marks.shift, lat + register.marks.shift, z)
    }


def features(client: FlaskClient, path: str) -> list[tuple[str, dict[str, Any]]]:
    """What a tile holds, each with its layer."""
    answer = client.get(path)
    assert answer.status_code in (200, 204), path
    decoded = mapbox_vector_tile.decode(answer.data)
    return [(layer, each) for layer in decoded for each in decoded[layer]["features"]]


def client_of(register: Register, account: Account | None) -> FlaskClient:
    return register.app.test_client() if account is None else register.client(account)


def queries(marks: Marks, place: int) -> Iterator[str]:
    """Filters that would find what is hidden."""
    lon, lat = (n + marks.shift for n in PLACES[place].centre_point)
    site = marks.site_id(place)
    yield f"?filter=name LIKE '{marks.word}%25'"
    yield f"?id={site}"
    yield f"?bbox={lon - 0.001},{lat - 0.001},{lon + 0.001},{lat + 0.001}"
    yield f"?filter=S_INTERSECTS(geom, POINT({lon} {lat}))"
    yield "?as_of=2017-04-02"
    yield f"?region={PLACES[place].regency}"


@pytest.mark.parametrize(("account", "place"), [(PROVINCE, 0), (REGENCY, 1), (None, 0)])
def test_no_tile_depends_on_hidden_sites(twins: Twins, account: Account | None, place: int) -> None:
    walker, shadow = (client_of(register, account) for register in twins)
    one, _ = twins
    planner = one.client(PLANNER)
    lon, lat = (n + one.marks.shift for n in PLACES[place].centre_point)
    paths = [address("sites", tile) for tile in hidden_squares(twins, place)]
    paths += [
        address("sites", at(z, lon, lat), query)
        for query in queries(one.marks, place)
        for z in (ZOOMS[0], ZOOMS[-1])
    ]
    paths += [address(name, at(z, lon, lat)) for name in ("provinces", "regencies") for z in (8, 11)]
    for path in paths:
        planner.get(path)  # what is kept for another account is not for this one
        answer, other = walker.get(path), shadow.get(path)
        assert (answer.status_code, answer.data) == (other.status_code, other.data), path
        assert answer.status_code in (200, 204, 404), path  # the region of another account is not there
        assert answer.headers.get("ETag") == other.headers.get("ETag"), path
        if answer.status_code == 404:
            continue
        assert one.marks.word.encode() not in answer.data, path
        ids = {each["id"] for _, each in features(walker, path)}
        assert not any(str(key).startswith(str(one.marks.first_id)[:8]) for key in ids), path


@pytest.mark.parametrize("place", [0, 1])
def test_a_planner_sees_them_in_one_square_of_each_zoom(twins: Twins, place: int) -> None:
    one, _ = twins
    planner = one.client(PLANNER)
    wanted = {one.marks.site_id(place) + k for k in range(one.marks.sites)}
    lon, lat = (n + one.marks.shift for n in PLACES[place].centre_point)
    for z in ZOOMS:
        found = [
            (each["id"], each["properties"]["name"])
            for tile in around(lon, lat, z)
            for layer, each in features(planner, address("sites", tile))
            if layer == "sites"
        ]
        assert len(found) == len(dict(found))
        assert wanted <= dict(found).keys()
        assert all(one.marks.word in name for key, name in found if key in wanted)


@pytest.mark.parametrize("account", [PLANNER, PROVINCE, REGENCY, None])
def test_what_is_known_by_its_region_alone_is_at_no_place(twins: Twins, account: Account | None) -> None:
    one, _ = twins
    with one.database.transaction() as connection:
        rows = connection.execute(
            "SELECT s.id, ST_X(r.label_point), ST_Y(r.label_point) FROM register.site s"
            " JOIN register.region r ON r.code = s.regency_code AND upper_inf(r.valid) WHERE s.geom IS NULL"
        ).fetchall()
    placeless = {key for key, _, _ in rows}
    assert len(placeless) > 10
    assert {OURS + 1, OURS + 2, OURS + 1001, OURS + 1002} <= placeless
    client = client_of(one, account)
    tiles = {at(z, lon, lat) for _, lon, lat in rows for z in (8, 11, 14)}
    found = {each["id"] for tile in tiles for _, each in features(client, address("sites", tile))}
    assert found or account == REGENCY
    assert not found & placeless


def test_a_visitor_sees_cells_and_no_outline(twins: Twins) -> None:
    one, _ = twins
    visitor = client_of(one, None)
    with one.database.transaction() as connection:
        rows = connection.execute(
            "SELECT p.id, ST_X(p.geom), ST_Y(p.geom), ST_X(c), ST_Y(c) FROM published.site p"
            " JOIN register.site s ON s.id = p.id CROSS JOIN ST_PointOnSurface(s.geom) c"
            " WHERE NOT ST_Equals(p.geom, s.geom)"
        ).fetchall()
    assert len(rows) > 10
    for key, lon, lat, true_lon, true_lat in rows[:12]:
        tile = at(14, lon, lat)
        by_id = {each["id"]: (layer, each) for layer, each in features(visitor, address("sites", tile))}
        layer, feature = by_id[key]
        assert layer == "sites"
        x, y = feature["geometry"]["coordinates"]
        box = tile.box
        shown = (
            box.west + x / 4096 * (box.east - box.west),
            box.south + y / 4096 * (box.north - box.south),
        )
        for number in shown:  # the middle of a cell
            assert number / CELL - math.floor(number / CELL) == pytest.approx(0.5, abs=0.01)
        assert key not in {
            each["id"]
            for near in around(true_lon, true_lat, 14)
            if not near.holds(lon, lat)
            for _, each in features(visitor, address("sites", near))
        }
