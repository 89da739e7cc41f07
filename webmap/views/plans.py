"""Plans and letters, and visits to closed sites: pages and their data twins."""

from typing import Annotated, Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from pydantic import BeforeValidator, Field

from gis.database.plans import PLAN_COLUMNS, VISIT_COLUMNS
from gis.domain.monitoring import VisitState
from gis.domain.plans import PlanState
from gis.services import plans
from gis.services.catalogue import View
from webmap import i18n, responses
from webmap.parameters import RegionParameters, comma_list, named_region

blueprint = Blueprint("plans", __name__)

WORDS: dict[str, dict[str, Any]] = {
    "plan_kind_words": i18n.PLAN_KIND_WORDS,
    "plan_state_words": {
        "overdue": _l("overdue"),
        "coming": _l("to come"),
        "fulfilled": _l("fulfilled"),
        "no_sites": _l("nothing to close on record"),
        "undated": _l("without a closing date"),
        "replaced": _l("replaced by a later one"),
    },
    "visit_state_words": {
        "overdue": _l("overdue"),
        "due": _l("due"),
        "coming": _l("to come"),
        "done": _l("done"),
    },
}


class PlanParameters(RegionParameters):
    """Which plans, as of when."""

    state: Annotated[tuple[PlanState, ...], BeforeValidator(comma_list)] = Field(
        tuple(PlanState), description="a comma list of " + ", ".join(PlanState)
    )

    def view(self) -> View:
        """What is asked for."""
        with named_region(self.region):
            return plans.plans_view(responses.database(), self.moment(), self.region, self.state)


class VisitParameters(RegionParameters):
    """Which visits, as of when."""

    state: Annotated[tuple[VisitState, ...], BeforeValidator(comma_list)] = Field(
        tuple(VisitState), description="a comma list of " + ", ".join(VisitState)
    )

    def view(self) -> View:
        """What is asked for."""
        with named_region(self.region):
            return plans.monitoring_view(responses.database(), self.moment(), self.region, self.state)


@blueprint.app_context_processor
def _words() -> dict[str, dict[str, Any]]:
    return WORDS


@blueprint.get("/plans")
def plan_list() -> ResponseReturnValue:
    """Plans and letters: overdue, to come, fulfilled."""
    return responses.page("plans.html", view=PlanParameters.read(request.args, lenient=True).view())


@blueprint.get("/plans.json")
def plan_list_json() -> ResponseReturnValue:
    """The data of `/plans`."""
    return jsonify(_without_choices(PlanParameters.read(request.args).view()))


@blueprint.get("/plans.csv")
def plan_list_csv() -> ResponseReturnValue:
    """The table of `/plans`."""
    view = PlanParameters.read(request.args).view()
    return responses.csv_rows(PLAN_COLUMNS, view["plans"], "plans.csv")


@blueprint.get("/monitoring")
def monitoring() -> ResponseReturnValue:
    """Visits to closed sites: overdue, due, to come, done."""
    return responses.page("monitoring.html", view=VisitParameters.read(request.args, lenient=True).view())


@blueprint.get("/monitoring.json")
def monitoring_json() -> ResponseReturnValue:
    """The data of `/monitoring`."""
    return jsonify(_without_choices(VisitParameters.read(request.args).view()))


@blueprint.get("/monitoring.csv")
def monitoring_csv() -> ResponseReturnValue:
    """The table of `/monitoring`, a row a visit."""
    view = VisitParameters.read(request.args).view()
    rows = [{**site, **visit} for site in view["sites"] for visit in site["visits"]]
    return responses.csv_rows(VISIT_COLUMNS, rows, "monitoring.csv")


def _without_choices(view: View) -> View:
    return {name: value for name, value in view.items() if name != "provinces"}
