#!/usr/bin/env python
"""Writes docs/conformance.md: which test holds which requirement of the standards of the API.

The tests say it themselves: CLASSES of their module, and their docstrings.
"""

import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

PROJECT = Path(__file__).resolve().parent.parent
PAGE = PROJECT / "docs" / "conformance.md"
TESTS = PROJECT / "tests" / "conformance"
_SAID = re.compile(
    r"(?P<requirement>/[^:]+?)(?:, abstract tests? (?P<abstract>[^:]+))?: (?P<sentence>[^\n]+)"
    r"(?:\n\n\s*Suite: (?P<suite>.+?))?\s*",
    re.DOTALL,
)
_HEAD = """# What the API conforms to, and by which tests

Made by `scripts/conformance_table.py` from what the tests of `tests/conformance` say of themselves. Each of
the {count} tests of OGC's executable suite for OGC API – Features 1.0 (core and CRS) is there by what it
requires; the last column names it. Tests run for a visitor, who reads a release, and for an account, which
reads the register. There is no `timeStamp` in an answer: the same address answers the same bytes.
"""


class Said(NamedTuple):
    """What a test says of itself.

    Parameters
    ----------
    test : its name
    requirement, abstract : what the standard calls it, and the numbers of the standard's own abstract tests
    sentence : what holds
    suite : the tests of OGC's suite that it stands for
    """

    test: str
    requirement: str
    abstract: str
    sentence: str
    suite: tuple[str, ...]


def modules() -> list[ModuleType]:
    """The modules of tests that name conformance classes."""
    if str(PROJECT) not in sys.path:
        sys.path.insert(0, str(PROJECT))
    names = sorted(path.stem for path in TESTS.glob("test_*.py"))
    found = [importlib.import_module(f"tests.conformance.{name}") for name in names]
    return [module for module in found if hasattr(module, "CLASSES")]


def said(module: ModuleType) -> Iterator[Said]:
    """What the tests of a module say, in their order.

    Raises
    ------
    ValueError : one does not say what it holds
    """
    for name, test in vars(module).items():
        if name.startswith("test_"):
            match = _SAID.fullmatch(test.__doc__ or "")
            if match is None:
                raise ValueError(f"{module.__name__}.{name} does not say which requirement it holds")
            suite = tuple(re.findall(r"\w+\.\w+", match["suite"] or ""))
            yield Said(name, match["requirement"], match["abstract"] or "", match["sentence"], suite)


def page() -> str:
    """The page."""
    parts = [(module, list(said(module))) for module in modules()]
    count = len({each for _module, tests in parts for test in tests for each in test.suite})
    lines = [_HEAD.format(count=count)]
    for module, tests in parts:
        title = (module.__doc__ or "").partition(":")[0]
        name = module.__name__.rpartition(".")[2]
        lines += [f"## {title}\n", f"`tests/conformance/{name}.py`\n"]
        lines += [f"- <{uri}>" for uri in module.CLASSES]
        lines += [
            "",
            "| requirement | abstract test | test | what holds | of OGC's suite |",
            "|---|---|---|---|---|",
        ]
        lines += [
            f"| {each.requirement} | {each.abstract} | `{each.test}` | {each.sentence} | "
            f"{'<br>'.join(each.suite)} |"
            for each in tests
        ]
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
