"""What is read in small pieces is recorded in full, whoever reads beside."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from gis.services.tallies import Tally


def test_a_record_is_of_all_since_the_last() -> None:
    tally, records = Tally(10), list[int]()
    for n in (4, 5, 3, 9, 1, 25):
        tally.add("a", n, records.append)
    assert records == [12, 10, 25]


def test_each_reader_has_its_own_count() -> None:
    tally, records = Tally(10), list[int]()
    for reader in ("a", "b", "c"):
        tally.add(reader, 9, records.append)
    assert records == []
    tally.add("b", 1, records.append)
    assert records == [10]


def test_threads_lose_and_double_nothing() -> None:
    tally, records = Tally(10), list[int]()

    def read(_: int) -> None:
        for _ in range(2_000):
            tally.add("a", 3, records.append)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(read, range(8)))
    rest = 8 * 2_000 * 3 - sum(records)
    assert 0 <= rest < 10
    assert min(records) >= 10


def test_what_could_not_be_recorded_is_recorded_the_next_time() -> None:
    def refuse(_: int) -> None:
        raise OSError

    tally, records = Tally(10), list[int]()
    tally.add("a", 9, records.append)
    for _ in range(2):
        with pytest.raises(OSError):
            tally.add("a", 3, refuse)
    tally.add("a", 1, records.append)
    assert records == [10]


def test_it_stays_within_its_room() -> None:
    tally, records = Tally(10, room=2), list[int]()
    for reader in ("a", "b", "a", "c"):
        tally.add(reader, 4, records.append)
    for reader in ("a", "b"):
        tally.add(reader, 4, records.append)
    assert records == [12]
