"""OGC API – Tiles: from a collection to its tilesets, from a tileset to its tiles, and what is in them."""

import mapbox_vector_tile

from tests.conformance.answers import EPSG, JSON, Side

_TILES = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/"
CLASSES = tuple(_TILES + name for name in ("core", "tileset", "tilesets-list", "geodata-tilesets", "mvt"))
TILED = ("sites", "provinces", "regencies")
MVT = "application/vnd.mapbox-vector-tile"
REL = "http://www.opengis.net/def/rel/ogc/1.0/"
#: Tiles that there cannot be: beyond the deepest zoom, beside the world, and no numbers.
NOWHERE = ("99/0/0", "2/4/0", "2/0/4", "2/-1/0", "x/0/0", "2/0/1.5", f"{'9' * 40}/0/0")


def _tileset(side: Side, name: str) -> str:
    return f"/ogc/collections/{name}/tiles/WebMercatorQuad"


def _tile(side: Side, name: str, z: int, y: int, x: int) -> str:
    template = side.found(_tileset(side, name)).link("item", MVT)
    return template.format(tileMatrix=z, tileRow=y, tileCol=x)


def test_tiles_tc_op(side: Side) -> None:
    """/req/core/tc-op: a tile answers at the address that the template of its tileset makes."""
    for name in TILED:
        assert side.get(_tile(side, name, 3, 4, 6)).status == 200
        assert side.get(_tile(side, name, 3, 4, 6), method="HEAD").status == 200


def test_tiles_tc_success(side: Side) -> None:
    """/req/core/tc-success: a tile holds what is there; where nothing is, the answer is 204 and empty."""
    for name in TILED:
        assert mapbox_vector_tile.decode(side.found(_tile(side, name, 3, 4, 6)).body)
        empty = side.get(_tile(side, name, 3, 0, 0))
        assert (empty.status, empty.body) == (204, b"")


def test_tiles_tc_error(side: Side) -> None:
    """/req/core/tc-error: a tile that there cannot be, and a parameter that is not defined, is refused."""
    for name in TILED:
        for where in NOWHERE:
            assert side.get(f"{_tileset(side, name)}/{where}").status in (400, 404), where
        assert side.get(f"{_tileset(side, name)}/0/0/0", {"unknown17342": 1}).status == 400
    assert side.get("/ogc/collections/sites/tiles/WorldCRS84Quad/0/0/0").status == 404


def test_tiles_tileset(side: Side) -> None:
    """/req/tileset/description: a tileset tells its kind, system, scheme, and where its tiles are."""
    for name in TILED:
        answer = side.found(_tileset(side, name), accept=JSON)
        assert answer.json["dataType"] == "vector"
        assert answer.json["crs"] == f"{EPSG}3857"
        assert answer.json["tileMatrixSetURI"].endswith("/WebMercatorQuad")
        assert side.found(answer.link(f"{REL}tiling-scheme")).json["id"] == "WebMercatorQuad"
        (item,) = (link for link in answer.links if link["rel"] == "item")
        assert item["templated"] is True
        assert all(f"{{{part}}}" in item["href"] for part in ("tileMatrix", "tileRow", "tileCol"))


def test_tiles_tilesets_list(side: Side) -> None:
    """/req/tilesets-list: the list tells of each tileset what it is and where."""
    for name in TILED:
        for each in side.found(f"/ogc/collections/{name}/tiles").json["tilesets"]:
            assert (each["dataType"], each["crs"]) == ("vector", f"{EPSG}3857")
            (own,) = (link["href"] for link in each["links"] if link["rel"] == "self")
            assert side.found(own).json["title"] == each["title"]


def test_tiles_geodata_tilesets(side: Side) -> None:
    """/req/geodata-tilesets: a collection that has tiles leads to their list, and no other does."""
    for name in TILED:
        address = side.found(f"/ogc/collections/{name}").link(f"{REL}tilesets-vector")
        assert address.endswith(f"/ogc/collections/{name}/tiles")
    assert "tilesets" not in side.found("/ogc/collections/centres").body.decode()
    assert side.get("/ogc/collections/centres/tiles").status == 404


def test_tiles_mvt(side: Side) -> None:
    """/req/mvt: tiles are those of Mapbox, with the layers and properties that are told."""
    for name in TILED:
        told = {
            layer["id"]: set(layer["propertiesSchema"]["properties"])
            for layer in side.found(_tileset(side, name)).json["layers"]
        }
        answer = side.found(_tile(side, name, 6, 33, 51))
        assert answer.media_type == MVT
        layers = mapbox_vector_tile.decode(answer.body)
        assert layers
        for layer, found in layers.items():
            assert all(set(each["properties"]) <= told[layer] for each in found["features"])
