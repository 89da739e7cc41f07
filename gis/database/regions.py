"""Regions in PostGIS: replaced as a whole, listed by day, and as map layers."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date
from typing import Any, Literal, NamedTuple

from gis.database.connection import Connection
from gis.database.joins import rejoin_all
from gis.database.statements import load
from gis.domain.queries import EARLIEST
from gis.domain.regions import Kind, Level, Region, RegionChange
from gis.errors import NotFoundError

LayerDetail = Literal["overview", "map"]


class RegionRow(NamedTuple):
    """A region as it is written: shapes as hexadecimal EWKB with SRID 4326, dates [from, to), None open."""

    level: Level
    code: str
    code_today: str
    parent_code: str | None
    name: str
    kind: Kind
    iso_code: str | None
    bps_code: str | None
    valid_from: date | None
    valid_to: date | None
    area_km2: float
    label_point: str
    geom: str
    geom_map: str
    geom_overview: str


def find_checksum(connection: Connection) -> str | None:
    """The sha256 of the files that the regions came from; None before the first load."""
    row = connection.execute(load("region_checksum")).fetchone()
    return row[0] if row else None


def lock_for_replace(connection: Connection) -> None:
    """Let only this transaction replace regions until it ends, and take the time that it needs."""
    connection.execute(load("region_replace_begin"))


def replace_regions(
    connection: Connection, rows: Iterable[RegionRow], neighbours: Iterable[tuple[str, str]], checksum: str
) -> None:
    """Put other regions and foreign land in the place of all that are there, and join all sites again.

    Parameters
    ----------
    connection : in a transaction; readers see the old regions until it is committed
    rows : all regions of all vintages
    neighbours : (name, multipolygon as hexadecimal EWKB)
    checksum : sha256 of the files that they came from
    """
    connection.execute(load("region_stage"))
    connection.execute(load("region_stage_neighbours"))
    _copy(connection, "region_copy", rows)
    _copy(connection, "region_copy_neighbours", neighbours)
    for name in ("region_delete", "region_delete_neighbours", "region_insert", "region_insert_neighbours"):
        connection.execute(load(name))
    connection.execute(load("region_analyze"))
    connection.execute(load("region_record_load"), {"checksum": checksum})
    if connection.execute(load("region_site_exists")).fetchone() == (True,):
        rejoin_all(connection)


def list_regions(
    connection: Connection, level: Level, on: date, parent_code: str | None = None
) -> list[Region]:
    """Regions of a level as they were on a day, by code.

    Parameters
    ----------
    on : the day whose boundaries are meant; `Moment.regions_on` for "then" or "today's"
    parent_code : only the regencies that this province had on that day
    """
    values = {"level": level, "on": on, "parent_code": parent_code}
    return [_region(row) for row in connection.execute(load("region_list"), values)]


def get_region(connection: Connection, code: str, on: date) -> Region:
    """The region that bore a code on a day.

    Raises
    ------
    NotFoundError : none did; the message says when one does
    """
    periods = [region for region in find_history(connection, code) if region.code == code]
    for region in periods:
        if (region.valid_from or date.min) <= on < (region.valid_to or date.max):
            return region
    if not periods:
        raise NotFoundError(f"region {code}: no province or regency has this Kemendagri code")
    known = "; ".join(
        f"from {each.valid_from or 'before 1999'} to {each.valid_to or 'now'}" for each in periods
    )
    raise NotFoundError(f"region {code}: not on {on}; it exists {known}")


def find_history(connection: Connection, code: str) -> list[Region]:
    """Every period of a province or regency, oldest first.

    A regency may be named by any code that it bore (64.73 and 65.71 are Tarakan); empty for an unknown code.
    """
    return [_region(row) for row in connection.execute(load("region_history"), {"code": code})]


def find_changes(connection: Connection, code: str) -> list[RegionChange]:
    """What a province gained and lost, or a regency's moves, by day; empty if nothing changed since 1999."""
    rows = connection.execute(load("region_changes"), {"code": code})
    return [
        RegionChange(on, from_code, from_name, to_code, to_name, tuple(regencies))
        for on, from_code, from_name, to_code, to_name, regencies in rows
    ]


def find_label_points(
    connection: Connection, level: Level, on: date, codes: Sequence[str]
) -> dict[str, tuple[float, float]]:
    """A point (lon, lat in degrees) inside the largest part of each of some regions on a day, by code."""
    values = {"level": level, "on": on, "codes": list(codes)}
    return {code: (lon, lat) for code, lon, lat in connection.execute(load("region_label_points"), values)}


def layer(
    connection: Connection, level: Level, on: date, parent_code: str | None, detail: LayerDetail
) -> bytes:
    """Regions as one RFC 7946 feature collection, made in PostGIS; properties code, name, level, parent_code.

    Parameters
    ----------
    on : the day whose boundaries are meant
    parent_code : only the regencies that this province had on that day; None for all
    detail : simplified to 0.05° (overview) or 0.005° (map)
    """
    values = {"level": level, "on": on, "parent_code": parent_code, "detail": detail}
    with connection.cursor(binary=True) as cursor:
        row = cursor.execute(load("region_layer"), values).fetchone()
    return bytes(row[0]) if row else b""


def vintage_of(connection: Connection, level: Level, on: date) -> date:
    """The day since which a level's regions are the same: an address that holds it never changes."""
    values = {"level": level, "on": on, "earliest": EARLIEST}
    row = connection.execute(load("region_vintage"), values).fetchone()
    return row[0] if row else EARLIEST


def _copy(connection: Connection, name: str, rows: Iterable[Sequence[Any]]) -> None:
    with connection.cursor() as cursor, cursor.copy(load(name)) as copy:
        for row in rows:
            copy.write_row(row)


_DESCRIBED = tuple(each.name for each in fields(Region) if each.name not in ("label_point", "bbox"))


def _region(row: Sequence[Any]) -> Region:
    lon, lat, west, south, east, north = row[len(_DESCRIBED) :]
    described = dict(zip(_DESCRIBED, row, strict=False))
    return Region(**described, label_point=(lon, lat), bbox=(west, south, east, north))
