"""What the map fetches: its shell, region layers that never change, and the sites in view."""

from datetime import date

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from gis.domain.regions import Level
from gis.services import catalogue, features
from webmap import public, responses
from webmap.feature_parameters import reader, said
from webmap.links import FOREVER
from webmap.maps import shell_script, shell_style
from webmap.parameters import LayerParameters, SiteParameters
from webmap.public import RELEASE, ReleaseId

blueprint = Blueprint("map_layers", __name__, url_prefix="/map")


class MapParameters(SiteParameters):
    """Which sites, and of a visitor from which release."""

    release: ReleaseId | None = RELEASE


@blueprint.get("/shell.js")
def shell_js() -> ResponseReturnValue:
    """The map's shell, as folium renders it."""
    return _cached(Response(shell_script(), mimetype="text/javascript"))


@blueprint.get("/shell.css")
def shell_css() -> ResponseReturnValue:
    """The style of the map's shell."""
    return _cached(Response(shell_style(), mimetype="text/css"))


@blueprint.get("/regions/<any(province, regency):level>/<day:vintage>.geojson")
def region_layer(level: Level, vintage: date) -> ResponseReturnValue:
    """Simplified regions of a vintage: shapes, codes and names, no figures."""
    asked = LayerParameters.read(request.args)
    layer = catalogue.region_layer(responses.database(), level, vintage, asked.parent)
    response = Response(layer, mimetype=responses.GEOJSON)
    if asked.v:
        response.headers["Cache-Control"] = FOREVER
    return response


@blueprint.get("/sites.geojson")
def sites() -> ResponseReturnValue:
    """The sites within a box, for the map from zoom 8."""
    asked = MapParameters.read(request.args)
    layer = features.map_layer(reader(asked), asked.sites(), said=said(request.args))
    return Response(layer, mimetype=responses.GEOJSON)


def _cached(response: Response) -> Response:
    response.headers["Cache-Control"] = "public, max-age=300"
    response.add_etag()
    response.make_conditional(request)
    return response


VIEWS: dict[str, public.View] = {"map_layers.sites": sites}
