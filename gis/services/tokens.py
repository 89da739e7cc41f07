"""Personal tokens: what GIS programs send in place of a session, for reading alone."""

import re
import secrets
import unicodedata
from typing import Literal

from gis.database import accounts, tokens
from gis.database.connection import Database
from gis.database.sessions import OpenSession
from gis.database.tokens import Token
from gis.errors import AtlasError, NotFoundError
from gis.services.sessions import hash_of

PREFIX = "atlas_"  # by which programs that look for secrets find one that was published
LIFETIMES = (30, 90, 365)  # days, as register.token_create has it
DEFAULT_LIFETIME = 90
MOST = 10  # of one account
LONGEST_NAME = 60
_TOKEN = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}", re.ASCII)
Refused = Literal["name", "lifetime", "full", "taken"]


class TokenNotMadeError(AtlasError):
    """A token that is not made.

    Parameters
    ----------
    reason : why
    """

    def __init__(self, reason: Refused) -> None:
        self.reason = reason
        super().__init__(f"no token was made: {reason}")


def find(database: Database, token: str) -> OpenSession | None:
    """Who acts by a token, with role and region as they are now; None if it does not hold.

    Parameters
    ----------
    database : as the web application's role; what has not the form of a token does not reach it
    token : as a program sent it
    """
    if not _TOKEN.fullmatch(token):
        return None
    with database.statement() as connection:
        return tokens.find_token(connection, hash_of(token))


def create(database: Database, session_token: str, name: str, days: int) -> str:
    """Make a token for the account of a session.

    Parameters
    ----------
    database : as the web application's role
    session_token : of the session
    name : as typed, by which the owner knows it
    days : how long it holds

    Returns
    -------
    the token, which is stored nowhere

    Raises
    ------
    TokenNotMadeError : the name, the days, or the number of tokens is not one that can be
    ForbiddenError : the session has ended
    """
    known_as = " ".join(unicodedata.normalize("NFC", name).split())
    if not 1 <= len(known_as) <= LONGEST_NAME or not known_as.isprintable():
        raise TokenNotMadeError("name")
    if days not in LIFETIMES:
        raise TokenNotMadeError("lifetime")
    token = PREFIX + secrets.token_urlsafe(32)
    with database.transaction() as connection:
        _, refused = tokens.create_token(connection, hash_of(session_token), hash_of(token), known_as, days)
    if refused is not None:
        raise TokenNotMadeError("full" if refused == "full" else "taken")
    return token


def list_own(database: Database, session_token: str) -> list[Token]:
    """The tokens of a session's account, newest first."""
    with database.transaction() as connection:
        return tokens.list_tokens(connection, hash_of(session_token))


def revoke(database: Database, session_token: str, token_id: int) -> None:
    """Revoke a token of a session's account.

    Raises
    ------
    NotFoundError : the account has no such token
    """
    with database.transaction() as connection:
        revoked = tokens.revoke_token(connection, hash_of(session_token), token_id)
    if not revoked:
        raise NotFoundError("there is no such token")


def list_of(database: Database, account: str) -> list[Token]:
    """The tokens of an account, newest first.

    Parameters
    ----------
    database : as the owner
    account : its name

    Raises
    ------
    NotFoundError : there is no such account
    """
    with database.transaction() as connection:
        if all(each.name != account for each in accounts.list_accounts(connection)):
            raise NotFoundError(f"there is no account {account}")
        return tokens.list_tokens_of(connection, account)


def revoke_all(database: Database, account: str) -> int:
    """Revoke all tokens of an account; how many there were.

    Parameters
    ----------
    database : as the owner
    account : its name

    Raises
    ------
    NotFoundError : there is no such account
    """
    with database.transaction() as connection:
        return tokens.revoke_tokens_of(connection, account)
