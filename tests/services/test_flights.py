"""What many ask for at once is made once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest

from gis.errors import NotFoundError
from gis.services.flights import Flights, GivenUpError


def test_many_who_ask_at_once_get_what_one_made() -> None:
    flights: Flights[int] = Flights()
    made: list[int] = []
    start, go_on = Barrier(8), Event()

    def make() -> int:
        go_on.wait(5)
        made.append(1)
        return len(made)

    def ask(_: int) -> int:
        start.wait(5)
        return flights.run("tile", make)

    with ThreadPoolExecutor(8) as threads:
        answers = [threads.submit(ask, n) for n in range(8)]
        Event().wait(0.2)
        go_on.set()
        assert {answer.result(5) for answer in answers} == {1}
    assert made == [1]


def test_an_error_is_for_all_who_waited_and_a_new_try_makes_it() -> None:
    flights: Flights[int] = Flights()

    def fail() -> int:
        raise NotFoundError("nothing")

    with pytest.raises(NotFoundError):
        flights.run("tile", fail)
    assert flights.run("tile", lambda: 7) == 7


def test_where_one_gave_up_the_next_makes_it() -> None:
    flights: Flights[int] = Flights()
    is_asked, is_given_up = Event(), Event()

    def give_up() -> int:
        is_asked.set()
        is_given_up.wait(5)
        raise GivenUpError("gone")

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(flights.run, "tile", give_up)
        assert is_asked.wait(5)
        second = threads.submit(flights.run, "tile", lambda: 7)
        is_given_up.set()
        assert second.result(5) == 7
        with pytest.raises(GivenUpError):
            first.result(5)
