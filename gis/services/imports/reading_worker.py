"""The process that reads a stranger's file: `python -m gis.services.imports.reading_worker FOLDER`.

It bounds itself before it loads anything large, reads FOLDER/input as FOLDER/job.json says, and leaves
table.json and rows.ndjson, or refusal.json. It runs alone with what is in its folder: no settings, no
database, no network.
"""

import json
import os
import resource
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gis.errors import ImportRefusedError
from gis.services.imports.limits import Limits
from gis.services.imports.raw_table import OpenTable, write_table
from gis.services.imports.refusals import refusal
from gis.services.imports.sniffing import Format, sniff

REFUSED = 3  # the exit code that goes with refusal.json
_FORBIDDEN = ("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.system", "os.fork")


@dataclass(frozen=True)
class Options:
    """What a person can say about a file beside sending it.

    Parameters
    ----------
    table : the sheet or layer, of a file with several; None is the first
    crs : the reference system of a file that states none
    header_rows : how many lines the header has, where that is not found rightly
    """

    table: str | None = None
    crs: str | None = None
    header_rows: int | None = None


def main(folder: Path) -> int:
    """Read the file; the exit code tells whether it was refused."""
    job = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    limits, options = Limits(**job["limits"]), Options(**job["options"])
    bound_this_process(limits)
    try:
        kind = sniff(folder / "input", limits)
        table = open_table(folder / "input", kind, options, limits)
        write_table(table, kind, folder, limits)
    except ImportRefusedError as error:
        return _refuse(folder, error)
    except MemoryError:
        return _refuse(folder, refusal("reading_memory"))
    return 0


def open_table(path: Path, kind: Format, options: Options, limits: Limits) -> OpenTable:
    """A table of a file whose format is known; each format's module is loaded when it is needed.

    Raises
    ------
    ImportRefusedError : the file is refused
    """
    if kind == "csv":
        from gis.services.imports.tabular_csv import read_csv

        return read_csv(path, limits, options.header_rows)
    if kind == "xlsx":
        from gis.services.imports.tabular_xlsx import read_xlsx

        return read_xlsx(path, limits, options.table, options.header_rows)
    from gis.services.imports.vector import read_layer

    return read_layer(path, kind, options.table, options.crs, limits)


def bound_this_process(limits: Limits) -> None:
    """Take from this process what a hostile file could use: memory, time, disk, network, other programs."""
    for kind, value in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.seconds),
        (resource.RLIMIT_FSIZE, limits.result_bytes),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        _, hard = resource.getrlimit(kind)
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (most, most))
    # Ends this process also when nobody waits for it any longer.
    signal.alarm(limits.seconds + 5)
    sys.addaudithook(_refuse_event)


def _refuse_event(event: str, _arguments: tuple[Any, ...]) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(event)


def _refuse(folder: Path, error: ImportRefusedError) -> int:
    reason = {"code": error.code, "details": error.details}
    (folder / "refusal.json").write_text(json.dumps(reason), encoding="utf-8")
    return REFUSED


if __name__ == "__main__":
    status = main(Path(sys.argv[1]))
    sys.stdout.flush()
    # What libraries do at the end of a process is of no use to this one.
    os._exit(status)
