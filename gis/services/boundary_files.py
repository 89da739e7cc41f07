"""Reads the files of data/boundaries."""

import csv
import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import geopandas as gpd
import pyogrio

from gis.domain.regions import Lineage, LineagePeriod
from gis.errors import BoundaryError, InvalidInputError

FILES = ("provinces.geojson", "regencies.geojson", "neighbours.geojson", "lineage.csv")


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
        provinces=_read(directory / "provinces.geojson", "code"),
        regencies=_read(directory / "regencies.geojson", "code"),
        neighbours=_read(directory / "neighbours.geojson", "name"),
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
    BoundaryError : the file is missing, or its periods contradict each other
    InvalidInputError : a date cannot be read
    """
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            return Lineage(_period(row, number) for number, row in enumerate(csv.DictReader(stream), start=1))
    except OSError as error:
        raise BoundaryError(f"{path}: cannot be read ({error.strerror})") from error


def _period(row: dict[str, str], number: int) -> LineagePeriod:
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


def _read(path: Path, key: str) -> gpd.GeoDataFrame:
    try:
        frame = pyogrio.read_dataframe(path, use_arrow=True)
    except pyogrio.errors.DataSourceError as error:
        raise BoundaryError(f"{path}: cannot be read as GeoJSON ({error})") from error
    return frame.sort_values(key, ignore_index=True)
