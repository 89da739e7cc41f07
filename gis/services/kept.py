"""What was made once is kept while there is room; the least lately used gives way."""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

from cachetools import LRUCache

Key = TypeVar("Key", bound=Hashable)
Made = TypeVar("Made")


class Kept(Generic[Key, Made]):
    """Values by key within a room; thread-safe.

    Parameters
    ----------
    room : how much it takes, counted as `size_of` does
    size_of : of a value; one each by default
    """

    def __init__(self, room: int, size_of: Callable[[Made], int] = lambda _: 1) -> None:
        self._values: LRUCache[Key, Made] = LRUCache(room, getsizeof=size_of)
        self._size_of = size_of
        self._lock = Lock()

    def get(self, key: Key) -> Made | None:
        """What was kept; none if it is not there (any more)."""
        with self._lock:
            return self._values.get(key)

    def take(self, key: Key, make: Callable[[], Made]) -> Made:
        """What was kept; else what is made now, and kept. Several may make it at the same time."""
        found = self.get(key)
        if found is None:
            found = make()
            self.put(key, found)
        return found

    def put(self, key: Key, value: Made) -> None:
        """Keep something, unless it alone would take more than the room."""
        if self._size_of(value) <= self._values.maxsize:
            with self._lock:
                self._values[key] = value

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._values.clear()

    @property
    def size(self) -> float:
        """How much of the room is taken."""
        return self._values.currsize
