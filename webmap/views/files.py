"""Whole files for other programs."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from gis.domain.regions import Level
from gis.services.exports import geojson
from webmap import responses
from webmap.parameters import RegionParameters, SiteParameters, named_region

blueprint = Blueprint("files", __name__, url_prefix="/exports")


@blueprint.get("/sites.geojson")
def sites() -> ResponseReturnValue:
    """The sites that the parameters ask for."""
    query = SiteParameters.read(request.args).sites()
    with named_region(query.region):
        return responses.file(
            "sites.geojson",
            responses.GEOJSON,
            lambda target: geojson.write_sites(responses.database(), query, target),
        )


@blueprint.get("/provinces.geojson", defaults={"level": "province"})
@blueprint.get("/regencies.geojson", defaults={"level": "regency"})
def regions(level: Level) -> ResponseReturnValue:
    """The regions of a level with their summaries."""
    asked = RegionParameters.read(request.args)
    moment = asked.moment()
    with named_region(asked.region):
        return responses.file(
            f"{geojson.COLLECTION_OF_LEVEL[level]}.geojson",
            responses.GEOJSON,
            lambda target: geojson.write_regions(responses.database(), level, moment, asked.region, target),
        )
