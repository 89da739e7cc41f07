"""Accounts: added, changed, disabled, and their login roles for direct connections."""

from dataclasses import dataclass
from datetime import datetime

from gis.database.connection import Connection
from gis.database.statements import load
from gis.domain.access import Language, Role
from gis.errors import NotFoundError


@dataclass(frozen=True)
class Account:
    """An account as an administrator sees it."""

    id: int
    name: str
    role: Role
    region_code: str | None
    region_name: str | None
    language: Language
    database_role: str | None
    created_at: datetime
    disabled_at: datetime | None
    last_sign_in: datetime | None


def list_accounts(connection: Connection) -> list[Account]:
    """All accounts by name.

    Raises
    ------
    ForbiddenError : whoever acts is no admin
    """
    return [
        Account(row[0], row[1], Role(row[2]), *row[3:]) for row in connection.execute(load("account_list"))
    ]


def add_account(
    connection: Connection,
    name: str,
    role: Role,
    region_code: str | None,
    language: Language,
    password_hash: str,
) -> int:
    """Add an account; its id.

    Raises
    ------
    ForbiddenError : whoever acts is no admin
    ConflictError : another account bears the name
    InvalidInputError : the name, or the role with the region, is not one that can be
    """
    values = {
        "name": name,
        "role": role.value,
        "region_code": region_code,
        "language": language,
        "password_hash": password_hash,
    }
    row = connection.execute(load("account_add"), values).fetchone()
    return int(row[0]) if row else 0


def change_account(connection: Connection, name: str, role: Role, region_code: str | None) -> None:
    """Give an account another role and region; its sessions and direct connections end.

    Raises
    ------
    ForbiddenError, NotFoundError, ConflictError : no admin; no such account; the own one
    """
    values = {"name": name, "role": role.value, "region_code": region_code}
    connection.execute(load("account_change"), values)


def set_password(connection: Connection, name: str, password_hash: str) -> None:
    """Give an account another password; its sessions end.

    Raises
    ------
    ForbiddenError, NotFoundError, ConflictError : no admin; no such account; the own one
    """
    connection.execute(load("account_set_password"), {"name": name, "password_hash": password_hash})


def set_disabled(connection: Connection, name: str, *, disabled: bool) -> None:
    """Disable an account or let it sign in again; its sessions and direct connections end.

    Raises
    ------
    ForbiddenError, NotFoundError, ConflictError : no admin; no such account; the own one
    """
    connection.execute(load("account_set_disabled"), {"name": name, "disabled": disabled})


def make_direct(connection: Connection, name: str, password: str) -> str:
    """Make the login role of an account, or give it another password; the role's name.

    The server, and so its log, gets the SCRAM verifier only.

    Parameters
    ----------
    connection : as the owner
    name : of the account
    password : of the login role; not the one of the account

    Raises
    ------
    NotFoundError : there is no such account
    ConflictError : another database of this server has a role of that name
    """
    row = connection.execute(load("account_direct_name"), {"name": name}).fetchone()
    if row is None:
        raise NotFoundError(f"there is no account {name}")
    role = str(row[0])
    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
    connection.execute(load("account_make_direct"), {"name": name, "verifier": verifier.decode("ascii")})
    return role


def drop_direct(connection: Connection, name: str) -> None:
    """Take the login role of an account away, with its connections.

    Raises
    ------
    NotFoundError : there is no such account, or it has none
    """
    connection.execute(load("account_drop_direct"), {"name": name})
