"""A backup is one moment of the register, and what a restore makes of it is the same register."""

import re
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from gis.database import backup
from gis.database.backup import SESSIONS, register_checksum
from gis.database.backup_manifest import TableChecksum
from gis.database.connection import Database
from gis.database.migrations import migrate, pending
from gis.database.revisions import read_revision
from gis.domain.access import Identity, Role
from gis.errors import AtlasError, ConflictError, DatabaseError, InvalidInputError
from gis.services import backups, tokens
from gis.services.backups import back_up, restore

Actor = Callable[..., Identity]


def silent(step: str, done: int, total: int) -> None:
    assert step
    assert 0 <= done <= total


def checksums(database: Database) -> dict[str, tuple[int, str]]:
    with database.transaction() as connection:
        return {each.table: (each.rows, each.sha256) for each in register_checksum(connection)}


def revision(database: Database) -> str:
    with database.transaction() as connection:
        return read_revision(connection)


def every_row(database: Database) -> dict[str, list[str]]:
    """All rows of all tables as text, by other means than the checksum."""
    with database.transaction() as connection:
        tables = connection.execute(
            "SELECT schemaname, tablename FROM pg_tables"
            " WHERE schemaname = 'register' OR tablename = 'atlas_migration' ORDER BY 1, 2"
        ).fetchall()
        rows = {}
        for schema, table in tables:
            name = sql.Identifier(schema, table)
            found = connection.execute(sql.SQL("SELECT row_to_json(x)::text FROM {} x").format(name))
            rows[f"{schema}.{table}"] = sorted(text for (text,) in found)
    return rows


def structure(database: Database) -> str:
    """All but the rows, as pg_dump writes it; without names and brackets that PostgreSQL makes up."""
    done = subprocess.run(
        ["pg_dump", "--schema-only", f"--dbname={database.conninfo}"],
        capture_output=True,
        text=True,
        check=True,
    )
    text = re.sub(r"\\(un)?restrict .*", "", done.stdout).replace(
        "double precision AS float8", "double precision"
    )
    return re.sub(r"[()]", "", re.sub(r"(?<=::)(\w+) AS \1\b", r"\1", text))


def tables(database: Database) -> int:
    with database.transaction() as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_class WHERE relnamespace = to_regnamespace('register')"
            " OR oid = to_regclass('public.atlas_migration')"
        ).fetchone()
    return int(row[0]) if row else 0


@pytest.fixture
def fresh(cluster: Any, request: pytest.FixtureRequest) -> Iterator[Callable[[], Database]]:
    """Makes empty databases on the test server."""
    names: list[str] = []
    databases: list[Database] = []

    def make(template: str = "template0") -> Database:
        digest = abs(hash(request.node.name)) % 10**8
        name = f"{cluster.prefix}_restored_{digest}_{len(names)}"
        cluster.drop(name)
        names.append(cluster.clone(name, template))
        databases.append(Database(cluster.conninfo(name)))
        return databases[-1]

    yield make
    for database in databases:
        database.close()
    for name in names:
        cluster.drop(name)


@pytest.fixture(scope="module")
def source(demo_database: Database, actor: Actor, token_of: Callable[[Database, Identity], str]) -> Database:
    """The demonstration data, an account with a session and a token, and a site with a difficult name."""
    session = token_of(demo_database, actor(demo_database, Role.province, "64"))
    tokens.create(demo_database, session, "QGIS", 30)
    with demo_database.transaction() as connection:
        connection.execute(
            "INSERT INTO register.site (name, alternative_names, site_type, geom, location_accuracy,"
            " location_source) VALUES (%s, %s, 'lokasi', 'SRID=4326;POINT(117.1 -0.5)', 'exact', %s)",
            ["tab\tnewline\nquote'\"\\. é 地", ["{a,b}", "NULL", ""], "\\."],
        )
    return demo_database


@pytest.fixture(scope="module")
def file(source: Database, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("backup") / "register.atlas"
    back_up(source, path, silent)
    return path


def test_the_restored_register_is_equal_row_for_row(
    source: Database, file: Path, fresh: Callable[[], Database]
) -> None:
    target = fresh()
    restored = restore(target, file, silent)
    rows, wanted = every_row(target), every_row(source)
    for table in SESSIONS:
        assert (rows.pop(table), len(wanted.pop(table))) == ([], 1), "nobody is signed in to it"
    assert rows == wanted
    assert checksums(target) == checksums(source)
    assert {each.table: (each.rows, each.sha256) for each in restored.tables} == checksums(source)
    assert checksums(source)["register.event"][0] > 1000


def test_a_backup_of_earlier_that_holds_sessions_restores_without_them(
    source: Database, fresh: Callable[[], Database], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = TableChecksum(table="register.session", rows=1, sha256="0" * 64)
    monkeypatch.setattr(backup, "SESSIONS", ())
    monkeypatch.setattr(
        backup, "register_checksum", lambda connection: (*register_checksum(connection), held)
    )
    back_up(source, tmp_path / "earlier.atlas", silent)
    target = fresh()
    restored = restore(target, tmp_path / "earlier.atlas", silent)
    assert held not in restored.tables
    with target.transaction() as connection:
        assert one(connection, "SELECT count(*) FROM register.session") == (0,)
        assert one(connection, "SELECT count(*) FROM register.token") == (0,)


def test_functions_triggers_policies_and_rights_are_the_same(
    source: Database, file: Path, fresh: Callable[[], Database]
) -> None:
    target = fresh()
    assert restore(target, file, silent).pending == ()
    assert structure(target) == structure(source)
    assert pending(target) == []
    assert migrate(target) == []


def test_a_restored_register_works(file: Path, fresh: Callable[[], Database], actor: Actor) -> None:
    target = fresh()
    restore(target, file, silent)
    with target.transaction() as connection:
        (site_id, province, before) = one(
            connection,
            "INSERT INTO register.site (name, site_type, geom, location_accuracy, location_source)"
            " VALUES ('Baru', 'lokasi', 'SRID=4326;POINT(117.1 -0.5)', 'exact', 'uji')"
            " RETURNING id, province_code, (SELECT max(id) FROM register.event)",
        )
        assert province is None  # the join comes after the row
        (event,) = one(
            connection,
            "INSERT INTO register.event (site_id, kind, occurred_on, source)"
            " VALUES (%s, 'closed', '2020-01-01', 'uji') RETURNING id",
            [site_id],
        )
        assert event > before, "the numbers of the log go on"
        assert one(connection, "SELECT province_code FROM register.site WHERE id = %s", [site_id]) == ("64",)
        state = "SELECT status FROM register.site_state WHERE site_id = %s AND upper_inf(valid)"
        assert one(connection, state, [site_id]) == ("closed",)
    with pytest.raises(AtlasError, match="append-only"), target.transaction() as connection:
        connection.execute("DELETE FROM register.event")
    acting = target.acting_as(actor(target, Role.province, "64"))
    with acting.transaction() as connection:
        (mine, others) = one(
            connection,
            "SELECT count(*) FILTER (WHERE region_codes @> '{64}'), count(*) FILTER"
            " (WHERE NOT region_codes @> '{64}') FROM register.site",
        )
    assert mine > 0
    assert others == 0


def one(connection: Any, statement: str, values: Any = None) -> tuple[Any, ...]:
    row = connection.execute(statement, values).fetchone()
    assert row is not None
    return tuple(row)


class Writer(threading.Thread):
    """Enters sites without a pause, each with two events and a headcount, a transaction each."""

    def __init__(self, conninfo: str) -> None:
        super().__init__()
        self.conninfo = conninfo
        self.committed = 0
        self.end = threading.Event()
        self.started = threading.Event()

    def run(self) -> None:
        with psycopg.connect(self.conninfo, autocommit=True) as connection:
            while not self.end.is_set():
                with connection.transaction():
                    self.enter(connection)
                self.committed += 1
                self.started.set()

    def enter(self, connection: psycopg.Connection) -> None:
        (site,) = one(
            connection,
            "INSERT INTO register.site (name, site_type, geom, location_accuracy, location_source)"
            " VALUES (%s, 'lokasi', 'SRID=4326;POINT(117.1 -0.5)', 'exact', 'writer') RETURNING id",
            [f"{self.committed}"],
        )
        for kind in ("recorded", "closed"):
            connection.execute(
                "INSERT INTO register.event (site_id, kind, occurred_on, source)"
                " VALUES (%s, %s, '2020-01-01', 'writer')",
                [site, kind],
            )
        connection.execute(
            "INSERT INTO register.headcount (site_id, counted_on, n, definition, source)"
            " VALUES (%s, '2020-01-01', %s, 'resident', 'writer')",
            [site, self.committed],
        )


@contextmanager
def writing(database: Database) -> Iterator[Writer]:
    writer = Writer(database.conninfo)
    writer.start()
    try:
        assert writer.started.wait(30)
        yield writer
    finally:
        writer.end.set()
        writer.join()


def test_a_backup_while_others_write_is_one_moment(
    demo_template: str, fresh: Callable[..., Database], tmp_path: Path
) -> None:
    busy, target = fresh(demo_template), fresh()
    path = tmp_path / "busy.atlas"
    with writing(busy) as writer:
        before = writer.committed
        written = back_up(busy, path, silent)
        after = writer.committed
    restored = restore(target, path, silent)
    assert restored.checksum == written.manifest.checksum
    with target.transaction() as connection:
        found = connection.execute(
            "SELECT s.name::integer, s.province_code, (SELECT count(*) FROM event e WHERE e.site_id = s.id),"
            " (SELECT count(*) FROM site_state t WHERE t.site_id = s.id AND t.status = 'closed'),"
            " (SELECT min(n) FROM headcount h WHERE h.site_id = s.id)"
            " FROM register.site s WHERE s.location_source = 'writer' ORDER BY 1"
        ).fetchall()
        orphans = one(
            connection,
            "SELECT (SELECT count(*) FROM event WHERE site_id NOT IN (SELECT id FROM site)),"
            " (SELECT count(*) FROM headcount WHERE site_id NOT IN (SELECT id FROM site))",
        )
    # Whole transactions, all of the first ones and none of the later.
    assert found == [(n, "64", 2, 1, n) for n in range(len(found))]
    assert before <= len(found) < after, "writing went on after the snapshot"
    assert orphans == (0, 0)


def test_a_register_that_is_migrated_and_empty_gives_way(
    file: Path, source: Database, template_database: str, fresh: Callable[..., Database]
) -> None:
    target = fresh(template_database)
    assert tables(target) > 0
    before = revision(target)
    restore(target, file, silent)
    assert checksums(target) == checksums(source)
    # What was kept under a revision of what was there, or of the one that was backed up, is of no use.
    names = [each.partition(".")[0] for each in (before, revision(source), revision(target))]
    assert len(set(names)) == len(names)


def test_a_register_with_rows_is_refused_and_stays(
    file: Path, template_database: str, fresh: Callable[..., Database]
) -> None:
    target = fresh(template_database)
    with target.transaction() as connection:
        connection.execute("INSERT INTO register.account (name, role) VALUES ('someone', 'planner')")
    before = checksums(target)
    with pytest.raises(ConflictError, match=r"already holds a register \(.*register\.account"):
        restore(target, file, silent)
    assert checksums(target) == before


def test_what_else_lives_in_the_database_stays_out(
    demo_template: str, fresh: Callable[..., Database], tmp_path: Path
) -> None:
    shared, target = fresh(demo_template), fresh()
    with shared.transaction() as connection:
        connection.execute('CREATE SCHEMA "of Others"')
        connection.execute('CREATE TABLE "of Others"."Secrets" AS SELECT 1 AS x')
        connection.execute('CREATE TABLE public."Their table" AS SELECT 1 AS x')
        connection.execute("CREATE FUNCTION public.theirs() RETURNS integer LANGUAGE sql RETURN 1")
        connection.execute("CREATE VIEW public.their_view AS SELECT * FROM register.site")
    path = tmp_path / "shared.atlas"
    back_up(shared, path, silent)
    restore(target, path, silent)
    assert checksums(target) == checksums(shared)
    with target.transaction() as connection:
        schemas = one(connection, "SELECT to_regnamespace('\"of Others\"'), to_regproc('public.theirs')")
        strangers = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        ).fetchall()
    assert schemas == (None, None)
    assert strangers == [("atlas_migration",), ("spatial_ref_sys",)]


def test_the_file_is_complete_private_and_what_pg_restore_reads(file: Path) -> None:
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(file.parent.iterdir()) == [file]
    listing = subprocess.run(["pg_restore", "--list", str(file)], capture_output=True, text=True, check=True)
    assert "TABLE DATA register site" in listing.stdout
    script = subprocess.run(["pg_restore", "--file=-", str(file)], capture_output=True, text=True, check=True)
    assert "COPY register.site_state" in script.stdout


def test_an_older_backup_stays_until_the_new_one_is_whole(
    file: Path, source: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "kept.atlas"
    path.write_text("the older one")

    def broken(*_: Any) -> None:
        raise DatabaseError("broke off")

    monkeypatch.setattr(backups.backup, "dump", broken)
    with pytest.raises(DatabaseError, match="broke off"):
        back_up(source, path, silent)
    assert path.read_text() == "the older one"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda data: data[: len(data) // 2], "its end is missing"),
        (lambda data: data[:-1], "its end is missing"),
        (lambda data: data[:100] + b"?" + data[101:], "its bytes have changed"),
        (
            lambda data: data[: len(data) // 2] + b"\0" * 999 + data[len(data) // 2 :],
            "its bytes have changed",
        ),
        (lambda data: b"", "no backup"),
        (lambda data: b"PGDMP", "its end is missing"),
        (lambda data: b"--\n-- PostgreSQL database dump\n--\n" + data, "no backup"),
    ],
)
def test_a_damaged_file_is_refused_before_anything_is_done(
    file: Path, fresh: Callable[[], Database], tmp_path: Path, damage: Callable[[bytes], bytes], reason: str
) -> None:
    path = tmp_path / "damaged.atlas"
    path.write_bytes(damage(file.read_bytes()))
    target = fresh()
    with pytest.raises(InvalidInputError, match=f"^FILE: .*{reason}"):
        restore(target, path, silent)
    assert tables(target) == 0
