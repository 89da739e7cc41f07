"""Files that are made to do harm, or broken as files get broken, each with the code of its refusal."""

import gzip
import io
import json
import random
import sqlite3
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet

from tests.services.imports import made_files as made

MIB = 1 << 20
FRAME = made.Frame(["nama", "n"], [("Contoh", 1)], [made.shapely.Point(117, -0.5)])
_LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)
_KML = '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{}</Document></kml>'


def text(content: str) -> Callable[[Path], None]:
    return lambda path: path.write_text(content, encoding="utf-8") and None


def raw(content: bytes) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(content) and None


def archive(*members: tuple[str | zipfile.ZipInfo, bytes]) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
            for name, content in members:
                out.writestr(name, content)

    return write


def link() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("layer.shp")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def patched(write: Callable[[Path], None], *changes: tuple[bytes, int, bytes]) -> Callable[[Path], None]:
    """After a mark's last place (its first for the header of a member) other bytes are put."""

    def changed(path: Path) -> None:
        write(path)
        content = bytearray(path.read_bytes())
        for mark, offset, new in changes:
            place = content.rindex(mark) + offset
            content[place : place + len(new)] = new
        path.write_bytes(content)

    return changed


def shapefile(change: Callable[[dict[str, bytes]], None]) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        made.write_shapefile(path, FRAME)
        with zipfile.ZipFile(path) as whole:
            members = {name: whole.read(name) for name in whole.namelist()}
        change(members)
        archive(*members.items())(path)

    return write


def workbook(change: Callable[[dict[str, bytes]], None]) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        made.write_xlsx(path, FRAME)
        with zipfile.ZipFile(path) as whole:
            members = {name: whole.read(name) for name in whole.namelist()}
        change(members)
        archive(*members.items())(path)

    return write


def in_sheet(old: bytes, new: bytes) -> Callable[[dict[str, bytes]], None]:
    def change(members: dict[str, bytes]) -> None:
        before = members["xl/worksheets/sheet1.xml"]
        members["xl/worksheets/sheet1.xml"] = before.replace(old, new)
        assert members["xl/worksheets/sheet1.xml"] != before

    return change


def database(*statements: str) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        made.write_gpkg(path.with_suffix(".gpkg"), FRAME)
        path.with_suffix(".gpkg").rename(path)
        with sqlite3.connect(path) as connection:
            for statement in statements:
                connection.execute(statement)
        connection.close()

    return write


def other_database(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t (a)")
    connection.close()


def same_value(path: Path) -> None:
    """A few kilobytes that are gigabytes: one long text in each of many rows."""
    texts = pa.DictionaryArray.from_arrays(pa.array([0] * 150_000, pa.int32()), pa.array(["x" * 200_000]))
    pa.parquet.write_table(pa.table({"nama": texts}), path, compression="zstd")


def shared_text(members: dict[str, bytes]) -> None:
    """One long text that stands in many cells."""
    members["xl/sharedStrings.xml"] = (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>'
        + b"x" * 30_000
        + b"</t></si></sst>"
    )
    rows = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(1, 50_000))
    sheet = members["xl/worksheets/sheet1.xml"]
    start, end = sheet.index(b"<sheetData>"), sheet.index(b"</sheetData>")
    members["xl/worksheets/sheet1.xml"] = sheet[:start] + b"<sheetData>" + rows + sheet[end:]


def tangle(path: Path) -> None:
    """A ring that crosses itself millions of times."""
    dice = random.Random(1)
    ring = [(dice.uniform(110, 118), dice.uniform(-3, 3)) for _ in range(20_000)]
    shape = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    feature = {"type": "Feature", "properties": {"nama": "x"}, "geometry": shape}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")


def overlapping(path: Path) -> None:
    """Two members that share their bytes, as bombs without nesting do."""
    archive(("a.shp", b"x" * 2000), ("a.dbf", b"y" * 2000))(path)
    content = bytearray(path.read_bytes())
    first = content.index(b"PK\x01\x02")
    second = content.index(b"PK\x01\x02", first + 4)
    content[second + 42 : second + 46] = content[first + 42 : first + 46]
    path.write_bytes(content)


def nested_by_content() -> bytes:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as out:
        out.writestr("x", b"x")
    return inner.getvalue()


def grid(members: dict[str, bytes]) -> None:
    in_sheet(b"</sheetData>", b'<row r="190000"><c r="ZZ190000"><v>1</v></c></row></sheetData>')(members)


ZEROS = b"\0" * (40 * MIB)
SMALL = archive(("layer.shp", b"s"), ("layer.shx", b"s"), ("layer.dbf", b"s"))
HOSTILE: dict[str, tuple[str, Callable[[Path], None]]] = {
    "nothing": ("empty_file", raw(b"")),
    "zeros": ("empty_file", raw(b"\0" * 1000)),
    "vrt": (
        "unknown_format",
        text(
            '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource>'
            "</OGRVRTLayer></OGRVRTDataSource>"
        ),
    ),
    "raster vrt": ("unknown_format", text('<VRTDataset rasterXSize="1"></VRTDataset>')),
    "html": ("unknown_format", text("<!DOCTYPE html><html><body>404</body></html>")),
    "pdf": ("unknown_format", raw(b"%PDF-1.7\n")),
    "program": ("unknown_format", raw(b"\x7fELF\x02\x01\x01\0\0")),
    "gzip": ("unknown_format", raw(gzip.compress(b"a,b\n1,2\n"))),
    "shp alone": ("shapefile_part", raw(struct.pack(">i", 9994) + b"\0" * 96)),
    "old excel": ("old_excel", raw(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512)),
    "zip of text": ("archive_content", archive(("a.txt", b"x"))),
    "zip, cut": ("archive_broken", raw(b"PK\x03\x04" + b"\0" * 100)),
    "zip, encrypted": ("archive_encrypted", patched(archive(("a.shp", b"x")), (b"PK\x01\x02", 8, b"\x01"))),
    "zip, link": ("archive_link", archive((link(), b"/etc/passwd"))),
    "zip, upwards": ("archive_name", archive(("../../a.shp", b"x"))),
    "zip, from the root": ("archive_name", archive(("/tmp/a.shp", b"x"))),
    "zip, backslashes": ("archive_name", archive(("..\\a.shp", b"x"))),
    "zip, drive": ("archive_name", archive(("C:a.shp", b"x"))),
    "zip, twice": ("archive_name", archive(("a.shp", b"x"), ("A.SHP", b"y"))),
    "zip in zip": ("archive_nested", archive(("a.shp", b"x"), ("b.zip", b"x"))),
    "zip in disguise": (
        "archive_nested",
        shapefile(lambda parts: parts.update({"peta/Situs.shp": nested_by_content()})),
    ),
    "zip of many": ("archive_members", archive(*((f"{n}.shp", b"") for n in range(1001)))),
    "zip bomb": ("archive_ratio", archive(("a.shp", b"s"), ("a.shx", b"s"), ("a.dbf", ZEROS))),
    "zip that overlaps": ("archive_broken", overlapping),
    "zip that lies": (
        "archive_ratio",
        patched(
            archive(("a.shp", b"s"), ("a.shx", b"s"), ("a.dbf", b"x" * 5000)),
            (b"PK\x01\x02", 24, struct.pack("<I", 60)),
        ),
    ),
    "shapefile of nothing": ("broken_file", SMALL),
    "shapefile, parts missing": ("archive_content", archive(("a.shp", b"s"), ("a.dbf", b"s"))),
    "shapefile, cut": (
        "broken_file",
        shapefile(lambda parts: parts.update({"peta/Situs.dbf": parts["peta/Situs.dbf"][:20]})),
    ),
    "workbook bomb": ("archive_ratio", workbook(lambda parts: parts.update({"xl/media/a.bin": ZEROS}))),
    "workbook with entities": (
        "xml_entities",
        workbook(in_sheet(b"<worksheet", _LAUGHS.encode() + b"<worksheet")),
    ),
    "workbook, far row": (
        "far_cell",
        workbook(
            in_sheet(b"</sheetData>", b'<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>')
        ),
    ),
    "workbook, far column": (
        "far_cell",
        workbook(in_sheet(b"</row></sheetData>", b'<c r="XFD2"><v>1</v></c></row></sheetData>')),
    ),
    "workbook, wide and long": ("reading_memory", workbook(grid)),
    "workbook, one long text": ("reading_memory", workbook(shared_text)),
    "workbook, broken": (
        "broken_file",
        workbook(lambda parts: parts.update({"xl/workbook.xml": b"<workbook"})),
    ),
    "workbook in UTF-16": (
        "broken_file",
        workbook(lambda parts: parts.update({"xl/workbook.xml": "<a/>".encode("utf-16")})),
    ),
    "kml with laughs": (
        "xml_entities",
        text(_LAUGHS + _KML.format("<Placemark><name>&i;</name></Placemark>")),
    ),
    "kml that fetches": (
        "xml_entities",
        text(
            '<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
            + _KML.format("<Placemark><name>&x;</name></Placemark>")
        ),
    ),
    "kml, deep": ("broken_file", text(_KML.format("<Folder>" * 5000))),
    "kml, cut": ("broken_file", text(_KML.format("")[:-3])),
    "geojson, deep": ("broken_file", text('{"type":"FeatureCollection","features":' + "[" * 100_000)),
    "geojson, not a number": (
        "broken_file",
        text('{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"n":NaN}}]}'),
    ),
    "geojson of something": ("broken_file", text('{"type":"Topology","objects":{}}')),
    "geojson, unknown crs": (
        "crs_unknown",
        text(
            '{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:1"}},"features":[]}'
        ),
    ),
    "database": ("broken_file", other_database),
    "database, cut": ("broken_file", raw(b"SQLite format 3\0" + b"\0" * 200)),
    "database with a view": ("unsafe_database", database("CREATE VIEW v AS SELECT * FROM situs")),
    "database with a trigger": (
        "unsafe_database",
        database("CREATE TRIGGER t AFTER INSERT ON situs BEGIN DELETE FROM situs; END"),
    ),
    "database with a virtual table": ("unsafe_database", database("CREATE VIRTUAL TABLE v USING fts5(a)")),
    "database, view as a layer": (
        "unsafe_database",
        database(
            "ALTER TABLE situs RENAME TO other",
            "CREATE VIEW situs AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) "
            "SELECT x FROM c",
        ),
    ),
    "parquet, cut": ("broken_file", raw(b"PAR1" + b"\0" * 100 + b"PAR1")),
    "parquet of one value": ("reading_output", same_value),
    "csv, open quote": ("broken_csv", text('a,b\n1,"2\n3,4\n')),
    "csv without a header": ("no_header", text("1,2\n3,4\n")),
    "csv, wide": ("too_many_columns", text(",".join(f"c{n}" for n in range(501)) + "\n1\n")),
    "csv, one wide row": ("too_many_columns", text("a,b\n" + "1," * 100_000 + "1\n")),
    "csv, long": ("too_many_rows", text("a,b\n" + "1,2\n" * 200_001)),
    "csv, many cells": (
        "too_many_cells",
        text(",".join(f"c{n}" for n in range(400)) + "\n" + (",".join("1" * 400) + "\n") * 10_001),
    ),
}
