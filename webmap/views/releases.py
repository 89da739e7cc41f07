"""Releases: the list, and one that can be cited."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from gis.errors import NotFoundError
from gis.services.catalogue import View
from gis.services.public import overviews
from gis.services.public.moments import PublicView, chosen, release_record
from webmap import public, responses

blueprint = Blueprint("releases", __name__)


@blueprint.get("/releases")
def list_page() -> ResponseReturnValue:
    """Every release, the newest first."""
    return responses.page("releases.html", view=_list())


@blueprint.get("/releases.json")
def list_json() -> ResponseReturnValue:
    """The data of `/releases`."""
    return jsonify(_list())


@blueprint.get("/releases/<release:release_id>")
def page(release_id: str) -> ResponseReturnValue:
    """One release: what it is, how to cite it, and its figures."""
    return responses.page("release.html", view=_view(release_id))


@blueprint.get("/releases/<release:release_id>.json")
def page_json(release_id: str) -> ResponseReturnValue:
    """The data of a release's page."""
    return jsonify(_view(release_id))


def _list() -> View:
    index = public.releases()
    return {"releases": [release_record(each) for each in index.all()] if index else []}


def _view(release_id: str) -> View:
    index = public.releases()
    if index is None:
        raise NotFoundError("there are no releases here")
    release = chosen(index, release_id, None)
    view = overviews.nation_overview(index.database, PublicView(index.moment(release))).view
    told = ("as_of", "region", "children", "reactivated_by_year", "synthetic")
    about = {**release_record(release), "method": release.method}
    return {**{name: view[name] for name in told}, "release": about}


VIEWS: dict[str, public.View] = {
    "releases.list_page": list_page,
    "releases.list_json": list_json,
    "releases.page": page,
    "releases.page_json": page_json,
}
