"""Restores or backs up, and says each step on standard output; run as a program by test_kill_backup.py."""

import os
import sys
from pathlib import Path

from gis.database.connection import Database
from gis.errors import AtlasError
from gis.services.backups import back_up, restore


def report(step: str, done: int, total: int) -> None:
    os.write(1, f"{step} {done} {total}\n".encode())


def main() -> None:
    act = {"backup": back_up, "restore": restore}[sys.argv[1]]
    with Database(sys.argv[2]) as database:
        try:
            act(database, Path(sys.argv[3]), report)
        except AtlasError as error:
            os.write(1, f"refused: {error}\n".encode())


if __name__ == "__main__":
    main()
