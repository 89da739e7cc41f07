"""The file of a backup: pg_dump's archive, which pg_restore reads as it is, and behind it a manifest."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from gis.database.backup_manifest import Manifest
from gis.errors import InvalidInputError

_HEAD = b"PGDMP"
_TAIL = b"\nclosure-atlas backup 1\n"
_LENGTH_DIGITS = 16
_DIGEST_DIGITS = 64
_FIXED = _LENGTH_DIGITS + _DIGEST_DIGITS + len(_TAIL)
_BLOCK = 1 << 20


@dataclass(frozen=True)
class BackupFile:
    """A file that was written, or read and found whole; `sha256` is that of the whole file."""

    manifest: Manifest
    size: int
    sha256: str


def seal(path: Path, manifest: Manifest) -> BackupFile:
    """Put behind an archive: the manifest, its length, the SHA-256 of all bytes so far, and a mark.

    So a file that was cut off or changed is told before anything is done with it. pg_restore reads no further
    than the archive.
    """
    text = manifest.model_dump_json().encode()
    with path.open("ab") as file:
        file.write(text + f"{len(text):0{_LENGTH_DIGITS}}".encode())
    digest = hashlib.sha256()
    for block in _blocks(path, path.stat().st_size):
        digest.update(block)
    end = digest.hexdigest().encode() + _TAIL
    with path.open("ab") as file:
        file.write(end)
    digest.update(end)
    return BackupFile(manifest, path.stat().st_size, digest.hexdigest())


def read(path: Path) -> BackupFile:
    """Check a file and read its manifest.

    Raises
    ------
    InvalidInputError : it is not there, no backup, cut off or changed
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(len(_HEAD))
            file.seek(max(0, size - _FIXED))
            end = file.read()
    except OSError as error:
        raise _refused(path, error.strerror or str(error)) from error
    if head != _HEAD:
        raise _refused(path, "no backup")
    length, stated = end[:_LENGTH_DIGITS], end[_LENGTH_DIGITS:][:_DIGEST_DIGITS]
    if not end.endswith(_TAIL) or not length.isdigit() or int(length) > size - _FIXED:
        raise _refused(path, "its end is missing")
    digest = hashlib.sha256()
    for block in _blocks(path, size - _FIXED + _LENGTH_DIGITS):
        digest.update(block)
    if digest.hexdigest().encode() != stated:
        raise _refused(path, "its bytes have changed since it was written")
    digest.update(end[_LENGTH_DIGITS:])
    with path.open("rb") as file:
        file.seek(size - _FIXED - int(length))
        text = file.read(int(length))
    try:
        manifest = Manifest.model_validate_json(text)
    except ValidationError as error:
        raise _refused(path, "its manifest is of another program") from error
    return BackupFile(manifest, size, digest.hexdigest())


def _blocks(path: Path, size: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        while size > 0 and (block := file.read(min(_BLOCK, size))):
            size -= len(block)
            yield block


def _refused(path: Path, reason: str) -> InvalidInputError:
    return InvalidInputError("FILE", str(path), f"a whole file that `atlas db backup` wrote ({reason})")
