"""OGC API – Tiles: vector tiles of sites and regions, and what says where they are."""

import hashlib

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from gis.domain.collections import get_collection
from gis.domain.tiles import Tile
from gis.errors import InvalidInputError, NotFoundError
from gis.services import features
from gis.services.tiles import TILED, get_tile
from webmap import disconnects, public
from webmap import tile_documents as documents
from webmap.feature_parameters import Asked, MomentAndRelease, read_all, reader, said
from webmap.parameters import named_region

blueprint = Blueprint("tiles", __name__, url_prefix="/ogc")


@blueprint.get("/tileMatrixSets")
def matrix_sets() -> ResponseReturnValue:
    """The ways of cutting maps."""
    MomentAndRelease.read(_arguments("json"))
    return jsonify(documents.matrix_sets())


@blueprint.get("/tileMatrixSets/<matrix_set_id>")
def matrix_set(matrix_set_id: str) -> ResponseReturnValue:
    """The definition of one."""
    MomentAndRelease.read(_arguments("json"))
    _check(matrix_set_id)
    return jsonify(documents.matrix_set())


@blueprint.get("/collections/<collection_id>/tiles")
def tilesets(collection_id: str) -> ResponseReturnValue:
    """The tilesets of a collection."""
    given = MomentAndRelease.read(_arguments("json"))
    return jsonify(documents.tilesets(get_collection(reader(given).collections, _with_tiles(collection_id))))


@blueprint.get("/collections/<collection_id>/tiles/<matrix_set_id>")
def tileset(collection_id: str, matrix_set_id: str) -> ResponseReturnValue:
    """What a tileset is and holds, or TileJSON."""
    _check(matrix_set_id)
    arguments = _arguments("json", "tilejson")
    asked = _read(collection_id, arguments)
    with named_region(asked.query.region):
        extent = features.extent_of(asked.reader, collection_id, asked.query)
    make = documents.tilejson if request.args.get("f") == "tilejson" else documents.tileset
    return jsonify(make(asked.collection, extent.bbox))


@blueprint.get("/collections/<collection_id>/tiles/<matrix_set_id>/<z>/<y>/<x>")
def tile(collection_id: str, matrix_set_id: str, z: str, y: str, x: str) -> ResponseReturnValue:
    """A tile; 204 where there is nothing in it (OGC 20-057, 7.2)."""
    _check(matrix_set_id)
    square = Tile.read(z, y, x)
    arguments = _arguments("mvt")
    asked = _read(collection_id, arguments)
    with named_region(asked.query.region):
        body = get_tile(
            asked.reader,
            collection_id,
            asked.query,
            asked.features,
            square,
            said=said(arguments),
            watch=disconnects.watched,
        )
    # By what is in it, and not by the register's revision: that tells when others write.
    tag = hashlib.sha256(body).hexdigest()[:32]
    if tag in {known.partition(":")[0] for known in request.if_none_match.as_set()}:
        response = Response(status=304)
    else:
        response = Response(body, status=200 if body else 204, mimetype=documents.MVT)
    if response.status_code != 200:
        del response.headers["Content-Type"]
    response.set_etag(tag)
    return response


def _arguments(*forms: str) -> MultiDict[str, str]:
    """The parameters of this request but `f`, which may be one of some."""
    arguments = MultiDict(request.args)
    asked = arguments.poplist("f")
    if asked and (len(asked) > 1 or asked[0] not in forms):
        raise InvalidInputError("f", ",".join(asked), "one of " + ", ".join(forms))
    return arguments


def _read(collection_id: str, arguments: MultiDict[str, str]) -> Asked:
    for name in documents.NOT_OF_TILES:
        if name in arguments:
            raise InvalidInputError(name, arguments[name], "no parameter of tiles, but of items")
    return read_all(_with_tiles(collection_id), arguments)


def _with_tiles(collection_id: str) -> str:
    if collection_id not in TILED:
        raise NotFoundError(f"tiles of {collection_id}: there are those of {', '.join(TILED)}")
    return collection_id


def _check(matrix_set_id: str) -> None:
    if matrix_set_id != documents.MATRIX_SET:
        raise NotFoundError(f"tile matrix set {matrix_set_id}: there is {documents.MATRIX_SET}")


VIEWS: dict[str, public.View] = {
    f"tiles.{view.__name__}": view for view in (matrix_sets, matrix_set, tilesets, tileset, tile)
}
