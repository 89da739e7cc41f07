"""Migrations: in order, once, whole, never changed."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gis.database.connection import Database
from gis.database.migrations import migrate, pending, read_migrations
from gis.errors import DatabaseError, MigrationError


@pytest.fixture
def empty(cluster: Any) -> Iterator[Database]:
    """A database without anything."""
    name = cluster.prefix + "_migrations"
    cluster.drop(name)
    cluster.clone(name, "template0")
    with Database(cluster.conninfo(name)) as database:
        yield database
    cluster.drop(name)


def write(directory: Path, **files: str) -> None:
    for name, text in files.items():
        (directory / f"{name.removeprefix('m')}.sql").write_text(text)


def names(database: Database) -> list[str]:
    with database.transaction() as connection:
        rows = connection.execute("SELECT relname FROM pg_class WHERE relname LIKE 'made%' ORDER BY 1")
        return [name for (name,) in rows]


def test_they_are_applied_in_order_and_once(empty: Database, tmp_path: Path) -> None:
    write(
        tmp_path,
        m0001_a="CREATE TABLE made_a ()",
        m0002_b="ALTER TABLE made_a ADD n int; CREATE TABLE made_b ()",
    )
    assert [m.name for m in pending(empty, tmp_path)] == ["0001_a", "0002_b"]
    assert names(empty) == []
    assert [m.name for m in migrate(empty, tmp_path)] == ["0001_a", "0002_b"]
    assert names(empty) == ["made_a", "made_b"]
    assert migrate(empty, tmp_path) == []
    write(tmp_path, m0003_c="CREATE TABLE made_c ()")
    assert [m.name for m in pending(empty, tmp_path)] == ["0003_c"]
    assert [m.name for m in migrate(empty, tmp_path)] == ["0003_c"]


def test_a_failing_one_leaves_nothing_and_those_before_it_stand(empty: Database, tmp_path: Path) -> None:
    write(tmp_path, m0001_a="CREATE TABLE made_a ()", m0002_b="CREATE TABLE made_b (); SELECT 1 / 0")
    with pytest.raises(DatabaseError, match="division by zero"):
        migrate(empty, tmp_path)
    assert names(empty) == ["made_a"]
    write(tmp_path, m0002_b="CREATE TABLE made_b ()")
    assert [m.name for m in migrate(empty, tmp_path)] == ["0002_b"]


def test_a_changed_file_that_was_applied_is_refused(empty: Database, tmp_path: Path) -> None:
    write(tmp_path, m0001_a="CREATE TABLE made_a ()")
    migrate(empty, tmp_path)
    write(tmp_path, m0001_a="CREATE TABLE made_a () -- better", m0002_b="CREATE TABLE made_b ()")
    for call in (pending, migrate):
        with pytest.raises(MigrationError, match="0001_a was changed after it was applied"):
            call(empty, tmp_path)
    assert names(empty) == ["made_a"]


def test_a_missing_file_of_an_applied_one_is_refused(empty: Database, tmp_path: Path) -> None:
    write(tmp_path, m0001_a="CREATE TABLE made_a ()", m0002_b="CREATE TABLE made_b ()")
    migrate(empty, tmp_path)
    (tmp_path / "0002_b.sql").unlink()
    with pytest.raises(MigrationError, match="0002_b is applied, but its file is missing"):
        migrate(empty, tmp_path)


def test_one_that_ends_its_own_transaction_is_refused(empty: Database, tmp_path: Path) -> None:
    write(tmp_path, m0001_a="CREATE TABLE made_a (); COMMIT")
    with pytest.raises(MigrationError, match=r"0001_a\.sql ends its own transaction"):
        migrate(empty, tmp_path)


def test_several_callers_at_once_take_turns(empty: Database, tmp_path: Path) -> None:
    write(tmp_path, m0001_a="CREATE TABLE made_a (); SELECT pg_sleep(0.3)", m0002_b="CREATE TABLE made_b ()")
    applied: list[list[str]] = []
    threads = [
        threading.Thread(target=lambda: applied.append([m.name for m in migrate(empty, tmp_path)]))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(applied) == [[], [], ["0001_a", "0002_b"]]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (["0001_a", "0001_b"], "same number"),
        (["0001_a", "0003_c"], "0002 is missing"),
        (["0002_b"], "0001 is missing"),
        (["1_a"], r"NNNN_name\.sql"),
        (["0001_A"], r"NNNN_name\.sql"),
    ],
)
def test_names_that_leave_the_order_open_are_refused(tmp_path: Path, files: list[str], message: str) -> None:
    for name in files:
        (tmp_path / f"{name}.sql").write_text("SELECT 1")
    with pytest.raises(MigrationError, match=message):
        read_migrations(tmp_path)


def test_those_of_the_project_are_in_order(database: Database) -> None:
    assert read_migrations()
    assert pending(database) == []
