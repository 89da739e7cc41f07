"""Whether the client still waits: a query of one who has left is ended, rather than run on for nobody."""

import select
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition, Lock, Thread
from typing import Protocol

from flask import request

#: Where servers put the client's socket: gunicorn, and the one of Flask for development.
_SOCKETS = ("gunicorn.socket", "werkzeug.socket")
# The other side closed its half: proxies and browsers that give up do so, as nginx takes it too.
_GONE = getattr(select, "POLLRDHUP", 0) | select.POLLHUP | select.POLLERR
EVERY_S = 0.1


class _HasNumber(Protocol):
    def fileno(self) -> int: ...


@contextmanager
def watched(cancel: Callable[[], None]) -> Iterator[None]:
    """Call `cancel` from another thread if the client of this request leaves before the block ends.

    For `gis.database.cancelling.cancellable`, around what may take long. Where the server does not tell the
    socket, nobody watches.

    Parameters
    ----------
    cancel : ends what runs in the block; it is called again and again, and never after the block
    """
    found = next((request.environ[name] for name in _SOCKETS if name in request.environ), None)
    if found is None:
        yield
        return
    with _watch.over(found, cancel):
        yield


class _Client:
    """One who waits."""

    def __init__(self, number: int, cancel: Callable[[], None]) -> None:
        self.number = number
        self._cancel = cancel
        self._is_answered = False
        self._lock = Lock()

    def leave(self) -> None:
        with self._lock:
            if not self._is_answered:
                self._cancel()

    def answered(self) -> None:
        with self._lock:  # so that nothing is cancelled after the block
            self._is_answered = True


class _Watch:
    """One thread for all clients: what is answered sooner than it looks costs next to nothing."""

    def __init__(self) -> None:
        self._clients: set[_Client] = set()
        self._changed = Condition()
        self._thread: Thread | None = None

    @contextmanager
    def over(self, client: _HasNumber, cancel: Callable[[], None]) -> Iterator[None]:
        """Watch over a client until the block ends."""
        waiting = _Client(client.fileno(), cancel)
        with self._changed:
            self._clients.add(waiting)
            if self._thread is None or not self._thread.is_alive():  # a process that was forked has none
                self._thread = Thread(target=self._look, name="clients", daemon=True)
                self._thread.start()
            self._changed.notify()
        try:
            yield
        finally:
            with self._changed:
                self._clients.discard(waiting)
            waiting.answered()

    def _look(self) -> None:
        # Again and again, since a client may leave before the statement has begun, or between two.
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._clients)
            time.sleep(EVERY_S)
            with self._changed:
                clients = list(self._clients)
            poll = select.poll()
            for each in clients:
                poll.register(each.number, _GONE)
            gone = {number for number, _ in poll.poll(0)}
            for each in clients:
                if each.number in gone:
                    each.leave()


_watch = _Watch()
