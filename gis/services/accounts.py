"""Accounts and who may have them: added, changed, disabled by an admin or on the command line."""

from typing import NamedTuple

from gis.database import accounts
from gis.database.accounts import Account
from gis.database.connection import Database
from gis.database.regions import get_region
from gis.domain.access import Language, Role
from gis.domain.forms.accounts import NAME
from gis.domain.passwords import LONGEST, SHORTEST, Refusal, check_password, random_password
from gis.domain.queries import today
from gis.errors import ConflictError, InvalidInputError, NotFoundError
from gis.services.passwords import hash_password

NAME_RULE = "2 to 63 of a–z, 0–9, dot, hyphen and underscore, beginning with a letter or digit"
DEMONSTRATION = (
    ("demo-kaltim", Role.province, "64"),
    ("demo-samarinda", Role.regency, "64.72"),
    ("demo-mojokerto", Role.regency, "35.76"),
    ("demo-planner", Role.planner, None),
    ("demo-approver", Role.approver, None),
    ("demo-admin", Role.admin, None),
)
_REFUSED: dict[Refusal, str] = {
    "short": f"{SHORTEST} characters at least",
    "long": f"{LONGEST} characters at most",
    "name": "something that is not the account's name",
    "common": "something that is not among the first that are guessed",
}


class Made(NamedTuple):
    """An account with its password, which is shown once; without one it was there already."""

    name: str
    role: Role
    region_code: str | None
    password: str | None


def add(
    database: Database,
    name: str,
    role: Role,
    region_code: str | None,
    password: str,
    language: Language = "id",
) -> None:
    """Add an account.

    Parameters
    ----------
    database : as the owner, or acting as an admin
    name : what it signs in with
    role : what it may do
    region_code : Kemendagri's of today, for a province or regency; none for the others
    password : as typed or made
    language : of its pages

    Raises
    ------
    InvalidInputError : the name, the region or the password is not one that can be
    ConflictError : another account bears the name
    ForbiddenError : whoever acts is no admin
    """
    if not NAME.fullmatch(name):
        raise InvalidInputError("name", name, NAME_RULE)
    _check_region(database, role, region_code)
    hashed = hash_password(_checked(password, name))
    with database.transaction() as connection:
        if any(account.name == name for account in accounts.list_accounts(connection)):
            raise ConflictError(f"an account {name} exists already")
        accounts.add_account(connection, name, role, region_code, language, hashed)


def list_all(database: Database) -> list[Account]:
    """All accounts by name.

    Raises
    ------
    ForbiddenError : whoever acts is no admin
    """
    with database.transaction() as connection:
        return accounts.list_accounts(connection)


def set_password(database: Database, name: str, password: str) -> None:
    """Give an account another password; its sessions end.

    Raises
    ------
    InvalidInputError : the password may not be used
    NotFoundError : there is no such account
    ForbiddenError, ConflictError : whoever acts is no admin; it is the own account
    """
    hashed = hash_password(_checked(password, name))
    with database.transaction() as connection:
        accounts.set_password(connection, name, hashed)


def change(database: Database, name: str, role: Role, region_code: str | None) -> None:
    """Give an account another role and region; its sessions and direct connections end.

    Raises
    ------
    InvalidInputError : the region is not one that the role can be bound to
    NotFoundError : there is no such account
    ForbiddenError, ConflictError : whoever acts is no admin; it is the own account
    """
    _check_region(database, role, region_code)
    with database.transaction() as connection:
        accounts.change_account(connection, name, role, region_code)


def set_disabled(database: Database, name: str, *, disabled: bool) -> None:
    """Disable an account, or let it sign in again; its sessions and direct connections end.

    Raises
    ------
    NotFoundError : there is no such account
    ForbiddenError, ConflictError : whoever acts is no admin; it is the own account
    """
    with database.transaction() as connection:
        accounts.set_disabled(connection, name, disabled=disabled)


def make_direct(database: Database, name: str, password: str) -> str:
    """Make the login role of an account's direct connections, or give it another password; the role's name.

    Parameters
    ----------
    database : as the owner
    name : of the account
    password : of the login role

    Raises
    ------
    InvalidInputError : the password may not be used
    NotFoundError : there is no such account
    """
    with database.transaction() as connection:
        return accounts.make_direct(connection, name, _checked(password, name))


def drop_direct(database: Database, name: str) -> None:
    """Take the login role of an account's direct connections away.

    Raises
    ------
    NotFoundError : there is no such account, or it has none
    """
    with database.transaction() as connection:
        accounts.drop_direct(connection, name)


def load_demonstration(database: Database) -> list[Made]:
    """Make an account for each role, with random passwords; one that is there stays as it is.

    Parameters
    ----------
    database : as the owner, with boundaries loaded
    """
    present = {account.name for account in list_all(database)}
    made = []
    for name, role, region_code in DEMONSTRATION:
        password = None if name in present else random_password()
        if password is not None:
            add(database, name, role, region_code, password)
        made.append(Made(name, role, region_code, password))
    return made


def _checked(password: str, name: str) -> str:
    refused = check_password(password, name)
    if refused is not None:
        raise InvalidInputError("password", "a text that is not shown here", _REFUSED[refused])
    return password


def _check_region(database: Database, role: Role, region_code: str | None) -> None:
    level = role.value if role.is_scoped else None
    if level is None:
        if region_code is not None:
            raise InvalidInputError("region", region_code, f"none: the role {role} sees all regions")
        return
    allowed = f"the Kemendagri code of a {level} of today, such as {'64' if level == 'province' else '64.72'}"
    try:
        if region_code is None:
            raise NotFoundError("none is given")
        with database.transaction() as connection:
            found = get_region(connection, region_code, today()).level
    except NotFoundError as error:
        raise InvalidInputError("region", region_code, allowed) from error
    if found != level:
        raise InvalidInputError("region", region_code, allowed)
