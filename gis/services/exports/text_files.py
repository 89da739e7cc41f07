"""Files of text, of which PostgreSQL makes a line a feature."""

import hashlib
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from gis.database.copying import Bytes
from gis.services.exports.stream import Features, Receipt

_LINES = 200  # so few that PostgreSQL need not wait


def write_text(
    features: Features, path: Path, head: bytes, lines: Iterable[Bytes], joint: bytes, tail: bytes
) -> Receipt:
    """Write lines between a head and a tail.

    Parameters
    ----------
    features : that the lines are of
    path : of the file
    head : its beginning
    lines : each ended by a newline
    joint : what stands between two lines
    tail : its end

    Raises
    ------
    DatabaseError : more or fewer features came than were announced
    """
    digest, size, before = hashlib.sha256(), 0, b""
    rest = iter(lines)
    with path.open("wb", buffering=0) as file:

        def put(data: bytes) -> None:
            nonlocal size
            digest.update(data)
            size += len(data)
            file.write(data)
            features.grows(size)

        put(head)
        while block := list(islice(rest, _LINES)):
            features.read += len(block)
            put(before + joint.join(block))
            before = joint
        features.check()  # before the end, by which others take it for whole
        put(tail)
    return Receipt(features.read, size, digest.hexdigest())
