"""A backup goes to other servers: without our roles, with another owner, and not where it cannot."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from gis.database import backup_programs
from gis.database.backup import register_checksum
from gis.database.backup_manifest import AppliedMigration, Manifest, TableChecksum
from gis.database.backup_programs import ClientPrograms, find_programs, first_complaint
from gis.database.cluster import Cluster
from gis.database.connection import Database
from gis.database.migrations import MIGRATIONS, migrate
from gis.errors import ClusterError, ConflictError, DatabaseError, MigrationError
from gis.services import backup_files
from gis.services.backups import back_up, restore

# Roles are the whole server's, which workers share.
ACCOUNT = f"backup-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
QGIS = f"direct_{ACCOUNT}"
ROLES = """
SELECT r.rolname, r.rolcanlogin, r.rolinherit, r.rolconnlimit,
       (SELECT setconfig FROM pg_db_role_setting WHERE setrole = r.oid AND setdatabase = 0),
       ARRAY(SELECT roleid::regrole::text FROM pg_auth_members WHERE member = r.oid ORDER BY 1)
FROM pg_roles r WHERE rolname LIKE 'atlas\\_%' OR rolname = '{}' ORDER BY 1
""".replace("{}", QGIS)


def silent(*_: object) -> None:
    """Nobody looks at the progress."""


def rows(conninfo: str, statement: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(conninfo) as connection:
        return connection.execute(statement).fetchall()


@pytest.fixture(scope="module")
def file(demo_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Demonstration data, with an account that has a login role of its own for QGIS."""
    path = tmp_path_factory.mktemp("backup") / "register.atlas"
    with demo_database.transaction() as connection:
        connection.execute(
            "INSERT INTO register.account (name, role, region_code) VALUES (%s, 'province', '64')", [ACCOUNT]
        )
        connection.execute("SELECT register.direct_role_make(%s, 'secret')", [ACCOUNT])
    back_up(demo_database, path, silent)
    yield path
    with demo_database.transaction() as connection:
        connection.execute("SELECT register.direct_role_drop(%s)", [ACCOUNT])


@pytest.fixture
def target(own_cluster: Cluster) -> Iterator[Database]:
    with Database(own_cluster.conninfo()) as database:
        yield database


def resealed(
    file: Path, path: Path, change: Callable[[bytearray], None] | None = None, **manifest: Any
) -> Path:
    """A copy whose archive or manifest was changed, by somebody who also knows how to close it."""
    found = backup_files.read(file).manifest
    content = bytearray(file.read_bytes().partition(found.model_dump_json().encode())[0])
    if change is not None:
        change(content)
    path.write_bytes(content)
    backup_files.seal(path, found.model_copy(update=manifest))
    return path


def test_missing_roles_are_made_and_direct_connections_work(
    file: Path, demo_database: Database, target: Database, own_cluster: Cluster
) -> None:
    restore(target, file, silent)
    made = rows(own_cluster.conninfo(), ROLES)
    assert made == rows(demo_database.conninfo, ROLES)
    assert {name for name, *_ in made} >= {"atlas_app", "atlas_national", "atlas_scoped", QGIS}
    special = rows(
        own_cluster.conninfo(),
        "SELECT rolname FROM pg_authid WHERE rolname !~ '^pg_' AND rolname <> 'atlas'"
        " AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication"
        " OR rolpassword IS NOT NULL)",
    )
    assert special == []
    direct = make_conninfo(own_cluster.conninfo(), user=QGIS)
    seen = rows(direct, "SELECT province_code, shared_with FROM layers.sites")
    assert seen
    assert all(province == "64" or "64" in shared for province, shared in seen)
    assert len(seen) < len(rows(own_cluster.conninfo(), "SELECT FROM register.site"))
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        rows(direct, "SELECT FROM register.site")


def test_a_register_of_before_accounts_is_restored_and_migrated(
    target: Database, cluster: Any, tmp_path: Path
) -> None:
    first = tmp_path / "migrations"
    first.mkdir()
    for path in sorted(MIGRATIONS.glob("*.sql"))[:7]:
        shutil.copy(path, first)
    name = cluster.clone(f"{cluster.prefix}_{QGIS}_old", "template0")
    path = tmp_path / "old.atlas"
    try:
        with Database(cluster.conninfo(name)) as database:
            migrate(database, first)
            with database.transaction() as connection:
                connection.execute(
                    "INSERT INTO register.site (name, site_type, geom, location_accuracy, location_source)"
                    " VALUES ('Lama', 'lokasi', 'SRID=4326;POINT(117 0)', 'exact', 'uji')"
                )
            back_up(database, path, silent)
    finally:
        cluster.drop(name)
    pending = restore(target, path, silent).pending
    assert pending[0] == "0008_access"
    assert tuple(each.name for each in migrate(target)) == pending
    with target.transaction() as connection:
        assert connection.execute("SELECT name FROM register.site").fetchall() == [("Lama",)]


def test_a_role_that_is_there_keeps_what_it_is(file: Path, target: Database, own_cluster: Cluster) -> None:
    with target.session() as connection:
        connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(QGIS)))
    restore(target, file, silent)
    found = rows(
        own_cluster.conninfo(),
        "SELECT rolcanlogin, (SELECT count(*) FROM pg_auth_members WHERE member = r.oid)"
        f" FROM pg_roles r WHERE rolname = '{QGIS}'",
    )
    assert found == [(False, 0)]


@pytest.fixture
def keeper(own_cluster: Cluster) -> Iterator[Database]:
    """A database as managed servers give it: its owner is no superuser and did not make the extensions."""
    with psycopg.connect(own_cluster.conninfo(), autocommit=True) as connection:
        connection.execute("CREATE ROLE test_keeper LOGIN CREATEROLE")
        connection.execute("CREATE DATABASE kept OWNER test_keeper")
    with psycopg.connect(own_cluster.conninfo("kept"), autocommit=True) as connection:
        connection.execute("CREATE EXTENSION postgis")
        connection.execute("CREATE EXTENSION btree_gist")
        connection.execute("GRANT CREATE ON SCHEMA public TO test_keeper")
    with Database(make_conninfo(own_cluster.conninfo("kept"), user="test_keeper")) as database:
        yield database


def policies(database: Database) -> list[tuple[Any, ...]]:
    with database.transaction() as connection:
        return connection.execute(
            "SELECT schemaname, tablename, policyname, cmd, qual, with_check,"
            " array_remove(roles, current_user)"
            " FROM pg_policies ORDER BY 1, 2, 3"
        ).fetchall()


def owned_wrongly(database: Database) -> list[tuple[Any, ...]]:
    with database.transaction() as connection:
        return connection.execute(
            "SELECT c.relname FROM pg_class c WHERE relnamespace = 'register'::regnamespace"
            " AND relowner <> current_user::regrole UNION ALL"
            " SELECT p.proname FROM pg_proc p WHERE pronamespace = 'register'::regnamespace"
            " AND proowner <> current_user::regrole UNION ALL"
            " SELECT p.proname FROM pg_proc p WHERE pronamespace = 'layers'::regnamespace AND prosecdef"
            " AND proowner <> 'atlas_layers'::regrole"
        ).fetchall()


def test_an_owner_without_special_rights_restores_and_backs_up(
    file: Path, demo_database: Database, keeper: Database, cluster: Any, tmp_path: Path
) -> None:
    restore(keeper, file, silent)
    assert owned_wrongly(keeper) == []
    assert policies(keeper) == policies(demo_database)
    with keeper.transaction() as connection:
        connection.execute("UPDATE register.site SET name = name || '!' WHERE province_code = '64'")
        wanted = register_checksum(connection)
    path = tmp_path / "of-keeper.atlas"
    back_up(keeper, path, silent)

    # And back, to a server that knows no such owner.
    name = cluster.clone(f"{cluster.prefix}_from_keeper", "template0")
    try:
        with Database(cluster.conninfo(name)) as database:
            restore(database, path, silent)
            assert owned_wrongly(database) == []
            assert policies(database) == policies(demo_database)
            with database.transaction() as connection:
                assert register_checksum(connection) == wanted
                made = connection.execute("SELECT FROM pg_roles WHERE rolname = 'test_keeper'").fetchone()
            assert made is None
    finally:
        cluster.drop(name)


def test_who_does_not_see_every_row_makes_no_backup(
    file: Path, target: Database, own_cluster: Cluster, tmp_path: Path
) -> None:
    restore(target, file, silent)
    with (
        Database(make_conninfo(own_cluster.conninfo(), user="atlas_app")) as database,
        pytest.raises(DatabaseError, match=r"not every row of .*register\.site.* as the register's owner"),
    ):
        back_up(database, tmp_path / "part.atlas", silent)
    assert list(tmp_path.iterdir()) == []


def test_who_may_not_make_roles_is_told_which_is_missing(
    file: Path, keeper: Database, own_cluster: Cluster
) -> None:
    with psycopg.connect(own_cluster.conninfo()) as connection:
        connection.execute("ALTER ROLE test_keeper NOCREATEROLE")
    with pytest.raises(
        DatabaseError, match=r"^nothing was restored: role atlas_app is missing, and test_keeper may not make"
    ):
        restore(keeper, file, silent)
    assert nothing_there(keeper)


def nothing_there(database: Database) -> bool:
    with database.transaction() as connection:
        row = connection.execute(
            "SELECT to_regnamespace('register') IS NULL AND to_regclass('public.atlas_migration') IS NULL"
        ).fetchone()
    return row == (True,)


def test_rows_that_come_out_differently_are_not_kept(file: Path, target: Database, tmp_path: Path) -> None:
    tables = list(backup_files.read(file).manifest.tables)
    place = next(n for n, each in enumerate(tables) if each.table == "register.site_state")
    tables[place] = TableChecksum(table="register.site_state", rows=tables[place].rows, sha256="0" * 64)
    path = resealed(file, tmp_path / "other.atlas", tables=tuple(tables))
    with pytest.raises(DatabaseError, match=r"nothing was restored: .* differs in register\.site_state$"):
        restore(target, path, silent)
    assert nothing_there(target)
    with target.transaction() as connection:
        assert connection.execute("SELECT FROM pg_roles WHERE rolname = 'atlas_app'").fetchone() is None
    restore(target, file, silent)


def test_an_archive_that_breaks_in_the_middle_leaves_nothing(
    file: Path, target: Database, tmp_path: Path
) -> None:
    def spoil(content: bytearray) -> None:
        place = len(content) * 2 // 3
        content[place : place + 5000] = bytes(5000)

    path = resealed(file, tmp_path / "spoiled.atlas", spoil)
    with pytest.raises(DatabaseError, match=r"^nothing was restored: pg_restore broke off: .*uncompress"):
        restore(target, path, silent)
    assert nothing_there(target)


def test_what_the_server_refuses_is_told(file: Path, target: Database) -> None:
    with target.transaction() as connection:
        connection.execute("CREATE VIEW public.atlas_migration AS SELECT 1 AS theirs")
    with pytest.raises(DatabaseError, match=r'^nothing was restored: "atlas_migration" is not a table$'):
        restore(target, file, silent)
    with target.transaction() as connection:
        assert connection.execute("SELECT theirs FROM public.atlas_migration").fetchone() == (1,)


def test_a_newer_schema_is_refused(file: Path, target: Database, tmp_path: Path) -> None:
    newer = AppliedMigration(number=9999, name="9999_of_tomorrow", sha256="0" * 64)
    known = backup_files.read(file).manifest.migrations
    path = resealed(file, tmp_path / "newer.atlas", migrations=(*known, newer))
    with pytest.raises(
        MigrationError, match=r"another version of the program: .*9999_of_tomorrow.* is older"
    ):
        restore(target, path, silent)
    assert nothing_there(target)


def test_an_older_schema_is_restored_and_what_is_pending_named(
    file: Path, target: Database, tmp_path: Path
) -> None:
    known = backup_files.read(file).manifest.migrations
    path = resealed(file, tmp_path / "older.atlas", migrations=known[:-1])
    assert restore(target, path, silent).pending == (known[-1].name,)


def test_an_older_server_is_refused(file: Path, target: Database, tmp_path: Path) -> None:
    path = resealed(file, tmp_path / "ahead.atlas", postgresql=99)
    with pytest.raises(
        ConflictError, match=r"comes from PostgreSQL 99, this server is PostgreSQL \d+: restore"
    ):
        restore(target, path, silent)
    assert nothing_there(target)


def test_a_database_without_a_register_has_nothing_to_back_up(target: Database, tmp_path: Path) -> None:
    with pytest.raises(MigrationError, match="there is no register in this database: atlas db migrate"):
        back_up(target, tmp_path / "nothing.atlas", silent)
    assert list(tmp_path.iterdir()) == []


def test_programs_of_the_servers_version_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backup_programs.shutil, "which", lambda _: None)
    with pytest.raises(ClusterError, match=r"is PostgreSQL 99, .*: apt-get install postgresql-client-99"):
        find_programs(99, "dbname=atlas")


def test_a_password_is_not_shown_to_other_users(tmp_path: Path) -> None:
    program = tmp_path / "psql"
    program.write_text('#!/bin/sh\necho "$@" "$PGPASSWORD"\n')
    program.chmod(0o755)
    programs = ClientPrograms(tmp_path, "postgresql://me:s3cret@db.example/atlas")
    with programs.run("psql", output=-1) as process:
        shown, _ = process.communicate()
    assert "s3cret" not in " ".join(map(str, process.args))
    assert "db.example" in shown
    assert shown.rstrip().endswith("s3cret")


@pytest.mark.parametrize(
    ("printed", "told"),
    [
        (
            "psql:<stdin>:7: NOTICE:  skipped\npsql:<stdin>:9: ERROR:  no such table\nLINE 1: x",
            "no such table",
        ),
        ('pg_dump: error: connection to server failed: FATAL:  role "x" is away', 'role "x" is away'),
        ("pg_restore: error: could not read\n", "could not read"),
        ("something else\n", "something else"),
        ("", "no reason given"),
    ],
)
def test_a_complaint_is_one_line(printed: str, told: str) -> None:
    assert first_complaint(printed) == told


def test_a_manifest_reads_what_it_wrote(file: Path) -> None:
    found = backup_files.read(file)
    again = Manifest.model_validate_json(found.manifest.model_dump_json())
    assert again == found.manifest
    assert found.size == file.stat().st_size
    assert {role.name for role in again.roles} >= {"atlas_app", "atlas_national", "atlas_scoped", QGIS}
    assert "secret" not in again.model_dump_json()
