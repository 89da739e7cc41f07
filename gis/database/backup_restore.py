"""Puts a backup into a database without a register, in one transaction, and compares what came out."""

import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from psycopg import sql

from gis.database.backup import SESSIONS, Report
from gis.database.backup_manifest import Manifest, TableChecksum
from gis.database.backup_programs import ClientPrograms, find_programs, first_complaint
from gis.database.connection import Database
from gis.database.health import check_postgis
from gis.database.migrations import LOCK_KEY
from gis.database.statements import load
from gis.errors import ConflictError, DatabaseError

# A line of pg_restore's list: `4752; 0 16385 TABLE DATA public atlas_migration atlas`.
_ENTRY = re.compile(r"\d+; \d+ \d+ ([A-Z][A-Z ]*) (\S+) (.+)")
_OURS = ("register", "layers", "published")
# Rights on PostGIS's own functions, which the migrations take from everybody.
_POSTGIS_FUNCTION = re.compile(r"FUNCTION _?(st|postgis)_\w+\(")
_END = "-- end of answer"


def restore(database: Database, path: Path, manifest: Manifest, report: Report) -> tuple[TableChecksum, ...]:
    """Restore a backup, all of it or nothing.

    psql holds the transaction, pg_restore hands it the statements, and it is committed when the rows have the
    manifest's checksums. Rows come in before triggers and policies are made, so that neither acts on them.
    Nobody is signed in afterwards.

    Parameters
    ----------
    database : opened as the role that is to own the register
    path : the file
    manifest : what it says of itself
    report : told what is done at the moment, how many steps are done, and how many there are

    Returns
    -------
    The checksums of the restored rows, which are those of the manifest, without sessions and tokens.

    Raises
    ------
    ConflictError : the database holds a register with rows, or its server is older than the backup's
    ClusterError : pg_restore and psql of the server's version are not installed
    DatabaseError : the file cannot be read, the server refuses a statement, or what came out differs
    """
    with database.session() as connection:
        check_postgis(connection)
        major = connection.info.server_version // 10_000
    if major < manifest.postgresql:
        raise ConflictError(
            f"the backup comes from PostgreSQL {manifest.postgresql}, this server is PostgreSQL {major}:"
            " restore it on the same version or a newer one"
        )
    programs = find_programs(major, database.conninfo)
    entries = _read_entries(programs, path)
    with _open_psql(programs) as psql:
        psql.run("BEGIN", "SET client_min_messages = warning", "SET statement_timeout = 0")
        psql.run(sql.SQL("SELECT pg_advisory_xact_lock({})").format(sql.Literal(LOCK_KEY)).as_string())
        psql.run(load("restore_tables_lock"))
        _refuse_filled(psql)
        setting = sql.SQL("SELECT set_config('atlas.backup', {}, true)")
        psql.run(setting.format(sql.Literal(manifest.model_dump_json())).as_string())
        psql.run(load("restore_database_prepare"))
        _replay(programs, path, entries, psql, report)
        report("checksums", len(entries), len(entries))
        psql.run(load("restore_owner_change"))
        psql.run(load("restore_sessions_end"))
        psql.run(load("backup_settings_pin"))
        tables = tuple(
            TableChecksum(table=table, rows=int(rows), sha256=sha256)
            for table, rows, sha256 in psql.ask(load("backup_checksum_tables"))
        )
        _refuse_difference(tuple(each for each in manifest.tables if each.table not in SESSIONS), tables)
        psql.run("COMMIT")
        psql.ask("SELECT 1")  # answered after the commit
    return tables


class _Psql:
    """A running psql that stops at the first error, with the transaction in its session."""

    def __init__(self, process: subprocess.Popen[str], complaints: IO[str]) -> None:
        self.process, self._complaints = process, complaints
        if process.stdin is None or process.stdout is None:
            raise DatabaseError("psql runs without its streams")
        self.stdin, self._stdout = process.stdin, process.stdout

    def run(self, *statements: str) -> None:
        """Send statements whose results nobody wants."""
        self._send("".join(f"{statement}\n;\n" for statement in statements))

    def ask(self, statement: str) -> list[list[str]]:
        """Send a query and wait for its rows."""
        self._send(f"\\o\n{statement}\n;\n\\echo '{_END}'\n\\o /dev/null\n")
        rows: list[list[str]] = []
        for line in self._stdout:
            if line.rstrip("\n") == _END:
                return rows
            rows.append(line.rstrip("\n").split("\t"))
        raise self.failure()

    def failure(self) -> DatabaseError:
        """What made psql end."""
        self.process.wait()
        self._complaints.seek(0)
        text = self._complaints.read()
        if any(mark in text for mark in ("No space left on device", "could not extend file")):
            return DatabaseError("nothing was restored: the database's disk is full; free some space there")
        return DatabaseError(f"nothing was restored: {first_complaint(text)}")

    def _send(self, text: str) -> None:
        try:
            self.stdin.write(text)
            self.stdin.flush()
        except BrokenPipeError:
            raise self.failure() from None


@contextmanager
def _open_psql(programs: ClientPrograms) -> Iterator[_Psql]:
    options = (
        "--no-psqlrc",
        "--quiet",
        "--no-password",
        "--no-align",
        "--tuples-only",
        "--field-separator=\t",
    )
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as complaints,
        programs.run(
            "psql",
            *options,
            "--set=ON_ERROR_STOP=1",
            stdin=subprocess.PIPE,
            output=subprocess.PIPE,
            complaints=complaints,
        ) as process,
    ):
        psql = _Psql(process, complaints)
        psql.ask("SELECT 1")  # from here on only answers are printed
        yield psql


def _replay(programs: ClientPrograms, path: Path, entries: list[str], psql: _Psql, report: Report) -> None:
    options = ("--no-owner", "--verbose", "--use-list=/dev/stdin", "--file=-", str(path))
    complaints: list[str] = []
    done, total = 0, len(entries)
    with tempfile.TemporaryFile("w+", encoding="utf-8") as listed:
        listed.write("\n".join(entries) + "\n")
        listed.seek(0)
        with programs.run(
            "pg_restore", *options, stdin=listed, output=psql.stdin, connected=False
        ) as process:
            for line in process.stderr or ():
                if "error:" in line:
                    complaints.append(line)
                else:
                    done += 1
                    report(line.partition("pg_restore: ")[2].strip(), min(done, total), total)
            failed = process.wait() != 0
    if failed and psql.process.poll() is not None:
        raise psql.failure()  # that was the reason: nobody read what pg_restore wrote
    if failed:
        raise DatabaseError(
            f"nothing was restored: pg_restore broke off: {first_complaint(''.join(complaints))}"
        )


def _read_entries(programs: ClientPrograms, path: Path) -> list[str]:
    with programs.run(
        "pg_restore",
        "--list",
        str(path),
        output=subprocess.PIPE,
        complaints=subprocess.STDOUT,
        connected=False,
    ) as process:
        shown, _ = process.communicate()
    if process.returncode != 0:
        raise DatabaseError(f"{path.name} cannot be read: {first_complaint(shown)}")
    return [
        line for line in shown.splitlines() if (found := _ENTRY.fullmatch(line)) and _is_ours(*found.groups())
    ]


def _is_ours(kind: str, schema: str, name: str) -> bool:
    # Extensions are made beforehand: here they may belong to somebody else, and be of another version.
    if schema in _OURS:
        return True
    if schema == "public":
        return "atlas_migration" in name.split() or (kind == "ACL" and bool(_POSTGIS_FUNCTION.match(name)))
    words = name.removeprefix("SCHEMA ").split()
    return schema == "-" and kind in ("SCHEMA", "ACL", "COMMENT") and words[0] in _OURS


def _refuse_filled(psql: _Psql) -> None:
    filled = [table for (table,) in psql.ask(load("restore_rows_find"))]
    if filled:
        raise ConflictError(
            f"the database already holds a register ({', '.join(filled)}): restore into an empty one,"
            " such as another ATLAS_HOME"
        )


def _refuse_difference(wanted: tuple[TableChecksum, ...], found: tuple[TableChecksum, ...]) -> None:
    differing = sorted({each.table for each in set(wanted) ^ set(found)})
    if differing:
        raise DatabaseError(f"nothing was restored: what came out differs in {', '.join(differing)}")
