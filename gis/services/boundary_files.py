"""Reads the files of data/boundaries."""

import csv
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import geopandas as gpd
import pyogrio

from gis.domain.regions import CERTAINTIES, Lineage, LineagePeriod
from gis.errors import BoundaryError, InvalidInputError

FILES = ("provinces.geojson", "regencies.geojson", "neighbours.geojson", "lineage.csv")
#: Properties of a region in the files; the first is the key.
REGION_COLUMNS = (
    "code",
    "iso_code",
    "bps_code",
    "level",
    "kind",
    "name",
    "parent_code",
    "valid_from",
    "area_km2",
)
LINEAGE_COLUMNS = ("regency_code", "code_then", "province_code", "valid_from", "valid_to", "law", "certainty")


@dataclass(frozen=True)
class BoundarySet:
    """The boundary files as frames.

    Parameters
    ----------
    provinces, regencies : 38 and 514 multipolygons of today, CRS84 (EPSG:4326, lon before lat), sorted by
        `code`; columns code, iso_code, bps_code, level, kind, name, parent_code, valid_from, valid_to,
        area_km2, geometry
    neighbours : foreign land near Indonesia, name and geometry, sorted by name
    lineage : every regency's provinces and codes over time
    checksum : sha256 over the four files, hexadecimal
    """

    provinces: gpd.GeoDataFrame
    regencies: gpd.GeoDataFrame
    neighbours: gpd.GeoDataFrame
    lineage: Lineage
    checksum: str


def read_regions(directory: Path) -> BoundarySet:
    """Read the four files of a boundary folder.

    Parameters
    ----------
    directory : a folder such as data/boundaries

    Raises
    ------
    BoundaryError : a file is missing or cannot be read
    """
    return BoundarySet(
        provinces=_read(directory / "provinces.geojson", REGION_COLUMNS),
        regencies=_read(directory / "regencies.geojson", REGION_COLUMNS),
        neighbours=_read(directory / "neighbours.geojson", ("name",)),
        lineage=read_lineage(directory / "lineage.csv"),
        checksum=checksum(directory),
    )


def checksum(directory: Path) -> str:
    """The sha256 over names and contents of the four files, in the order of `FILES`."""
    total = hashlib.sha256()
    for name in FILES:
        try:
            total.update(f"{name}\n".encode() + hashlib.sha256((directory / name).read_bytes()).digest())
        except OSError as error:
            raise BoundaryError(f"{directory / name}: cannot be read ({error.strerror})") from error
    return total.hexdigest()


def read_lineage(path: Path) -> Lineage:
    """Read lineage.csv.

    Raises
    ------
    BoundaryError : the file or a column is missing, or its periods contradict each other
    InvalidInputError : a date or a certainty cannot be read
    """
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = csv.DictReader(stream)
            _require(path, LINEAGE_COLUMNS, rows.fieldnames or ())
            return Lineage(_period(row, number) for number, row in enumerate(rows, start=1))
    except OSError as error:
        raise BoundaryError(f"{path}: cannot be read ({error.strerror})") from error


def _period(row: dict[str, str], number: int) -> LineagePeriod:
    if row["certainty"] not in CERTAINTIES:
        raise InvalidInputError("certainty", row["certainty"], f"one of {', '.join(CERTAINTIES)}", number)
    return LineagePeriod(
        regency_code=row["regency_code"],
        code=row["code_then"],
        province_code=row["province_code"],
        valid_from=_day(row, "valid_from", number),
        valid_to=_day(row, "valid_to", number),
        law=row["law"],
        certainty=row["certainty"],
    )


def _day(row: dict[str, str], column: str, number: int) -> date | None:
    try:
        return date.fromisoformat(row[column]) if row[column] else None
    except ValueError as error:
        raise InvalidInputError(column, row[column], "a date as YYYY-MM-DD, or nothing", number) from error


def _read(path: Path, columns: Sequence[str]) -> gpd.GeoDataFrame:
    try:
        frame = pyogrio.read_dataframe(path, use_arrow=True)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise BoundaryError(f"{path}: cannot be read as GeoJSON ({error})") from error
    _require(path, columns, [str(name) for name in frame.columns])
    if set(frame.geom_type) != {"MultiPolygon"}:
        raise BoundaryError(f"{path}: every feature must have a MultiPolygon, not {set(frame.geom_type)}")
    if not frame.crs.equals("EPSG:4326"):
        raise BoundaryError(
            f"{path}: its coordinates are in {frame.crs.to_string()}, not in CRS84 (RFC 7946, 4)"
        )
    return frame.sort_values(columns[0], ignore_index=True)


def _require(path: Path, columns: Sequence[str], found: Sequence[str]) -> None:
    if missing := [name for name in columns if name not in found]:
        raise BoundaryError(f"{path}: lacks {', '.join(missing)}; found {', '.join(found)}")
