"""Large answers on their way: files whole or as they grow, and threads left for the others.

A thread sends an answer until its last byte is taken, so that readers who take their time could keep all of
them. No more than some may send what does not fit into the buffers of a connection; others are told to come
again, and what is small is answered at once.
"""

import errno
import socket
import struct
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from threading import BoundedSemaphore
from typing import cast

import structlog
from flask import Flask, Response, current_app, g, request

from gis.config import Settings
from gis.domain.batches import JSONObject
from gis.errors import AtlasError, BusyError
from gis.services.exports.about import as_texts
from gis.services.exports.formats import Format
from gis.services.exports.spool import CHUNK_BYTES, Content, Spool, Whole, Write
from gis.services.folders import own_folder
from gis.services.kept import Kept
from webmap import disconnects, errors

log = structlog.get_logger()

#: A file that takes longer than this leaves as it grows, where protocol and format allow it.
FOLLOW_AFTER_S = 1.5
#: What is larger may have to wait for its reader.
LARGE_BYTES = 1 << 16
#: Threads that send nothing large.
LEFT = 8
ROOM_S = 0.5
#: A reader who takes not one byte in this time has left.
STALLED_S = 120
#: Files of releases, which never change: to be read in parts, and by many.
KEPT_BYTES = 128 << 20
_SOCKET = "gunicorn.socket"
# What a file tells of itself that stands in headers too, for the formats that hold no metadata.
_TOLD = ("as_of", "known_at", "release", "export_record", "crs", "holds_synthetic_rows")


class Sending:
    """What one process sends and writes at once.

    Parameters
    ----------
    settings : how many threads there are, and connections of the database; where files are written
    """

    def __init__(self, settings: Settings) -> None:
        self.folder = partial(own_folder, settings)
        # Half of the connections: the others answer meanwhile.
        self.writers = ThreadPoolExecutor(max(1, settings.pool_size // 2), "file")
        self.kept: Kept[tuple[str, ...], Whole] = Kept(KEPT_BYTES, lambda whole: whole.receipt.size)
        self._room = BoundedSemaphore(max(1, settings.threads - min(LEFT, settings.threads // 2)))

    @contextmanager
    def room(self) -> Iterator[None]:
        """Room for one large answer, from its beginning to its last byte.

        Raises
        ------
        BusyError : there is none at the moment
        """
        if not self._room.acquire(timeout=ROOM_S):
            raise BusyError("too many large answers are being read at the moment; try again soon", 10)
        try:
            yield
        finally:
            self._room.release()


class Part:
    """The bytes of a whole file, from wherever they are wanted."""

    def __init__(self, whole: Whole) -> None:
        self._content: Content | None = whole.content
        self._place = 0

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        chunk = self._content.read(self._place, CHUNK_BYTES) if self._content else b""
        if not chunk:
            raise StopIteration
        self._place += len(chunk)
        return chunk

    def seekable(self) -> bool:
        """As werkzeug asks."""
        return True

    def seek(self, place: int) -> None:
        """Go on from another place."""
        self._place = place

    def tell(self) -> int:
        """The place of the next byte."""
        return self._place

    def close(self) -> None:
        """Let the file go."""
        self._content = None


def init_app(app: Flask, settings: Settings) -> None:
    """Bound what is sent at once; to be called before what makes answers smaller, which comes first.

    Parameters
    ----------
    app : the application
    settings : how many threads there are, and connections of the database
    """
    app.extensions["atlas_sending"] = Sending(settings)
    app.before_request(_bound_stalls)
    app.after_request(_bounded)


def file(stem: str, file_format: Format, write: Write) -> Response:
    """A file, complete or visibly broken, however slowly it is read; the database does not wait for readers.

    It is whole before it leaves, with its length and its digest, unless it takes long. Then it leaves as it
    grows, in chunks of which the last one never comes if it cannot be written to its end. What has no such
    chunks (HTTP/1.0), is asked for in parts or is not written from front to back is whole first in any case.

    Parameters
    ----------
    stem : under which it is saved; the number of its record and its ending are put behind it
    file_format : of the file
    write : writes it to a path

    Raises
    ------
    BusyError : too many are on their way
    AtlasError : what `write` raises before the first byte left
    """
    sending = _sending()
    with ExitStack() as leaving:
        leaving.enter_context(sending.room())
        key = (g.release.id, g.release.checksum, request.full_path) if "release" in g else None
        whole = sending.kept.get(key) if key else None
        if whole is None:
            spool = Spool(f"{stem}.{file_format.ending}", write, sending.writers, sending.folder)
            leaving.callback(spool.leave)
            with disconnects.watched(spool.leave):
                whole = spool.wait(FOLLOW_AFTER_S if _may_follow(file_format) else None)
            if key and whole:
                sending.kept.put(key, whole)
        response = _whole(whole) if whole else Response(_following(spool))
        _describe(response, stem, file_format, whole.about if whole else spool.about)
        is_kept = key is not None and sending.kept.get(key) is not None
        response.headers["Accept-Ranges"] = "bytes" if is_kept else "none"
        response.call_on_close(leaving.pop_all().close)
    return response


def _whole(whole: Whole) -> Response:
    response = Response(Part(whole))
    response.content_length = whole.receipt.size
    response.headers["Digest"] = f"sha-256={whole.receipt.digest_base64}"
    return response


def _following(spool: Spool) -> Iterator[bytes]:
    try:
        yield from spool.chunks()
    except AtlasError as error:
        # As if the client had left: the server cuts the connection off, and the last chunk never comes.
        log.warning("a file was cut off", error=str(error), cause=repr(error.__cause__))
        raise BrokenPipeError(errno.EPIPE, "the file cannot be written to its end") from None


def _describe(response: Response, stem: str, file_format: Format, about: JSONObject) -> None:
    told = as_texts(about)
    name = "-".join((stem, *([told["export_record"]] if "export_record" in told else ())))
    response.mimetype = file_format.media_type
    response.headers["X-Feature-Count"] = told["feature_count"]
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{file_format.ending}"'
    response.headers["Link"] = '</about>; rel="license", </about>; rel="describedby"'
    for key in _TOLD:
        if key in told:
            response.headers[f"X-{key.replace('_', '-').title()}"] = told[key]


def _may_follow(file_format: Format) -> bool:
    # Another server might end what is broken as if it were whole; gunicorn sends chunks to who knows them.
    has_chunks = _SOCKET in request.environ and request.environ["SERVER_PROTOCOL"] != "HTTP/1.0"
    return file_format.is_in_order and has_chunks and "Range" not in request.headers


def _bounded(response: Response) -> Response:
    """Let a large answer that is no file leave where there is room for it."""
    length = response.content_length
    if "X-Feature-Count" in response.headers or length is None or length <= LARGE_BYTES:
        return response
    with ExitStack() as leaving:
        try:
            leaving.enter_context(_sending().room())
        except BusyError as error:
            response.close()
            return errors.refused(error)
        response.call_on_close(leaving.pop_all().close)
    return response


def _bound_stalls() -> None:
    client = request.environ.get(_SOCKET)
    if client is not None:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", STALLED_S, 0))


def _sending() -> Sending:
    return cast(Sending, current_app.extensions["atlas_sending"])
