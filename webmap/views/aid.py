"""Aid: entitled, promised, paid."""

from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from pydantic import Field

from gis.database.aid import ITEM_COLUMNS
from gis.domain.aid import AidQuery, AidType, Definition, Payer
from gis.services import aid
from webmap import responses
from webmap.aid_chart import aid_chart
from webmap.parameters import RegionParameters, named_region

blueprint = Blueprint("aid", __name__)
blueprint.add_app_template_global(aid_chart)


class AidParameters(RegionParameters):
    """Which aid, as of when."""

    payer: Payer | None = Field(None, description="one of " + ", ".join(Payer))
    aid_type: AidType | None = Field(None, description="one of " + ", ".join(AidType))
    definition: Definition = Field("beneficiary", description="beneficiary, resident or returned")

    def aid(self) -> AidQuery:
        """The query that is meant."""
        return AidQuery(self.region, self.payer, self.aid_type, self.definition)


@blueprint.get("/aid")
def page() -> ResponseReturnValue:
    """Aid of the nation or of a region."""
    return responses.page("aid.html", view=_view(AidParameters.read(request.args, lenient=True)))


@blueprint.get("/aid.json")
def page_json() -> ResponseReturnValue:
    """The data of `/aid`."""
    return jsonify(_view(AidParameters.read(request.args)))


@blueprint.get("/aid.csv")
def page_csv() -> ResponseReturnValue:
    """Every item that the sums of `/aid` rest on."""
    asked = AidParameters.read(request.args)
    with named_region(asked.region):
        rows, name = aid.aid_table(responses.database(), asked.moment(), asked.aid())
    return responses.csv_rows([*ITEM_COLUMNS, "overdue"], rows, name)


def _view(asked: AidParameters) -> dict[str, Any]:
    with named_region(asked.region):
        return aid.aid_view(responses.database(), asked.moment(), asked.aid())
