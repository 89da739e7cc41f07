"""What many ask for at once is made once."""

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from threading import Lock
from typing import Generic, TypeVar

from gis.errors import AtlasError, UnavailableError

Made = TypeVar("Made")


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
