"""Files that are made to do harm: each is refused with its code, in bounded time and memory."""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest
import shapely

from gis.errors import ImportRefusedError
from gis.services.imports import subprocess_run
from gis.services.imports.limits import DEFAULT_LIMITS, MIB, Limits
from gis.services.imports.reading import Options, read_table
from gis.services.imports.refusals import REFUSALS
from tests.services.imports import hostile_files as hostile
from tests.services.imports import made_files as made

SECONDS = 60.0


def refused(path: Path, options: Options = Options(), limits: Limits = DEFAULT_LIMITS) -> ImportRefusedError:  # noqa: B008
    began = time.monotonic()
    with pytest.raises(ImportRefusedError) as caught:
        read_table(path, options, limits)
    assert time.monotonic() - began < SECONDS
    assert str(caught.value) == REFUSALS[caught.value.code] % caught.value.details
    return caught.value


def refused_apart(path: Path) -> tuple[str, int]:
    """The code of a refusal, and the most that a reader has taken: the only children of this process."""
    code = refused(path).code
    return code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024


@pytest.fixture(scope="module")
def apart() -> Iterator[Executor]:
    """A process that does nothing else than have files read, so that memory is that of their readers."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        yield process


@pytest.mark.parametrize("name", hostile.HOSTILE)
def test_a_hostile_file_is_refused(name: str, tmp_path: Path, apart: Executor) -> None:
    code, write = hostile.HOSTILE[name]
    path = tmp_path / "upload"
    write(path)
    found, peak_bytes = apart.submit(refused_apart, path).result(SECONDS)
    assert found == code
    assert peak_bytes <= DEFAULT_LIMITS.memory_bytes + 64 * MIB


def test_the_memory_of_readers_is_seen(tmp_path: Path, apart: Executor) -> None:
    _, write = hostile.HOSTILE["csv, wide"]
    write(tmp_path / "upload")
    assert apart.submit(refused_apart, tmp_path / "upload").result(SECONDS)[1] > 10 * MIB


def test_the_reason_tells_what_there_is_to_know(tmp_path: Path) -> None:
    path = made.write_csv(tmp_path / "a", hostile.FRAME)
    limits = replace(DEFAULT_LIMITS, file_bytes=8)
    assert refused(path, limits=limits).code == "too_many_bytes"
    (tmp_path / "b").write_text('a,b\n1,2\n3,"4\n', encoding="utf-8")
    error = refused(tmp_path / "b")
    assert error.details["line"] == 3
    assert "line 3" in str(error)


def test_a_name_says_nothing(tmp_path: Path) -> None:
    frame = hostile.FRAME
    assert read_table(made.write_geojson(tmp_path / "data.csv", frame)).format == "geojson"
    assert read_table(made.write_xlsx(tmp_path / "data.gpkg", frame)).format == "xlsx"
    assert read_table(made.write_csv(tmp_path / "x.vrt", frame)).format == "csv"


def test_time_is_bounded(tmp_path: Path) -> None:
    hostile.tangle(tmp_path / "a")
    limits = replace(DEFAULT_LIMITS, seconds=5)
    began = time.monotonic()
    assert refused(tmp_path / "a", limits=limits).code in {"reading_time", "reading_memory"}
    assert time.monotonic() - began < 15


def test_memory_is_bounded(tmp_path: Path) -> None:
    big = {"type": "FeatureCollection", "features": [], "x": list(range(5_000_000))}
    (tmp_path / "a").write_text(json.dumps(big), encoding="utf-8")
    assert (
        refused(tmp_path / "a", limits=replace(DEFAULT_LIMITS, memory_bytes=256 * MIB)).code
        == "reading_memory"
    )


def test_vertices_are_counted_before_anything_else(tmp_path: Path) -> None:
    angles = np.linspace(0, 2 * np.pi, 100_001)
    circle = shapely.Polygon(np.column_stack([117 + np.cos(angles), np.sin(angles)]))
    frame = made.Frame(["nama"], [("luas",), ("biasa",)], [circle, shapely.Point(117, -0.5)])
    path = made.write_geojson(tmp_path / "a", frame)
    first, second = read_table(path).rows
    assert [problem.code for problem in first.problems] == ["geometry_vertices"]
    assert first.geometry is None
    assert first.cells == ("luas",)
    assert second.problems == ()
    assert refused(path, limits=replace(DEFAULT_LIMITS, all_vertices=50_000)).code == "too_many_vertices"


def test_nested_geometries_end_the_reader_and_nothing_else(tmp_path: Path) -> None:
    nested = '{"type":"GeometryCollection","geometries":[' * 400 + "]}" * 400
    text = '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":1},"geometry":%s}]}'
    (tmp_path / "a").write_text(text % nested, encoding="utf-8")
    try:
        (row,) = read_table(tmp_path / "a").rows
    except ImportRefusedError as error:
        codes = {error.code}
    else:
        codes = {problem.code for problem in row.problems} or {"empty"}
    assert codes <= {"reading_failed", "broken_file", "geometry_type", "geometry_broken", "empty"}


def test_a_reader_that_dies_is_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = made.write_csv(tmp_path / "a", hostile.FRAME)
    for statement, code in [
        ("import ctypes; ctypes.string_at(0)", "reading_failed"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGABRT)", "reading_failed"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", "reading_time"),
        ("raise RuntimeError", "reading_failed"),
    ]:
        (tmp_path / "dying.py").write_text(statement, encoding="utf-8")
        monkeypatch.setattr(subprocess_run, "WORKER", "dying")
        monkeypatch.setitem(
            subprocess_run._ENVIRONMENT,
            "PYTHONPATH",
            str(tmp_path),
        )
        assert refused(path).code == code


def test_the_reader_has_nothing_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings, no network, no other program: it says itself what it can reach."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    probe = tmp_path / "probe.py"
    probe.write_text(
        "import json, os, pathlib, socket, subprocess, sys\n"
        "from gis.services.imports.limits import Limits\n"
        "from gis.services.imports.reading_worker import bound_this_process\n"
        "bound_this_process(Limits())\n"
        "found = [name for name in os.environ if 'DATABASE' in name or 'ATLAS' in name]\n"
        "for what in (lambda: socket.create_connection(('127.0.0.1', 9)), lambda: subprocess.run(['true']),\n"
        "             lambda: os.system('true')):\n"
        "    try:\n"
        "        what()\n"
        "    except PermissionError:\n"
        "        continue\n"
        "    found.append('reached')\n"
        "pathlib.Path(sys.argv[1], 'refusal.json').write_text(\n"
        "    json.dumps({'code': 'empty_file' if not found else 'old_excel', 'details': {}}))\n"
        "sys.exit(3)\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(subprocess_run, "WORKER", "probe")
    monkeypatch.setitem(subprocess_run._ENVIRONMENT, "PYTHONPATH", f"{tmp_path}:{subprocess_run._MODULES}")
    assert refused(made.write_csv(tmp_path / "a", hostile.FRAME)).code == "empty_file"


def test_only_the_shapefile_driver_is_left_to_gdal(tmp_path: Path) -> None:
    """In a process of its own, since the drivers stay away."""
    code = (
        "from gis.services.imports.vector_shapefile import only_this_driver; only_this_driver();"
        "import pyogrio; print(sorted(pyogrio.list_drivers()))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "['ESRI Shapefile']"


def test_nothing_stays_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    read_table(made.write_csv(tmp_path / "a", hostile.FRAME))
    (tmp_path / "b").write_bytes(b"%PDF")
    refused(tmp_path / "b")
    assert list((tmp_path / "tmp").iterdir()) == []
