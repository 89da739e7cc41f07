"""A file is sent, its columns agreed on, its rows looked through."""

import secrets
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from gis.errors import AtlasError, BusyError, ConflictError, ImportRefusedError, InvalidInputError
from gis.services import entries
from gis.services.imports import importing
from gis.services.imports.limits import DEFAULT_LIMITS
from gis.services.imports.reading_worker import Options
from webmap import access, import_words, responses
from webmap.links import bare_url
from webmap.views.manage import BATCH, CONFLICT, REFUSED, batch_page

blueprint = Blueprint("imports", __name__, url_prefix="/manage")
BUSY = 503
MOST_OPTIONS = 12  # with more columns a list of suggestions stands once, so that the page stays small
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
    if sent is None or not sent.filename or collection not in import_words.IMPORTED:
        return _form_page(_("Choose a file, and what its rows are."), REFUSED)
    upload = importing.Upload(
        collection,
        sent.stream.read(),
        _file_name(sent.filename),
        _text("sender", 200),
        _text("key", 200) or None,
        _options(),
    )
    try:
        batch_id = importing.upload(responses.database(), upload)
    except ConflictError:
        words = _("This form was sent before, with another file. It is new now: choose the file again.")
        return _form_page(words, CONFLICT)
    except (ImportRefusedError, BusyError) as error:
        return _retried(_form_page(import_words.say_error(error), _status(error)), error)
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
    except (InvalidInputError, ConflictError, BusyError) as error:
        return _retried(_columns_page(batch_id, error), error)
    return redirect(bare_url("manage.batch", batch_id=batch_id), 303)


@blueprint.post(f"{BATCH}/rows/<int(max=2147483647):row_number>")
def choose(batch_id: int, row_number: int) -> ResponseReturnValue:
    """Say of a row that it is a site that is there, or another one."""
    site_id = request.form.get("site_id", type=int)
    try:
        importing.choose_site(responses.database(), batch_id, row_number, site_id)
    except (InvalidInputError, ConflictError) as error:
        return batch_page(batch_id, error)
    return redirect(bare_url("manage.batch", batch_id=batch_id, _anchor=f"r{row_number}"), 303)


@blueprint.get(f"{BATCH}/file")
def original(batch_id: int) -> ResponseReturnValue:
    """The file as it was sent."""
    content = importing.get_file(responses.database(), batch_id)
    response = Response(content, mimetype="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="{batch_id}.bin"'
    return response


def _options() -> Options:
    return Options(table=_text("table", 200) or None, crs=_text("crs", 100) or None)


def _text(name: str, longest: int) -> str:
    return request.form.get(name, "").strip()[:longest]


def _file_name(given: str) -> str:
    """The last part of a path, without signs that are no text; it decides nothing."""
    last = given.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable())[:200] or "file"


def _said(batch_id: int) -> dict[str, dict[str, str]]:
    """The form's columns and constants; a field that has no column in the form may have a constant."""
    batch = entries.get(responses.database(), batch_id, limit=1).batch
    fields = importing.fields_of(batch.collection)
    constants = {field: text for field in fields if (text := _text(f"constant-{field}", 2000))}
    columns = {
        field: request.form[f"column-{field}"]
        for field in fields
        if f"column-{field}" in request.form and (request.form[f"column-{field}"] or field not in constants)
    }
    return {
        "columns": columns,
        "constants": {name: t for name, t in constants.items() if not columns.get(name)},
    }


def _form_page(problem: str | None = None, status: int = 200) -> Response:
    body = render_template(
        "import.html",
        problem=problem,
        collection_words=import_words.IMPORTED,
        chosen=request.values.get("collection", "sites"),
        given={name: _text(name, 200) for name in ("sender", "table", "crs")},
        key=secrets.token_urlsafe(16),
        largest_mib=DEFAULT_LIMITS.file_bytes >> 20,
    )
    return make_response(body, status)


def _columns_page(batch_id: int, problem: AtlasError | None = None) -> Response:
    batch = entries.get(responses.database(), batch_id, limit=1).batch
    field = problem.field.rpartition(", ")[2] if isinstance(problem, InvalidInputError) else ""
    fields = [_field(name, batch.detail, field) for name in importing.fields_of(batch.collection)]
    at_field = any(each["problem"] for each in fields)
    taken = {column for each in fields for column in each["columns"]}
    body = render_template(
        "import_columns.html",
        batch=batch,
        detail=batch.detail,
        used=[each for each in fields if each["columns"] or each["constant"] or each["problem"]],
        unused=[each for each in fields if not (each["columns"] or each["constant"] or each["problem"])],
        left=[column for column in batch.detail["columns"] if column not in taken],
        problem=import_words.say_error(problem) if problem and not at_field else None,
        at_field=at_field,
        most_options=MOST_OPTIONS,
        collection_words=import_words.COLLECTION_WORDS,
    )
    return make_response(body, _status(problem))


def _field(name: str, detail: dict[str, Any], wrong: str) -> dict[str, Any]:
    """A field as the form shows it: as it was typed, or else as it was proposed."""
    mapping = detail["mapping"]
    columns, constant = mapping["columns"].get(name, []), mapping["constants"].get(name, "")
    if request.method == "POST" and request.form.get("action") != "read":
        constant = _text(f"constant-{name}", 2000)
        if f"column-{name}" in request.form:
            columns = list(filter(None, [request.form[f"column-{name}"]]))
    samples = [row.get(columns[0]) for row in detail["sample"]] if columns else []
    return {
        "name": name,
        "word": import_words.say_field(name),
        "columns": columns,
        "constant": constant,
        "samples": [str(cell)[:60] for cell in samples if cell not in (None, "")][:3],
        "confidence": import_words.say_confidence(detail["confidence"].get(name, 1)) if columns else "",
        "problem": _("Another field has this column, or there is none.") if name == wrong else "",
    }


def _status(error: AtlasError | None) -> int:
    if error is None:
        return 200
    return BUSY if isinstance(error, BusyError) else CONFLICT if isinstance(error, ConflictError) else REFUSED


def _retried(response: Response, error: AtlasError) -> Response:
    if isinstance(error, BusyError):
        response.headers["Retry-After"] = str(error.retry_after_s)
    return response
