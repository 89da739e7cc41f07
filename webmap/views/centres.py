"""Rehabilitation centres: the list, what is near and has room, and what is missing."""

from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from gis.errors import InvalidInputError, NotFoundError
from gis.services import centres
from webmap import responses
from webmap.links import layer_url
from webmap.parameters import CentreParameters, named_region

blueprint = Blueprint("centres", __name__)
SHOWN = 36  # rows of a page, which stays small; the twins have all


@blueprint.get("/centres")
def page() -> ResponseReturnValue:
    """The centres, those near a region or a site, and the gap by province."""
    asked = CentreParameters.read(request.args, lenient=True)
    view = centres.centres_view(responses.database(), asked.moment(), asked.region, asked.site)
    return responses.page("centres.html", view=_with_layer(view), limit=SHOWN)


@blueprint.get("/centres.json")
def page_json() -> ResponseReturnValue:
    """The data of `/centres`."""
    asked = CentreParameters.read(request.args)
    _check_site(asked)
    with named_region(asked.region):
        view = centres.centres_view(responses.database(), asked.moment(), asked.region, asked.site)
    return jsonify(_with_layer(view))


@blueprint.get("/centres.csv")
def page_csv() -> ResponseReturnValue:
    """The centres as a table."""
    asked = CentreParameters.read(request.args)
    with named_region(asked.region):
        rows, name = centres.centres_table(responses.database(), asked.moment(), asked.region)
    return responses.csv_rows(centres.CENTRE_PROPERTIES, rows, name)


@blueprint.get("/centres.geojson")
def page_geojson() -> ResponseReturnValue:
    """The centres as GeoJSON; without geometries for who may not see the places."""
    asked = CentreParameters.read(request.args)
    with named_region(asked.region):
        response = jsonify(centres.centres_features(responses.database(), asked.moment(), asked.region))
    response.mimetype = responses.GEOJSON
    return response


def _check_site(asked: CentreParameters) -> None:
    """Say which parameter names nothing, before the region might be taken for it."""
    if asked.site is None:
        return
    try:
        centres.check_site(responses.database(), asked.site, asked.moment())
    except NotFoundError as error:
        raise InvalidInputError("site", asked.site, "the number of a site on record") from error


def _with_layer(view: dict[str, Any]) -> dict[str, Any]:
    return {**view, "layer": {**view["layer"], "url": layer_url(view["layer"])}}
