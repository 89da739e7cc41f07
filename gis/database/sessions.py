"""Sign-ins and sessions, through the few functions that the web application's role may call."""

from datetime import datetime
from typing import NamedTuple

from gis.database.connection import Connection
from gis.database.statements import load
from gis.domain.access import Identity, Role
from gis.errors import DatabaseError


class Attempt(NamedTuple):
    """A sign-in that has begun: its number and the hash to verify, or the seconds to wait."""

    attempt_id: int | None
    stored_hash: str | None
    retry_after_s: int | None


class OpenSession(NamedTuple):
    """Who is signed in, where, until when, and the login role of direct connections, if there is one."""

    identity: Identity
    region_name: str | None
    expires_at: datetime
    database_role: str | None


def begin_attempt(connection: Connection, name: str, address: str) -> Attempt:
    """Note an attempt to sign in, and find the hash that the password has to fit.

    Parameters
    ----------
    connection : of the web application, without an identity; committed before the password is verified
    name : as it was given
    address : the network that the caller has to himself, such as 203.0.113.7/32
    """
    row = connection.execute(load("session_begin"), {"name": name, "address": address}).fetchone()
    if row is None:
        raise DatabaseError("an attempt to sign in was not noted")
    return Attempt(*row)


def refuse_attempt(connection: Connection, attempt_id: int) -> None:
    """Note in the audit trail that the password was wrong."""
    connection.execute(load("session_refuse"), {"attempt_id": attempt_id})


def open_session(
    connection: Connection,
    attempt_id: int,
    verified_hash: str,
    renewed_hash: str | None,
    token_hash: bytes,
    old_token_hash: bytes | None,
) -> bool:
    """Open a session after a right password; false if the account has changed in between.

    Parameters
    ----------
    attempt_id : it is taken up once
    verified_hash : what the password was found to fit
    renewed_hash : to store in its place
    token_hash : of the new session
    old_token_hash : of the session that the browser had, which ends
    """
    values = {
        "attempt_id": attempt_id,
        "verified_hash": verified_hash,
        "renewed_hash": renewed_hash,
        "token_hash": token_hash,
        "old_token_hash": old_token_hash,
    }
    return connection.execute(load("session_open"), values).fetchone() == (True,)


def find_session(connection: Connection, token_hash: bytes) -> OpenSession | None:
    """The session of a token, if it is open and its account is not disabled."""
    row = connection.execute(load("session_find"), {"token_hash": token_hash}, prepare=True).fetchone()
    if row is None:
        return None
    account_id, name, role, region_code, region_name, language, database_role, expires_at = row
    identity = Identity(account_id, name, Role(role), region_code, language)
    return OpenSession(identity, region_name, expires_at, database_role)


def end_session(connection: Connection, token_hash: bytes, *, everywhere: bool) -> int:
    """End a session, or all of its account; how many ended."""
    values = {"token_hash": token_hash, "everywhere": everywhere}
    row = connection.execute(load("session_end"), values).fetchone()
    return int(row[0]) if row else 0


def change_password(
    connection: Connection,
    token_hash: bytes,
    attempt_id: int,
    verified_hash: str,
    new_hash: str,
    new_token_hash: bytes,
) -> bool:
    """Give a session's account another password; all its sessions end, and a new one opens.

    Parameters
    ----------
    token_hash : of the session that asks
    attempt_id : of the old password, given again
    verified_hash : what it was found to fit
    new_hash : of the new password
    new_token_hash : of the new session
    """
    values = {
        "token_hash": token_hash,
        "attempt_id": attempt_id,
        "verified_hash": verified_hash,
        "new_hash": new_hash,
        "new_token_hash": new_token_hash,
    }
    return connection.execute(load("session_change_password"), values).fetchone() == (True,)


def change_language(connection: Connection, token_hash: bytes, language: str) -> None:
    """Let a session's account have its pages in another language."""
    connection.execute(load("session_change_language"), {"token_hash": token_hash, "language": language})


def has_accounts(connection: Connection) -> bool:
    """Whether anybody can sign in at all."""
    return connection.execute(load("session_has_accounts")).fetchone() == (True,)
