"""Lists and layers as agencies really send them."""

import hashlib
import sqlite3
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
import shapely
import xlsxwriter

from gis.errors import ImportRefusedError
from gis.services.imports.raw_table import RawTable
from gis.services.imports.reading import Options, read_table
from tests.services.imports import made_files as made

SITE = shapely.box(117.0, -0.6, 117.2, -0.5)
BOW = shapely.Polygon([(117, -1), (118, 0), (118, -1), (117, 0)])
FRAME = made.Frame(
    ["nama", "n"], [("Contoh é", 1), ("Lain", 2)], [SITE, shapely.box(117.4, -0.6, 117.5, -0.5)]
)


def read(path: Path, **options: object) -> RawTable:
    return read_table(path, Options(**options))  # type: ignore[arg-type]


def refusal(path: Path, **options: object) -> str:
    with pytest.raises(ImportRefusedError) as caught:
        read(path, **options)
    return caught.value.code


def rows(table: RawTable) -> list[tuple[object, ...]]:
    return [row.cells for row in table.rows]


def csv_file(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(encoding))
    return path


def sheet(tmp_path: Path, fill: Callable[[xlsxwriter.Workbook], None]) -> Path:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path)
    fill(book)
    book.close()
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
def test_a_csv_of_any_encoding(tmp_path: Path, encoding: str) -> None:
    table = read(csv_file(tmp_path, "Nama;Lintang\r\nSão José;-0,5\r\n", encoding))
    assert table.columns == ("Nama", "Lintang")
    assert rows(table) == [("São José", "-0,5")]


def test_a_csv_keeps_what_it_says_and_counts_as_a_sheet_does(tmp_path: Path) -> None:
    table = read(csv_file(tmp_path, 'sep=;\nKode;Nama\n\n01;" a ""b"" "\n\n02;"c\nd"\n03;e\n'))
    assert rows(table) == [("01", ' a "b" '), ("02", "c\nd"), ("03", "e")]
    assert [row.number for row in table.rows] == [4, 6, 7]


def test_titles_above_and_blank_names(tmp_path: Path) -> None:
    text = "DAFTAR LOKALISASI,,,\nProvinsi Kalimantan Timur,,,\n,,,\nNo,Nama,,Nama\n1,a,b,c\n2,d,,\n"
    table = read(csv_file(tmp_path, text))
    assert table.columns == ("No", "Nama", "C", "Nama (2)")
    assert rows(table) == [("1", "a", "b", "c"), ("2", "d", None, None)]
    assert table.rows[0].number == 5


def test_a_row_that_is_longer_than_the_header_is_kept_and_told(tmp_path: Path) -> None:
    table = read(csv_file(tmp_path, "Nama,Lintang,Bujur\na,-0,5,117,1\nb,-0.5,117.1\n"))
    assert table.columns == ("Nama", "Lintang", "Bujur", "D", "E")
    assert [problem.code for problem in table.rows[0].problems] == ["row_too_long"]
    assert table.rows[0].cells == ("a", "-0", "5", "117", "1")
    assert table.rows[1].problems == ()


def test_a_header_of_two_lines(tmp_path: Path) -> None:
    table = read(
        csv_file(tmp_path, "Nama,Koordinat,,Jumlah,\n,Lintang,Bujur,WTS,PM\na,1,2,3,4\n"), header_rows=2
    )
    assert table.columns == ("Nama", "Koordinat Lintang", "Koordinat Bujur", "Jumlah WTS", "Jumlah PM")
    assert table.rows[0].number == 3


def test_merged_headers_of_a_workbook(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        page = book.add_worksheet("Data")
        page.merge_range("A1:F1", "DAFTAR LOKALISASI")
        page.merge_range("A3:A4", "Nama")
        page.merge_range("B3:C3", "Koordinat")
        page.merge_range("D3:E3", "Jumlah")
        page.merge_range("F3:F4", "Tanggal")
        page.write_row("B4", ["Lintang", "Bujur", "WTS", "Penerima\nmanfaat"])
        page.write_row("A5", ["Contoh", -0.5, 117.1, 30, 12])
        page.write_datetime("F5", datetime(2016, 6, 1), book.add_format({"num_format": "dd/mm/yyyy"}))
        page.merge_range("A6:A7", "Dua baris")
        page.write_row("B6", [-0.6, 117.2])
        page.write_row("B7", [-0.7, 117.3])

    table = read(sheet(tmp_path, fill))
    assert table.columns == (
        "Nama",
        "Koordinat Lintang",
        "Koordinat Bujur",
        "Jumlah WTS",
        "Jumlah Penerima manfaat",
        "Tanggal",
    )
    assert rows(table)[0] == ("Contoh", -0.5, 117.1, 30, 12, date(2016, 6, 1))
    assert [row.number for row in table.rows] == [5, 6, 7]


def test_merged_headers_that_do_not_begin_in_the_first_column(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        page = book.add_worksheet("Data")
        page.merge_range("C3:C4", "Nama")
        page.merge_range("D3:E3", "Jumlah")
        page.write_row("D4", ["WTS", "PM"])
        page.write_row("C5", ["Contoh", 1, 2])

    table = read(sheet(tmp_path, fill))
    assert table.columns == ("Nama", "Jumlah WTS", "Jumlah PM")
    assert [(row.number, row.cells) for row in table.rows] == [(5, ("Contoh", 1, 2))]


def test_sheets_formulas_and_what_is_hidden(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("Kosong").write("A1", 2016)
        hidden = book.add_worksheet("Rahasia")
        hidden.write_row("A1", ["x", "y"])
        hidden.hide()
        page = book.add_worksheet("Data")
        # Far from the first cell, and with formulas whose value was kept.
        page.write_row("C3", ["Nama", "Jumlah"])
        page.write_formula("C4", '=CONCAT("a","b")', None, "ab")
        page.write_formula("D4", "=1+1", None, 2)
        page.write_formula("D5", "=1/0", None, "#DIV/0!")

    path = sheet(tmp_path, fill)
    table = read(path)
    assert (table.name, table.tables) == ("Data", ("Kosong", "Rahasia", "Data"))
    assert table.columns == ("Nama", "Jumlah")
    assert [cell for cell in rows(table)[0] if cell is not None] == ["ab", 2]
    assert table.rows[0].number == 4
    assert read(path, table="Rahasia").columns == ("x", "y")
    assert refusal(path, table="Tiada") == "unknown_table"
    assert refusal(path, table="Kosong") == "no_header"


@pytest.mark.parametrize("encoding", ["ISO-8859-1", "UTF-8", "CP1252"])
@pytest.mark.parametrize("leave_out", [(), (".cpg",)])
def test_a_shapefile_with_and_without_its_code_page(
    tmp_path: Path, encoding: str, leave_out: tuple[str, ...]
) -> None:
    path = made.write_shapefile(tmp_path / "a.zip", FRAME, 32750, encoding, leave_out)
    table = read(path)
    assert rows(table) == FRAME.rows
    assert (table.name, table.tables, table.source_crs) == ("Situs", ("Situs",), "EPSG:32750")
    assert shapely.hausdorff_distance(shapely.from_wkb(table.rows[0].geometry), SITE) < 1e-8


def test_without_prj_somebody_has_to_say_it_and_it_has_to_fit(tmp_path: Path) -> None:
    metres = made.write_shapefile(tmp_path / "a.zip", FRAME, 32750, leave_out=(".prj",))
    assert refusal(metres) == "crs_missing"
    assert refusal(metres, crs="EPSG:4326") == "crs_implausible"
    assert refusal(metres, crs="EPSG:0") == "crs_unknown"
    table = read(metres, crs="EPSG:32750")
    assert table.source_crs == "EPSG:32750"
    assert shapely.hausdorff_distance(shapely.from_wkb(table.rows[0].geometry), SITE) < 1e-8
    degrees = made.write_shapefile(tmp_path / "b.zip", FRAME, leave_out=(".prj",))
    assert refusal(degrees) == "crs_missing"
    assert refusal(degrees, crs="EPSG:32750") == "crs_implausible"
    table = read(degrees, crs="EPSG:4326")
    assert shapely.hausdorff_distance(shapely.from_wkb(table.rows[0].geometry), SITE) == 0


def test_what_the_file_states_is_not_overruled(tmp_path: Path) -> None:
    path = made.write_gpkg(tmp_path / "a.gpkg", FRAME, 9470)
    assert read(path).source_crs == "EPSG:9470"
    assert read(path, crs="EPSG:9470").source_crs == "EPSG:9470"
    assert refusal(path, crs="EPSG:3857") == "crs_differs"


def test_two_shapefiles_in_one_archive(tmp_path: Path) -> None:
    path = made.write_shapefile(tmp_path / "a.zip", FRAME)
    with zipfile.ZipFile(path) as one:
        members = {name: one.read(name) for name in one.namelist()}
    with zipfile.ZipFile(path, "a") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("Situs", "Kedua").upper(), content)
    assert read(path).tables == ("Situs", "KEDUA")
    assert read(path, table="KEDUA").name == "KEDUA"
    assert refusal(path, table="Tiada") == "unknown_table"


def test_layers_of_a_geopackage_and_a_table_without_places(tmp_path: Path) -> None:
    path = made.write_gpkg(tmp_path / "a.gpkg", FRAME, layer="pertama")
    with sqlite3.connect(path) as database:
        database.execute(
            'CREATE TABLE "daf""tar" (fid INTEGER PRIMARY KEY, nama TEXT, "tanggal" DATE, b BLOB)'
        )
        database.execute("""INSERT INTO "daf""tar" VALUES (7, 'a', '2016-06-01', x'00ff')""")
        database.execute(
            "INSERT INTO gpkg_contents (table_name, data_type) VALUES ('daf\"tar', 'attributes')"
        )
    database.close()
    table = read(path)
    assert (table.name, table.tables) == ("pertama", ("pertama", 'daf"tar'))
    other = read(path, table='daf"tar')
    assert (other.columns, other.has_geometry) == (("nama", "tanggal", "b"), False)
    assert rows(other) == [("a", date(2016, 6, 1), "00ff")]


def test_kml_of_a_globe(tmp_path: Path) -> None:
    path = tmp_path / "a.kml"
    path.write_text(
        '<?xml version="1.0" encoding="ISO-8859-1"?><kml xmlns="http://earth.google.com/kml/2.0"><Document>'
        "<NetworkLink><Link><href>http://127.0.0.1:9/</href></Link></NetworkLink>"
        "<Folder><name>Kaltim</name><Folder><name>Samarinda</name><Placemark><name>Situs é</name>"
        "<description><![CDATA[<b>x</b>]]></description><TimeStamp><when>2016-06-01</when></TimeStamp>"
        '<ExtendedData><SchemaData><SimpleData name="jumlah">3</SimpleData></SchemaData></ExtendedData>'
        "<MultiGeometry><Polygon><outerBoundaryIs><LinearRing><coordinates>117,0,5 118,0,5 118,1,5 117,0,5"
        "</coordinates></LinearRing></outerBoundaryIs></Polygon></MultiGeometry></Placemark></Folder>"
        "<Placemark><name>Garis</name><LineString><coordinates>117,0 118,1</coordinates></LineString>"
        "</Placemark>"
        "<Placemark><name>Rusak</name><Point><coordinates>117</coordinates></Point></Placemark>"
        "</Folder></Document></kml>",
        encoding="latin-1",
    )
    table = read(path)
    first, line, broken = (table.raw(row) for row in table.rows)
    assert first == {
        "folder": "Kaltim / Samarinda",
        "name": "Situs é",
        "description": "<b>x</b>",
        "when": "2016-06-01",
        "jumlah": "3",
    }
    assert shapely.from_wkb(table.rows[0].geometry).geom_type == "Polygon"
    assert not shapely.from_wkb(table.rows[0].geometry).has_z
    assert (line["folder"], broken["folder"]) == ("Kaltim", "Kaltim")
    assert [[problem.code for problem in row.problems] for row in table.rows] == [
        [],
        ["geometry_type"],
        ["geometry_broken"],
    ]


def test_geometries_are_repaired_or_refused_one_by_one(tmp_path: Path) -> None:
    flat = shapely.Polygon([(117, 0), (118, 0), (119, 0)])
    shapes = [BOW, flat, shapely.LineString([(117, 0), (118, 0)]), shapely.MultiPoint([(117, 0)]), None]
    shapes += [shapely.Point(400, 0), shapely.Point(117, 0, 30), shapely.MultiPoint([(117, 0), (118, 0)])]
    frame = made.Frame(["n"], [(number,) for number in range(len(shapes))], shapes)
    table = read(made.write_geojson(tmp_path / "a", frame))
    assert [[problem.code for problem in row.problems] for row in table.rows] == [
        [],
        ["geometry_invalid"],
        ["geometry_type"],
        [],
        [],
        ["geometry_outside"],
        [],
        ["geometry_type"],
    ]
    mended = shapely.from_wkb(table.rows[0].geometry)
    assert mended.is_valid
    assert mended.geom_type == "MultiPolygon"
    assert mended.area == pytest.approx(0.5)
    assert [each.code for each in table.rows[0].remarks] == ["geometry_repaired"]
    assert [shapely.to_wkt(shapely.from_wkb(table.rows[n].geometry)) for n in (3, 6)] == ["POINT (117 0)"] * 2
    # What is refused is still there for a person to see.
    assert shapely.from_wkb(table.rows[2].geometry) == shapes[2]


def test_geojson_of_before_the_standard_names_its_system(tmp_path: Path) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32750"}}
    frame = made.Frame(["n"], [(1,)], [shapely.Point(527_818, 9_944_734)])
    table = read(made.write_geojson(tmp_path / "a", frame, crs=crs))
    point = shapely.from_wkb(table.rows[0].geometry)
    assert table.source_crs == "EPSG:32750"
    assert (point.x, point.y) == pytest.approx((117.25, -0.5), abs=1e-5)


def test_columns_of_a_geojson_that_come_late(tmp_path: Path) -> None:
    text = (
        '{"type":"FeatureCollection","features":[{"type":"Feature","id":7,"properties":{"a":1},"geometry":null},'
        '{"type":"Feature","properties":null,"geometry":null},'
        '{"type":"Feature","properties":{"b":{"c":[1]},"a":"01"},"geometry":null}]}'
    )
    (tmp_path / "a").write_text(text, encoding="utf-8")
    table = read(tmp_path / "a")
    assert table.columns == ("id", "a", "b")
    assert rows(table) == [(7, 1, None), (None, None, None), (None, "01", '{"c": [1]}')]


def test_the_file_is_known_by_its_checksum(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "a,b\nx,y\n")
    assert read(path).sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
