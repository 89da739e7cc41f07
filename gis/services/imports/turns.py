"""A few readings of files at once, and a few that wait: each may take `Limits.memory_bytes`."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from gis.errors import BusyError


class Turns:
    """Lets some work at once and some wait; whoever comes beyond that is sent away at once.

    Parameters
    ----------
    at_once : how many work
    waiting : how many wait for their turn
    longest_s : how long one waits before it is sent away
    """

    def __init__(self, at_once: int, waiting: int, longest_s: float) -> None:
        self._turns = threading.BoundedSemaphore(at_once)
        self._places = threading.BoundedSemaphore(at_once + waiting)
        self._longest_s = longest_s

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn, and have it until the block ends.

        Raises
        ------
        BusyError : too many wait already, or it took too long
        """
        if not self._places.acquire(blocking=False):
            raise BusyError("too many files are being read; try again in a minute")
        try:
            if not self._turns.acquire(timeout=self._longest_s):
                raise BusyError("other files take long to read; try again in a minute")
            try:
                yield
            finally:
                self._turns.release()
        finally:
            self._places.release()
