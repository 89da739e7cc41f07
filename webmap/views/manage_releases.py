"""Releases as administrators make them: what the next one would tell and withhold, beside the newest."""

from flask import Blueprint, jsonify, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from gis.domain.access import Role
from gis.domain.releases import LONGEST_NOTE
from gis.errors import ConflictError
from gis.services import publication, release_preview
from webmap import access, error_words, public, responses
from webmap.links import bare_url

blueprint = Blueprint("release_desk", __name__, url_prefix="/manage")
ALL = "/releases"
READERS = (Role.planner, Role.approver, Role.admin)
CONFLICT, TOO_LONG = 409, 422
SHOWN = 40  # sites on the page, which stays within 30 KB; the twin has all


@blueprint.get(ALL)
@access.require(*READERS)
def page() -> ResponseReturnValue:
    """All releases, and what the next one would be."""
    return _page()


@blueprint.get(f"{ALL}.json")
@access.require(*READERS)
def page_json() -> ResponseReturnValue:
    """The data of the page of releases."""
    return jsonify(release_preview.releases_view(responses.database()))


@blueprint.post(ALL)
@access.require(Role.admin)
def publish() -> ResponseReturnValue:
    """Make the release that was looked at."""
    note = " ".join(request.form.get("note", "").split())
    if len(note) > LONGEST_NOTE:
        return _page(note=note, status=TOO_LONG)
    try:
        made = publication.make(responses.database(), note, seen=request.form.get("seen", ""))
    except ConflictError as error:
        return _page(note=note, refusal=error_words.say(str(error)), status=CONFLICT)
    if index := public.releases():
        index.forget()
    return redirect(bare_url("release_desk.page", done=made.release.id), 303)


def _page(note: str = "", refusal: str | None = None, status: int = 200) -> ResponseReturnValue:
    view = responses.plain(release_preview.releases_view(responses.database()))
    done = request.args.get("done")
    body = render_template(
        "manage_releases.html",
        view=view,
        note=note,
        too_long=status == TOO_LONG,
        longest=LONGEST_NOTE,
        refusal=refusal,
        refused=error_words.say(view["refused"]) if view["refused"] else None,
        done=done if done in {each["id"] for each in view["releases"]} else None,
        may_publish=access.acting().role is Role.admin,
        shown=SHOWN,
    )
    return make_response(body, status)
