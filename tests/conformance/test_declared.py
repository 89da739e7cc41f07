"""Nothing is declared but what is tested, and the page tells which test holds what."""

import importlib.util
from types import ModuleType

import pytest

from gis.config import PROJECT_DIRECTORY
from webmap.ogc_documents import CONFORMS_TO

SUITE = 80  # tests of OGC's executable suite for Features 1.0, core and CRS


@pytest.fixture(scope="module")
def table() -> ModuleType:
    path = PROJECT_DIRECTORY / "scripts" / "conformance_table.py"
    spec = importlib.util.spec_from_file_location("conformance_table", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_class_that_is_declared_is_tested(table: ModuleType) -> None:
    tested = {uri for module in table.modules() for uri in module.CLASSES}
    assert tested == set(CONFORMS_TO)


def test_each_test_of_the_suite_is_there_once(table: ModuleType) -> None:
    named = [name for module in table.modules() for test in table.said(module) for name in test.suite]
    assert len(named) == len(set(named)) == SUITE


def test_the_page_is_what_the_tests_say(table: ModuleType) -> None:
    assert table.PAGE.read_text(encoding="utf-8") == table.page(), "run scripts/conformance_table.py"
