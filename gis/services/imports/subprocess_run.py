"""Runs the reading process: in a folder of its own, with an environment of its own, for a bounded time."""

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import gis
from gis.errors import ImportRefusedError
from gis.services.folders import own_folder
from gis.services.imports.limits import MIB, Limits
from gis.services.imports.refusals import REFUSALS, refusal

WORKER = "gis.services.imports.reading_worker"
_REFUSED = 3
_MODULES = Path(gis.__file__).resolve().parents[1]
_MEMORY_WORDS = (
    b"memory allocation",
    b"MemoryError",
    b"bad_alloc",
    b"Cannot allocate memory",
    b"out of memory",
)
_COPY = MIB
#: Few threads and arenas, since each takes address space; PROJ and GDAL stay off the network.
_ENVIRONMENT = {
    "PATH": os.defpath,
    "LANG": "C.UTF-8",
    "PYTHONPATH": str(_MODULES),
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONSAFEPATH": "1",
    "MALLOC_ARENA_MAX": "2",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "PROJ_NETWORK": "OFF",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
    "GDAL_HTTP_TIMEOUT": "1",
    "GDAL_NUM_THREADS": "1",
}


@contextmanager
def read_apart(path: Path, options: dict[str, Any], limits: Limits) -> Iterator[tuple[Path, str]]:
    """Read a file in a process that can be killed.

    Parameters
    ----------
    path : the file; it is copied first, so that it is the same from beginning to end
    options : of the reading
    limits : of the file and the process

    Yields
    ------
    the folder with table.json and rows.ndjson, which goes when the block ends; the file's sha256

    Raises
    ------
    ImportRefusedError : the file is refused, or its reading took too long, too much memory, or failed
    """
    with own_folder() as folder:
        sha256 = _copy(path, folder / "input", limits)
        job = {"options": options, "limits": asdict(limits)}
        (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
        _run(folder, limits)
        yield folder, sha256


def _copy(path: Path, target: Path, limits: Limits) -> str:
    digest, total = hashlib.sha256(), 0
    with path.open("rb") as source, target.open("xb") as copy:
        while block := source.read(_COPY):
            total += len(block)
            if total > limits.file_bytes:
                raise refusal("too_many_bytes", limit=limits.file_bytes // MIB)
            digest.update(block)
            copy.write(block)
    if not total:
        raise refusal("empty_file")
    return digest.hexdigest()


def _run(folder: Path, limits: Limits) -> None:
    with (folder / "stderr").open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", WORKER, str(folder)],
            cwd=folder,
            env={**_ENVIRONMENT, "TMPDIR": str(folder), "HOME": str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            start_new_session=True,
        )
        try:
            status = process.wait(timeout=limits.seconds)
        except subprocess.TimeoutExpired as error:
            raise refusal("reading_time", limit=limits.seconds) from error
        finally:
            _end(process)
    if status:
        raise _reason(folder, status, limits)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of the process and of its group."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _reason(folder: Path, status: int, limits: Limits) -> ImportRefusedError:
    if status == _REFUSED:
        told = json.loads((folder / "refusal.json").read_text(encoding="utf-8"))
        if told["code"] in REFUSALS:
            return refusal(told["code"], **told["details"])
    if status in {-signal.SIGXCPU, -signal.SIGALRM, -signal.SIGKILL}:
        return refusal("reading_time", limit=limits.seconds)
    if status == -signal.SIGXFSZ:
        return refusal("reading_output")
    said = (folder / "stderr").read_bytes()[-20_000:]
    if any(word in said for word in _MEMORY_WORDS):
        return refusal("reading_memory")
    if b"File too large" in said:
        return refusal("reading_output")
    failed = refusal("reading_failed")
    failed.__cause__ = RuntimeError(said.decode(errors="replace"))  # for the log
    return failed
