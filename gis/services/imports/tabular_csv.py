"""Reads CSV of any delimiter, in the encodings that spreadsheets write; each cell stays the text it is."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from gis.services.imports.limits import Limits
from gis.services.imports.raw_table import OpenTable
from gis.services.imports.refusals import refusal
from gis.services.imports.tabular import table_of

DELIMITERS = ",;\t|"
_SAMPLE, _SAMPLE_ROWS = 256 * 1024, 60
_UNDEFINED_IN_CP1252 = b"\x81\x8d\x8f\x90\x9d"
_BLOCK = 1 << 20


def read_csv(path: Path, limits: Limits, header_rows: int | None = None) -> OpenTable:
    """The one table of a CSV file.

    Raises
    ------
    ImportRefusedError : no header, a quotation mark that is not closed, a row that is too long
    """
    encoding = encoding_of(path)
    csv.field_size_limit(limits.file_bytes)
    try:
        with path.open(encoding=encoding, newline="") as stream:
            sample = stream.read(_SAMPLE)
    except UnicodeError as error:
        raise refusal("broken_file", format="CSV") from error
    delimiter, skipped = _delimiter(sample)
    return table_of("", _records(path, encoding, delimiter, skipped), limits, header_rows)


def encoding_of(path: Path) -> str:
    """UTF-8 or UTF-16 by its mark, UTF-8 if it is nothing else, else Windows' western one, else latin-1."""
    with path.open("rb") as stream:
        head = stream.read(4)
        if head.startswith(codecs.BOM_UTF8):
            return "utf-8-sig"
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        stream.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        is_utf8 = is_cp1252 = True
        while block := stream.read(_BLOCK):
            is_utf8 = is_utf8 and _decodes(decoder, block, final=False)
            is_cp1252 = is_cp1252 and not any(byte in block for byte in _UNDEFINED_IN_CP1252)
    if is_utf8 and _decodes(decoder, b"", final=True):
        return "utf-8"
    return "cp1252" if is_cp1252 else "latin-1"


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(sample: str) -> tuple[str, int]:
    """The delimiter by which most rows have the same number of cells; and how many lines to skip."""
    if sample[:4].lower() == "sep=" and sample[5:6] in {"\r", "\n"}:
        return sample[4], 1
    if len(sample) == _SAMPLE:  # the last line may be cut
        sample = sample[: sample.rfind("\n") + 1]
    scores = {delimiter: _score(sample, delimiter) for delimiter in DELIMITERS}
    return max(DELIMITERS, key=lambda each: scores[each]), 0


def _score(sample: str, delimiter: str) -> tuple[float, int]:
    widths: Counter[int] = Counter()
    try:
        for number, record in enumerate(csv.reader(io.StringIO(sample), delimiter=delimiter)):
            if record:
                widths[len(record)] += 1
            if number >= _SAMPLE_ROWS:
                break
    except csv.Error:
        return 0.0, 0
    if not widths:
        return 0.0, 0
    width, rows = max(widths.items(), key=lambda each: (each[1] if each[0] > 1 else 0, each[0]))
    return (rows / widths.total() if width > 1 else 0.0), width


def _records(path: Path, encoding: str, delimiter: str, skipped: int) -> Iterator[list[str | None]]:
    with path.open(encoding=encoding, newline="") as stream:
        yield from [[]] * skipped
        for _ in range(skipped):
            stream.readline()
        yield from _parsed(stream, delimiter, skipped)


def _parsed(stream: TextIO, delimiter: str, skipped: int) -> Iterator[list[str | None]]:
    reader = csv.reader((line.replace("\0", "") for line in stream), delimiter=delimiter, strict=True)
    try:
        for record in reader:
            yield list(record)
    except csv.Error as error:
        raise refusal("broken_csv", line=reader.line_num + skipped) from error
    except UnicodeError as error:
        raise refusal("broken_file", format="CSV") from error
