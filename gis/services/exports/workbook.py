"""XLSX: a sheet of features with types, and a sheet of what the file tells of itself.

Every text is written as a text, so that none is taken for a formula. Ids have sixteen digits, of which
Excel's numbers keep fifteen: they are texts.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter

from gis.database.arrow import GEOMETRY
from gis.database.csv_rows import place_columns
from gis.domain.collections import PropertyType
from gis.services.exports.about import as_texts
from gis.services.exports.ogr_files import flat
from gis.services.exports.places import LONGEST_CELL, places_of
from gis.services.exports.stream import Features, Receipt

_OPTIONS = {
    "constant_memory": True,
    "strings_to_numbers": False,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "remove_timezone": True,
}
_DAY, _TIME = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"
_WIDTHS: Mapping[PropertyType, int] = {"string": 22, "integer": 12, "number": 12, "boolean": 10, "array": 18}
_REMARKS = {
    "times": "UTC",
    "wkt": f"longer than {LONGEST_CELL} letters is left out: take gpkg, parquet or csv for whole borders",
}
_METADATA = "metadata"
Put = Callable[[int, int, Any], Any]


def write(features: Features, path: Path) -> Receipt:
    """Write a workbook, a row at a time.

    Parameters
    ----------
    features : in their order; at most 1,048,575
    path : of the file
    """
    with xlsxwriter.Workbook(path, {**_OPTIONS, "tmpdir": str(path.parent)}) as book:
        book.set_properties({"created": datetime.combine(features.day, time())})
        sheet = book.add_worksheet(features.collection.id)
        bold = book.add_format({"bold": True})
        puts = _columns(book, sheet, features)
        for place, name in enumerate(puts):
            sheet.write_string(0, place, name, bold)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, features.extent.n, len(puts) - 1)
        _write_rows(features, list(puts.values()))
        _write_about(book.add_worksheet(_METADATA), features, bold)
    return features.receipt(path)


def _columns(book: Any, sheet: Any, features: Features) -> dict[str, Put]:
    """The columns, each with what writes a cell of it."""
    day, moment = (book.add_format({"num_format": each}) for each in (_DAY, _TIME))
    puts: dict[PropertyType, Put] = {
        "string": sheet.write_string,
        "array": sheet.write_string,
        "integer": sheet.write_number,
        "number": sheet.write_number,
        "boolean": sheet.write_boolean,
        "date": lambda row, place, value: sheet.write_datetime(row, place, value, day),
        "date-time": lambda row, place, value: sheet.write_datetime(row, place, value, moment),
    }
    kinds = features.collection.types
    found: dict[str, Put] = {}
    for name in features.names:
        found[name] = puts[kinds[name]]
        sheet.set_column(len(found) - 1, len(found) - 1, _WIDTHS.get(kinds[name], 20))
    if "id" in found:
        found["id"] = lambda row, place, value: sheet.write_string(row, place, str(value))
    places = {"lon": sheet.write_number, "lat": sheet.write_number, "wkt": sheet.write_string}
    return found | {name: places[name] for name in place_columns(features.geometry_type)}


def _write_rows(features: Features, puts: list[Put]) -> None:
    names = place_columns(features.geometry_type)
    number = 0
    for batch in flat(features.batches()):
        columns = [batch.column(name).to_pylist() for name in batch.schema.names if name != GEOMETRY]
        places = places_of(batch.column(GEOMETRY))._asdict()
        for row in zip(*columns, *(places[name] for name in names), strict=True):
            number += 1
            for place, value in enumerate(row):
                if value is not None and not (isinstance(value, str) and len(value) > LONGEST_CELL):
                    puts[place](number, place, value)


def _write_about(sheet: Any, features: Features, bold: Any) -> None:
    told = {**as_texts(features.about()), **_REMARKS}
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 100)
    for row, (name, text) in enumerate(told.items()):
        sheet.write_string(row, 0, name, bold)
        sheet.write_string(row, 1, text)
    sheet.write_string(len(told) + 1, 0, "columns", bold)
    for row, each in enumerate(features.collection.properties, start=len(told) + 2):
        sheet.write_string(row, 0, each.name)
        sheet.write_string(row, 1, each.description)
