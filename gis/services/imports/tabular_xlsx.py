"""Reads XLSX: values, of formulas as they were last computed; dates, numbers and truths keep their type.

calamine is quick and expands no entities, yet it lays a sheet out as a full grid, so that a value far out
would take all memory. So the parts of the archive are looked through before: their true length, entities,
cells far out.
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from gis.errors import ImportRefusedError
from gis.services.imports.archives import chunks, open_archive
from gis.services.imports.limits import Limits
from gis.services.imports.raw_table import Cell, OpenTable
from gis.services.imports.refusals import refusal
from gis.services.imports.tabular import HEADER_WITHIN, table_of

_OVERLAP = 512
_ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
#: A cell with a value: what ends with /> is a format only, which sheets have down to their last row.
_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br=["\']([A-Z]+)(\d+)["\'][^>]*(?<!/)>')


def read_xlsx(
    path: Path, limits: Limits, sheet: str | None = None, header_rows: int | None = None
) -> OpenTable:
    """One sheet of a workbook: the one that is named, else the first visible one with a header.

    Raises
    ------
    ImportRefusedError : broken, hostile, without such a sheet, or without a header
    """
    _look_through(path, limits)
    try:
        workbook = CalamineWorkbook.from_path(path)
        names = [
            each.name
            for each in sorted(
                workbook.sheets_metadata, key=lambda each: each.visible != SheetVisibleEnum.Visible
            )
            if each.typ == SheetTypeEnum.WorkSheet
        ]
        table = _sheet(workbook, names, sheet, limits, header_rows)
    except CalamineError as error:
        raise refusal("broken_file", format="XLSX") from error
    table.tables = [name for name in workbook.sheet_names if name in names]
    return table


def _sheet(
    workbook: CalamineWorkbook,
    names: Sequence[str],
    wanted: str | None,
    limits: Limits,
    header_rows: int | None,
) -> OpenTable:
    if wanted is not None and wanted not in names:
        raise refusal("unknown_table", found=wanted, allowed=", ".join(names))
    for name in names if wanted is None else [wanted]:
        sheet = workbook.get_sheet_by_name(name)
        # Rows come from the first one on, but their cells from the first column that is in use.
        left = sheet.start[1] if sheet.start else 0
        # Merged cells further down belong to data, where they are what they show: one value and empty cells.
        merged = [
            ((top, max(first - left, 0)), (bottom, last - left))
            for (top, first), (bottom, last) in sheet.merged_cell_ranges or ()
            if top < HEADER_WITHIN and last >= left
        ]
        try:
            return table_of(name, _values(sheet.iter_rows()), limits, header_rows, merged)
        except ImportRefusedError as error:
            if wanted is not None or error.code != "no_header":
                raise
    raise refusal("no_header", table=names[0] if names else "")


def _values(rows: Iterator[Sequence[object]]) -> Iterator[list[Cell]]:
    for row in rows:
        yield [_value(cell) for cell in row]


def _value(cell: object) -> Cell:
    """As Excel shows it: a number without decimals is a whole one, midnight is a day."""
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and abs(cell) < 2**53 else cell
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date()
    if isinstance(cell, timedelta):
        return str(cell)
    if isinstance(cell, str | int | date | time):
        return cell
    return str(cell)


def _look_through(path: Path, limits: Limits) -> None:
    with open_archive(path, limits) as archive:
        for info in archive.infolist():
            if info.filename.lower().endswith((".xml", ".rels", ".vml")):
                _look_at(archive, info.filename, limits)
            else:
                for _ in chunks(archive, info.filename, limits):
                    pass


def _look_at(archive: zipfile.ZipFile, member: str, limits: Limits) -> None:
    is_sheet = member.lower().startswith("xl/worksheets/")
    before = b""
    for chunk in chunks(archive, member, limits):
        if not before and chunk.startswith(_UTF16):
            raise refusal("broken_file", format="XLSX")
        text = before + chunk
        if _ENTITIES.search(text):
            raise refusal("xml_entities")
        if is_sheet:
            _refuse_far_cells(text, limits)
        before = text[-_OVERLAP:]


def _refuse_far_cells(text: bytes, limits: Limits) -> None:
    for found in _CELL.finditer(text):
        column, row = found[1], found[2]
        if len(column) > 2 or len(row) > 7 or int(row) > limits.rows + HEADER_WITHIN:
            raise refusal("far_cell", cell=(column[:8] + row[:12]).decode(), limit=limits.rows)
