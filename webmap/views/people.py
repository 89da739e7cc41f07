"""Numbers of people, by definition and region."""

from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from gis.database.people import COUNT_COLUMNS
from gis.services import people
from webmap import responses
from webmap.parameters import RegionParameters, named_region

blueprint = Blueprint("people", __name__)


@blueprint.get("/people")
def page() -> ResponseReturnValue:
    """People of the nation or of a region."""
    return responses.page("people.html", view=_view(RegionParameters.read(request.args, lenient=True)))


@blueprint.get("/people.json")
def page_json() -> ResponseReturnValue:
    """The data of `/people`."""
    return jsonify(_view(RegionParameters.read(request.args)))


@blueprint.get("/people.csv")
def page_csv() -> ResponseReturnValue:
    """Every count that the numbers of `/people` rest on."""
    asked = RegionParameters.read(request.args)
    with named_region(asked.region):
        rows, name = people.people_table(responses.database(), asked.moment(), asked.region)
    return responses.csv_rows(COUNT_COLUMNS, rows, name)


def _view(asked: RegionParameters) -> dict[str, Any]:
    with named_region(asked.region):
        return people.people_view(responses.database(), asked.moment(), asked.region)
