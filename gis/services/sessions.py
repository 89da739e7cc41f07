"""Signing in and out: tokens that only the browser has, and sessions that the database can end."""

import hashlib
import ipaddress
import re
import secrets
from typing import NamedTuple

from gis.database import sessions
from gis.database.connection import Database
from gis.database.sessions import OpenSession
from gis.domain.access import Language
from gis.domain.passwords import LONGEST, Refusal, check_password
from gis.errors import AtlasError
from gis.services import passwords

LIFETIME_S = 12 * 3600  # as register.sign_in_finish has it
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,62}", re.ASCII)
NOBODY = "-"  # stands for a name that none can bear


class SignInRefusedError(AtlasError):
    """The name or the password is wrong; which of them, nobody is told."""


class PasswordRefusedError(AtlasError):
    """A new password that may not be used.

    Parameters
    ----------
    reason : why
    """

    def __init__(self, reason: Refusal) -> None:
        self.reason = reason
        super().__init__(f"this password may not be used: {reason}")


class TooManyAttemptsError(AtlasError):
    """Too many sign-ins have failed.

    Parameters
    ----------
    retry_after_s : seconds to wait
    """

    def __init__(self, retry_after_s: int) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(f"too many sign-ins have failed; try again in {retry_after_s} seconds")


class _Verified(NamedTuple):
    attempt_id: int
    stored_hash: str


def new_token() -> str:
    """256 random bits, as a cookie can hold them."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> bytes:
    """What is stored of a token."""
    return hashlib.sha256(token.encode("ascii")).digest()


def find_session(database: Database, token: str) -> OpenSession | None:
    """Who is signed in by a token; None if it is not one of an open session.

    Parameters
    ----------
    database : as the web application's role
    token : as the browser sent it
    """
    if not _TOKEN.fullmatch(token):
        return None
    with database.statement() as connection:
        return sessions.find_session(connection, hash_of(token))


def sign_in(database: Database, name: str, password: str, address: str, old_token: str | None) -> str:
    """Open a session for a name and its password.

    Parameters
    ----------
    database : as the web application's role
    name, password : as they were typed
    address : of the caller
    old_token : of the session that the browser had, which ends

    Returns
    -------
    the token of the new session

    Raises
    ------
    SignInRefusedError : the name or the password is wrong, or the account disabled
    TooManyAttemptsError : for this name or from this address too many have failed
    """
    verified = _verify(database, name, password, address)
    renewed = passwords.renewed(password, verified.stored_hash)
    token = new_token()
    old = hash_of(old_token) if old_token and _TOKEN.fullmatch(old_token) else None
    with database.transaction() as connection:
        opened = sessions.open_session(connection, *verified, renewed, hash_of(token), old)
    if not opened:
        raise SignInRefusedError("the account has changed in between; try again")
    return token


def change_password(database: Database, token: str, name: str, old: str, new: str, address: str) -> str:
    """Give the account of a session another password; its sessions end everywhere.

    Parameters
    ----------
    database : as the web application's role
    token : of the session
    name : of its account
    old, new : as they were typed
    address : of the caller

    Returns
    -------
    the token of a new session for this browser

    Raises
    ------
    PasswordRefusedError : the new one may not be used
    SignInRefusedError : the old one is wrong
    TooManyAttemptsError : too often
    """
    refused = check_password(new, name)
    if refused is not None:
        raise PasswordRefusedError(refused)
    verified = _verify(database, name, old, address)
    fresh = new_token()
    new_hash = passwords.hash_password(new)
    with database.transaction() as connection:
        changed = sessions.change_password(connection, hash_of(token), *verified, new_hash, hash_of(fresh))
    if not changed:
        raise SignInRefusedError("the session has ended in between")
    return fresh


def sign_out(database: Database, token: str, *, everywhere: bool = False) -> None:
    """End a session, or all of its account."""
    if _TOKEN.fullmatch(token):
        with database.transaction() as connection:
            sessions.end_session(connection, hash_of(token), everywhere=everywhere)


def change_language(database: Database, token: str, language: Language) -> None:
    """Let the account of a session have its pages in another language."""
    with database.transaction() as connection:
        sessions.change_language(connection, hash_of(token), language)


def has_accounts(database: Database) -> bool:
    """Whether anybody can sign in at all."""
    with database.transaction() as connection:
        return sessions.has_accounts(connection)


def _verify(database: Database, name: str, password: str, address: str) -> _Verified:
    known = name.strip().casefold()
    with database.transaction() as connection:
        attempt = sessions.begin_attempt(
            connection, known if _NAME.fullmatch(known) else NOBODY, _network(address)
        )
    if attempt.attempt_id is None:
        raise TooManyAttemptsError(attempt.retry_after_s or 1)
    right = passwords.is_right(password[:LONGEST], attempt.stored_hash)
    if not right or attempt.stored_hash is None or len(password) > LONGEST:
        with database.transaction() as connection:
            sessions.refuse_attempt(connection, attempt.attempt_id)
        raise SignInRefusedError("the name or the password is wrong")
    return _Verified(attempt.attempt_id, attempt.stored_hash)


def _network(address: str) -> str:
    """What a caller has to himself: an address of IPv4, the /64 of one of IPv6."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "0.0.0.0/32"  # the server stands behind something that tells no address
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is None:
            return str(ipaddress.ip_network((int(found), 64), strict=False))
        found = found.ipv4_mapped
    return f"{found}/32"
