"""A form counts only if a page of ours held it: by a token of its session, and what the browser says."""

import hashlib
import hmac
import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, g, request
from markupsafe import Markup
from werkzeug.exceptions import Forbidden

from webmap import cookies

FIELD = "csrf_token"
HEADER = "X-CSRF-Token"


class ForeignFormError(Forbidden):
    """The request comes from no page of this session: an old page, or a page of somebody else."""


def init_app(app: Flask) -> None:
    """Give templates the token, and browsers without a session a secret for the sign-in form."""
    app.after_request(_keep_secret)
    app.context_processor(lambda: {"csrf_token": token, "csrf_field": field})


def token() -> str:
    """The token of this browser's forms: of its session, or before there is one of a secret of its own."""
    secret = g.get("session_token") or _secret_before_sign_in()
    return _token_of(secret)


def field() -> Markup:
    """The hidden field that every form of ours holds."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, token())


def check() -> None:
    """Refuse a request that changes something unless it comes from a page of ours.

    Raises
    ------
    ForeignFormError : the token is missing or another session's, or the browser names another origin
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        raise ForeignFormError
    # Our pages send no referrer, for which browsers say the origin "null".
    origin = request.headers.get("Origin", "null")
    if origin != "null" and urlsplit(origin).netloc.lower() != request.host.lower():
        raise ForeignFormError
    secret = g.get("session_token") or request.cookies.get(cookies.name_of(cookies.FORM))
    given = request.headers.get(HEADER) or request.form.get(FIELD)
    if not secret or not given or not hmac.compare_digest(_token_of(secret).encode(), given.encode()):
        raise ForeignFormError


def _token_of(secret: str) -> str:
    return hmac.new(secret.encode(), b"csrf", hashlib.sha256).hexdigest()[:43]


def _secret_before_sign_in() -> str:
    secret: str | None = g.get("form_secret") or request.cookies.get(cookies.name_of(cookies.FORM))
    if not secret:
        secret = g.new_form_secret = secrets.token_urlsafe(32)
    g.form_secret = secret
    return secret


def _keep_secret(response: Response) -> Response:
    if g.get("new_form_secret") and not g.get("has_token"):  # no form is sent with a token
        cookies.put(response, cookies.FORM, g.new_form_secret)
    return response
