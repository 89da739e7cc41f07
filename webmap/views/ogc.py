"""OGC API – Features: collections that any GIS reads, as JSON and for people."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from gis.domain.collections import get_collection
from gis.domain.crs import Crs
from gis.domain.queries import SiteQuery
from gis.services import features
from webmap import disconnects, openapi, public, responses
from webmap import ogc_documents as documents
from webmap.feature_parameters import MAX_LIMIT, Asked, MomentAndRelease, read_item, read_page, reader, said
from webmap.negotiation import GEOJSON, HTML, JSON, Form, asked_form
from webmap.parameters import named_region

blueprint = Blueprint("ogc", __name__, url_prefix="/ogc")
COLUMNS, ROWS = 8, 100  # what a page for people shows; HTML stays within 30 KB


@blueprint.after_request
def negotiated(response: Response) -> Response:
    """Tell caches that the same address has several forms."""
    response.vary.add("Accept")
    return response


@blueprint.get("")
def landing() -> ResponseReturnValue:
    """Where everything is."""
    return _answer("ogc_landing.html", documents.landing(), _moment_only()[1])


@blueprint.get("/conformance")
def conformance() -> ResponseReturnValue:
    """The conformance classes."""
    return _answer("ogc_conformance.html", documents.conformance(), _moment_only()[1])


@blueprint.get("/api")
def api() -> ResponseReturnValue:
    """The API, as OpenAPI 3.0 and for people."""
    given, form = _moment_only()
    document = openapi.document(reader(given).collections)
    if form == "html":
        return responses.page("ogc_api.html", view=_explained(document, reader(given)))
    return _typed(jsonify(document), documents.OPENAPI)


@blueprint.get("/collections")
def collections() -> ResponseReturnValue:
    """The collections with their extents."""
    given, form = _moment_only()
    found = [_described(name, given) for name in reader(given).collections]
    return _answer("ogc_collections.html", documents.collections(found), form)


@blueprint.get("/collections/<collection_id>")
def collection(collection_id: str) -> ResponseReturnValue:
    """One collection."""
    given, form = _moment_only()
    return _answer("ogc_collection.html", _described(collection_id, given), form)


@blueprint.get("/collections/<collection_id>/queryables")
def queryables(collection_id: str) -> ResponseReturnValue:
    """What filters may name."""
    given, form = _moment_only()
    document = documents.queryables(get_collection(reader(given).collections, collection_id))
    if form == "html":
        return responses.page("ogc_queryables.html", view={**document, "id": collection_id})
    return _typed(jsonify(document), documents.SCHEMA)


@blueprint.get("/collections/<collection_id>/items")
def items(collection_id: str) -> ResponseReturnValue:
    """A page of a collection's features."""
    arguments, form = asked_form()
    asked = read_page(collection_id, arguments)
    if form == "html":
        shown = (asked.features.properties or asked.collection.names)[:COLUMNS]
        limit = min(asked.features.limit or ROWS, ROWS)
        fewer = replace(asked.features, properties=shown, with_geometry=False, limit=limit)
        asked = replace(asked, features=fewer)
    with named_region(asked.query.region):
        found = features.find_page(
            asked.reader,
            collection_id,
            asked.query,
            asked.features,
            said=said(arguments),
            watch=disconnects.watched,
        )
    head: dict[str, Any] = {"numberMatched": found.matched, "numberReturned": len(found.features)}
    after = json.loads(found.features[-1])["id"] if found.has_more else None
    head["links"] = _page_links(collection_id, asked, after)
    if form == "html":
        return responses.page("ogc_items.html", view=_table(asked, head, found.features))
    return _in_crs(Response(documents.items(head, found.features), mimetype=GEOJSON), asked.features.crs)


@blueprint.get("/collections/<collection_id>/items/<key>")
def item(collection_id: str, key: str) -> ResponseReturnValue:
    """One feature."""
    arguments, form = asked_form()
    asked = read_item(collection_id, arguments)
    found = features.get_feature(asked.reader, collection_id, key, asked.query, asked.features)
    path = f"/ogc/collections/{collection_id}"
    links = [
        documents.link("self", f"{path}/items/{quote(key)}", GEOJSON),
        documents.link("alternate", f"{path}/items/{quote(key)}?f=html", HTML),
        documents.link("collection", path, JSON),
    ]
    body = documents.item(found, links)
    if form == "html":
        return responses.page("ogc_item.html", view={**json.loads(body), "collection": {"id": collection_id}})
    return _in_crs(Response(body, mimetype=GEOJSON), asked.features.crs)


def _described(collection_id: str, given: MomentAndRelease) -> documents.Document:
    who = reader(given)
    query = SiteQuery(given.moment())
    extent = features.extent_of(who, collection_id, query)
    return documents.collection(get_collection(who.collections, collection_id), extent.bbox)


def _moment_only() -> tuple[MomentAndRelease, Form]:
    arguments, form = asked_form()
    return MomentAndRelease.read(arguments), form


def _answer(template: str, document: documents.Document, form: Form) -> ResponseReturnValue:
    return responses.page(template, view=document) if form == "html" else jsonify(document)


def _page_links(collection_id: str, asked: Asked, after: int | str | None) -> list[documents.Document]:
    path = f"/ogc/collections/{collection_id}"
    given = {name: value for name, value in request.args.items() if name != "f"}
    links = [
        documents.link("self", _address(f"{path}/items", given), GEOJSON),
        documents.link("alternate", _address(f"{path}/items", {**given, "f": "html"}), HTML),
        documents.link("collection", path, JSON),
    ]
    if after is not None:
        # By the key of the last feature, so that each page costs the same and none is lost or doubled while
        # the register is written to; by a count of features only where the order is another one.
        position = (
            {"offset": asked.features.offset + (asked.features.limit or 0)}
            if asked.features.order
            else {"after": after}
        )
        kept = {name: value for name, value in given.items() if name not in ("offset", "after")}
        links.append(documents.link("next", _address(f"{path}/items", {**kept, **position}), GEOJSON))
    return links


def _explained(document: documents.Document, who: features.Reader) -> dict[str, Any]:
    """The API for people: forms to try it with, and what else there is."""
    examples = {
        "sites": "status = 'closed'",
        "provinces": "closed > 0",
        "regencies": "closed > 0",
        "centres": "name LIKE '%a%'",
    }
    return {
        "most": MAX_LIMIT,
        "collections": [
            {"id": it.id, "key": it.key, "example": examples[it.id], "names": ",".join(it.names[:5])}
            for it in who.collections.values()
        ],
        "operations": [
            {
                "path": path if "servers" in made else f"/ogc{path}",
                "summary": made["get"]["summary"],
                "parameters": ", ".join(map(openapi.name_of, made["get"]["parameters"][:16])),
            }
            for path, made in document["paths"].items()
        ],
    }


def _table(asked: Asked, head: dict[str, Any], found: list[bytes]) -> dict[str, Any]:
    """A page for people: the first properties of each feature, the rest one click away."""
    columns = asked.features.properties or ()
    rows = [json.loads(feature) for feature in found]
    links = {each["rel"]: each["href"] for each in head["links"]}
    after = f"{links['next']}&f=html" if "next" in links else None
    return {
        **head,
        "collection": {"id": asked.collection.id},
        "self": links["self"],
        "next": after,
        "columns": columns,
        "rows": [
            {"id": row["id"], "told": [_told(row["properties"].get(name)) for name in columns]}
            for row in rows
        ],
    }


def _told(value: object) -> object:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "–" if value is None else value


def _address(path: str, query: dict[str, Any]) -> str:
    return f"{path}?{urlencode(query)}" if query else path


def _typed(response: Response, media_type: str) -> Response:
    response.headers["Content-Type"] = media_type
    return response


def _in_crs(response: Response, crs: Crs) -> Response:
    response.headers["Content-Crs"] = f"<{crs.uri}>"  # Part 2, requirement 16
    return response


VIEWS: dict[str, public.View] = {
    f"ogc.{view.__name__}": view
    for view in (landing, conformance, api, collections, collection, queryables, items, item)
}
