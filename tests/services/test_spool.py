"""A file that is read while it is written: whole, broken, and left alone."""

import gc
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

import pytest

from gis.errors import BusyError, UnavailableError
from gis.services.exports import spool as spools
from gis.services.exports.progress import Progress
from gis.services.exports.spool import Spool
from gis.services.exports.stream import Receipt
from gis.services.exports.writing import Written
from gis.services.flights import GivenUpError

PATIENCE_S = 10
ABOUT = {"feature_count": 2}


@pytest.fixture
def writers() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as threads:
        yield threads


def folder() -> AbstractContextManager[Path]:
    @contextmanager
    def made() -> Iterator[Path]:
        with TemporaryDirectory() as path:
            yield Path(path)

    return made()


class Author:
    """Writes two halves, the second one when it is told to.

    Parameters
    ----------
    error : raised in the place of the second half
    """

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.go_on, self.ended = Event(), Event()
        self.path = Path()

    def __call__(self, path: Path, progress: Progress) -> Written:
        try:
            return self._write(path, progress)
        finally:
            self.ended.set()

    def _write(self, path: Path, progress: Progress) -> Written:
        self.path = path
        with progress.watch(self.go_on.set):
            progress.begins(ABOUT)
            with path.open("wb", buffering=0) as file:
                file.write(b"first ")
                progress.grows(6)
                assert self.go_on.wait(PATIENCE_S)
                if self.error is not None:
                    raise self.error
                file.write(b"second")
                progress.grows(12)
        return Written(Receipt(2, 12, ""), ABOUT)


def test_what_stands_is_read_while_the_rest_is_written(writers: ThreadPoolExecutor) -> None:
    author = Author()
    spool = Spool("sites.csv", author, writers, folder)
    assert spool.wait(0) is None
    assert spool.about == ABOUT
    chunks = spool.chunks()
    assert next(chunks) == b"first "
    assert not author.path.exists()  # it has lost its name
    author.go_on.set()
    assert b"".join(chunks) == b"second"
    assert not author.path.parent.exists()


def test_a_whole_file_may_be_read_again(writers: ThreadPoolExecutor) -> None:
    author = Author()
    author.go_on.set()
    spool = Spool("sites.csv", author, writers, folder)
    whole = spool.wait(None)
    assert whole is not None
    assert whole.receipt.size == 12
    assert [whole.content.read(6, 100), whole.content.read(0, 5)] == [b"second", b"first"]
    assert b"".join(spool.chunks()) == b"first second"


@pytest.mark.parametrize("seconds", [0, None])
def test_an_error_is_that_of_the_writer(writers: ThreadPoolExecutor, seconds: float | None) -> None:
    author = Author(UnavailableError("away"))
    spool = Spool("sites.csv", author, writers, folder)
    if seconds is None:
        author.go_on.set()
        with pytest.raises(UnavailableError, match="away"):
            spool.wait(None)
        return
    spool.wait(seconds)
    chunks = spool.chunks()
    assert next(chunks) == b"first "
    author.go_on.set()
    with pytest.raises(UnavailableError, match="away"):
        next(chunks)


def test_who_leaves_ends_the_writer_and_the_file(writers: ThreadPoolExecutor) -> None:
    author = Author()
    spool = Spool("sites.csv", author, writers, folder)
    spool.wait(0)
    content = weakref.ref(spool._content)  # type: ignore[type-var, arg-type]
    spool.leave()  # wakes the writer, as a statement that is cancelled does; its next word is refused
    assert author.ended.wait(PATIENCE_S)
    with pytest.raises(GivenUpError):
        spool.wait(None)
    gc.collect()
    assert content() is None
    author.go_on.clear()
    spool.leave()
    assert not author.go_on.is_set()  # nothing is cancelled after the block


def test_a_file_whose_turn_does_not_come_is_refused(
    writers: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spools, "TURN_S", 0.05)
    first, second = Author(), Author()
    slow = Spool("sites.csv", first, writers, folder)
    slow.wait(0)
    with pytest.raises(BusyError) as refused:
        Spool("sites.csv", second, writers, folder).wait(0)
    assert refused.value.retry_after_s == 10
    first.go_on.set()
    assert slow.wait(None)
    assert not second.ended.is_set()


def test_who_leaves_before_his_turn_is_not_served(writers: ThreadPoolExecutor) -> None:
    first, second = Author(), Author()
    slow = Spool("sites.csv", first, writers, folder)
    waiting = Spool("sites.csv", second, writers, folder)
    waiting.leave()
    with pytest.raises(GivenUpError):
        waiting.wait(None)
    first.go_on.set()
    assert slow.wait(None)
    assert not second.ended.is_set()
