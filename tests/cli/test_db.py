"""atlas db."""

import json
from collections.abc import Callable
from subprocess import CompletedProcess

from gis.database.cluster import Cluster

Atlas = Callable[..., CompletedProcess[str]]


def test_the_life_of_a_database(stopped_cluster: Cluster, atlas: Atlas) -> None:
    before = atlas("db", "status", "--json")
    assert before.returncode == 1
    assert json.loads(before.stdout)["running"] is False

    started = atlas("db", "start")
    assert started.returncode == 0
    assert started.stdout.startswith("started: postgresql://")
    assert atlas("db", "start").stdout.startswith("runs already")

    status = json.loads(atlas("db", "status", "--json").stdout)
    assert status["running"] is True
    assert status["pid"] == stopped_cluster.status().pid
    assert "runs, process" in atlas("db", "status").stdout

    check = atlas("db", "migrate", "--check")
    assert check.returncode == 1
    assert "pending: 0001_foundation" in check.stdout
    migrated = atlas("db", "migrate")
    assert migrated.returncode == 0
    assert "applied: 0001_foundation" in migrated.stdout
    again = atlas("db", "migrate", "--check")
    assert (again.returncode, again.stdout) == (0, "nothing is pending\n")

    asked = atlas("db", "psql", "-Atc", "SELECT count(*) FROM site")
    assert (asked.returncode, asked.stdout) == (0, "0\n")

    assert atlas("db", "stop").stdout == "stopped\n"
    assert atlas("db", "stop").stdout == "did not run\n"


def test_the_address_opens_the_database_and_needs_no_server(stopped_cluster: Cluster, atlas: Atlas) -> None:
    assert atlas("db", "url").stdout.strip() == stopped_cluster.url()
    managed = "postgresql://someone@db.example/atlas"
    assert atlas("db", "url", DATABASE_URL=managed).stdout.strip() == managed


def test_a_managed_server_is_neither_started_nor_stopped(atlas: Atlas) -> None:
    for words in (("start",), ("stop",), ("status",)):
        result = atlas("db", *words, DATABASE_URL="postgresql://someone@db.example/atlas")
        assert result.returncode == 1
        assert result.stderr.startswith("atlas: DATABASE_URL names a managed server")
        assert result.stderr.count("\n") == 1


def test_what_is_refused_is_one_line(stopped_cluster: Cluster, atlas: Atlas) -> None:
    (stopped_cluster.files.data / "PG_VERSION").write_text("9\n")
    result = atlas("db", "start")
    assert result.returncode == 1
    assert result.stderr.startswith("atlas: the data were made by PostgreSQL 9")
    assert result.stderr.count("\n") == 1


def test_a_managed_server_that_is_away_is_one_line(atlas: Atlas) -> None:
    result = atlas("db", "migrate", DATABASE_URL="postgresql://someone@127.0.0.1:1/atlas")
    assert result.returncode == 1
    assert result.stderr == "atlas: the database cannot be reached at the moment; try again in a moment\n"
