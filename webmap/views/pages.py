"""Pages and their data twins; Indonesian at the path, English under /en."""

from flask import Blueprint, Response, jsonify, redirect, request
from flask.typing import ResponseReturnValue

from gis.domain.feature_query import FeatureQuery
from gis.domain.queries import SiteQuery
from gis.domain.regions import REGION_PROPERTIES
from gis.services import catalogue, overviews
from gis.services.exports.formats import OFFERED
from gis.services.features import Reader, get_feature
from webmap import access, responses
from webmap.links import layer_url, page_url
from webmap.parameters import MomentParameters, ViewParameters
from webmap.views.files import regions_geojson

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def nation() -> ResponseReturnValue:
    """The nation: map, figures against the 2019 target, pace, provinces."""
    identity = access.acting()
    if identity.region_code is not None:  # until there are releases, the nation is for national roles
        return redirect(page_url("region", code=identity.region_code), 302)
    query = ViewParameters.read(request.args, lenient=True).query()
    return _overview("nation.html", overviews.nation_overview(responses.database(), query))


@blueprint.get("/index.json")
def nation_json() -> ResponseReturnValue:
    """The data of `/`."""
    query = ViewParameters.read(request.args).query()
    return jsonify(_with_layer(overviews.nation_overview(responses.database(), query).view))


@blueprint.get("/index.csv")
def nation_csv() -> ResponseReturnValue:
    """The table of `/`."""
    moment = ViewParameters.read(request.args).moment()
    rows = catalogue.regional_summary(responses.database(), "province", moment)
    return responses.csv_rows(
        REGION_PROPERTIES, [row.to_record(moment.as_of) for row in rows], "provinces.csv"
    )


@blueprint.get("/index.geojson")
def nation_geojson() -> ResponseReturnValue:
    """The provinces of `/` with their summaries."""
    moment = ViewParameters.read(request.args).moment()
    return regions_geojson(Reader(responses.database()), "provinces", SiteQuery(moment), "provinces")


@blueprint.get("/regions/<region:code>")
def region(code: str) -> ResponseReturnValue:
    """A province or regency."""
    query = ViewParameters.read(request.args, lenient=True).query()
    return _overview("region.html", overviews.region_overview(responses.database(), code, query))


@blueprint.get("/regions/<region:code>.json")
def region_json(code: str) -> ResponseReturnValue:
    """The data of a region's page."""
    query = ViewParameters.read(request.args).query()
    return jsonify(_with_layer(overviews.region_overview(responses.database(), code, query).view))


@blueprint.get("/regions/<region:code>.csv")
def region_csv(code: str) -> ResponseReturnValue:
    """The regencies of a province, or one regency, with their summaries."""
    moment = ViewParameters.read(request.args).moment()
    rows = catalogue.regional_summary(responses.database(), "regency", moment, code)
    records = [row.to_record(moment.as_of) for row in rows]
    return responses.csv_rows(REGION_PROPERTIES, records, f"{code}.csv")


@blueprint.get("/regions/<region:code>.geojson")
def region_geojson(code: str) -> ResponseReturnValue:
    """The regencies of a province, or one regency, with shapes and summaries."""
    moment = ViewParameters.read(request.args).moment()
    return regions_geojson(Reader(responses.database()), "regencies", SiteQuery(moment, region=code), code)


@blueprint.get("/sites/<int:site_id>")
def site(site_id: int) -> ResponseReturnValue:
    """A site's history."""
    moment = MomentParameters.read(request.args, lenient=True).moment()
    view = catalogue.site_view(responses.database(), site_id, moment)
    return responses.page("site.html", view=_with_layer(view, "region_layer"))


@blueprint.get("/sites/<int:site_id>.json")
def site_json(site_id: int) -> ResponseReturnValue:
    """The data of a site's page."""
    moment = MomentParameters.read(request.args).moment()
    return jsonify(_with_layer(catalogue.site_view(responses.database(), site_id, moment), "region_layer"))


@blueprint.get("/sites/<int:site_id>.geojson")
def site_geojson(site_id: int) -> ResponseReturnValue:
    """One site as a GeoJSON feature, as in `/ogc/collections/sites/items`."""
    query = SiteQuery(MomentParameters.read(request.args).moment())
    found = get_feature(Reader(responses.database()), "sites", str(site_id), query, FeatureQuery())
    return Response(found, mimetype=responses.GEOJSON)


@blueprint.get("/downloads")
def downloads() -> ResponseReturnValue:
    """Every file and how to open it."""
    return responses.page("downloads.html", formats=OFFERED)


@blueprint.get("/about")
def about() -> ResponseReturnValue:
    """Method, sources, licence."""
    return responses.page("about.html")


def _overview(template: str, overview: overviews.Overview) -> str:
    return responses.page(template, view=_with_layer(overview.view), series=overview.series)


def _with_layer(view: catalogue.View, name: str = "layer") -> catalogue.View:
    return {**view, name: {**view[name], "url": layer_url(view[name])}}
