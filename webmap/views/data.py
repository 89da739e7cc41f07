"""Figures for programs, and whether the service is well."""

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from gis.domain.regions import REGION_PROPERTIES
from gis.services import catalogue
from webmap import responses
from webmap.parameters import RegionParameters, SummaryParameters, named_region

blueprint = Blueprint("data", __name__)


@blueprint.get("/summary.json")
def summary_json() -> ResponseReturnValue:
    """The regional summary: every region of a level, zeros included."""
    asked = SummaryParameters.read(request.args)
    moment = asked.moment()
    with named_region(asked.region):
        rows = catalogue.regional_summary(responses.database(), asked.level, moment, asked.region)
    return jsonify(catalogue.summary_document(moment, rows))


@blueprint.get("/summary.csv")
def summary_csv() -> ResponseReturnValue:
    """The regional summary as a table."""
    asked = SummaryParameters.read(request.args)
    moment = asked.moment()
    with named_region(asked.region):
        rows = catalogue.regional_summary(responses.database(), asked.level, moment, asked.region)
    records = [row.to_record(moment.as_of) for row in rows]
    return responses.csv_rows(REGION_PROPERTIES, records, "summary.csv")


@blueprint.get("/series.json")
def series_json() -> ResponseReturnValue:
    """Counts at the end of every month."""
    asked = RegionParameters.read(request.args)
    with named_region(asked.region):
        series = catalogue.monthly_series(responses.database(), asked.moment(), asked.region)
    return jsonify({"region": asked.region, "months": series})


@blueprint.get("/health")
def health() -> ResponseReturnValue:
    """Liveness with the state of the database; 503 while it is away."""
    catalogue.check_database(responses.database())
    return jsonify({"status": "ok", "database": "ok"})
