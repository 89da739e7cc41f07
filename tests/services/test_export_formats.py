"""Every format of every collection holds the rows of GeoJSON, opened by the readers that people have."""

import csv
import json
import sqlite3
import struct
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from python_calamine import CalamineWorkbook

from gis.database.connection import Database
from gis.domain.access import Identity, Role
from gis.domain.collections import REGISTER
from gis.domain.feature_query import FeatureQuery, Sorting
from gis.domain.queries import Boundaries, Moment, SiteQuery
from gis.errors import InvalidInputError, NotFoundError, UnavailableError
from gis.services.exports import formats, styles
from gis.services.exports.formats import FORMATS, Format, format_of, get_format
from gis.services.exports.shapefile import short_name
from gis.services.features import Reader
from tests.services.export_files import Exported, Rows, exported, same_place

ON = SiteQuery(Moment(date(2016, 6, 1), boundaries=Boundaries.today))
NOBODY = SiteQuery(Moment(date(1950, 1, 1), boundaries=Boundaries.today), region="64.72")
OTHERS = [*(each.ending for each in FORMATS if each.ending != "geojson"), "id.csv"]
HOSTILE = [
    "=1+1",
    "</script><script>alert(1)</script>",
    "${alert(1)}",
    "`a`+alert(1)+`",
    "+1",
    "-1",
    "@x",
    "\tx",
    "\rx",
    'a"b\\c,c;d\ne',
    "</name>&amp;<b>",
    "'=1",
    "\x02",
    "\\N",
    "দ é",
]


@pytest.fixture(scope="module")
def reader(demo_database: Database, actor: Callable[..., Identity]) -> Reader:
    return Reader(demo_database.acting_as(actor(demo_database, Role.planner)))


@pytest.fixture(scope="module")
def as_geojson(reader: Reader, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Rows]:
    found = {}
    for name in REGISTER:
        found[name] = exported(reader, tmp_path_factory.mktemp(name), name, ON).rows()
    return found


def exported_as(
    reader: Reader, folder: Path, collection: str, ending: str, query: SiteQuery = ON
) -> Exported:
    locale = "id" if ending == "id.csv" else None
    return exported(reader, folder, collection, query, ending.removeprefix("id."), locale)


@pytest.mark.parametrize("ending", OTHERS)
@pytest.mark.parametrize("collection", REGISTER)
def test_every_format_holds_the_same(
    reader: Reader, as_geojson: dict[str, Rows], tmp_path: Path, collection: str, ending: str
) -> None:
    file = exported_as(reader, tmp_path, collection, ending)
    key = file.collection.key
    rows = file.rows()
    if ending in ("fgb", "shp.zip"):  # a packed tree has an order of its own; and parts one after the other
        rows.sort(key=lambda row: row[key])
    expected = as_geojson[collection]
    assert [without_place(row) for row in rows] == [without_place(row) for row in expected]
    for row, other in zip(rows, expected, strict=True):
        is_too_long = ending == "xlsx" and row["geom"] is None and len(str(other["geom"])) > 30_000
        if not is_too_long:
            assert same_place(row["geom"], other["geom"]), row
    assert file.written.receipt.features == len(expected) > 0
    assert file.written.receipt.size == file.path.stat().st_size


def without_place(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "geom"}


@pytest.mark.parametrize("ending", OTHERS)
def test_an_empty_result_opens(reader: Reader, tmp_path: Path, ending: str) -> None:
    file = exported_as(reader, tmp_path, "sites", ending, NOBODY)
    assert file.written.receipt.features == 0
    assert file.rows() == []


def test_every_file_tells_of_itself(reader: Reader, tmp_path: Path) -> None:
    told: dict[str, dict[str, str]] = {}
    record = {}
    for ending in ("gpkg", "fgb", "parquet", "xlsx", "kml", "shp.zip", "geojson"):
        folder = tmp_path / ending
        folder.mkdir()
        file = exported_as(reader, folder, "sites", ending)
        record[ending] = file.written.about["export_record"]
        told[ending] = ABOUT[ending](file.path)
    for ending, found in told.items():
        assert found["as_of"] == "2016-06-01", ending
        assert found["export_record"] == record[ending], ending
        assert found["licence"].startswith("CC BY 3.0 IGO"), ending
        assert found["holds_synthetic_rows"] in ("true", True), ending
        assert {"crs", "precision", "attribution", "boundaries"} <= set(found), ending
    assert len(set(record.values())) == len(record)


def _of_gpkg(path: Path) -> dict[str, str]:
    with closing(sqlite3.connect(path)) as database:
        (style,) = database.execute("SELECT styleQML FROM layer_styles WHERE useAsDefault").fetchone()
        assert style == styles.qml(REGISTER["sites"])
        (index,) = database.execute("SELECT count(*) FROM rtree_sites_geom").fetchone()
        assert index > 0
    return dict(pyogrio.read_info(path, layer="sites")["dataset_metadata"])


def _of_parquet(path: Path) -> dict[str, str]:
    file = pq.ParquetFile(path)
    metadata = {name.decode(): text.decode() for name, text in file.metadata.metadata.items()}
    geo = json.loads(metadata["geo"])
    assert geo["version"] == "1.1.0"
    column = geo["columns"][geo["primary_column"]]
    assert column["geometry_types"] == ["Point", "Polygon"]
    assert column["covering"]["bbox"]["xmin"] == ["bbox", "xmin"]
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"
    frame = gpd.read_parquet(path, bbox=(117, -1, 118, 0))
    assert frame.crs == "OGC:CRS84"
    assert 0 < len(frame) < file.metadata.num_rows
    return metadata


def _of_archive(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        assert {"README.txt", "sites.cpg", "sites.prj", "sites.shp", "sites.dbf", "sites.shx"} <= set(names)
        assert archive.read("sites.cpg") == b"UTF-8"
        return _told(archive.read("README.txt").decode())


def _told(text: str) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in text.splitlines() if ": " in line)


def _of_kml(path: Path) -> dict[str, str]:
    text = path.read_text()
    assert "<styleUrl>#closed</styleUrl>" in text
    return _told(text.partition("<description>")[2].partition("</description>")[0])


ABOUT: dict[str, Callable[[Path], dict[str, Any]]] = {
    "geojson": lambda path: dict(json.loads(path.read_text())["metadata"]),
    "gpkg": _of_gpkg,
    "fgb": lambda path: dict(json.loads(pyogrio.read_info(path)["layer_metadata"]["DESCRIPTION"])),
    "parquet": _of_parquet,
    "xlsx": lambda path: dict(
        row[:2] for row in CalamineWorkbook.from_path(path).get_sheet_by_name("metadata").to_python()
    ),
    "kml": _of_kml,
    "shp.zip": _of_archive,
}


@pytest.fixture(scope="module")
def hostile(database: Database) -> Reader:
    with database.transaction() as connection:
        for number, name in enumerate(HOSTILE, start=1):
            connection.execute(
                "INSERT INTO site (id, name, site_type, geom, location_accuracy, location_source)"
                " VALUES (%s, %s, 'lokalisasi', ST_SetSRID(ST_Point(112.7, -7.3), 4326), 'exact', 'test')",
                [number, name],
            )
            connection.execute(
                "INSERT INTO event (site_id, kind, occurred_on, source)"
                " VALUES (%s, 'recorded', '2010-01-01', 'test')",
                [number],
            )
    return Reader(database)


def names_in(file: Exported) -> list[str]:
    return [row["name"] for row in sorted(file.rows(), key=lambda row: int(row["id"]))]


@pytest.mark.parametrize("ending", ["geojson", "geojsonl", "gpkg", "fgb", "parquet", "shp.zip"])
def test_hostile_names_arrive_as_they_are(hostile: Reader, tmp_path: Path, ending: str) -> None:
    assert names_in(exported_as(hostile, tmp_path, "sites", ending)) == HOSTILE


def test_a_plain_csv_is_exact_and_a_local_one_computes_nothing(hostile: Reader, tmp_path: Path) -> None:
    exact = exported(hostile, tmp_path, "sites", ON, "csv").path
    with exact.open(newline="", encoding="utf-8") as lines:
        assert [row["name"] for row in csv.DictReader(lines)] == HOSTILE
    exact.unlink()
    local = exported(hostile, tmp_path, "sites", ON, "csv", "id").path
    content = local.read_bytes()
    assert content.startswith(b"\xef\xbb\xbfid;name;")
    with local.open(newline="", encoding="utf-8-sig") as lines:
        rows = list(csv.DictReader(lines, delimiter=";"))
    assert [row["name"] for row in rows] == [
        f"'{name}" if name[0] in "=+-@\t\r" else name for name in HOSTILE
    ]
    assert (rows[0]["lon"], rows[0]["lat"]) == ("112,7", "-7,3")


def test_a_workbook_holds_texts_and_types(hostile: Reader, tmp_path: Path) -> None:
    path = exported(hostile, tmp_path, "sites", ON, "xlsx").path
    header, *rows = CalamineWorkbook.from_path(path).get_sheet_by_name("sites").to_python()
    first = dict(zip(header, rows[0], strict=True))
    assert (first["name"], first["status_since"], first["lon"]) == ("=1+1", date(2010, 1, 1), 112.7)
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert 'state="frozen"' in sheet
    assert "<autoFilter" in sheet


def test_a_workbook_of_too_many_rows_is_refused(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = Format("xlsx", "xlsx", "x", "Excel", "workbook:write", max_rows=3)
    monkeypatch.setitem(formats.BY_ENDING, "xlsx", small)
    with pytest.raises(InvalidInputError, match="at most 3 rows"):
        exported(reader, tmp_path, "sites", ON, "xlsx")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", [each.ending for each in FORMATS])
def test_a_database_that_goes_away_leaves_no_file_that_looks_whole(
    demo_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    from gis.services.exports import stream

    def broken(self: stream.Features, *_: Any, **__: Any) -> Any:
        self._connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        yield b""

    for name in ("lines", "csv"):
        monkeypatch.setattr(stream.Features, name, broken)
    monkeypatch.setattr("gis.database.arrow._chunks", lambda connection, _: broken_chunks(connection))
    with pytest.raises(UnavailableError):
        exported(Reader(demo_database), tmp_path, "sites", ON, ending)


def broken_chunks(connection: Any) -> Any:
    connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    yield b""


def test_a_shapefile_says_where_its_points_are_also_after_one_without_a_place(
    reader: Reader, tmp_path: Path
) -> None:
    first = FeatureQuery(order=(Sorting("location_accuracy", descending=True),))  # known by the region alone
    file = exported(reader, tmp_path, "sites", ON, "shp.zip", asked=first)
    with zipfile.ZipFile(file.path) as archive:
        content = archive.read("sites.shp")
        ends = [struct.unpack("<4d", archive.read(f"sites.{each}")[36:68]) for each in ("shp", "shx")]
    assert struct.unpack("<i", content[108:112]) == (0,)  # of the first record: a null shape
    places = [row["geom"] for row in file.rows() if row["geom"] is not None]
    points = [place for place in places if place.geom_type == "Point"]
    assert 0 < len(points) < len(places)
    wanted = tuple(shapely.total_bounds(points))
    assert ends == [wanted, wanted]


def test_names_of_shapefiles_are_short_and_differ() -> None:
    for collection in REGISTER.values():
        names = [short_name(name) for name in collection.names]
        assert max(map(len, names)) <= 10
        assert len({name.lower() for name in names}) == len(names)


def test_a_format_is_told_by_the_ending() -> None:
    assert format_of(Path("a/b.SHP.ZIP")).name == "shapefile"
    with pytest.raises(InvalidInputError, match=r"\.gpkg"):
        format_of(Path("sites.doc"))
    with pytest.raises(NotFoundError):
        get_format("doc")
    with pytest.raises(InvalidInputError, match="only csv"):
        get_format("gpkg", "id")
