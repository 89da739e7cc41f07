"""The pages about accounts: who there is, and what an administrator enters about them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gis.database import accounts as stored
from gis.database import matching
from gis.database.accounts import Account
from gis.database.connection import Connection, Database
from gis.domain.forms.accounts import NewPassword, read_account, read_password, read_post
from gis.domain.forms.reading import FormProblem, FormReader
from gis.domain.region_names import RegionNames
from gis.errors import ConflictError, NotFoundError
from gis.services import accounts

PAGE_ROWS = 100


@dataclass(frozen=True)
class Entered:
    """What came of a form about an account.

    Parameters
    ----------
    name : of the account that was added or changed; none if the form was refused
    shown_once : its password, where it was made here
    problems : why the form was refused
    """

    name: str | None = None
    shown_once: str | None = None
    problems: list[FormProblem] = field(default_factory=list)


def find(
    database: Database, words: str = "", *, offset: int = 0, limit: int | None = PAGE_ROWS
) -> list[Account]:
    """Accounts by name, whose name or region holds some words.

    Parameters
    ----------
    database : acting as an admin
    words : as typed, capital or not
    offset, limit : which of them

    Raises
    ------
    ForbiddenError : whoever acts is no admin
    """
    wanted = words.strip().casefold()
    found = [
        account
        for account in accounts.list_all(database)
        if wanted in account.name or wanted in f"{account.region_code} {account.region_name}".casefold()
    ]
    return found[offset:] if limit is None else found[offset : offset + limit]


def get(database: Database, account_id: int) -> Account:
    """One account.

    Raises
    ------
    NotFoundError : there is none of that id
    ForbiddenError : whoever acts is no admin
    """
    for account in accounts.list_all(database):
        if account.id == account_id:
            return account
    raise NotFoundError("there is no such account")


def province_names(database: Database) -> list[str]:
    """The provinces of today by name, as suggestions of a form."""
    with database.transaction() as connection:
        return [
            name for _, level, name, _ in matching.list_regions_of_today(connection) if level == "province"
        ]


def add(database: Database, given: Mapping[str, str]) -> Entered:
    """Add an account.

    Parameters
    ----------
    database : acting as an admin, and writing
    given : name, role, region by name or code, language, and `way` with `password`

    Raises
    ------
    ForbiddenError : whoever acts is no admin
    """
    form = FormReader(given)
    with database.transaction() as connection:
        taken = {account.name for account in stored.list_accounts(connection)}
        account = read_account(form, _names(connection))
    if form.raw("name") in taken:
        form.refuse("name", "account_taken", found=form.raw("name"))
    if account is None or form.problems:
        return Entered(problems=form.problems)
    name, (role, region_code), language, password = account
    try:
        accounts.add(database, name, role, region_code, password.text, language)
    except ConflictError:  # another admin was a moment quicker
        form.refuse("name", "account_taken", found=name)
        return Entered(problems=form.problems)
    return Entered(name, _shown(password))


def change(database: Database, name: str, given: Mapping[str, str]) -> Entered:
    """Give an account another role and region; its sessions and direct connections end.

    Raises
    ------
    ForbiddenError, NotFoundError, ConflictError : no admin; no such account; the own one
    """
    form = FormReader(given)
    with database.transaction() as connection:
        post = read_post(form, _names(connection))
    if post is None:
        return Entered(problems=form.problems)
    accounts.change(database, name, post.role, post.region_code)
    return Entered(name)


def set_password(database: Database, name: str, given: Mapping[str, str]) -> Entered:
    """Give an account another password; its sessions end.

    Raises
    ------
    ForbiddenError, NotFoundError, ConflictError : no admin; no such account; the own one
    """
    form = FormReader(given)
    password = read_password(form, name)
    if password is None:
        return Entered(problems=form.problems)
    accounts.set_password(database, name, password.text)
    return Entered(name, _shown(password))


def _shown(password: NewPassword) -> str | None:
    return password.text if password.made else None


def _names(connection: Connection) -> RegionNames:
    return RegionNames(matching.list_regions_of_today(connection))
