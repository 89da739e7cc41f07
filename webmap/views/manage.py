"""What waits for a person, and what may be done with a batch."""

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Blueprint, Response, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from gis.domain.access import Role
from gis.domain.batches import BatchState
from gis.errors import AtlasError, InvalidInputError
from gis.services import entries
from gis.services.imports import importing
from webmap import access, import_words, responses
from webmap.form_words import BATCH_WORDS
from webmap.links import bare_url

blueprint = Blueprint("manage", __name__, url_prefix="/manage")
BATCH = "/batches/<int(max=9007199254740991):batch_id>"
REFUSED = 422
PAGE_DRAFTS = 60  # a page stays within 30 KB
OPEN_STATES = (BatchState.draft, BatchState.returned)


@blueprint.get("")
def home() -> ResponseReturnValue:
    """What waits: for an approver what is handed in, for everybody his own drafts and what was sent back."""
    database = responses.database()
    is_approver = access.acting().role is Role.approver
    handed_in = entries.find(database, [BatchState.submitted])
    return render_template(
        "manage.html",
        to_decide=[batch for batch in handed_in if batch.author_id != access.acting().account_id]
        if is_approver
        else [],
        handed_in=[batch for batch in handed_in if batch.author_id == access.acting().account_id],
        own=entries.find(database, OPEN_STATES, own=True),
        decided=entries.find(database, [BatchState.approved])[:10],
        batch_words=BATCH_WORDS,
        collection_words=import_words.COLLECTION_WORDS,
    )


@blueprint.get("/batches")
def batches() -> ResponseReturnValue:
    """Every batch that the account may know of, newest first."""
    state, offset = _state(), max(request.args.get("offset", 0, type=int), 0)
    found = entries.find(responses.database(), [state] if state else None, offset=offset)
    return render_template(
        "batches.html",
        batches=found,
        state=state,
        offset=offset,
        page_rows=entries.PAGE_ROWS,
        batch_words=BATCH_WORDS,
        collection_words=import_words.COLLECTION_WORDS,
    )


@blueprint.get(BATCH)
def batch(batch_id: int) -> ResponseReturnValue:
    """One batch: what it holds, row by row, and what may be done with it."""
    return _batch_page(batch_id)


@blueprint.get(f"{BATCH}.json")
def batch_json(batch_id: int) -> ResponseReturnValue:
    """The data of a batch's page."""
    view = entries.get(responses.database(), batch_id, offset=_offset())
    record = {**view.batch._asdict(), "id": str(view.batch.id)}
    return jsonify({"batch": record, "rows": view.counts, "drafts": [each._asdict() for each in view.drafts]})


@blueprint.post(f"{BATCH}/<any(submit, withdraw, approve, undo, return):step>")
def batch_step(batch_id: int, step: str) -> ResponseReturnValue:
    """Hand in, take back, approve, undo or return a batch."""
    database = responses.database()
    try:
        if step == "undo":
            batch_id = entries.undo(database, batch_id)
        elif step == "return":
            entries.give_back(database, batch_id, request.form.get("reason", "").strip()[:2000])
        else:
            {"submit": entries.submit, "withdraw": entries.withdraw, "approve": entries.approve}[step](
                database, batch_id
            )
    except InvalidInputError as error:
        return _batch_page(batch_id, error), REFUSED
    return redirect(bare_url("manage.batch", batch_id=batch_id), 303)


@blueprint.get(f"{BATCH}/refused.csv")
def refused_rows(batch_id: int) -> ResponseReturnValue:
    """The refused rows of a batch, to be corrected and sent again."""
    with TemporaryDirectory(prefix="atlas-refused-") as folder:
        path = Path(folder) / "refused.csv"
        importing.write_refused_rows(responses.database(), batch_id, path)
        response = Response(path.read_bytes(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{batch_id}-refused.csv"'
    return response


def _batch_page(batch_id: int, problem: AtlasError | None = None) -> str:
    outcome = request.args.get("outcome")
    outcomes = [outcome] if outcome in import_words.OUTCOME_WORDS else None
    view = entries.get(
        responses.database(),
        batch_id,
        outcomes=outcomes,  # type: ignore[arg-type]  # it is one of them
        limit=PAGE_DRAFTS,
        offset=_offset(),
    )
    acting, batch = access.acting(), view.batch
    own = batch.author_id == acting.account_id
    return render_template(
        "batch.html",
        batch=batch,
        rows=_rows(view),
        more=len(view.drafts) == PAGE_DRAFTS,
        counts=view.counts,
        outcome=outcome,
        offset=_offset(),
        page_rows=PAGE_DRAFTS,
        problem=problem,
        may_decide=acting.role is Role.approver and not own and batch.state is BatchState.submitted,
        may_hand_in=own and batch.state in OPEN_STATES and bool(view.counts),
        may_correct=own and batch.state in OPEN_STATES,
        may_withdraw=own and batch.state in (*OPEN_STATES, BatchState.submitted),
        may_undo=batch.state is BatchState.approved and batch.undone_by_id is None,
        batch_words=BATCH_WORDS,
        collection_words=import_words.COLLECTION_WORDS,
        outcome_words=import_words.OUTCOME_WORDS,
        say=import_words.say,
    )


def _rows(view: entries.BatchView) -> list[dict[str, object]]:
    """The drafts of a page by row: what a row holds stands together."""
    rows: dict[int, dict[str, object]] = {}
    parts = Counter(draft.row_number for draft in view.drafts)
    for draft in view.drafts:
        row = rows.setdefault(
            draft.row_number,
            {"number": draft.row_number, "parts": [], "first": draft, "n": parts[draft.row_number]},
        )
        held = row["parts"]
        if isinstance(held, list):
            held.append(draft)
    return list(rows.values())


def _state() -> BatchState | None:
    said = request.args.get("state")
    return BatchState(said) if said in set(BatchState) else None


def _offset() -> int:
    return max(request.args.get("offset", 0, type=int), 0)
