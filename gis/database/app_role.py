"""The role as which the web application reaches a managed server: its password, and the address made with it.

In the private cluster it needs none: the socket's folder is the password.
"""

import os
import secrets
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from gis.config import Settings
from gis.database.connection import Database
from gis.errors import DatabaseError, InvalidInputError

NAME = "atlas_app"
_PASSWORD_FILE = "app_password"  # noqa: S105 - the name of the file, not the password


def conninfo(settings: Settings) -> str:
    """The connection string of the web application for a managed server.

    Parameters
    ----------
    settings : with a `database_url`; `app_database_url` is taken as it is, where it is given

    Raises
    ------
    InvalidInputError : an address cannot be read
    DatabaseError : the role has got no password yet
    """
    if settings.app_database_url is not None:
        return _checked(settings.app_database_url, "ATLAS_APP_DATABASE_URL")
    base = _checked(settings.database_url or "", "DATABASE_URL")
    try:
        password = _password_path(settings).read_text(encoding="ascii")
    except FileNotFoundError as error:
        raise DatabaseError(
            "the web application's role has no password on this server yet: atlas db migrate"
        ) from error
    return make_conninfo(base, user=NAME, password=password)


def ensure_password(database: Database, settings: Settings) -> None:
    """Give the role a random password on a managed server, unless it can sign in already.

    The password is kept under `ATLAS_HOME`, readable by its owner only. With `ATLAS_APP_DATABASE_URL` whoever
    runs the server has seen to it; in the private cluster there is nothing to do.

    Parameters
    ----------
    database : migrated, as the owner
    settings : of the installation

    Raises
    ------
    DatabaseError : the owner may not change the role
    """
    if settings.database_url is None or settings.app_database_url is not None:
        return
    path = _password_path(settings)
    if not path.exists():
        _write_secret(path, secrets.token_urlsafe(32))
    address = conninfo(settings)
    try:
        psycopg.connect(address, connect_timeout=5).close()
    except psycopg.OperationalError:
        set_password(database, NAME, path.read_text(encoding="ascii"))


def set_password(database: Database, role: str, password: str) -> None:
    """Set the password of a login role; the server, and so its log, gets the SCRAM verifier only.

    Parameters
    ----------
    database : as a role that may change it
    role : its name
    password : the new one
    """
    with database.transaction() as connection:
        verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
        connection.execute(
            sql.SQL("ALTER ROLE {} PASSWORD {}").format(
                sql.Identifier(role), sql.Literal(verifier.decode("ascii"))
            )
        )


def _password_path(settings: Settings) -> Path:
    return settings.home / _PASSWORD_FILE


def _write_secret(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)


def _checked(address: str, variable: str) -> str:
    try:
        conninfo_to_dict(address)
    except psycopg.ProgrammingError as error:
        # Neither the text nor libpq's message is shown: both may hold the password.
        allowed = "a PostgreSQL URL such as postgresql://user@host:5432/atlas"
        raise InvalidInputError(variable, "a text that libpq cannot read", allowed) from error
    return address
