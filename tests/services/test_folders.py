"""The folders in which files are read: each process keeps its own, and what the dead leave goes."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from gis.config import PROJECT_DIRECTORY, Settings
from gis.services.folders import own_folder, remove_abandoned

READER = """
import sys, time
from gis.services.folders import own_folder
with own_folder() as folder:
    (folder / "input").write_text("a list")
    print(folder, flush=True)
    time.sleep(60)
"""


def test_a_folder_goes_with_its_block_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    with own_folder(settings) as folder, own_folder(settings) as other:
        assert folder != other
        assert folder.is_relative_to(settings.home)
        assert folder.stat().st_mode & 0o077 == folder.parent.stat().st_mode & 0o077 == 0
        (folder / "sub").mkdir()
        assert remove_abandoned(settings) == 0
    assert not folder.exists()
    assert not other.exists()


def test_what_a_killed_process_leaves_goes_once_it_is_dead(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    reader = subprocess.Popen(
        [sys.executable, "-c", READER],
        env={**os.environ, "ATLAS_HOME": str(tmp_path), "PYTHONPATH": str(PROJECT_DIRECTORY)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert reader.stdout is not None
    with reader.stdout as told:
        folder = Path(told.readline().strip())
        assert remove_abandoned(settings) == 0, "it lives"
        assert (folder / "input").read_text() == "a list"
        reader.send_signal(signal.SIGKILL)
        reader.wait()
    assert folder.exists()
    with own_folder(settings):
        assert not folder.exists()
