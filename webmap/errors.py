"""From exceptions to answers: one table, and no word of an exception that is not made for a person."""

import secrets
from http import HTTPStatus

import structlog
from flask import Flask, Response, current_app, g, render_template, request
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response as BaseResponse

from gis.errors import (
    AtlasError,
    BusyError,
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    UnavailableError,
)
from webmap import error_words, tokens
from webmap.links import LANGUAGE_PREFIXES, without_language

log = structlog.get_logger()

STATUS_OF: tuple[tuple[type[Exception], HTTPStatus], ...] = (
    (InvalidInputError, HTTPStatus.BAD_REQUEST),
    (NotFoundError, HTTPStatus.NOT_FOUND),
    (ForbiddenError, HTTPStatus.FORBIDDEN),
    (ConflictError, HTTPStatus.CONFLICT),
    (BusyError, HTTPStatus.SERVICE_UNAVAILABLE),
    (UnavailableError, HTTPStatus.SERVICE_UNAVAILABLE),
)
# Absent and hidden are told in the same words, so a page that is not found never says more than this.
_FIXED = {HTTPStatus.NOT_FOUND, HTTPStatus.INTERNAL_SERVER_ERROR}


def init_app(app: Flask) -> None:
    """Answer every error with a page or problem+json (RFC 9457) of the same content."""
    app.register_error_handler(AtlasError, refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def refused(error: AtlasError) -> Response:
    """The answer that tells what is refused, and when to come again.

    Parameters
    ----------
    error : why
    """
    status = next((s for kind, s in STATUS_OF if isinstance(error, kind)), HTTPStatus.INTERNAL_SERVER_ERROR)
    if status is HTTPStatus.INTERNAL_SERVER_ERROR:
        return _unexpected(error)
    response = _answer(status, "" if status in _FIXED else str(error))
    if isinstance(error, BusyError):
        response.headers["Retry-After"] = str(error.retry_after_s)
    elif isinstance(error, UnavailableError):
        log.warning("database unavailable", error=str(error), cause=repr(error.__cause__))
        response.headers["Retry-After"] = str(error.retry_after_s)
    return response


def _http(error: HTTPException) -> BaseResponse:
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return error.get_response()  # a redirect
    detail = str(error.description) if isinstance(error, tokens.TokenError) else ""
    response = _answer(HTTPStatus(error.code), detail)
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    if isinstance(error, tokens.TokenError):
        response.headers[tokens.CHALLENGE] = error.challenge
    elif error.code == HTTPStatus.UNAUTHORIZED:
        response.headers[tokens.CHALLENGE] = "Bearer" if tokens.is_data_address() else "Session"
    return response


def _unexpected(error: Exception) -> Response:
    request_id = secrets.token_hex(8)
    log.error("unexpected", request_id=request_id, path=request.path, exc_info=error)
    return _answer(HTTPStatus.INTERNAL_SERVER_ERROR, "", request_id)


def _answer(status: HTTPStatus, detail: str, request_id: str | None = None) -> Response:
    if wants_page():
        title, todo = _words(status)
        g.is_refusal = True  # its page asks the database for nothing
        body = render_template(
            "error.html",
            status=int(status),
            title=title,
            what=error_words.say(detail),
            todo=todo,
            request_id=request_id,
        )
        return Response(body, status=status, mimetype="text/html")
    with force_locale("en"):  # as its details are, and OpenAPI's descriptions: for who writes programs
        title, todo = _words(status)
    problem = {"type": "about:blank", "title": title, "status": int(status), "detail": detail or todo}
    if request_id:
        problem["request_id"] = request_id
    return Response(
        current_app.json.dumps(problem) + "\n", status=status, mimetype="application/problem+json"
    )


def _words(status: HTTPStatus) -> tuple[str, str]:
    words = {
        HTTPStatus.BAD_REQUEST: (_("This was not understood"), _("Correct the address and try again.")),
        HTTPStatus.UNAUTHORIZED: (
            _("This is for people who are signed in"),
            _("Sign in, then ask again."),
        ),
        HTTPStatus.FORBIDDEN: (
            _("This account may not do that"),
            _("Load the page again and try once more; if it stays, ask whoever gave you the account."),
        ),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (_("This is too large"), _("Send less at once.")),
        HTTPStatus.NOT_FOUND: (
            _("There is nothing here"),
            _("The address may be wrong, or what it named is not for you to see."),
        ),
        HTTPStatus.CONFLICT: (
            _("This contradicts what is stored"),
            _("Go back, load the page again and look at what has changed."),
        ),
        HTTPStatus.UNPROCESSABLE_ENTITY: (
            _("This cannot be taken as it is"),
            _("Correct it and send it again."),
        ),
        HTTPStatus.NOT_ACCEPTABLE: (
            _("There is no such format of this"),
            _("Ask for one of those on the page of downloads."),
        ),
        HTTPStatus.TOO_MANY_REQUESTS: (_("This was asked too often"), _("Wait a little, then try again.")),
        HTTPStatus.METHOD_NOT_ALLOWED: (_("This cannot be done here"), _("Go back and try another way.")),
        HTTPStatus.SERVICE_UNAVAILABLE: (
            _("The database is away"),
            _("Nothing is lost. Try again in a few seconds."),
        ),
        HTTPStatus.INTERNAL_SERVER_ERROR: (
            _("Something went wrong on our side"),
            _("Try again; if it stays, tell whoever runs this server the number below."),
        ),
    }
    return words.get(status, words[HTTPStatus.BAD_REQUEST])


def wants_page() -> bool:
    """Pages answer with pages; data addresses do too where a browser asks for HTML first."""
    if tokens.is_sent():
        return False  # by a program
    if isinstance(request.routing_exception, SecurityError):
        return False  # under a name that is not ours no page has an address
    accepts = request.accept_mimetypes
    endpoint = request.endpoint or ""
    is_data = without_language(endpoint).startswith(("ogc.", "tiles."))
    is_page = endpoint.startswith("pages_") and not is_data and "." not in request.path.rpartition("/")[2]
    if is_page or request.path in LANGUAGE_PREFIXES.values():
        return accepts.accept_html or not accepts
    # Whoever takes anything (curl, GDAL) gets the problem; a browser prefers HTML.
    return accepts.best_match(["application/problem+json", "text/html"]) == "text/html"
