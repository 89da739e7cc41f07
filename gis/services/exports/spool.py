"""A file that one thread writes as fast as it can, while another reads what stands of it already.

The database is done with when the file is whole, however slowly it is read. It has lost its name before its
first byte is read, so that nothing is left of it whatever happens.
"""

import os
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from threading import Condition, Lock
from typing import NamedTuple

from gis.domain.batches import JSONObject
from gis.errors import BusyError
from gis.services.exports.progress import Progress
from gis.services.exports.stream import Receipt
from gis.services.exports.writing import Written
from gis.services.flights import GivenUpError

Write = Callable[[Path, Progress], Written]
CHUNK_BYTES = 1 << 17
TURN_S = 30.0  # so long one waits until others are written
_LEFT = "nobody waits for this file any more"


class Content:
    """The bytes of a file without a name; they go with the last who holds them.

    Parameters
    ----------
    path : of the file, which loses its name
    """

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        weakref.finalize(self, os.close, self._descriptor)
        path.unlink()

    def read(self, place: int, count: int) -> bytes:
        """So many bytes from a place on; anybody may read at the same time."""
        return os.pread(self._descriptor, count, place)


class Whole(NamedTuple):
    """A file that is complete, and may be read again and again."""

    content: Content
    receipt: Receipt
    about: JSONObject


class Spool(Progress):
    """A file under way.

    Parameters
    ----------
    name : of the file while it is written; its ending tells some formats what to do
    write : writes it to a path, and tells how it comes along
    writers : threads that write, as many as connections of the database may be spent on files
    folder : makes the folder in which it is written
    """

    def __init__(
        self, name: str, write: Write, writers: Executor, folder: Callable[[], AbstractContextManager[Path]]
    ) -> None:
        self.about: JSONObject = {}
        self._name = name
        self._path = Path()
        self._content: Content | None = None
        self._size = 0
        self._has_begun = self._is_left = False
        self._changed = Condition()
        self._cancel: Callable[[], None] | None = None
        self._cancelling = Lock()
        self._written: Future[Receipt] = writers.submit(self._run, write, folder)
        self._written.add_done_callback(lambda _: self._end())

    def wait(self, seconds: float | None) -> Whole | None:
        """Wait until the file is whole, or until it has begun and some time is over.

        Parameters
        ----------
        seconds : after which a file that has begun is good enough; none to wait for all of it

        Returns
        -------
        the whole file; none where it still grows

        Raises
        ------
        BusyError : too many others are written
        AtlasError : it cannot be written
        """
        with self._changed:
            if not self._changed.wait_for(self._is_under_way, TURN_S) and self._written.cancel():
                raise BusyError("too many files are being made at the moment; try again soon", 10)
            if self._changed.wait_for(self._written.done, seconds) or seconds is None:
                return self._whole()
        self._size_beyond(0)
        return self._whole() if self._written.done() else None

    def chunks(self) -> Iterator[bytes]:
        """All bytes, as soon as they stand.

        Raises
        ------
        AtlasError : the file cannot be written to its end; what came so far is no file
        """
        place = 0
        while True:
            size = self._size_beyond(place)
            content = self._content
            if size == place or content is None:
                self._receipt()
                return
            while place < size:
                chunk = content.read(place, min(CHUNK_BYTES, size - place))
                place += len(chunk)
                yield chunk

    def leave(self) -> None:
        """Nobody reads any more: what is under way is ended. May be called again, and by any thread."""
        self._is_left = True
        self._written.cancel()
        with self._cancelling:
            if self._cancel is not None:
                self._cancel()
        if self._written.done():
            self._content = None  # as `_end` has it, whichever comes last

    # What the writer tells

    def begins(self, about: JSONObject) -> None:
        """Keep what the file will tell of itself."""
        self._check()
        self.about = about

    def grows(self, size: int) -> None:
        """Let readers have more."""
        self._check()
        if self._content is None:
            self._content = Content(self._path)
        self._size = size
        self._tell()

    @contextmanager
    def watch(self, cancel: Callable[[], None]) -> Iterator[None]:
        """Cancel what is read when nobody waits for it."""
        with self._cancelling:
            self._cancel = cancel
        try:
            self._check()
            yield
        finally:
            with self._cancelling:
                self._cancel = None

    def _run(self, write: Write, make: Callable[[], AbstractContextManager[Path]]) -> Receipt:
        self._has_begun = True
        self._tell()
        with make() as folder:
            self._path = folder / self._name
            receipt = write(self._path, self).receipt
            if self._content is None:
                self._content = Content(self._path)
        self._size = receipt.size
        return receipt

    def _check(self) -> None:
        if self._is_left:
            raise GivenUpError(_LEFT)

    def _is_under_way(self) -> bool:
        return self._has_begun or self._written.done()

    def _size_beyond(self, place: int) -> int:
        """What stands, once that is more than up to a place, or no more will come."""
        with self._changed:
            self._changed.wait_for(lambda: self._written.done() or self._size > place)
            return self._size

    def _receipt(self) -> Receipt:
        if self._written.cancelled():
            raise GivenUpError(_LEFT)
        return self._written.result()

    def _whole(self) -> Whole:
        receipt = self._receipt()
        if self._content is None:
            raise GivenUpError(_LEFT)
        return Whole(self._content, receipt, self.about)

    def _end(self) -> None:
        if self._is_left:
            self._content = None
        self._tell()

    def _tell(self) -> None:
        with self._changed:
            self._changed.notify_all()
