"""Opens a ZIP file of a stranger: all that its list of members can tell is checked before one is unpacked."""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from gis.services.imports.limits import MIB, Limits
from gis.services.imports.refusals import refusal

_CHUNK = 256 * 1024
_RATIO_FROM = MIB
_HEADER = 30  # bytes of a member's own header before its name
_NESTED = (".zip", ".kmz", ".gz", ".bz2", ".xz", ".zst", ".7z", ".rar", ".tar", ".tgz", ".xlsx", ".jar")
_MAGIC = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!", b"\x28\xb5\x2f\xfd")
_END_OF_LIST, _LONGEST_END = b"PK\x05\x06", 65_557


@contextmanager
def open_archive(path: Path, limits: Limits) -> Iterator[zipfile.ZipFile]:
    """A ZIP file whose members have been checked: names, links, encryption, counts, sizes, overlaps.

    Raises
    ------
    ImportRefusedError : archive_…
    """
    _refuse_long_list(path, limits)
    try:
        with zipfile.ZipFile(path) as archive:
            _check(archive.infolist(), path.stat().st_size, limits)
            yield archive
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        NotImplementedError,
        UnicodeDecodeError,
    ) as error:
        raise refusal("archive_broken", member=str(error)[:100]) from error


def unpack(archive: zipfile.ZipFile, member: str, target: Path, limits: Limits) -> None:
    """Write one member to a path of ours.

    Raises
    ------
    ImportRefusedError : it is longer than it says, or an archive itself
    """
    with target.open("wb") as out:
        for chunk in chunks(archive, member, limits):
            out.write(chunk)


def chunks(archive: zipfile.ZipFile, member: str, limits: Limits) -> Iterator[bytes]:
    """The bytes of a member, as the compressed ones say and not its stated length, which may be a lie.

    Raises
    ------
    ImportRefusedError : it is longer than it says, or an archive itself
    """
    info = archive.getinfo(member)
    total = checksum = 0
    archive.open(info).close()  # compares the header of the member with the list
    stream = archive.fp
    assert stream is not None  # noqa: S101 open, since a member of it was
    for chunk in _inflated(stream, info):
        if total == 0 and chunk.startswith(_MAGIC):
            raise refusal("archive_nested", member=_shown(member))
        total += len(chunk)
        checksum = zlib.crc32(chunk, checksum)
        if total > min(info.file_size, limits.unpacked_bytes):
            raise refusal("archive_ratio", member=_shown(member))
        yield chunk
    if total != info.file_size or checksum != info.CRC:
        raise refusal("archive_broken", member=_shown(member))


def _inflated(stream: IO[bytes], info: zipfile.ZipInfo) -> Iterator[bytes]:
    stream.seek(info.header_offset)
    header = stream.read(_HEADER)
    stream.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    left = info.compress_size
    inflate = zlib.decompressobj(-zlib.MAX_WBITS) if info.compress_type == zipfile.ZIP_DEFLATED else None
    while left > 0:
        packed = stream.read(min(left, _CHUNK))
        if not packed:
            return
        left -= len(packed)
        if inflate is None:
            yield packed
            continue
        while packed:
            out = inflate.decompress(packed, _CHUNK)
            packed = inflate.unconsumed_tail
            if out:
                yield out
    if inflate is not None and (rest := inflate.flush()):
        yield rest


def _check(members: list[zipfile.ZipInfo], size: int, limits: Limits) -> None:
    if len(members) > limits.members:
        raise refusal("archive_members", limit=limits.members)
    seen: set[str] = set()
    unpacked = end = 0
    for info in sorted(members, key=lambda each: each.header_offset):
        _check_member(info, seen, limits)
        unpacked += info.file_size
        # Bombs let many members share the same compressed bytes.
        if info.header_offset < end:
            raise refusal("archive_broken", member=_shown(info.filename))
        end = info.header_offset + _HEADER + info.compress_size
    if unpacked > limits.unpacked_bytes:
        raise refusal("archive_bytes", limit=limits.unpacked_bytes // MIB)
    if end > size:
        raise refusal("archive_broken", member="")


def _check_member(info: zipfile.ZipInfo, seen: set[str], limits: Limits) -> None:
    name = info.orig_filename
    parts = name.replace("\\", "/").split("/")
    shown = _shown(name)
    if "\0" in name or name.startswith(("/", "\\")) or ".." in parts or ":" in name or name.lower() in seen:
        raise refusal("archive_name", member=shown)
    seen.add(name.lower())
    if info.flag_bits & 0x1:
        raise refusal("archive_encrypted", member=shown)
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise refusal("archive_link", member=shown)
    if name.lower().endswith(_NESTED):
        raise refusal("archive_nested", member=shown)
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise refusal("archive_broken", member=shown)
    if info.file_size > _RATIO_FROM and info.file_size > limits.ratio * max(info.compress_size, 1):
        raise refusal("archive_ratio", member=shown)


def _refuse_long_list(path: Path, limits: Limits) -> None:
    """The list of members is read whole by zipfile, so its length comes first."""
    with path.open("rb") as stream:
        stream.seek(-min(_LONGEST_END, path.stat().st_size), 2)
        tail = stream.read()
    place = tail.rfind(_END_OF_LIST)
    if place < 0:
        raise refusal("archive_broken", member="")
    count, length = int.from_bytes(tail[place + 10 : place + 12], "little"), tail[place + 12 : place + 16]
    if count > limits.members or int.from_bytes(length, "little") > limits.members * 1024:
        raise refusal("archive_members", limit=limits.members)


def _shown(name: str) -> str:
    return name[:100]
