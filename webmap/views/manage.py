"""What waits for a person, and what may be done with a batch."""

from typing import Any

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from gis.domain.access import Role
from gis.domain.batches import Batch, BatchState, Draft
from gis.errors import AtlasError, ConflictError, InvalidInputError
from gis.services import batch_places, entries, site_entries, site_forms
from gis.services.folders import own_folder
from gis.services.imports import importing
from gis.services.imports.rows_refused import ordered
from webmap import access, import_words, record_words, responses
from webmap.i18n import BATCH_WORDS
from webmap.links import bare_url, layer_url

blueprint = Blueprint("manage", __name__, url_prefix="/manage")
BATCH = "/batches/<int(max=9007199254740991):batch_id>"
REFUSED, CONFLICT = 422, 409
PAGE_ROWS = 25  # a page stays within 30 KB
OPEN_STATES = (BatchState.draft, BatchState.returned)
INNER = ("author_id", "idempotency_key", "detail")
STEPS = {"submit": entries.submit, "withdraw": entries.withdraw, "approve": entries.approve}


@blueprint.get("")
def home() -> ResponseReturnValue:
    """What waits: for an approver what is handed in, for everybody his own drafts and what was sent back."""
    database, acting = responses.database(), access.acting()
    handed_in = entries.find(database, [BatchState.submitted])
    own = entries.find(database, OPEN_STATES, own=True)
    return render_template(
        "manage.html",
        to_decide=[batch for batch in handed_in if batch.author_id != acting.account_id]
        if acting.role is Role.approver
        else [],
        sent_back=[batch for batch in own if batch.state is BatchState.returned],
        drafts=[batch for batch in own if batch.state is BatchState.draft],
        handed_in=[batch for batch in handed_in if batch.author_id == acting.account_id],
        decided=entries.find(database, [BatchState.approved])[:10],
        region_names=entries.region_names(database),
        batch_words=BATCH_WORDS,
        collection_words=import_words.COLLECTION_WORDS,
    )


@blueprint.get("/batches")
def batches() -> ResponseReturnValue:
    """Every batch that the account may know of, newest first."""
    state = _state()
    return render_template(
        "batches.html",
        batches=_found(state),
        state=state,
        offset=_offset(),
        page_rows=entries.PAGE_ROWS,
        region_names=entries.region_names(responses.database()),
        batch_words=BATCH_WORDS,
        collection_words=import_words.COLLECTION_WORDS,
    )


@blueprint.get("/batches.json")
def batches_json() -> ResponseReturnValue:
    """The data of the list of batches."""
    return jsonify({"batches": [_record(batch) for batch in _found(_state())]})


@blueprint.get(BATCH)
def batch(batch_id: int) -> ResponseReturnValue:
    """One batch: what it holds, row by row, and what may be done with it."""
    return batch_page(batch_id)


@blueprint.get(f"{BATCH}.json")
def batch_json(batch_id: int) -> ResponseReturnValue:
    """The data of a batch's page."""
    view = _view(batch_id)
    drafts = [{**draft._asdict(), "fact_id": str(draft.fact_id)} for draft in view.drafts]
    return jsonify({"batch": _record(view.batch), "rows": view.counts, "drafts": drafts})


@blueprint.get(f"{BATCH}.geojson")
def batch_geojson(batch_id: int) -> ResponseReturnValue:
    """The sites of a batch's page, for its map."""
    features = batch_places.features(_view(batch_id))
    return Response(responses.dumped(features), mimetype=responses.GEOJSON)


@blueprint.post(f"{BATCH}/<any(submit, withdraw, approve, undo, return):step>")
def batch_step(batch_id: int, step: str) -> ResponseReturnValue:
    """Hand in, take back, approve, undo or return a batch."""
    database = responses.database()
    reason = request.form.get("reason", "").strip()[:2000]
    try:
        if step == "undo":
            batch_id = entries.undo(database, batch_id)
        elif step == "return":
            entries.give_back(database, batch_id, reason)
        else:
            STEPS[step](database, batch_id)
    except (InvalidInputError, ConflictError) as error:
        return batch_page(batch_id, error, lacks_reason=step == "return" and not reason)
    return redirect(bare_url("manage.batch", batch_id=batch_id), 303)


@blueprint.get(f"{BATCH}/refused.csv")
def refused_rows(batch_id: int) -> ResponseReturnValue:
    """The refused rows of a batch, to be corrected and sent again."""
    with own_folder() as folder:
        path = folder / "refused.csv"
        importing.write_refused_rows(
            responses.database(),
            batch_id,
            path,
            lambda problem: f"{import_words.say_field(problem.field)}: {import_words.say_problem(problem)}",
        )
        response = Response(path.read_bytes(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{batch_id}-refused.csv"'
    return response


def batch_page(batch_id: int, problem: AtlasError | None = None, *, lacks_reason: bool = False) -> Response:
    """The page of a batch; with a problem, why something could not be done with it."""
    view = _view(batch_id)
    batch, rows = view.batch, _rows(view)
    has_places = bool(batch_places.features(view)["features"])
    outcome = request.args.get("outcome")
    shown = {outcome} if outcome in import_words.OUTCOME_WORDS else set(import_words.OUTCOME_WORDS)
    query = {"outcome": outcome, "offset": _offset() or None}
    body = render_template(
        "batch.html",
        batch=batch,
        rows=rows,
        more=_offset() + PAGE_ROWS < sum(n for name, n in view.counts.items() if name in shown),
        counts=view.counts,
        outcome=outcome,
        offset=_offset(),
        page_rows=PAGE_ROWS,
        problem=import_words.say_error(problem) if problem and not lacks_reason else None,
        lacks_reason=lacks_reason,
        may=_may(view),
        region_names=view.region_names,
        entry={} if batch.file_name else site_entries.describe(responses.database(), batch_id),
        places=bare_url("manage.batch_geojson", batch_id=batch_id, **query) if has_places else None,
        layer=layer_url(site_forms.starting_layer(responses.database())) if has_places else None,
        batch_words=BATCH_WORDS,
        collection_words=import_words.COLLECTION_WORDS,
        outcome_words=import_words.OUTCOME_WORDS,
        say_field=import_words.say_field,
        say_value=record_words.say_value,
    )
    status = CONFLICT if isinstance(problem, ConflictError) else REFUSED if problem else 200
    return make_response(body, status)


def _view(batch_id: int) -> entries.BatchView:
    outcome = request.args.get("outcome")
    return entries.get(
        responses.database(),
        batch_id,
        outcomes=[outcome] if outcome in import_words.OUTCOME_WORDS else None,  # type: ignore[list-item]  # checked
        limit=PAGE_ROWS,
        offset=_offset(),
    )


def _may(view: entries.BatchView) -> dict[str, bool]:
    """What whoever acts may do with a batch; the database has the last word."""
    acting, batch = access.acting(), view.batch
    own = batch.author_id == acting.account_id
    is_open = own and batch.state in OPEN_STATES
    return {
        "decide": acting.role is Role.approver and not own and batch.state is BatchState.submitted,
        "hand_in": is_open and sum(n for outcome, n in view.counts.items() if outcome != "refused") > 0,
        "correct": is_open,
        "withdraw": is_open or (own and batch.state is BatchState.submitted),
        "undo": batch.state is BatchState.approved and batch.undone_by_id is None,
    }


def _rows(view: entries.BatchView) -> list[dict[str, Any]]:
    """The drafts of a page by row: what a row holds stands together."""
    rows: dict[int, list[Draft]] = {}
    for draft in view.drafts:
        rows.setdefault(draft.row_number, []).append(draft)
    columns = view.batch.detail.get("columns", [])
    return [_row(number, parts, view.region_names, columns) for number, parts in rows.items()]


def _row(number: int, parts: list[Draft], names: dict[str, str], columns: list[str]) -> dict[str, Any]:
    first = parts[0]
    lying = batch_places.lying(first)
    site_id = str((first.content or {}).get("site_id") or "")
    remarks = []
    for told in first.remarks or []:
        details = told.get("details") or {}
        is_it = details.get("site_id") == site_id
        remarks.append(
            {
                "words": import_words.say(told, names, is_apart=not is_it),
                "distance_m": details.get("distance_m"),
                "site_id": details.get("site_id"),
                "is_it": is_it,
            }
        )
    return {
        "number": number,
        "parts": parts,
        "outcome": _outcome(parts),
        "raw": [str(cell) for cell in ordered(first.raw, columns).values() if cell not in (None, "")],
        "found": batch_places.named(lying.found, names),
        "declared": batch_places.named(lying.declared, names),
        "differs": lying.differs,
        "problems": [
            {
                "field": import_words.say_field(told["field"]),
                "words": import_words.say(told, names),
                "found": import_words.say_found(told, names),
            }
            for told in first.problems or []
        ],
        "remarks": remarks,
    }


def _outcome(parts: list[Draft]) -> str:
    """What a row came to, as the counts above the rows have it."""
    outcomes = {draft.outcome for draft in parts}
    if "refused" in outcomes:
        return "refused"
    if parts[0].outcome == "new":
        return "new"
    return "changed" if outcomes & {"new", "changed"} else "same"


def _record(batch: Batch) -> dict[str, Any]:
    kept = {name: value for name, value in batch._asdict().items() if name not in INNER}
    ids = ("id", "undoes_id", "undone_by_id")
    return {**kept, **{name: str(kept[name]) if kept[name] else None for name in ids}}


def _found(state: BatchState | None) -> list[Batch]:
    return entries.find(responses.database(), [state] if state else None, offset=_offset())


def _state() -> BatchState | None:
    said = request.args.get("state")
    return BatchState(said) if said in set(BatchState) else None


def _offset() -> int:
    return min(max(request.args.get("offset", 0, type=int), 0), 10_000_000)
