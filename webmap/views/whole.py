"""A release as one document."""

from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from gis.errors import NotFoundError
from gis.services.public.moments import chosen
from gis.services.public.whole import whole_release
from webmap import public
from webmap.links import layer_url
from webmap.public import ReleaseParameters

blueprint = Blueprint("whole", __name__)


@blueprint.get("/release.json")
def release_json() -> ResponseReturnValue:
    """All of a release that is told by day: counts, people, sites, events, regions and their layers."""
    index = public.releases()
    if index is None:
        raise NotFoundError("there are no releases here")
    asked = ReleaseParameters.read(request.args)
    view = whole_release(index.database, chosen(index, asked.release, asked.known_at))
    layers: list[dict[str, Any]] = [
        {**{name: each[name] for name in ("level", "parent_code", "vintage")}, "url": layer_url(each)}
        for each in view["layers"]
    ]
    return jsonify({**view, "layers": layers})


VIEWS: dict[str, public.View] = {"whole.release_json": release_json}
