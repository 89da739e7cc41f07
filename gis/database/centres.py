"""Rehabilitation centres as of a moment; what an account may not see is None, by PostgreSQL's policies."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from psycopg.types.json import Jsonb

from gis.database.connection import Connection
from gis.database.sites import moment_values
from gis.database.statements import load
from gis.domain.queries import Moment
from gis.domain.regions import Level

Row = dict[str, Any]

LIST_COLUMNS = (
    *("id", "name", "names", "regency_code", "regency_name", "province_code", "province_name"),
    *("services", "operator", "capacity_band", "occupancy_band", "counted_on", "capacity", "occupied"),
    *("contact_office", "contact_phone", "source", "source_url", "synthetic", "known_on"),
    *("lon", "lat", "place", "location_accuracy", "entry_id"),
)


class Near(NamedTuple):
    """A centre by its distance in metres: to its compound if that may be seen, else to its city's centre."""

    centre_id: int
    distance_m: float
    to_place: bool


class Served(NamedTuple):
    """A region and the people of it who are to be served."""

    code: str
    name: str
    people: int


def find_centres(
    connection: Connection,
    moment: Moment,
    region: str | None = None,
    centre_ids: Sequence[int] | None = None,
) -> list[Row]:
    """Centres that are there at a moment, by city, name and id.

    Parameters
    ----------
    connection : in a transaction
    moment : both clocks and whose boundaries
    region : only those whose city lies in it; none for all
    centre_ids : only those; none for all

    Returns
    -------
    a dictionary a centre, of `LIST_COLUMNS`
    """
    ids = None if centre_ids is None else list(centre_ids)
    values = {**moment_values(moment), "region": region, "centre_ids": ids}
    rows = connection.execute(load("centre_list"), values)
    return [dict(zip(LIST_COLUMNS, row, strict=True)) for row in rows]


def find_nearest(
    connection: Connection,
    moment: Moment,
    *,
    site_id: int | None = None,
    region: str | None = None,
    limit: int,
) -> list[Near]:
    """The nearest centres with free places, from a site or from a region's label point.

    A planner gets geodesic distances to the compound; all else, and of a centre whose compound is not on
    record, those to the label point of its city, which do not depend on where the compound is.

    Parameters
    ----------
    connection : in a transaction
    moment : both clocks and whose boundaries
    site_id : from its geometry; from `region` where it has none
    region : a province's or regency's code of the moment's boundaries
    limit : how many at most
    """
    values = {**moment_values(moment), "site_id": site_id, "region": region, "row_limit": limit}
    found = [
        Near(centre_id, distance, to_place)
        for statement, to_place in (("centre_nearest_place", True), ("centre_nearest_city", False))
        for centre_id, distance in connection.execute(load(statement), values)
        if distance is not None
    ]
    return sorted(found, key=lambda near: near.distance_m)[:limit]


def count_people_to_serve(
    connection: Connection, moment: Moment, level: Level, region: str | None = None
) -> list[Served]:
    """People to be served by region, zeros included, of regions that whoever asks sees wholly.

    Parameters
    ----------
    connection : in a transaction
    moment : both clocks and whose boundaries
    level : of the regions that are listed
    region : only that one, or the regencies of that province; none for all
    """
    values = {**moment_values(moment), "level": level, "region": region}
    return [Served(*row) for row in connection.execute(load("centre_people"), values)]


def insert_centres(connection: Connection, entries: Sequence[tuple[int, Row]]) -> int:
    """Write those entries of centres that are not there yet, by `external_id`; the owner may.

    Parameters
    ----------
    connection : in a transaction of the owner
    entries : the id that an entry shall bear, and its content as `CentreContent` dumps it

    Returns
    -------
    how many were written
    """
    return _insert(connection, "centre_insert", entries)


def insert_occupancies(connection: Connection, entries: Sequence[tuple[int, Row]]) -> int:
    """Write those counts that are not there yet, by `external_id`; as `insert_centres`."""
    return _insert(connection, "occupancy_insert", entries)


def _insert(connection: Connection, statement: str, entries: Sequence[tuple[int, Row]]) -> int:
    dumped = [{"id": number, "content": content} for number, content in entries]
    row = connection.execute(load(statement), {"entries": Jsonb(dumped)}).fetchone()
    return int(row[0]) if row else 0
