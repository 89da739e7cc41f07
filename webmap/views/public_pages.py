"""Public pages, their twins, figures and files: the addresses of the signed-in, answered from one release."""

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue

from gis.domain.collections import CollectionId
from gis.domain.feature_query import FeatureQuery
from gis.domain.queries import SiteQuery
from gis.domain.regions import Level
from gis.services.catalogue import View
from gis.services.exports.formats import OFFERED
from gis.services.features import Reader, get_feature
from gis.services.overviews import Overview
from gis.services.public import catalogue, overviews
from gis.services.public.moments import PublicView
from webmap import public, responses
from webmap.links import layer_url
from webmap.parameters import RegionParameters, SummaryParameters, named_region
from webmap.public import RELEASE, PublicParameters, ReleaseId
from webmap.views.files import regions_geojson


class PublicRegionParameters(RegionParameters):
    """Which regions, from which release."""

    release: ReleaseId | None = RELEASE


class PublicSummaryParameters(SummaryParameters):
    """The regional summary of a release."""

    release: ReleaseId | None = RELEASE


def nation() -> ResponseReturnValue:
    """The nation."""
    asked = public.view_of(PublicParameters.read(request.args, lenient=True))
    return _overview("nation.html", _of_nation(asked))


def nation_json() -> ResponseReturnValue:
    """The data of `/`."""
    asked = public.view_of(PublicParameters.read(request.args))
    return jsonify(_with_layer(_of_nation(asked).view))


def nation_csv() -> ResponseReturnValue:
    """The table of `/`."""
    return _summary_table("province", PublicParameters.read(request.args), None, "provinces.csv")


def nation_geojson() -> ResponseReturnValue:
    """The provinces of `/` with their summaries."""
    return _regions_file("provinces", PublicParameters.read(request.args), None, "provinces")


def region(code: str) -> ResponseReturnValue:
    """A province or regency."""
    asked = public.view_of(PublicParameters.read(request.args, lenient=True))
    return _overview("region.html", _of_region(code, asked))


def region_json(code: str) -> ResponseReturnValue:
    """The data of a region's page."""
    asked = public.view_of(PublicParameters.read(request.args))
    return jsonify(_with_layer(_of_region(code, asked).view))


def region_csv(code: str) -> ResponseReturnValue:
    """The regencies of a province, or one regency."""
    return _summary_table("regency", PublicParameters.read(request.args), code, f"{code}.csv")


def region_geojson(code: str) -> ResponseReturnValue:
    """The regencies of a province, or one regency, with shapes."""
    return _regions_file("regencies", PublicParameters.read(request.args), code, code)


def site(site_id: int) -> ResponseReturnValue:
    """A published site."""
    asked = public.view_of(PublicParameters.read(request.args, lenient=True))
    view = catalogue.site_view(public.database(), site_id, asked)
    return responses.page("published_site.html", view=_with_layer(view, "region_layer"))


def site_json(site_id: int) -> ResponseReturnValue:
    """The data of a site's page."""
    asked = public.view_of(PublicParameters.read(request.args))
    return jsonify(_with_layer(catalogue.site_view(public.database(), site_id, asked), "region_layer"))


def site_geojson(site_id: int) -> ResponseReturnValue:
    """One site as a GeoJSON feature, as in `/ogc/collections/sites/items`."""
    asked = PublicParameters.read(request.args)
    reader = Reader(public.database(), public.view_of(asked).moment)
    found = get_feature(reader, "sites", str(site_id), SiteQuery(asked.moment()), FeatureQuery())
    return Response(found, mimetype=responses.GEOJSON)


def downloads() -> ResponseReturnValue:
    """Every file and how to open it."""
    return responses.page("downloads.html", formats=OFFERED)


def about() -> ResponseReturnValue:
    """Method, sources, licence."""
    return responses.page("about.html")


def summary_json() -> ResponseReturnValue:
    """The regional summary."""
    asked = PublicSummaryParameters.read(request.args)
    view = public.view_of(asked)
    with named_region(asked.region):
        rows = catalogue.regional_summary(public.database(), view.moment, asked.level, asked.region)
    return jsonify(catalogue.summary_document(view, rows))


def summary_csv() -> ResponseReturnValue:
    """The regional summary as a table."""
    asked = PublicSummaryParameters.read(request.args)
    with named_region(asked.region):
        rows = catalogue.regional_summary(
            public.database(), public.view_of(asked).moment, asked.level, asked.region
        )
    return responses.csv_rows(catalogue.columns_of(asked.level), rows, "summary.csv")


def series_json() -> ResponseReturnValue:
    """Counts at the end of every month."""
    asked = PublicRegionParameters.read(request.args)
    with named_region(asked.region):
        months = catalogue.monthly_series(public.database(), public.view_of(asked).moment, asked.region)
    return jsonify({"region": asked.region, "months": months})


def _of_nation(asked: PublicView) -> Overview:
    return public.index().kept(asked, lambda: overviews.nation_overview(public.database(), asked))


def _of_region(code: str, asked: PublicView) -> Overview:
    key = (code, asked)
    return public.index().kept(key, lambda: overviews.region_overview(public.database(), code, asked))


def _overview(template: str, overview: Overview) -> str:
    return responses.page(template, view=_with_layer(overview.view), series=overview.series)


def _with_layer(view: View, name: str = "layer") -> View:
    return {**view, name: {**view[name], "url": layer_url(view[name])}}


def _summary_table(level: Level, asked: PublicParameters, code: str | None, name: str) -> ResponseReturnValue:
    moment = public.view_of(asked).moment
    rows = catalogue.regional_summary(public.database(), moment, level, code)
    return responses.csv_rows(catalogue.columns_of(level), rows, name)


def _regions_file(
    collection_id: CollectionId, asked: PublicParameters, code: str | None, stem: str
) -> Response:
    reader = Reader(public.database(), public.view_of(asked).moment)
    return regions_geojson(reader, collection_id, SiteQuery(asked.moment(), region=code), stem)


VIEWS: dict[str, public.View] = {
    "nation": nation,
    "nation_json": nation_json,
    "nation_csv": nation_csv,
    "nation_geojson": nation_geojson,
    "region": region,
    "region_json": region_json,
    "region_csv": region_csv,
    "region_geojson": region_geojson,
    "site": site,
    "site_json": site_json,
    "site_geojson": site_geojson,
    "downloads": downloads,
    "about": about,
    "data.summary_json": summary_json,
    "data.summary_csv": summary_csv,
    "data.series_json": series_json,
}
