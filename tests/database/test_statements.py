"""Named statements, and that each one of the project can be prepared by the server."""

import re
from pathlib import Path

import pytest

from gis.database import statements
from gis.database.statements import QUERIES, load
from gis.errors import DatabaseError

NAMES = sorted(path.stem for path in QUERIES.glob("*.sql"))


@pytest.mark.parametrize("name", NAMES)
def test_each_has_a_head_that_explains_it_and_a_body(name: str) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)+", name), "named <noun>_<verb>"
    assert (QUERIES / f"{name}.sql").read_text().startswith("--")
    assert not load(name).lstrip().startswith("--")


def test_the_head_is_cut_and_the_body_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "QUERIES", tmp_path)
    (tmp_path / "thing_count.sql").write_text("-- 100 % sure\n\n-- more\nSELECT 1 -- not the head\nFROM t\n")
    assert load.__wrapped__("thing_count") == "SELECT 1 -- not the head\nFROM t"


@pytest.mark.parametrize("name", ["nothing_here", "../migrations/0001_foundation", "Region_List", "", "a.b"])
def test_an_unknown_name_is_refused(name: str) -> None:
    with pytest.raises(DatabaseError, match="no statement"):
        load(name)


def test_a_file_of_comments_only_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "QUERIES", tmp_path)
    (tmp_path / "thing_count.sql").write_text("-- later\n")
    with pytest.raises(DatabaseError, match="comments only"):
        load.__wrapped__("thing_count")
