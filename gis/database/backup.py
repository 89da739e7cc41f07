"""A copy of the register in one file, taken from one snapshot while others go on writing."""

import errno
import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, LiteralString

import psycopg

from gis.database.backup_manifest import (
    AppliedMigration,
    BackupRole,
    Manifest,
    OwnedObject,
    TableChecksum,
)
from gis.database.backup_programs import ClientPrograms, find_programs, first_complaint
from gis.database.connection import Connection, Database
from gis.database.migrations import LOCK_KEY, read_applied
from gis.database.statements import load
from gis.errors import DatabaseError, MigrationError

#: Nobody is signed in to what was restored, also not with a token that has been stolen since.
SESSIONS = ("register.session", "register.token")
Report = Callable[[str, int, int], None]
_ACCOUNTS_SINCE = 8  # the migration that made them; an older register is backed up before it is migrated
_DUMPING = re.compile(r'dumping contents of table "(.+)"')


def register_checksum(connection: Connection) -> tuple[TableChecksum, ...]:
    """A checksum for every table of the register, and of what is published, over all columns of all rows.

    Equal registers have equal checksums on any server. What stands outside of the rows does not count: the
    next numbers of sequences, indexes, the order of rows on disk; nor do open sessions
    and personal tokens.

    Parameters
    ----------
    connection : in a transaction of the owner; its settings and search path change until the transaction ends
    """
    connection.execute(load("backup_settings_pin"))
    return tuple(
        TableChecksum(table=table, rows=rows, sha256=sha256)
        for table, rows, sha256 in connection.execute(load("backup_checksum_tables"))
    )


def dump(database: Database, path: Path, report: Report) -> Manifest:
    """Write the register to a file in pg_dump's custom format.

    Rows and checksums come from one snapshot; writers are not held up, migrations are.

    Parameters
    ----------
    database : opened as the register's owner
    path : the file, which is made or written over, and which nobody but the caller may read
    report : told what is done at the moment, how many steps are done, and how many there are

    Returns
    -------
    What a restore needs beside the rows.

    Raises
    ------
    MigrationError : there is no register in the database
    ClusterError : pg_dump of the server's version is not installed
    DatabaseError : rows are hidden from this role, or pg_dump fails
    OSError : the disk is full
    """
    with database.session() as connection:
        # Before the snapshot is taken: no table may change its shape between it and the copy.
        connection.execute("SELECT pg_advisory_lock_shared(%(key)s)", {"key": LOCK_KEY})
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        with connection.transaction():
            connection.execute(load("backup_settings_pin"))
            major, postgis, owner, unbound = _row(connection, load("backup_origin_get"))
            _refuse_hidden(connection)
            if owner is None or not (applied := read_applied(connection)):
                raise MigrationError("there is no register in this database: atlas db migrate")
            programs = find_programs(major, database.conninfo)
            report("checksums", 0, 1)
            manifest = Manifest(
                made_at=datetime.now(UTC),
                postgresql=major,
                postgis=postgis,
                owner=owner,
                roles=_read_roles(connection, has_accounts=max(applied) >= _ACCOUNTS_SINCE),
                owned=tuple(
                    OwnedObject(kind=kind, identity=identity, schema_name=schema, owner=role)
                    for kind, identity, schema, role in connection.execute(load("backup_owned_list"))
                ),
                migrations=tuple(
                    AppliedMigration(number=number, name=name, sha256=sha256)
                    for number, (name, sha256) in applied.items()
                ),
                tables=register_checksum(connection),
            )
            (snapshot,) = _row(connection, "SELECT pg_export_snapshot()")
            options = [f"--snapshot={snapshot}", *_strangers(connection)]
            options += [f"--exclude-table-data={table}" for table in SESSIONS]
            # Where policies bind also the owner, one of them lets the owner see all: `_refuse_hidden` looked.
            options += [] if unbound else ["--enable-row-security"]
            _run_pg_dump(programs, path, options, len(manifest.tables), report)
    return manifest


def _run_pg_dump(
    programs: ClientPrograms, path: Path, options: list[str], tables: int, report: Report
) -> None:
    path.touch(mode=0o600)  # it holds what the register holds, password hashes too
    options = ["--format=custom", "--no-password", "--verbose", f"--file={path}", *options]
    complaints, done = [], 0
    with programs.run("pg_dump", *options) as process:
        for line in process.stderr or ():
            if found := _DUMPING.search(line):
                report(found[1], min(done, tables), tables)
                done += 1
            else:
                complaints.append(line)
        failed = process.wait() != 0
    if failed:
        complaint = first_complaint("".join(line for line in complaints if "error:" in line))
        if os.strerror(errno.ENOSPC) in complaint:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        raise DatabaseError(f"pg_dump broke off: {complaint}")
    report("written", tables, tables)


def _refuse_hidden(connection: Connection) -> None:
    hidden = [table for (table,) in connection.execute(load("backup_hidden_list"))]
    if hidden:
        raise DatabaseError(
            f"not every row of {', '.join(hidden)} can be seen by this role: back up as the register's owner"
        )


def _read_roles(connection: Connection, *, has_accounts: bool) -> tuple[BackupRole, ...]:
    logins = [role for (role,) in connection.execute(load("backup_logins_list"))] if has_accounts else []
    return tuple(
        BackupRole(
            name=name,
            login=login,
            inherit=inherit,
            connection_limit=limit,
            settings=tuple(settings),
            member_of=tuple(member_of),
        )
        for name, login, inherit, limit, settings, member_of in connection.execute(
            load("backup_roles_list"), {"logins": logins}
        )
    )


def _strangers(connection: Connection) -> list[str]:
    return [
        f"--exclude-{kind}={pattern}" for kind, pattern in connection.execute(load("backup_strangers_list"))
    ]


def _row(connection: Connection, statement: LiteralString) -> tuple[Any, ...]:
    row = connection.execute(statement).fetchone()
    if row is None:
        raise DatabaseError("the server does not tell what it is")
    return row
