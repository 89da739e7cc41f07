"""The daily work: a site, an event, a headcount; each form's entry is a batch of drafts."""

import secrets
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from gis.domain.forms import prefilling
from gis.domain.forms.places import LARGEST_DRAWN
from gis.domain.forms.reading import FormProblem
from gis.domain.forms.sites import KINDS_OF_EVENT
from gis.services import log_forms, site_entries, site_forms
from gis.services.log_forms import Way
from gis.services.site_forms import Answer, Desk, PlaceAnswer, Submission
from webmap import access, form_words, i18n, responses
from webmap.links import bare_url, layer_url
from webmap.parameters import record_id

blueprint = Blueprint("forms", __name__, url_prefix="/manage")
REFUSED = 422
SITE = "/sites/<int(max=9007199254740991):site_id>"


@blueprint.get("/sites/new")
def site_new() -> ResponseReturnValue:
    """The form of a new site."""
    fields = _reopened() or {"place": "point", "site_type": "lokalisasi", "location_accuracy": "exact"}
    return _site_page(None, fields)


@blueprint.post("/sites/new")
def site_new_enter() -> ResponseReturnValue:
    """Enter a new site."""
    if request.form.get("action") == "locate":
        return _site_page(None, request.form.to_dict(), located=_located(None))
    answer = site_forms.enter_site(responses.database(), _sent())
    return _entered(answer) or _site_page(None, request.form.to_dict(), answer)


@blueprint.get(f"{SITE}/edit")
def site_edit(site_id: int) -> ResponseReturnValue:
    """The form of a site that is there."""
    desk = site_forms.open_desk(responses.database(), site_id)
    return _site_page(desk, _reopened() or prefilling.stored_fields(desk.site, desk.region_names))


@blueprint.post(f"{SITE}/edit")
def site_edit_enter(site_id: int) -> ResponseReturnValue:
    """Enter a change of a site."""
    desk = site_forms.open_desk(responses.database(), site_id)
    if request.form.get("action") == "locate":
        return _site_page(desk, request.form.to_dict(), located=_located(desk.site.wkt))
    answer = site_forms.enter_site(responses.database(), _sent(), site_id)
    return _entered(answer) or _site_page(desk, request.form.to_dict(), answer)


@blueprint.get(f"{SITE}/events/new")
def event_new(site_id: int) -> ResponseReturnValue:
    """The form of an event; with `replaces` or `retracts` it is one that corrects another."""
    desk = site_forms.open_desk(responses.database(), site_id)
    way, corrected = _way()
    earlier = log_forms.find_entry(desk.events, corrected) if corrected else None
    fields = prefilling.event_fields(earlier) if earlier and way == "replace" else {"planned": "no"}
    return _log_page("form_event.html", desk, _reopened() or fields, earlier)


@blueprint.post(f"{SITE}/events/new")
def event_enter(site_id: int) -> ResponseReturnValue:
    """Enter an event."""
    way, corrected = _way()
    answer = log_forms.enter_event(responses.database(), _sent(), site_id, way, corrected)
    return _entered(answer) or _again("form_event.html", site_id, answer, "events")


@blueprint.get(f"{SITE}/headcounts/new")
def headcount_new(site_id: int) -> ResponseReturnValue:
    """The form of a headcount; with `replaces` or `retracts` it is one that corrects another."""
    desk = site_forms.open_desk(responses.database(), site_id)
    way, corrected = _way()
    earlier = log_forms.find_entry(desk.headcounts, corrected) if corrected else None
    fields = prefilling.headcount_fields(earlier) if earlier and way == "replace" else {}
    return _log_page("form_headcount.html", desk, _reopened() or fields, earlier)


@blueprint.post(f"{SITE}/headcounts/new")
def headcount_enter(site_id: int) -> ResponseReturnValue:
    """Enter a headcount."""
    way, corrected = _way()
    answer = log_forms.enter_headcount(responses.database(), _sent(), site_id, way, corrected)
    return _entered(answer) or _again("form_headcount.html", site_id, answer, "headcounts")


@blueprint.get(f"{SITE}/boundaries/new")
def boundary_new(site_id: int) -> ResponseReturnValue:
    """The form of a boundary by decree; with `replaces` or `retracts` it is one that corrects another."""
    desk = site_forms.open_desk(responses.database(), site_id)
    earlier = _boundary(site_id)
    fields = prefilling.boundary_fields(earlier) if earlier and _way()[0] == "replace" else {}
    return _boundary_page(desk, _reopened() or fields, earlier)


@blueprint.post(f"{SITE}/boundaries/new")
def boundary_enter(site_id: int) -> ResponseReturnValue:
    """Enter a boundary by decree."""
    if request.form.get("action") == "locate":
        desk = site_forms.open_desk(responses.database(), site_id)
        return _boundary_page(desk, request.form.to_dict(), _boundary(site_id), _located(None))
    way, corrected = _way()
    answer = log_forms.enter_boundary(responses.database(), _sent(), site_id, way, corrected)
    if done := _entered(answer):
        return done
    desk = site_forms.open_desk(responses.database(), site_id)
    return _boundary_page(desk, request.form.to_dict(), _boundary(site_id), problems=answer.problems)


@blueprint.post("/locate")
def locate() -> ResponseReturnValue:
    """Where the place of a form would belong, while it is being drawn."""
    site_id = request.args.get("site", type=record_id)
    kept = None
    if site_id is not None and request.form.get("place") == "keep":
        kept = site_forms.open_desk(responses.database(), site_id).site.wkt
    found = site_forms.locate(responses.database(), request.form.to_dict(), kept)
    located = found.located
    return jsonify(
        problems=form_words.by_field(found.problems),
        geometry=found.geometry,
        regions=[region._asdict() for region in located.regions] if located else [],
        within_scope=located.within_scope if located else None,
        words=form_words.say_located(located) if located else "",
        layer=layer_url(found.layer) if found.layer else None,
    )


@blueprint.get("/regions.json")
def regions() -> ResponseReturnValue:
    """The regencies that a form may name, for its list of suggestions."""
    return jsonify([name for _, name in site_forms.region_choices(responses.database())])


@blueprint.get("/entries/<int(max=9007199254740991):batch_id>")
def entry(batch_id: int) -> ResponseReturnValue:
    """The former address of an entry, which is a batch like others."""
    return redirect(bare_url("manage.batch", batch_id=batch_id), 308)


def _sent() -> Submission:
    given = request.form.to_dict()
    replaced = given.get("batch", "")
    return Submission(
        given,
        hand_in=given.get("action") != "draft",
        replaces_batch=int(replaced)
        if replaced.isascii() and replaced.isdigit() and len(replaced) < 17
        else None,
    )


def _reopened() -> dict[str, str] | None:
    batch_id = request.args.get("draft", type=record_id)
    return site_entries.reopen(responses.database(), batch_id) if batch_id is not None else None


def _way() -> tuple[Way, int | None]:
    for way, name in (("replace", "replaces"), ("retract", "retracts")):
        corrected = request.args.get(name, type=record_id)
        if corrected is not None:
            return ("replace" if way == "replace" else "retract"), corrected
    return "new", None


def _entered(answer: Answer) -> ResponseReturnValue | None:
    if answer.batch_id is None:
        return None
    return redirect(bare_url("manage.batch", batch_id=answer.batch_id), 303)


def _located(kept: str | None) -> PlaceAnswer:
    return site_forms.locate(responses.database(), request.form.to_dict(), kept)


def _site_page(
    desk: Desk | None,
    fields: dict[str, str],
    answer: Answer | None = None,
    located: PlaceAnswer | None = None,
) -> Response:
    problems = [*(answer.problems if answer else ()), *(located.problems if located else ())]
    layer = desk.layer if desk else site_forms.starting_layer(responses.database())
    found = located.located if located else None
    return _page(
        "form_site.html",
        desk,
        fields,
        problems,
        layer=layer_url(layer),
        most_corners=LARGEST_DRAWN,
        located=form_words.say_located(found) if found else "",
        choices=site_forms.region_choices(responses.database()) if access.acting().role.is_scoped else [],
    )


def _boundary(site_id: int) -> dict[str, Any] | None:
    _, corrected = _way()
    return log_forms.find_boundary(responses.database(), site_id, corrected) if corrected else None


def _boundary_page(
    desk: Desk,
    fields: dict[str, str],
    earlier: dict[str, Any] | None,
    found: PlaceAnswer | None = None,
    problems: Sequence[FormProblem] = (),
) -> Response:
    located = found.located if found else None
    return _page(
        "form_boundary.html",
        desk,
        fields,
        [*problems, *(found.problems if found else ())],
        earlier=earlier,
        layer=layer_url(desk.layer),
        most_corners=LARGEST_DRAWN,
        located=form_words.say_located(located) if located else "",
    )


def _log_page(template: str, desk: Desk, fields: dict[str, str], earlier: dict[str, Any] | None) -> Response:
    return _page(template, desk, fields, [], earlier=earlier)


def _again(template: str, site_id: int, answer: Answer, history: str) -> Response:
    desk = site_forms.open_desk(responses.database(), site_id)
    _, corrected = _way()
    earlier = log_forms.find_entry(getattr(desk, history), corrected) if corrected else None
    return _page(template, desk, request.form.to_dict(), answer.problems, earlier=earlier)


def _page(
    template: str, desk: Desk | None, fields: dict[str, str], problems: list[Any], **more: Any
) -> Response:
    body = render_template(
        template,
        desk=desk,
        fields={"key": secrets.token_hex(8), **fields},
        problems=form_words.by_field(problems),
        kinds=KINDS_OF_EVENT,
        way=_way()[0],
        batch_words=i18n.BATCH_WORDS,
        regencies=log_forms.counted_regencies(responses.database(), desk.regions) if desk else [],
        **more,
    )
    return make_response(body, REFUSED if problems else 200)
