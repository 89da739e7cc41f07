"""Who asks: the session or the token of a request, what may be seen without one, and what a role may do."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Flask, Response, current_app, g, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Unauthorized

from gis.database.sessions import OpenSession
from gis.domain.access import Identity, Role
from gis.errors import ForbiddenError
from gis.services import entries, sessions
from webmap import cookies, csrf, errors, public, responses, tokens
from webmap.links import bare_url, without_language

Parameters = ParamSpec("Parameters")
Answer = TypeVar("Answer", bound=ResponseReturnValue)

# What is the same for everybody: no session is looked up, and caches may keep it.
IMPERSONAL = {
    *("static", "data.health", "map_layers.shell_js", "map_layers.shell_css", "map_layers.region_layer"),
}
# Pages that a visitor sees as well.
OPEN_PAGES = {"about", "account.login", "account.sign_in"}
MAX_BODY_BYTES = 1 << 20


def init_app(app: Flask) -> None:
    """Find out who asks before each request, and close everything that is not open to visitors."""
    app.config.update(MAX_CONTENT_LENGTH=MAX_BODY_BYTES)
    app.before_request(_admit)
    app.after_request(_personal)
    app.context_processor(
        lambda: {"identity": identity(), "signed_in": g.get("session"), "count_waiting": count_waiting}
    )


def identity() -> Identity | None:
    """The account that asks; none for a visitor."""
    session: OpenSession | None = g.get("session")
    return session.identity if session else None


def count_waiting() -> int:
    """How many batches wait for the account that asks; none for a visitor or on the page of an error."""
    if identity() is None or g.get("is_refusal"):
        return 0
    return entries.count_waiting(responses.database())


def acting() -> Identity:
    """The account that asks, where there must be one.

    Raises
    ------
    Unauthorized : nobody is signed in
    """
    found = identity()
    if found is None:
        raise Unauthorized
    return found


def require(*roles: Role) -> Callable[[Callable[Parameters, Answer]], Callable[Parameters, Answer]]:
    """Let only some roles use a view; the others are told so.

    Parameters
    ----------
    roles : those that may
    """

    def restricted(view: Callable[Parameters, Answer]) -> Callable[Parameters, Answer]:
        @wraps(view)
        def checked(*arguments: Parameters.args, **named: Parameters.kwargs) -> Answer:
            if acting().role not in roles:
                raise ForbiddenError("this account may not do that; it is for " + ", ".join(roles))
            return view(*arguments, **named)

        return checked

    return restricted


def takes(max_bytes: int) -> Callable[[Callable[Parameters, Answer]], Callable[Parameters, Answer]]:
    """Let a view take a larger body than others: put it outermost, above the route.

    Parameters
    ----------
    max_bytes : the largest body; the others take 1 MiB
    """

    def enlarged(view: Callable[Parameters, Answer]) -> Callable[Parameters, Answer]:
        view.max_bytes = max_bytes  # type: ignore[attr-defined]  # a function may bear any attribute
        return view

    return enlarged


def sign_in_path(next_path: str | None = None) -> str:
    """The address of the sign-in page in this language."""
    return bare_url("account.login", next=next_path)


def _admit() -> ResponseReturnValue | None:
    if request.routing_exception is not None or request.endpoint in IMPERSONAL:
        return None
    _find_who_asks()
    shown = public.answer(identity())
    if shown is not None:
        return shown
    if g.session is None and not _is_open():
        return _ask_to_sign_in()
    if request.method not in responses.READING:
        view = current_app.view_functions.get(request.endpoint or "")
        request.max_content_length = getattr(view, "max_bytes", MAX_BODY_BYTES)
        csrf.check()
    return None


def _find_who_asks() -> None:
    """By the token that is sent, beside which no cookie counts; else by the session of the browser."""
    g.session_token = None
    if tokens.is_sent():
        g.session = tokens.find()
        return
    cookie = request.cookies.get(cookies.name_of(cookies.SESSION))
    g.session = sessions.find_session(responses.app_database(), cookie) if cookie else None
    g.session_token = cookie if g.session else None


def _is_open() -> bool:
    return without_language(request.endpoint or "") in OPEN_PAGES


def _ask_to_sign_in() -> ResponseReturnValue:
    if not errors.wants_page():
        raise Unauthorized
    path = request.full_path.removesuffix("?") if request.method in responses.READING else None
    return redirect(sign_in_path(path), 303)


def _personal(response: Response) -> Response:
    """What depends on who asks may be kept by no cache for another."""
    if request.endpoint not in IMPERSONAL:
        response.vary.update(["Cookie", "Authorization"])
    return response
