"""Accounts, for administrators: who may sign in, with which role, for which region."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from gis.database.accounts import Account
from gis.domain.access import Role
from gis.domain.passwords import SHORTEST
from gis.errors import ConflictError
from gis.services import account_forms, accounts
from gis.services.account_forms import PAGE_ROWS, Entered
from webmap import access, form_words, import_words, responses
from webmap.links import bare_url

blueprint = Blueprint("users", __name__, url_prefix="/manage")
ALL = "/users"
ONE = "/users/<int(max=9007199254740991):account_id>"
REFUSED, CONFLICT = 422, 409
Fields = dict[str, str]


@blueprint.get(ALL)
@access.require(Role.admin)
def users() -> ResponseReturnValue:
    """The list of accounts, and the form of a new one."""
    return _list_page()


@blueprint.get(f"{ALL}.json")
@access.require(Role.admin)
def users_json() -> ResponseReturnValue:
    """The data of the list of accounts."""
    found = account_forms.find(responses.database(), _words(), offset=_offset(), limit=None)
    return jsonify({"accounts": [_record(account) for account in found]})


@blueprint.post(ALL)
@access.require(Role.admin)
def user_add() -> ResponseReturnValue:
    """Add an account; a password that was made is shown on this answer alone."""
    fields = request.form.to_dict()
    entered = account_forms.add(responses.database(), fields)
    if entered.name is None:
        return _list_page(fields, entered)
    account = next(each for each in _all() if each.name == entered.name)
    return _done(account, entered, "added")


@blueprint.get(ONE)
@access.require(Role.admin)
def user(account_id: int) -> ResponseReturnValue:
    """One account, and the forms to change it."""
    return _user_page(account_forms.get(responses.database(), account_id))


@blueprint.get(f"{ONE}.json")
@access.require(Role.admin)
def user_json(account_id: int) -> ResponseReturnValue:
    """The data of an account's page."""
    return jsonify({"account": _record(account_forms.get(responses.database(), account_id))})


@blueprint.post(f"{ONE}/<any(post, password, disable, enable):step>")
@access.require(Role.admin)
def user_change(account_id: int, step: str) -> ResponseReturnValue:
    """Give an account another role, region or password, or close or open it."""
    account = account_forms.get(responses.database(), account_id)
    fields = request.form.to_dict()
    try:
        entered = _STEPS[step](account, fields)
    except ConflictError as error:
        return _user_page(account, fields, refusal=import_words.say_error(error))
    if entered.problems:
        return _user_page(account, fields, entered, wrong=step)
    return _done(account, entered, step)


def _set_disabled(account: Account, *, disabled: bool) -> Entered:
    accounts.set_disabled(responses.database(), account.name, disabled=disabled)
    return Entered(account.name)


_STEPS: dict[str, Callable[[Account, Fields], Entered]] = {
    "post": lambda account, fields: account_forms.change(responses.database(), account.name, fields),
    "password": lambda account, fields: account_forms.set_password(
        responses.database(), account.name, fields
    ),
    "disable": lambda account, _given: _set_disabled(account, disabled=True),
    "enable": lambda account, _given: _set_disabled(account, disabled=False),
}
DONE = {"added", *_STEPS}


def _done(account: Account, entered: Entered, step: str) -> ResponseReturnValue:
    """To the account's page; or, with a password that was made, the one answer that shows it."""
    if entered.shown_once is None:
        return redirect(bare_url("users.user", account_id=account.id, done=step), 303)
    return _user_page(account, shown_once=entered.shown_once, done=step)


def _list_page(fields: Fields | None = None, entered: Entered | None = None) -> Response:
    database = responses.database()
    found = account_forms.find(database, _words(), offset=_offset(), limit=PAGE_ROWS + 1)
    return _page(
        "users.html",
        {"way": "made", "language": "id", **(fields or {})},
        entered,
        accounts=found[:PAGE_ROWS],
        more=len(found) > PAGE_ROWS,
        words=_words(),
        offset=_offset(),
        page_rows=PAGE_ROWS,
    )


def _user_page(
    account: Account,
    fields: Fields | None = None,
    entered: Entered | None = None,
    *,
    wrong: str | None = None,
    refusal: str | None = None,
    shown_once: str | None = None,
    done: str | None = None,
) -> Response:
    stored = {"role": account.role, "region": account.region_name or "", "way": "made"}
    done = done or request.args.get("done")
    return _page(
        "user.html",
        {**stored, **(fields or {})},
        entered,
        account=account,
        own=account.id == access.acting().account_id,
        wrong=wrong,
        refusal=refusal,
        shown_once=shown_once,
        done=done if done in DONE else None,
    )


def _page(template: str, fields: Fields, entered: Entered | None, **more: Any) -> Response:
    problems = form_words.by_field(entered.problems) if entered else {}
    body = render_template(
        template,
        # A password that was typed goes back to nobody.
        fields={name: text for name, text in fields.items() if name != "password"},
        problems=problems,
        labels={"region": _("Region")},
        provinces=account_forms.province_names(responses.database()),
        shortest=SHORTEST,
        **more,
    )
    response = make_response(body, CONFLICT if more.get("refusal") else REFUSED if problems else 200)
    response.headers["Cache-Control"] = "no-store"
    return response


def _all() -> list[Account]:
    return account_forms.find(responses.database(), limit=None)


def _record(account: Account) -> dict[str, Any]:
    return {
        "id": str(account.id),
        "name": account.name,
        "role": account.role,
        "region_code": account.region_code,
        "region_name": account.region_name,
        "language": account.language,
        "direct_connection": account.database_role,
        "state": "disabled" if account.disabled_at else "active",
        "created_at": account.created_at,
        "disabled_at": account.disabled_at,
        "last_sign_in": account.last_sign_in,
    }


def _words() -> str:
    return request.args.get("q", "")[:100]


def _offset() -> int:
    return min(max(request.args.get("offset", 0, type=int), 0), 100_000)
