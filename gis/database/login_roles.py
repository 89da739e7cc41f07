"""The roles as which the web application reaches a managed server: their passwords and addresses.

In the private cluster they need none: the socket's folder is the password.
"""

import os
import secrets
from pathlib import Path
from typing import NamedTuple

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from gis.config import Settings
from gis.database.connection import Database
from gis.errors import DatabaseError, InvalidInputError


class LoginRole(NamedTuple):
    """A role of the database that the web application signs in as.

    Parameters
    ----------
    name : of the role
    password_file : under `ATLAS_HOME`, for a managed server
    setting : the field of `Settings` that names an address in the place of it
    variable : the environment variable of that field
    """

    name: str
    password_file: str
    setting: str
    variable: str


#: Whoever is signed in: owns nothing, and sees no row without an identity.
APP = LoginRole("atlas_app", "app_password", "app_database_url", "ATLAS_APP_DATABASE_URL")
#: Whoever is not: reads releases and nothing else.
VISITOR = LoginRole("atlas_visitor", "visitor_password", "visitor_database_url", "ATLAS_VISITOR_DATABASE_URL")
LOGIN_ROLES = (APP, VISITOR)


def conninfo(settings: Settings, role: LoginRole) -> str:
    """The connection string of a role for a managed server.

    Parameters
    ----------
    settings : with a `database_url`; the role's own address is taken as it is, where it is given
    role : APP or VISITOR

    Raises
    ------
    InvalidInputError : an address cannot be read
    DatabaseError : the role has got no password yet
    """
    address: str | None = getattr(settings, role.setting)
    if address is not None:
        return _checked(address, role.variable)
    base = _checked(settings.database_url or "", "DATABASE_URL")
    try:
        password = _password_path(settings, role).read_text(encoding="ascii")
    except FileNotFoundError as error:
        raise DatabaseError(
            "the web application's role has no password on this server yet: atlas db migrate"
        ) from error
    return make_conninfo(base, user=role.name, password=password)


def ensure_passwords(database: Database, settings: Settings) -> None:
    """Give the roles random passwords on a managed server, unless they can sign in already.

    A password is kept under `ATLAS_HOME`, readable by its owner only. With an address of its own whoever
    runs the server has seen to it; in the private cluster there is nothing to do.

    Parameters
    ----------
    database : migrated, as the owner
    settings : of the installation

    Raises
    ------
    DatabaseError : the owner may not change a role
    """
    if settings.database_url is None:
        return
    for role in LOGIN_ROLES:
        if getattr(settings, role.setting) is not None:
            continue
        path = _password_path(settings, role)
        if not path.exists():
            _write_secret(path, secrets.token_urlsafe(32))
        try:
            psycopg.connect(conninfo(settings, role), connect_timeout=5).close()
        except psycopg.OperationalError:
            set_password(database, role.name, path.read_text(encoding="ascii"))


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


def _password_path(settings: Settings, role: LoginRole) -> Path:
    return settings.home / role.password_file


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
