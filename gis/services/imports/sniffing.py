"""Tells the format of a file by its content; its name is not asked."""

import codecs
import re
from pathlib import Path
from typing import Literal

from gis.services.imports.archives import open_archive
from gis.services.imports.limits import Limits
from gis.services.imports.refusals import refusal

Format = Literal["csv", "xlsx", "geojson", "gpkg", "shapefile", "kml", "geoparquet"]

_HEAD = 64 * 1024
_ENDING = 8
#: What people send by mistake, so that the refusal can name it.
_OTHERS = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x1f\x8b", "gzip"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"fgb", "FlatGeobuf"),
)
_SHAPES = b"\x00\x00\x27\x0a"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def sniff(path: Path, limits: Limits) -> Format:
    """The format of a file.

    Raises
    ------
    ImportRefusedError : empty, of no allowed format, or an archive that is refused
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
        stream.seek(-min(_ENDING, path.stat().st_size), 2)
        tail = stream.read()
    if not head.strip(b"\x00\t\r\n "):
        raise refusal("empty_file")
    if head.startswith(b"PK"):
        return _of_archive(path, limits)
    if head.startswith(b"SQLite format 3\0"):
        return "gpkg"
    if head.startswith(b"PAR1") and tail.endswith(b"PAR1"):
        return "geoparquet"
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise refusal("old_excel")
    if head.startswith(_SHAPES):
        raise refusal("shapefile_part")
    for magic, found in _OTHERS:
        if head.startswith(magic):
            raise refusal("unknown_format", found=found)
    return _of_text(head)


def _of_archive(path: Path, limits: Limits) -> Format:
    with open_archive(path, limits) as archive:
        names = [name.lower() for name in archive.namelist()]
    if "xl/workbook.xml" in names and "[content_types].xml" in names:
        return "xlsx"
    if any(name.endswith(".shp") for name in names):
        return "shapefile"
    raise refusal("archive_content")


def _of_text(head: bytes) -> Format:
    if not head.startswith(_UTF16):
        if b"\x00" in head:
            raise refusal("unknown_format", found="binary")
        text = head.decode("latin-1")
    else:
        text = head.decode("utf-16", errors="ignore")
    start = text.removeprefix("\xef\xbb\xbf").removeprefix("\ufeff").lstrip()
    if start.startswith("<"):
        if re.search(r"<(?:\w+:)?kml[\s>]", start):
            return "kml"
        if re.match(r"<!DOCTYPE|<\?xml[^>]*>\s*<!DOCTYPE", start) and "<html" not in start[:2000].lower():
            raise refusal("xml_entities")
        raise refusal("unknown_format", found="XML")
    if start.startswith(("{", "[")) and '"' in start[:200]:
        return "geojson"
    return "csv"
