"""Personal tokens, through the few functions that the web application's role may call."""

from dataclasses import dataclass
from datetime import date, datetime

from gis.database.connection import Connection
from gis.database.sessions import OpenSession
from gis.database.statements import load
from gis.domain.access import Identity, Role
from gis.errors import DatabaseError, NotFoundError


@dataclass(frozen=True)
class Token:
    """A token as its owner sees it; what programs send is stored nowhere."""

    id: int
    name: str
    created_at: datetime
    expires_at: datetime
    last_used_on: date | None


def find_token(connection: Connection, token_hash: bytes) -> OpenSession | None:
    """Who acts by a token, if it holds and its account is not disabled; notes the day of its use."""
    row = connection.execute(load("token_find"), {"token_hash": token_hash}).fetchone()
    if row is None:
        return None
    account_id, name, role, region_code, region_name, language, database_role, expires_at = row
    identity = Identity(account_id, name, Role(role), region_code, language)
    return OpenSession(identity, region_name, expires_at, database_role)


def create_token(
    connection: Connection, session_hash: bytes, token_hash: bytes, name: str, days: int
) -> tuple[int | None, str | None]:
    """Make a token for the account of a session: its id, or why not, `full` or `taken`.

    Parameters
    ----------
    session_hash : of the session that asks
    token_hash : of the new token
    name : which no other token of the account bears
    days : how long it holds: 30, 90 or 365

    Raises
    ------
    ForbiddenError : the session has ended
    InvalidInputError : the name or the days are not ones that can be
    """
    values = {"session_hash": session_hash, "token_hash": token_hash, "name": name, "days": days}
    row = connection.execute(load("token_create"), values).fetchone()
    if row is None:
        raise DatabaseError("a token was neither made nor refused")
    return row[0], row[1]


def list_tokens(connection: Connection, session_hash: bytes) -> list[Token]:
    """The tokens of a session's account, newest first."""
    return [Token(*row) for row in connection.execute(load("token_list"), {"session_hash": session_hash})]


def revoke_token(connection: Connection, session_hash: bytes, token_id: int) -> bool:
    """Revoke a token of a session's account; whether it was there."""
    values = {"session_hash": session_hash, "token_id": token_id}
    return connection.execute(load("token_revoke"), values).fetchone() == (True,)


def list_tokens_of(connection: Connection, account: str) -> list[Token]:
    """The tokens of an account, newest first.

    Parameters
    ----------
    connection : as the owner
    account : its name
    """
    return [Token(*row) for row in connection.execute(load("token_list_of_account"), {"account": account})]


def revoke_tokens_of(connection: Connection, account: str) -> int:
    """Revoke all tokens of an account; how many there were.

    Parameters
    ----------
    connection : as the owner
    account : its name

    Raises
    ------
    NotFoundError : there is no such account
    """
    row = connection.execute(load("token_revoke_all"), {"account": account}).fetchone()
    if row is None:
        raise NotFoundError(f"there is no account {account}")
    return int(row[0])
