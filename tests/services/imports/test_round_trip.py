"""What is written in any format comes back: columns, values with their types, places."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.services.imports.limits import DEFAULT_LIMITS
from gis.services.imports.raw_table import RawTable, load_table, write_table
from gis.services.imports.reading import Options, read_table
from gis.services.imports.reading_worker import open_table
from gis.services.imports.sniffing import sniff
from tests.services.imports import made_files as made

few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def read(write: Callable[[Path], Path]) -> RawTable:
    """As the reading process does, without one."""
    with tempfile.TemporaryDirectory() as name:
        path = write(Path(name) / "input")
        kind = sniff(path, DEFAULT_LIMITS)
        write_table(open_table(path, kind, Options(), DEFAULT_LIMITS), kind, path.parent, DEFAULT_LIMITS)
        return load_table(path.parent, "")


def assert_same(table: RawTable, frame: made.Frame, tolerance: float = 0.0) -> None:
    assert [table.raw(row) for row in table.rows] == [
        dict(zip(frame.columns, cells, strict=True)) for cells in frame.rows
    ]
    assert not any(row.problems for row in table.rows)
    if table.has_geometry:
        assert_places(table, frame, tolerance)


def assert_places(table: RawTable, frame: made.Frame, tolerance: float = 0.0) -> None:
    for row, shape in zip(table.rows, frame.geometries, strict=True):
        found = shapely.from_wkb(row.geometry)
        assert found.geom_type == shape.geom_type
        assert shapely.hausdorff_distance(found, shape) <= tolerance


@few
@given(
    made.frames((made.texts,), mixed=True),
    st.sampled_from(",;\t|"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_csv(frame: made.Frame, delimiter: str, encoding: str) -> None:
    table = read(lambda path: made.write_csv(path, frame, delimiter, encoding))
    assert table.format == "csv"
    assert table.columns == tuple(frame.columns)
    assert [row.number for row in table.rows] == list(range(2, len(frame.rows) + 2))
    assert_same(table, frame)


@few
@given(made.frames((made.ascii_texts,), mixed=True), st.sampled_from(",;\t|"))
def test_csv_of_windows(frame: made.Frame, delimiter: str) -> None:
    assert_same(read(lambda path: made.write_csv(path, frame, delimiter, "cp1252")), frame)


@few
@given(made.frames((made.texts, made.numbers, made.decimals, st.booleans(), made.days), mixed=True))
def test_xlsx(frame: made.Frame) -> None:
    table = read(lambda path: made.write_xlsx(path, frame))
    assert (table.format, table.name, table.tables) == ("xlsx", "Data", ("Data",))
    for row, cells in zip(table.rows, frame.rows, strict=True):
        assert [type(cell) for cell in row.cells] == [
            int if isinstance(cell, float) and cell.is_integer() else type(cell) for cell in cells
        ]
    assert_same(table, frame)


@few
@given(made.frames((made.texts, made.numbers, made.decimals, st.booleans()), mixed=True, shapes=made.boxes))
def test_geojson(frame: made.Frame) -> None:
    table = read(lambda path: made.write_geojson(path, frame))
    assert (table.format, table.source_crs) == ("geojson", "EPSG:4326")
    assert_same(table, frame)


@few
@given(made.frames((made.texts.map(str.strip).filter(bool),), mixed=True, shapes=made.points | made.boxes))
def test_kml(frame: made.Frame) -> None:
    table = read(lambda path: made.write_kml(path, frame))
    assert table.format == "kml"
    for row, cells in zip(table.rows, frame.rows, strict=True):
        kept = {name: cell for name, cell in zip(frame.columns, cells, strict=True) if cell is not None}
        assert {name: cell for name, cell in table.raw(row).items() if cell is not None} == kept
    assert_places(table, frame)


@pytest.mark.parametrize("write", [made.write_gpkg, made.write_parquet])
@few
@given(
    frame=made.frames((made.texts, made.numbers, made.decimals, st.booleans(), made.days), shapes=made.boxes),
    crs=st.sampled_from([4326, 9470, 3857, 32750]),
)
def test_geopackage_and_geoparquet(
    write: Callable[[Path, made.Frame, int], Path], frame: made.Frame, crs: int
) -> None:
    table = read(lambda path: write(path.with_suffix(".gpkg"), frame, crs))
    assert table.source_crs == f"EPSG:{crs}"
    # Millimetres: UTM far from its zone comes back less exactly.
    assert_same(table, frame, 0.0 if crs == 4326 else 1e-6)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    made.frames((made.ascii_texts, st.integers(-(10**8), 10**8), made.days), shapes=made.boxes),
    st.sampled_from(["UTF-8", "ISO-8859-1"]),
    st.sampled_from([4326, 32750]),
)
def test_shapefile(frame: made.Frame, encoding: str, crs: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        # Without .cpg the encoding has to be told by the texts themselves.
        path = made.write_shapefile(Path(name) / "peta.zip", frame, crs, encoding, leave_out=(".cpg",))
        table = read_table(path)
    assert (table.format, table.name, table.source_crs) == ("shapefile", "Situs", f"EPSG:{crs}")
    assert_same(table, frame, 1e-6)
