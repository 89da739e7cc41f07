"""Whether the client still waits: a query of one who has left is ended, rather than run on for nobody."""

import os
import select
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Protocol

from flask import request

#: Where servers put the client's socket: gunicorn, and the one of Flask for development.
_SOCKETS = ("gunicorn.socket", "werkzeug.socket")
# The other side closed its half: proxies and browsers that give up do so, as nginx takes it too.
_GONE = getattr(select, "POLLRDHUP", 0) | select.POLLHUP | select.POLLERR
AGAIN_MS = 100


class _HasNumber(Protocol):
    def fileno(self) -> int: ...


@contextmanager
def watched(cancel: Callable[[], None]) -> Iterator[None]:
    """Call `cancel` from another thread if the client of this request leaves before the block ends.

    For `gis.database.cancelling.cancellable`, around what may take long. Where the server does not tell the
    socket, nobody watches.

    Parameters
    ----------
    cancel : ends what runs in the block; it is never called after the block
    """
    found = next((request.environ[name] for name in _SOCKETS if name in request.environ), None)
    if found is None:
        yield
        return
    with _watching(found, cancel):
        yield


@contextmanager
def _watching(client: _HasNumber, cancel: Callable[[], None]) -> Iterator[None]:
    reading, writing = os.pipe()
    poll = select.poll()
    number_of_client = client.fileno()
    poll.register(number_of_client, _GONE)
    poll.register(reading, select.POLLIN)

    def watch() -> None:
        # Again and again, since a client may leave before the statement has begun, or between two.
        wait = None
        while all(number != reading for number, _ in poll.poll(wait)):
            if wait is None:
                poll.unregister(number_of_client)
                wait = AGAIN_MS
            cancel()

    watcher = Thread(target=watch, name="client", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        os.write(writing, b".")
        watcher.join()  # so that nothing is cancelled after the block
        os.close(reading)
        os.close(writing)
