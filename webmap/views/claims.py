"""Claims: reported against derived."""

from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from gis.services import claims
from webmap import responses
from webmap.parameters import RegionParameters, named_region

blueprint = Blueprint("claims", __name__)
SHOWN = 45  # rows of a page, which stays small; the twins have all


@blueprint.get("/claims")
def page() -> ResponseReturnValue:
    """What was said, and what the register has for it."""
    view = _view(RegionParameters.read(request.args, lenient=True))
    return responses.page("claims.html", view=claims.first_reports(view, SHOWN))


@blueprint.get("/claims.json")
def page_json() -> ResponseReturnValue:
    """The data of `/claims`."""
    return jsonify(_view(RegionParameters.read(request.args)))


@blueprint.get("/claims.csv")
def page_csv() -> ResponseReturnValue:
    """The table of `/claims`, a row a claim."""
    view = _view(RegionParameters.read(request.args))
    return responses.csv_rows(claims.TABLE_COLUMNS, claims.table_rows(view), "claims.csv")


def _view(asked: RegionParameters) -> dict[str, Any]:
    with named_region(asked.region):
        return claims.claims_view(responses.database(), asked.moment(), asked.region)
