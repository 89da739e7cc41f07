"""Workers that import one list after the other until they are killed; run as a program by test_kill.py.

Called with the database's address and the ids of an author and an approver. Each line on standard input, the
number of a list to begin with, makes a worker. Standard output tells: `begun PID`; `done N SECONDS RECEIPT`
once a list is applied; `away N` when the database was not there, after which the same list is sent again;
`ended STATUS` when the worker is gone. Even lists are imported by the operator, odd ones are entered by the
author and approved by the approver, as in the web application.
"""

import json
import os
import sys
import time
import traceback
from typing import Any

from gis.database.connection import Database
from gis.domain.access import Identity, Role
from gis.domain.batches import BatchState
from gis.errors import UnavailableError
from gis.services import entries
from gis.services.imports import importing
from gis.services.imports.importing import Upload

ROWS = 40


def listed(number: int) -> Upload:
    """List N, and the key that it is sent with."""
    head = "name,latitude,longitude,people,status,date,source"
    rows = [
        f"list {number} place {n},-0.5,{116 + n / 100:.2f},{number},ditutup,2016-06-01,list {number}"
        for n in range(ROWS)
    ]
    return Upload("sites", "\n".join([head, *rows]).encode(), "list.csv", "", f"list {number}")


def bring_in(database: Database, author: Identity, approver: Identity, number: int) -> dict[str, Any]:
    """Import a list, from wherever an earlier attempt has left it; returns the receipt."""
    if number % 2 == 0:
        return importing.import_at_once(database, listed(number), {})
    entering = database.acting_as(author, read_only=False)
    batch_id = importing.upload(entering, listed(number))
    if entries.get(entering, batch_id).batch.state is BatchState.draft:
        importing.agree(entering, batch_id, {})
        entries.submit(entering, batch_id)
    return entries.approve(database.acting_as(approver, read_only=False), batch_id)


def work(database: Database, author: Identity, approver: Identity, number: int) -> None:
    while True:
        began = time.monotonic()
        try:
            receipt = bring_in(database, author, approver, number)
        except UnavailableError:
            say(f"away {number}")
            time.sleep(0.05)
        else:
            say(f"done {number} {time.monotonic() - began:.3f} {json.dumps(receipt)}")
            number += 1


def say(line: str) -> None:
    os.write(1, f"{line}\n".encode())


def main() -> None:
    database = Database(sys.argv[1])  # connects in the worker, at its first use
    author = Identity(int(sys.argv[2]), "author", Role.province, "64")
    approver = Identity(int(sys.argv[3]), "approver", Role.approver)
    for line in sys.stdin:
        pid = os.fork()  # a new program would spend most of its life on imports
        if pid == 0:
            try:
                work(database, author, approver, int(line))
            finally:
                traceback.print_exc()
                os._exit(1)
        say(f"begun {pid}")
        say(f"ended {os.waitpid(pid, 0)[1]}")


if __name__ == "__main__":
    main()
