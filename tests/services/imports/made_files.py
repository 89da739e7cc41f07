"""Makes files of each format out of a small table, and the tables themselves."""

import csv
import io
import json
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyarrow as pa
import pyogrio
import shapely
import xlsxwriter
from hypothesis import strategies as st

from gis.services.imports.raw_table import Cell

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
LATIN = LETTERS + "éèüñçÉ 0123456789.,;|'\"-/()"
names = st.text(LETTERS, min_size=1, max_size=10)
# Marks that a format gives a meaning to are in the text on purpose.
texts = st.text(
    st.characters(
        codec="utf-8", exclude_categories=("Cc", "Cs", "Cn"), include_characters="\n\t,;|\"'=+-@<&>"
    ),
    min_size=1,
    max_size=30,
).filter(lambda text: text.strip() != "")
ascii_texts = st.text(LATIN, min_size=1, max_size=20).map(str.strip).filter(bool)
numbers = st.integers(-(10**14), 10**14)
decimals = st.floats(-1e6, 1e6).map(lambda x: round(x, 6) + 0.0)
days = st.dates(date(1950, 1, 1), date(2099, 12, 31))
points = st.builds(shapely.Point, st.floats(95, 141), st.floats(-11, 6))
boxes = st.builds(
    lambda x, y, w, h: shapely.box(x, y, x + w, y + h),
    st.floats(95, 140),
    st.floats(-11, 5),
    st.floats(0.01, 1),
    st.floats(0.01, 1),
)


@dataclass
class Frame:
    """A table with or without geometries, as it shall come back."""

    columns: list[str]
    rows: list[tuple[Cell, ...]]
    geometries: list[shapely.Geometry | None]


@st.composite
def frames(
    draw: st.DrawFn,
    kinds: tuple[st.SearchStrategy[Any], ...],
    *,
    mixed: bool = False,
    shapes: st.SearchStrategy[Any] = points,
    column_names: st.SearchStrategy[str] = names,
) -> Frame:
    """A frame with columns of some kinds; `mixed`: each cell is of any of them, or empty."""
    columns = draw(st.lists(column_names, min_size=2, max_size=5, unique_by=str.lower))
    size = draw(st.integers(1, 8))
    if mixed:
        chosen: list[st.SearchStrategy[Any]] = [st.one_of(st.none(), *kinds)] * len(columns)
    else:
        chosen = [draw(st.sampled_from(kinds)) for _ in columns]
    rows = [tuple(draw(kind) for kind in chosen) for _ in range(size)]
    # A row without any value is no row; the first column always has one.
    rows = [(draw(kinds[0]), *row[1:]) for row in rows]
    return Frame(columns, rows, [draw(shapes) for _ in rows])


def write_csv(path: Path, frame: Frame, delimiter: str = ",", encoding: str = "utf-8") -> Path:
    """As a spreadsheet would."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(frame.columns)
    writer.writerows(frame.rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def write_xlsx(path: Path, frame: Frame, sheet: str = "Data") -> Path:
    """With typed cells."""
    book = xlsxwriter.Workbook(path)
    day, moment = (
        book.add_format({"num_format": "dd/mm/yyyy"}),
        book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
    )
    page = book.add_worksheet(sheet)
    for column, name in enumerate(frame.columns):
        page.write_string(0, column, name)
    for row, cells in enumerate(frame.rows, start=1):
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                page.write_string(row, column, cell)
            elif isinstance(cell, bool):
                page.write_boolean(row, column, cell)
            elif isinstance(cell, int | float):
                page.write_number(row, column, cell)
            elif isinstance(cell, datetime):
                page.write_datetime(row, column, cell, moment)
            elif isinstance(cell, date):
                page.write_datetime(row, column, datetime.combine(cell, time()), day)
    book.close()
    return path


def write_geojson(path: Path, frame: Frame, **members: Any) -> Path:
    """Without GDAL, which would bring every column to one type."""
    features = [
        {
            "type": "Feature",
            "properties": dict(zip(frame.columns, cells, strict=True)),
            "geometry": None if shape is None else shapely.geometry.mapping(shape),
        }
        for cells, shape in zip(frame.rows, frame.geometries, strict=True)
    ]
    document = {"type": "FeatureCollection", **members, "features": features}
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


def geo_frame(frame: Frame, crs: int = 4326) -> gpd.GeoDataFrame:
    """For the formats that GDAL and geopandas write."""
    columns = {name: [row[place] for row in frame.rows] for place, name in enumerate(frame.columns)}
    return gpd.GeoDataFrame(columns, geometry=list(frame.geometries), crs=4326).to_crs(crs)


def write_gpkg(path: Path, frame: Frame, crs: int = 4326, layer: str = "situs") -> Path:
    """With the index and triggers that every program adds."""
    _write_arrow(path, frame, crs, layer=layer, driver="GPKG")
    return path


def _write_arrow(path: Path, frame: Frame, crs: int, **options: Any) -> None:
    """By Arrow, so that days stay days."""
    located = geo_frame(frame, crs)
    table = pa.Table.from_pandas(located.drop(columns="geometry"), preserve_index=False)
    for place, field in enumerate(table.schema):  # a column without values is of texts
        if pa.types.is_null(field.type):
            table = table.set_column(place, field.name, pa.nulls(table.num_rows, pa.string()))
    table = table.append_column(
        "geometry", pa.array(shapely.to_wkb(located.geometry.to_numpy()), pa.binary())
    )
    kinds = {shape.geom_type for shape in located.geometry if shape is not None}
    kind = kinds.pop() if len(kinds) == 1 else "Unknown" if kinds else "Point"
    pyogrio.write_arrow(
        table, path, geometry_name="geometry", geometry_type=kind, crs=f"EPSG:{crs}", **options
    )


def write_parquet(path: Path, frame: Frame, crs: int = 4326) -> Path:
    """GeoParquet."""
    geo_frame(frame, crs).to_parquet(path)
    return path


def write_shapefile(
    path: Path, frame: Frame, crs: int = 4326, encoding: str = "UTF-8", leave_out: tuple[str, ...] = ()
) -> Path:
    """Zipped, in a folder within, as people do."""
    folder = path.parent / f"{path.stem}-parts"
    folder.mkdir(exist_ok=True)
    _write_arrow(folder / "Situs.shp", frame, crs, driver="ESRI Shapefile", ENCODING=encoding)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in sorted(folder.iterdir()):
            if part.suffix not in leave_out:
                archive.write(part, f"peta/{part.name}")
            part.unlink()
    return path


def write_kml(path: Path, frame: Frame) -> Path:
    """With extended data, as Google Earth writes it."""
    from xml.sax.saxutils import escape, quoteattr

    placemarks = []
    for cells, shape in zip(frame.rows, frame.geometries, strict=True):
        data = "".join(
            f"<Data name={quoteattr(name)}><value>{escape(str(cell))}</value></Data>"
            for name, cell in zip(frame.columns, cells, strict=True)
            if cell is not None
        )
        placemarks.append(f"<Placemark><ExtendedData>{data}</ExtendedData>{_kml_shape(shape)}</Placemark>")
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
        + "".join(placemarks)
        + "</Document></kml>",
        encoding="utf-8",
    )
    return path


def _kml_shape(shape: Any) -> str:
    if shape is None:
        return ""
    if shape.geom_type == "Point":
        return f"<Point><coordinates>{shape.x!r},{shape.y!r},0</coordinates></Point>"
    ring = " ".join(f"{x!r},{y!r},0" for x, y in shape.exterior.coords)
    boundary = f"<LinearRing><coordinates>{ring}</coordinates></LinearRing>"
    return f"<Polygon><outerBoundaryIs>{boundary}</outerBoundaryIs></Polygon>"
