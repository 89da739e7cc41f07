"""What was made once is kept while there is room, and what many ask for at once is made once."""

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from threading import Lock
from typing import Generic, TypeVar

from gis.errors import AtlasError, UnavailableError

Made = TypeVar("Made")
#: What an entry takes beside its bytes: the key, a node of the dictionary, the objects.
OVERHEAD = 400


class ByteCache:
    """Bytes by key, the least lately used of which give way; thread-safe.

    Parameters
    ----------
    most : bytes that it takes
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.size = 0
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, key: str) -> bytes | None:
        """What was kept; none if it is not there (any more)."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: str, value: bytes) -> None:
        """Keep something, unless it is larger than an eighth of the room."""
        if len(value) > self.most // 8:
            return
        with self._lock:
            self.size += len(value) + OVERHEAD - self._take(key)
            self._kept[key] = value
            while self.size > self.most:
                _, gone = self._kept.popitem(last=False)
                self.size -= len(gone) + OVERHEAD

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
            self.size = 0

    def _take(self, key: str) -> int:
        gone = self._kept.pop(key, None)
        return 0 if gone is None else len(gone) + OVERHEAD


class GivenUpError(UnavailableError):
    """Whoever made it was stopped, since nobody waited for his answer; others may."""


class Flights(Generic[Made]):
    """What is being made at the moment: the first who asks makes it, the others wait and get the same."""

    def __init__(self) -> None:
        self._flights: dict[str, Future[Made]] = {}
        self._lock = Lock()

    def run(self, key: str, make: Callable[[], Made]) -> Made:
        """What `make` returns or raises, called by one at a time for each key.

        Parameters
        ----------
        key : names what is made
        make : makes it; where it is given up, the next who waits makes it

        Raises
        ------
        AtlasError : what `make` raised, for all who waited
        """
        while True:
            with self._lock:
                flight = self._flights.get(key)
                if flight is None:
                    own = self._flights[key] = Future[Made]()
            if flight is None:
                return self._make(key, own, make)
            with suppress(GivenUpError):
                return flight.result()

    def _make(self, key: str, flight: Future[Made], make: Callable[[], Made]) -> Made:
        try:
            made = make()
            flight.set_result(made)
            return made
        except AtlasError as error:
            flight.set_exception(error)
            raise
        finally:
            with self._lock:
                del self._flights[key]
            if not flight.done():
                flight.set_exception(GivenUpError("it was not made"))
