"""The house keeps its own rules."""

import ast
from pathlib import Path

import pytest

from gis.config import PROJECT_DIRECTORY

MODULES = sorted(
    path for package in ("gis", "webmap") for path in (PROJECT_DIRECTORY / package).rglob("*.py")
)
MAX_LINES = 300
MAX_FUNCTION_LINES = 60
SQL = sorted((PROJECT_DIRECTORY / "gis/database/sql/queries").glob("*.sql"))


def named(path: Path) -> str:
    return str(path.relative_to(PROJECT_DIRECTORY))


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_module_is_a_room_and_not_a_hall(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= MAX_LINES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < MAX_FUNCTION_LINES, node.name
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None, f"bare except, line {node.lineno}"


@pytest.mark.parametrize("path", SQL, ids=named)
def test_a_statement_is_headed_and_used(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("-- ")
    assert "-- Parameters:" in text or "FROM STDIN" in text
    python = "".join(
        module.read_text(encoding="utf-8") for module in (PROJECT_DIRECTORY / "gis").rglob("*.py")
    )
    noun = path.stem.rpartition("_")[0]
    assert f'"{path.stem}"' in python or f'f"{noun}_{{' in python


def test_nothing_outside_of_the_project_is_named() -> None:
    for path in [
        *MODULES,
        *(PROJECT_DIRECTORY / "tests").rglob("*.py"),
        *(PROJECT_DIRECTORY / "scripts").rglob("*"),
    ]:
        if path.is_file() and path != Path(__file__):
            assert "../shared" not in path.read_text(encoding="utf-8"), path
