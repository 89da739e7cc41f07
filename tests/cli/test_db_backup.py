"""atlas db backup and atlas db restore, as a user calls them."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from gis.database.cluster import Cluster
from gis.database.connection import Database
from gis.services.backups import back_up

Atlas = Callable[..., CompletedProcess[str]]


@pytest.fixture(scope="module")
def file(demo_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("backup") / "register.atlas"
    back_up(demo_database, path, lambda *_: None)
    return path


def one_line(result: CompletedProcess[str], start: str) -> None:
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr.startswith(f"atlas: {start}"), result.stderr
    assert result.stderr.count("\n") == 1


def test_a_register_moves_to_another_cluster(
    file: Path, stopped_cluster: Cluster, atlas: Atlas, tmp_path: Path
) -> None:
    restored = atlas("db", "restore", str(file), "--json")
    assert restored.returncode == 0, restored.stderr
    told = json.loads(restored.stdout)
    assert told["pending"] == []
    assert {each["table"] for each in told["tables"]} >= {"register.site", "register.event", "register.audit"}
    assert atlas("db", "migrate").stdout == "nothing is pending\n"

    again = tmp_path / "again.atlas"
    made = atlas("db", "backup", str(again), "--json")
    assert made.returncode == 0, made.stderr
    told_again = json.loads(made.stdout)
    assert told_again["checksum"] == told["checksum"]
    assert told_again["tables"] == told["tables"]
    assert told_again["bytes"] == again.stat().st_size
    digest = subprocess.run(["sha256sum", str(again)], capture_output=True, text=True, check=True).stdout
    assert digest.split()[0] == told_again["sha256"]

    refused = atlas("db", "restore", str(again))
    one_line(refused, "the database already holds a register (register.")
    assert json.loads(atlas("summary", "--format", "json").stdout)["regions"]
    spoken = atlas("db", "backup", str(again))
    assert spoken.returncode == 0
    assert f"checksum of the register {told['checksum']}" in spoken.stdout
    assert "not" not in spoken.stderr


def test_what_is_no_backup_is_refused_in_one_line(
    file: Path, stopped_cluster: Cluster, atlas: Atlas, tmp_path: Path
) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("nothing of the kind")
    cut = tmp_path / "cut.atlas"
    cut.write_bytes(file.read_bytes()[:100_000])
    for path, reason in (
        (text, "no backup"),
        (cut, "its end is missing"),
        (tmp_path / "absent.atlas", "No such file or directory"),
        (tmp_path, "Is a directory"),
    ):
        result = atlas("db", "restore", str(path))
        one_line(result, f"FILE: found '{path}'"[:60])
        assert result.stderr.endswith(f"a whole file that `atlas db backup` wrote ({reason})\n")
    check = atlas("db", "migrate", "--check")
    assert "pending: 0001_foundation" in check.stdout


def test_where_no_backup_can_be_written_is_told_in_one_line(
    file: Path, stopped_cluster: Cluster, atlas: Atlas, tmp_path: Path
) -> None:
    one_line(atlas("db", "backup", str(tmp_path / "x.atlas")), "there is no register in this database")
    assert atlas("db", "restore", str(file)).returncode == 0
    missing = atlas("db", "backup", str(tmp_path / "absent" / "x.atlas"))
    one_line(missing, "FILE: found")
    assert "allowed is a file in a folder that can be written (No such file or directory)" in missing.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_managed_server_that_is_away_is_one_line(atlas: Atlas, file: Path, tmp_path: Path) -> None:
    away = "postgresql://someone:word@127.0.0.1:1/atlas"
    for words in (("backup", str(tmp_path / "x.atlas")), ("restore", str(file))):
        result = atlas("db", *words, DATABASE_URL=away)
        one_line(result, "the database cannot be reached at the moment")
    assert list(tmp_path.iterdir()) == []


def test_a_terminal_sees_how_far_it_is(file: Path, stopped_cluster: Cluster, tmp_path: Path) -> None:
    script = tmp_path / "typescript"
    code = (
        "from gis.cli import atlas; import sys;"
        f"atlas(['db', 'restore', {str(file)!r}], standalone_mode=False)"
    )
    command = f'ATLAS_HOME={stopped_cluster.home} COLUMNS=120 TERM=xterm {sys.executable} -c "{code}"'
    subprocess.run(
        ["script", "--quiet", "--return", "--command", command, str(script)],
        capture_output=True,
        check=True,
        stdin=subprocess.DEVNULL,
    )
    shown = script.read_text(errors="replace")
    assert "restore" in shown
    assert "━" in shown
    assert "equal to the backup" in shown
