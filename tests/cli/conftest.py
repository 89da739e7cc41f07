"""The command as a user calls it: a process of its own, with an environment of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from gis.config import PROJECT_DIRECTORY

Result = subprocess.CompletedProcess[str]
COMMAND = [sys.executable, "-c", "from gis.cli import main; main()"]


def environment(home: Path, **variables: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "HOST", "PORT")}
    return {**kept, "ATLAS_HOME": str(home), "PYTHONPATH": str(PROJECT_DIRECTORY), **variables}


@pytest.fixture
def atlas(home: Path) -> Callable[..., Result]:
    """Run `atlas` with some words, on an `ATLAS_HOME` of this test, and collect what it says."""

    def run(*words: str, **variables: str) -> Result:
        return subprocess.run(
            [*COMMAND, *words],
            env=environment(home, **variables),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return run
