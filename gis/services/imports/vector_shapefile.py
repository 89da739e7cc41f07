"""Reads a zipped Shapefile through GDAL, with no other driver at hand and under names of ours."""

import codecs
import re
import struct
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow as pa
import pyogrio
import shapely
from pyogrio import _ogr

from gis.services.imports.archives import open_archive, unpack
from gis.services.imports.arrow_cells import cells_of
from gis.services.imports.limits import Limits
from gis.services.imports.raw_table import check_size
from gis.services.imports.refusals import refusal
from gis.services.imports.vector import Layer
from gis.services.imports.vector_places import Feature

DRIVER = "ESRI Shapefile"
_NEEDED, _USED = (".shp", ".shx", ".dbf"), (".shp", ".shx", ".dbf", ".prj", ".cpg")
_BATCH = 4096
_HEADER, _DBF_HEADER = b"\x00\x00\x27\x0a", 32
#: Code pages as .cpg files name them, in the names that GDAL takes.
_PAGES = {
    "utf-8": "UTF-8",
    "iso8859-1": "ISO-8859-1",
    "cp1252": "CP1252",
    "ascii": "UTF-8",
    "iso8859-15": "ISO-8859-15",
}


def read_shapefile(path: Path, table: str | None, limits: Limits) -> Layer:
    """A layer of an archive: the one that is named, else the first.

    Raises
    ------
    ImportRefusedError : a part is missing, hostile or broken
    """
    with open_archive(path, limits) as archive:
        stems = _stems(archive)
        name = next(iter(stems), None) if table is None else table
        if name is None:
            raise refusal("archive_content")
        if name not in stems:
            raise refusal("unknown_table", found=name, allowed=", ".join(stems))
        folder = path.parent / "layer"
        folder.mkdir()
        for ending, member in stems[name].items():
            unpack(archive, member, folder / f"layer{ending}", limits)
    shape = folder / "layer.shp"
    _refuse_cut(shape)
    only_this_driver()
    return _layer(shape, name, list(stems), limits)


def only_this_driver() -> None:
    """Take all drivers but one from GDAL in this process, for good: none that follows names or fetches."""
    others = [name for name in pyogrio.list_drivers() if name != DRIVER]
    if others:
        pyogrio.set_gdal_config_options({"GDAL_SKIP": ",".join(others)})
        _ogr._register_drivers()
    if set(pyogrio.list_drivers()) != {DRIVER}:
        raise RuntimeError("GDAL keeps drivers that it was told to leave out")


def _refuse_cut(shape: Path) -> None:
    """GDAL reads as far as a file goes, and would leave out rows and columns without a word."""
    dbf = shape.with_suffix(".dbf")
    with shape.open("rb") as stream:
        head = stream.read(28)
    with dbf.open("rb") as stream:
        fields = stream.read(_DBF_HEADER)
    if len(head) < 28 or len(fields) < _DBF_HEADER or not head.startswith(_HEADER):
        raise refusal("broken_file", format="Shapefile")
    words = int.from_bytes(head[24:28], "big")
    rows, header, row = struct.unpack("<IHH", fields[4:12])
    if shape.stat().st_size < words * 2 or dbf.stat().st_size < header + rows * row:
        raise refusal("broken_file", format="Shapefile")


def _stems(archive: zipfile.ZipFile) -> dict[str, dict[str, str]]:
    """The complete Shapefiles of an archive: names of members by ending, by the name that they share."""
    found: dict[str, dict[str, str]] = {}
    shown: dict[str, str] = {}
    for member in archive.namelist():
        place = PurePosixPath(member)
        ending = place.suffix.lower()
        if ending in _USED and not place.name.startswith("."):
            key = str(place.with_suffix("")).lower()
            found.setdefault(key, {})[ending] = member
            shown.setdefault(key, place.stem)
    complete = {key: parts for key, parts in found.items() if all(ending in parts for ending in _NEEDED)}
    twice = len({shown[key] for key in complete}) < len(complete)
    return {key if twice else shown[key]: parts for key, parts in complete.items()}


def _layer(shape: Path, name: str, names: list[str], limits: Limits) -> Layer:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of GDAL, about a file that is not ours
            meta, table = pyogrio.read_arrow(shape, encoding=_encoding(shape.with_suffix(".dbf")))
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pa.ArrowException) as error:
        raise refusal("broken_file", format="Shapefile") from error
    except ValueError as error:
        raise refusal("broken_file", format="Shapefile") from error
    geometry = meta["geometry_name"] or "wkb_geometry"
    columns = [column for column in table.column_names if column != geometry]
    check_size(table.num_rows, len(columns), limits)
    return Layer(name, columns, _features(table, columns, geometry), meta["crs"], names)


def _features(table: Any, columns: list[str], geometry: str) -> Iterator[Feature]:
    for batch in table.to_batches(max_chunksize=_BATCH):
        blobs = batch.column(geometry).to_pylist()
        shapes = shapely.from_wkb(blobs, on_invalid="ignore")
        for cells, blob, shape in zip(cells_of(batch, columns), blobs, shapes, strict=True):
            broken = blob is not None and shape is None
            yield Feature(cells, shape, blob[:30].hex() if broken else None)


def _encoding(dbf: Path) -> str:
    """What .cpg says if it is known; else UTF-8 if all texts are that, else Windows' western one."""
    page = dbf.with_suffix(".cpg")
    if page.exists():
        told = re.sub(
            r"^(?:ansi |iso |ldid/|cp)", "", page.read_text(encoding="latin-1")[:40].strip().lower()
        )
        told = {"1252": "cp1252", "88591": "iso8859-1", "65001": "utf-8", "87": "cp1252"}.get(told, told)
        try:
            known = _PAGES.get(codecs.lookup(told).name)
        except LookupError:
            known = None
        if known:
            return known
    try:
        dbf.read_bytes()[_DBF_HEADER:].decode("utf-8")
    except UnicodeDecodeError:
        return "CP1252"
    return "UTF-8"
