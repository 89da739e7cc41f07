"""A file is sent, its columns agreed on, its rows looked through."""

import secrets

from flask import Blueprint, Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from gis.domain.batches import Collection
from gis.errors import ImportRefusedError, InvalidInputError
from gis.services import entries
from gis.services.imports import importing
from gis.services.imports.limits import DEFAULT_LIMITS
from gis.services.imports.reading_worker import Options
from webmap import access, import_words, responses
from webmap.links import bare_url

blueprint = Blueprint("imports", __name__, url_prefix="/manage")
BATCH = "/batches/<int(max=9007199254740991):batch_id>"
REFUSED = 422
FORM_BYTES = 1 << 20  # beside the file


@blueprint.get("/import")
def form() -> ResponseReturnValue:
    """The form that takes a file."""
    return _form_page()


@access.takes(DEFAULT_LIMITS.file_bytes + FORM_BYTES)
@blueprint.post("/import")
def send() -> ResponseReturnValue:
    """Read a file that was sent."""
    sent, collection = request.files.get("file"), request.form.get("collection", "")
    if sent is None or not sent.filename or collection not in import_words.COLLECTION_WORDS:
        return _form_page("missing"), REFUSED
    upload = importing.Upload(
        collection,  # type: ignore[arg-type]  # it is one of them
        sent.stream.read(),
        sent.filename,
        request.form.get("sender", "").strip()[:200],
        request.form.get("key", "").strip()[:200] or None,
        _options(),
    )
    try:
        batch_id = importing.upload(responses.database(), upload)
    except ImportRefusedError as error:
        return _form_page(import_words.say_refusal(error)), REFUSED
    return redirect(bare_url("imports.columns", batch_id=batch_id), 303)


@blueprint.get(f"{BATCH}/columns")
def columns(batch_id: int) -> ResponseReturnValue:
    """Which column is which field: the proposal, to be corrected."""
    return _columns_page(batch_id)


@blueprint.post(f"{BATCH}/columns")
def agree(batch_id: int) -> ResponseReturnValue:
    """Make drafts of the rows with these columns, or read the file in another way."""
    database = responses.database()
    try:
        if request.form.get("action") == "read":
            importing.read_again(database, batch_id, _options())
            return redirect(bare_url("imports.columns", batch_id=batch_id), 303)
        importing.agree(database, batch_id, _said(batch_id))
    except ImportRefusedError as error:
        return _columns_page(batch_id, import_words.say_refusal(error)), REFUSED
    except InvalidInputError as error:
        return _columns_page(batch_id, str(error)), REFUSED
    return redirect(bare_url("manage.batch", batch_id=batch_id), 303)


@blueprint.post(f"{BATCH}/rows/<int:row_number>")
def choose(batch_id: int, row_number: int) -> ResponseReturnValue:
    """Say of a row that it is a site that is there, or another one."""
    site_id = request.form.get("site_id", type=int)
    importing.choose_site(responses.database(), batch_id, row_number, site_id)
    return redirect(bare_url("manage.batch", batch_id=batch_id), 303)


@blueprint.get(f"{BATCH}/file")
def original(batch_id: int) -> ResponseReturnValue:
    """The file as it was sent."""
    content = importing.get_file(responses.database(), batch_id)
    response = Response(content, mimetype="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="{batch_id}.bin"'
    return response


def _options() -> Options:
    return Options(
        table=request.form.get("table") or None,
        crs=(request.form.get("crs") or "").strip()[:100] or None,
    )


def _said(batch_id: int) -> dict[str, dict[str, str]]:
    """The form's columns and constants; what is not in the form stays as it was proposed."""
    batch = entries.get(responses.database(), batch_id).batch
    fields = importing.fields_of(batch.collection)
    return {
        "columns": {
            field: request.form[f"column-{field}"] for field in fields if f"column-{field}" in request.form
        },
        "constants": {
            field: request.form[f"constant-{field}"].strip()[:2000]
            for field in fields
            if request.form.get(f"constant-{field}", "").strip()
        },
    }


def _form_page(problem: str | None = None) -> str:
    return render_template(
        "import.html",
        problem=problem,
        collection_words=import_words.COLLECTION_WORDS,
        chosen=request.form.get("collection", "sites"),
        sender=request.form.get("sender", ""),
        key=secrets.token_urlsafe(16),
        largest_mib=DEFAULT_LIMITS.file_bytes >> 20,
    )


def _columns_page(batch_id: int, problem: str | None = None) -> str:
    batch = entries.get(responses.database(), batch_id).batch
    collection: Collection = batch.collection
    return render_template(
        "import_columns.html",
        batch=batch,
        detail=batch.detail,
        fields=importing.fields_of(collection),
        problem=problem,
        collection_words=import_words.COLLECTION_WORDS,
    )
