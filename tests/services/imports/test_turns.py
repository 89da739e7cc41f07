"""A few read at once, a few wait, whoever comes beyond is sent away at once."""

import threading

import pytest

from gis.errors import BusyError
from gis.services.imports.turns import Turns


def test_two_have_a_place_and_a_third_is_sent_away() -> None:
    turns, begun, leave = Turns(1, 1, 10), threading.Semaphore(0), threading.Event()
    sent_away: list[int] = []

    def work() -> None:
        try:
            with turns.turn():
                begun.release()
                leave.wait(10)
        except BusyError as error:
            sent_away.append(error.retry_after_s)
            leave.set()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sent_away) == 1
    assert sent_away[0] > 0
    assert [begun.acquire(blocking=False) for _ in range(3)] == [True, True, False]


def test_who_waits_too_long_is_sent_away_and_gives_its_place_back() -> None:
    turns = Turns(1, 1, 0.01)
    with turns.turn():
        for _ in range(3):
            with pytest.raises(BusyError, match="long"), turns.turn():
                raise AssertionError("two at once")


def test_a_turn_ends_with_an_error() -> None:
    turns = Turns(1, 0, 0.01)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), turns.turn():
            assert 1 / 0
