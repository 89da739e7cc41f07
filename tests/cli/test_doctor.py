"""atlas doctor finds what is wrong, one thing after the other."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from gis.config import PROJECT_DIRECTORY, Settings
from gis.database import health
from gis.database.cluster import Cluster
from gis.database.connection import Database
from gis.errors import ClusterError
from gis.services import doctor, machine_checks
from gis.services.machine_checks import Finding

Atlas = Callable[..., CompletedProcess[str]]


def part(findings: list[Finding], name: str) -> Finding:
    return next(finding for finding in findings if finding.part == name)


def in_database(database: Database, settings: Settings, name: str) -> Finding:
    return part(doctor.examine_database(settings, database.conninfo), name)


@pytest.fixture
def change(database: Database) -> Callable[[str], None]:
    def execute(statement: str) -> None:
        with database.transaction() as connection:
            connection.execute(statement.encode())

    return execute


def test_a_home_where_nothing_is_yet(atlas: Atlas) -> None:
    result = atlas("doctor", "--json")
    assert result.returncode == 1
    found = {finding["part"]: finding for finding in json.loads(result.stdout)["findings"]}
    assert found["python"]["state"] == "ok"
    assert found["programs"]["state"] == "ok"
    assert found["disk"]["state"] == "ok"
    assert found["server"]["state"] == "problem"
    assert "atlas db start" in found["server"]["advice"]
    assert "migrations" not in found


def test_each_problem_is_said_with_what_to_do(own_cluster: Cluster, atlas: Atlas) -> None:
    result = atlas("doctor")
    assert result.returncode == 1
    lines = result.stdout.splitlines()
    at = next(
        i for i, line in enumerate(lines) if line.startswith("PROBLEM  migrations: pending: 0001_foundation")
    )
    assert lines[at + 1].strip() == "→ atlas db migrate"


def test_a_stale_lock_file(stopped_cluster: Cluster) -> None:
    (stopped_cluster.files.data / "postmaster.pid").write_text("4194303\n")
    finding = machine_checks.check_server(stopped_cluster)
    assert finding.state == "problem"
    assert "stale lock file" in finding.message


def test_somebody_who_holds_the_start(stopped_cluster: Cluster) -> None:
    assert machine_checks.check_lock(stopped_cluster).state == "ok"
    user = stopped_cluster._prepare()
    with stopped_cluster._lock(user):
        assert machine_checks.check_lock(stopped_cluster).state == "warning"
    assert machine_checks.check_lock(stopped_cluster).state == "ok"


@pytest.mark.parametrize(("free_mb", "state"), [(50, "problem"), (500, "warning"), (5000, "ok")])
def test_a_disk_that_runs_full(home: Path, monkeypatch: pytest.MonkeyPatch, free_mb: int, state: str) -> None:
    usage = (10**12, 0, free_mb * 1_000_000)
    monkeypatch.setattr(
        machine_checks.shutil, "disk_usage", lambda _: type("Usage", (), {"free": usage[2]})()
    )
    assert machine_checks.check_disk(home / "not" / "made").state == state


def test_missing_postgis(stopped_cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(major: int | None) -> None:
        raise ClusterError(
            "PostgreSQL 15 is installed without PostGIS: apt-get install postgresql-15-postgis-3"
        )

    monkeypatch.setattr(machine_checks, "get_binaries", refuse)
    finding = machine_checks.check_binaries(stopped_cluster)
    assert finding.state == "problem"
    assert "apt-get install postgresql-15-postgis-3" in finding.message


def test_an_old_postgis(database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "OLDEST_POSTGIS", (99, 0))
    finding = in_database(database, settings, "postgis")
    assert (finding.state, "99.0 or later" in finding.message) == ("problem", True)


def test_missing_web_assets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine_checks, "WEB", tmp_path)
    assert "leaflet.js" in machine_checks.check_web_assets().message
    assert machine_checks.check_translations().state == "problem"


def test_a_database_in_order(demo_database: Database, settings: Settings) -> None:
    findings = doctor.examine_database(settings, demo_database.conninfo)
    assert [(finding.part, finding.state) for finding in findings] == [
        *((name, "ok") for name in ("postgis", "migrations", "boundaries", "join", "ready")),
        ("release", "warning"),
    ]
    assert "atlas publish" in str(part(findings, "release").advice)


def test_boundaries_of_other_files(
    database: Database, settings: Settings, change: Callable[[str], None]
) -> None:
    change("UPDATE register.boundary_load SET checksum = 'x' || checksum")
    finding = in_database(database, settings, "boundaries")
    assert (finding.state, finding.advice) == ("problem", "atlas boundaries load")
    change("UPDATE register.boundary_load SET checksum = substr(checksum, 2)")
    assert in_database(database, settings, "boundaries").state == "ok"


def test_a_join_that_differs_from_st_covers(demo_database: Database, settings: Settings) -> None:
    with demo_database.transaction() as connection:
        # As somebody would who switches the triggers off.
        connection.execute("SET LOCAL session_replication_role = replica")
        row: Any = connection.execute(
            "UPDATE site SET regency_code = '11.01' WHERE id = (SELECT min(id) FROM site"
            " WHERE regency_join_method = 'covers' AND regency_code <> '11.01') RETURNING id"
        ).fetchone()
    finding = in_database(demo_database, settings, "join")
    assert finding.state == "problem"
    assert str(row[0]) in finding.message
    with demo_database.transaction() as connection:
        connection.execute(doctor.JOIN_AGAIN)  # what the advice says
    assert in_database(demo_database, settings, "join").state == "ok"


def test_sites_that_are_not_ready_as_they_are_derived(demo_database: Database, settings: Settings) -> None:
    with demo_database.transaction() as connection:
        connection.execute("SET LOCAL session_replication_role = replica")
        row: Any = connection.execute(
            "UPDATE site SET name = name || ' lama' WHERE id = (SELECT min(id) FROM site) RETURNING id"
        ).fetchone()
    finding = in_database(demo_database, settings, "ready")
    assert (finding.state, str(row[0]) in finding.message) == ("problem", True)
    with demo_database.transaction() as connection:
        connection.execute(doctor.READY_AGAIN)  # what the advice says
    assert in_database(demo_database, settings, "ready").state == "ok"
    with demo_database.transaction() as connection:
        connection.execute("UPDATE register.ready_count SET n = n + 1 WHERE province_code = '64'")
    assert "miscounted" in in_database(demo_database, settings, "ready").message
    with demo_database.transaction() as connection:
        connection.execute("UPDATE register.ready_count SET n = n - 1 WHERE province_code = '64'")
    assert in_database(demo_database, settings, "ready").state == "ok"


def test_a_changed_migration(database: Database, settings: Settings, change: Callable[[str], None]) -> None:
    change("UPDATE public.atlas_migration SET sha256 = 'x' || sha256 WHERE number = 2")
    assert "0002_regions was changed" in in_database(database, settings, "migrations").message
    change("UPDATE public.atlas_migration SET sha256 = substr(sha256, 2) WHERE number = 2")


def test_a_database_that_is_away(home: Path) -> None:
    settings = Settings(
        home=home, data=PROJECT_DIRECTORY / "data", database_url="postgresql://x@127.0.0.1:1/x"
    )
    assert part(doctor.examine(settings), "database").state == "problem"
