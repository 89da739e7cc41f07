"""Signing in and out, and what a person may change about the own account, its tokens included."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import Blueprint, Response, g, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from gis.domain.access import Identity, Language
from gis.domain.passwords import SHORTEST
from gis.services import sessions, tokens
from gis.services.sessions import PasswordRefusedError, SignInRefusedError, TooManyAttemptsError
from gis.services.tokens import TokenNotMadeError
from webmap import access, cookies, responses
from webmap.links import LANGUAGE_PREFIXES, bare_url

blueprint = Blueprint("account", __name__)


@blueprint.get("/login")
def login() -> ResponseReturnValue:
    """The form to sign in, for whoever is not signed in yet."""
    following = own_path(request.args.get("next"))
    session = g.session
    if session is not None:
        return redirect(following or landing(session.identity), 303)
    return _login_page(following)


@blueprint.post("/login")
def sign_in() -> ResponseReturnValue:
    """Open a session for a name and its password."""
    following = own_path(request.form.get("next"))
    if not cookies.is_private_line():
        return _login_page(following, 403)
    name, password = request.form.get("name", ""), request.form.get("password", "")
    database = responses.app_database()
    try:
        token = sessions.sign_in(database, name, password, request.remote_addr or "", g.session_token)
    except SignInRefusedError:
        return _login_page(following, 401, _("The name or the password is wrong."), name)
    except TooManyAttemptsError as error:
        return _wait(_login_page(following, 429, _told_to_wait(error), name), error)
    found = sessions.find_session(database, token)
    response = _redirect(following or (landing(found.identity) if found else "/"))
    cookies.put(response, cookies.SESSION, token)
    cookies.remove(response, cookies.FORM)
    return response


@blueprint.post("/logout")
def logout() -> ResponseReturnValue:
    """End the session."""
    return _signed_out(everywhere=False)


@blueprint.get("/account")
def account() -> ResponseReturnValue:
    """What is known of the account, and the forms to change it."""
    return _account_page()


@blueprint.post("/account/password")
def password() -> ResponseReturnValue:
    """Another password; sessions elsewhere end."""
    identity = access.acting()
    old, new = request.form.get("old", ""), request.form.get("new", "")
    if new != request.form.get("again", ""):
        return _account_page(400, _("The two new passwords differ."))
    try:
        token = sessions.change_password(
            responses.app_database(), g.session_token, identity.name, old, new, request.remote_addr or ""
        )
    except PasswordRefusedError as error:
        return _account_page(400, _refusal(error))
    except SignInRefusedError:
        return _account_page(400, _("The old password is wrong."))
    except TooManyAttemptsError as error:
        return _wait(_account_page(429, _told_to_wait(error)), error)
    response = _redirect(bare_url("account.account", done="password"))
    cookies.put(response, cookies.SESSION, token)
    return response


@blueprint.post("/account/language")
def language() -> ResponseReturnValue:
    """The language in which the account's pages open."""
    chosen: Language = "en" if request.form.get("language") == "en" else "id"
    sessions.change_language(responses.app_database(), g.session_token, chosen)
    g.language = chosen
    return redirect(bare_url("account.account", done="language"), 303)


@blueprint.post("/account/sign-out-everywhere")
def sign_out_everywhere() -> ResponseReturnValue:
    """End all sessions of the account."""
    return _signed_out(everywhere=True)


@blueprint.post("/account/tokens")
def token_create() -> ResponseReturnValue:
    """A token for GIS programs, which this answer shows and no other."""
    name, days = request.form.get("token", ""), request.form.get("days", "")
    try:
        made = tokens.create(
            responses.app_database(), g.session_token, name, int(days) if days.isdecimal() else 0
        )
    except TokenNotMadeError as error:
        return _account_page(400, token_problem=_token_refusal(error), token_name=name[: tokens.LONGEST_NAME])
    return _account_page(made=made)


@blueprint.post("/account/tokens/<int(max=9007199254740991):token_id>/revoke")
def token_revoke(token_id: int) -> ResponseReturnValue:
    """End one of the account's tokens."""
    tokens.revoke(responses.app_database(), g.session_token, token_id)
    return redirect(bare_url("account.account", done="token", _anchor="tokens"), 303)


def landing(identity: Identity) -> str:
    """Where a person begins: scoped roles at their own region, in the language of the account."""
    prefix = LANGUAGE_PREFIXES[identity.language]
    return f"{prefix}/regions/{identity.region_code}" if identity.region_code else f"{prefix}/"


def own_path(text: str | None) -> str | None:
    """A path of this site, as it was asked for before the sign-in; None for anything else."""
    if not text or not text.startswith("/") or text.startswith("//") or len(text) > 2000:
        return None
    if "\\" in text or any(sign <= " " or sign == "\x7f" for sign in text):
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    is_own = not parts.scheme and not parts.netloc
    return text if is_own and parts.path.rpartition("/")[2] not in {"login", "logout"} else None


def _login_page(following: str | None, status: int = 200, problem: str = "", name: str = "") -> Response:
    database = responses.app_database()
    body = render_template(
        "login.html",
        next=following,
        problem=problem,
        name=name[:64],
        private_line=cookies.is_private_line(),
        accounts=sessions.has_accounts(database),
    )
    return make_response(body, status)


def _account_page(
    status: int = 200, problem: str = "", token_problem: str = "", token_name: str = "", made: str = ""
) -> Response:
    body = render_template(
        "account.html",
        problem=problem,
        done=request.args.get("done"),
        shortest=SHORTEST,
        hours=sessions.LIFETIME_S // 3600,
        tokens=tokens.list_own(responses.app_database(), g.session_token),
        lifetimes=tokens.LIFETIMES,
        lifetime=tokens.DEFAULT_LIFETIME,
        longest_name=tokens.LONGEST_NAME,
        most=tokens.MOST,
        now=datetime.now(UTC),
        token_problem=token_problem,
        token_name=token_name,
        made=made,
    )
    return make_response(body, status)


def _signed_out(*, everywhere: bool) -> Response:
    sessions.sign_out(responses.app_database(), g.session_token, everywhere=everywhere)
    response = _redirect(access.sign_in_path())
    cookies.remove(response, cookies.SESSION)
    return response


def _redirect(address: str) -> Response:
    return make_response(redirect(address, 303))


def _wait(response: Response, error: TooManyAttemptsError) -> Response:
    response.headers["Retry-After"] = str(error.retry_after_s)
    return response


def _told_to_wait(error: TooManyAttemptsError) -> str:
    minutes = -(-error.retry_after_s // 60)
    return str(_("Too many attempts have failed. Try again in %(minutes)s minutes.", minutes=minutes))


def _refusal(error: PasswordRefusedError) -> str:
    words = {
        "short": _("The new password is too short: %(shortest)s characters at least.", shortest=SHORTEST),
        "long": _("The new password is too long."),
        "name": _("The new password is too near to the name of the account."),
        "common": _("The new password is among the first that are guessed."),
    }
    return str(words[error.reason])


def _token_refusal(error: TokenNotMadeError) -> str:
    words = {
        "name": _("Give the token a name of 1 to %(longest)s letters.", longest=tokens.LONGEST_NAME),
        "lifetime": _("A token holds for 30, 90 or 365 days."),
        "full": _("There are %(most)s tokens already. Revoke one first.", most=tokens.MOST),
        "taken": _("Another token has this name. Revoke it first, or choose another name."),
    }
    return str(words[error.reason])
