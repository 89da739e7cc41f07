"""What is read in small pieces adds up, until there is enough of it for a record."""

from collections.abc import Callable, Hashable
from threading import Lock

from cachetools import LRUCache


class Tally:
    """How much each reader has had since the last record; thread-safe, and within a room.

    Each process counts on its own, and of the reader who was longest away it forgets what was below a step.

    Parameters
    ----------
    step : a record is due for so much
    room : readers at most
    """

    def __init__(self, step: int, room: int = 10_000) -> None:
        self._had: LRUCache[Hashable, int] = LRUCache(room)
        self._step = step
        self._lock = Lock()

    def add(self, reader: Hashable, n: int, record: Callable[[int], None]) -> None:
        """Count a piece before it goes out, and record all since the last record where that is due.

        Parameters
        ----------
        reader : names who reads
        n : how much it is
        record : writes the record of so much; what it raises is raised, and the piece is not counted, since
            it does not go out
        """
        had = self._take(reader, n)
        if had < self._step:
            return
        try:
            record(had)
        except BaseException:
            self._take(reader, had - n, may_empty=False)
            raise

    def _take(self, reader: Hashable, n: int, *, may_empty: bool = True) -> int:
        with self._lock:
            had = self._had.get(reader, 0) + n
            self._had[reader] = 0 if may_empty and had >= self._step else had
        return had
