"""Numbered SQL files, each applied once, in a transaction of its own, and never changed afterwards."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from psycopg.pq import TransactionStatus

from gis.database.connection import Connection, Database
from gis.database.health import check_postgis
from gis.errors import MigrationError

MIGRATIONS = Path(__file__).parent / "sql" / "migrations"
_FILE_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")
LOCK_KEY = 0x61746C6173  # "atlas"; the session lock that lets one migration run at a time

_CREATE_TABLE = """
CREATE TABLE IF NOT EXISTS public.atlas_migration (
    number     integer PRIMARY KEY,
    name       text NOT NULL,
    sha256     text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)
"""


@dataclass(frozen=True)
class Migration:
    """A file with its number, taken from its name, and the sha256 of its bytes."""

    number: int
    name: str
    sha256: str
    path: Path


def read_migrations(directory: Path = MIGRATIONS) -> list[Migration]:
    """All migrations of a folder by number.

    Raises
    ------
    MigrationError : a file name is not `NNNN_name.sql`, or the numbers do not run 1, 2, 3, …
    """
    found = []
    for path in sorted(directory.glob("*.sql")):
        match = _FILE_NAME.fullmatch(path.name)
        if match is None:
            raise MigrationError(f"{path.name}: a migration is named NNNN_name.sql, lower case")
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        found.append(Migration(int(match[1]), path.stem, digest, path))
    for expected, migration in enumerate(found, start=1):
        if migration.number < expected:
            raise MigrationError(f"{migration.path.name}: another migration bears the same number")
        if migration.number > expected:
            raise MigrationError(f"migration {expected:04} is missing before {migration.path.name}")
    return found


def pending(database: Database, directory: Path = MIGRATIONS) -> list[Migration]:
    """The migrations that are not applied yet, in order; changes nothing.

    Raises
    ------
    MigrationError : an applied migration has changed or its file is missing
    """
    migrations = read_migrations(directory)
    with database.transaction() as connection:
        return find_pending(migrations, read_applied(connection))


def migrate(database: Database, directory: Path = MIGRATIONS) -> list[Migration]:
    """Apply what is pending; several callers at once take turns.

    Returns
    -------
    The migrations that this call applied, in order.

    Raises
    ------
    MigrationError : an applied migration has changed or its file is missing, or one ends its own transaction
    DatabaseError : PostGIS is missing or too old, or a migration fails: it is undone, those before it stand
    """
    migrations = read_migrations(directory)
    with database.session() as connection:
        check_postgis(connection)
        connection.execute("SELECT pg_advisory_lock(%(key)s)", {"key": LOCK_KEY})
        todo = find_pending(migrations, read_applied(connection))
        if todo:
            connection.execute(_CREATE_TABLE)
        for migration in todo:
            _apply(connection, migration)
    return todo


def read_applied(connection: Connection) -> dict[int, tuple[str, str]]:
    """Name and sha256 of the migrations that a database has behind it, by number, in order."""
    row = connection.execute("SELECT to_regclass('public.atlas_migration') IS NOT NULL").fetchone()
    if row is None or not row[0]:
        return {}
    rows = connection.execute("SELECT number, name, sha256 FROM public.atlas_migration ORDER BY number")
    return {number: (name, sha256) for number, name, sha256 in rows}


def find_pending(migrations: list[Migration], applied: dict[int, tuple[str, str]]) -> list[Migration]:
    """Those of the migrations that are not among the applied ones.

    Raises
    ------
    MigrationError : an applied migration has changed or its file is missing
    """
    files = {migration.number: migration for migration in migrations}
    for number, (name, sha256) in applied.items():
        if number not in files:
            raise MigrationError(f"migration {name} is applied, but its file is missing: this code is older")
        if files[number].sha256 != sha256:
            raise MigrationError(
                f"migration {name} was changed after it was applied: restore the file, and put the change"
                " into a new migration"
            )
    return [migration for migration in migrations if migration.number not in applied]


def _apply(connection: Connection, migration: Migration) -> None:
    row = {"number": migration.number, "name": migration.name, "sha256": migration.sha256}
    with connection.transaction():
        connection.execute(migration.path.read_bytes())
        if connection.info.transaction_status != TransactionStatus.INTRANS:
            raise MigrationError(f"{migration.path.name} ends its own transaction")
        connection.execute(
            "INSERT INTO public.atlas_migration (number, name, sha256)"
            " VALUES (%(number)s, %(name)s, %(sha256)s)",
            row,
        )
