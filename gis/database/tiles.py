"""Vector tiles, as PostgreSQL writes them: single sites, and sites summed up."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, LiteralString, NamedTuple

from psycopg import sql

from gis.database import features
from gis.database.connection import Connection
from gis.database.features import Source, Statement
from gis.database.statements import load
from gis.domain.feature_query import FeatureQuery
from gis.domain.queries import ALL_GROUPS
from gis.domain.tiles import Tile

Row = dict[str, Any]
#: Cells a side, where a tile holds too many sites.
CELLS = 32

_PLACE: LiteralString = (
    "CASE WHEN GeometryType(f.geom) = 'POINT' THEN f.geom ELSE ST_PointOnSurface(f.geom) END AS place"
)
# Of a release all are closed: the other counts are not there, rather than 0.
_GROUPS: LiteralString = (
    "count(*) AS n, count(*) FILTER (WHERE status_group = 'closed') AS closed,"
    " CASE WHEN %(is_register)s THEN count(*) FILTER (WHERE status_group = 'active') END AS active,"
    " CASE WHEN %(is_register)s THEN count(*) FILTER (WHERE status_group = 'planned') END AS planned,"
    " CASE WHEN %(is_register)s THEN count(*) FILTER (WHERE status_group = 'reactivated') END AS reactivated"
)
# A point on an edge belongs to the tile east and south of it (gis.domain.tiles.Tile).
_INSIDE: LiteralString = (
    "ST_X(place) >= %(tile_west)s AND ST_X(place) < %(tile_east)s"
    " AND ST_Y(place) > %(tile_south)s AND ST_Y(place) <= %(tile_north)s"
)
_SQUARE: LiteralString = (
    "ST_MakeEnvelope(%(west_m)s, %(south_m)s, %(east_m)s, %(north_m)s, 3857)::box2d, 4096"
)
_SINGLE: LiteralString = (
    "WITH found AS MATERIALIZED ({found}) SELECT (SELECT count(*) FROM found), ("
    "SELECT ST_AsMVT(t, 'sites', 4096, 'geom', 'id') FROM ("
    "SELECT id, name, site_type, status, status_group, location_accuracy, synthetic,"
    " ST_AsMVTGeom(ST_Transform(place, 3857), {square}, 0, false) AS geom"
    " FROM found WHERE {inside} ORDER BY id) t"
    ") || coalesce(("
    "SELECT ST_AsMVT(t, 'areas', 4096, 'geom', 'id') FROM (SELECT id, status_group,"
    " ST_AsMVTGeom(ST_Transform(area, 3857), {square}, 64, true) AS geom"
    " FROM found WHERE area IS NOT NULL ORDER BY id) t WHERE geom IS NOT NULL), '')"
)
_GRID: LiteralString = (
    "WITH found AS MATERIALIZED ({found}), cell AS ("
    "SELECT width_bucket(ST_X(place), %(tile_west)s, %(tile_east)s, %(cells)s) AS i,"
    " width_bucket(ST_Y(place), %(tile_south)s, %(tile_north)s, %(cells)s) AS j,"
    " {groups}, avg(ST_X(place)) AS lon, avg(ST_Y(place)) AS lat"
    " FROM found WHERE {inside} GROUP BY 1, 2"
    ") SELECT ST_AsMVT(t, 'clusters', 4096, 'geom', 'id') FROM ("
    "SELECT (i * 100 + j)::bigint AS id, 'grid' AS clustered, n, active, planned, closed, reactivated,"
    " ST_AsMVTGeom(ST_Transform(ST_Point(lon, lat, 4326), 3857), {square}, 0, false) AS geom"
    " FROM cell ORDER BY i, j) t"
)
# By the regency that a site counts in, else by its province; what lies in neither by a square of 1°.
_CLUSTERS: LiteralString = (
    "WITH found AS ({found}), counted AS ("
    "SELECT code, i, j, avg(lon) AS lon, avg(lat) AS lat, {groups}"
    " FROM found GROUP BY code, i, j"
    ") SELECT coalesce(replace(c.code, '.', '')::bigint, 1000000 + (c.i + 180) * 180 + c.j + 90),"
    " c.code, r.name,"
    " coalesce(ST_X(r.label_point), c.lon), coalesce(ST_Y(r.label_point), c.lat),"
    " c.n, c.active, c.planned, c.closed, c.reactivated"
    " FROM counted c LEFT JOIN {regions} r ON r.code = c.code AND r.valid @> %(regions_on)s::date"
)


class Cluster(NamedTuple):
    """Sites that are drawn as one, at the label point of their regency."""

    id: int
    code: str | None
    name: str | None
    lon: float | None
    lat: float | None
    n: int
    active: int | None
    planned: int | None
    closed: int
    reactivated: int | None


def limit_time(connection: Connection, milliseconds: int) -> None:
    """Let no statement of this transaction run longer."""
    connection.execute(sql.SQL("SET LOCAL statement_timeout = {}").format(sql.Literal(milliseconds)))


def is_unfiltered(source: Source) -> bool:
    """Whether a source is of all sites of the register, as they are known today."""
    values = source.values
    names = ("known_at", "region", "site_type", "west")
    return (
        source.statement in ("site_source", "ready_site_source")
        and all(values[name] is None for name in names)
        and len(values["groups"]) == len(ALL_GROUPS)
    )


def lean(source: Source, query: FeatureQuery) -> Source:
    """The same sites from fewer tables, where no filter asks for more.

    Parameters
    ----------
    source : of sites
    query : which of them
    """
    if source.is_ready or query.where is not None or not is_unfiltered(source):
        return source
    return replace(source, statement="tile_site_source")


def find_counted(connection: Connection, source: Source, tile: Tile) -> list[Cluster]:
    """Sites that are counted, summed up by regency: those whose sum is drawn in a tile.

    Parameters
    ----------
    connection : in a transaction
    source : of sites, that are counted (`ready_sites.are_counted`)
    tile : the square
    """
    values = {**source.values, **_square(tile)}
    return [Cluster(*row) for row in connection.execute(load("tile_count_ready_sites"), values)]


def find_clusters(connection: Connection, source: Source, query: FeatureQuery) -> list[Cluster]:
    """All sites that a query finds, summed up by regency, also those whose place is only known by it.

    Parameters
    ----------
    connection : in a transaction
    source : of sites
    query : which of them
    """
    # It takes a few regencies for thousands, and would sort all sites by their names: twice the time.
    connection.execute("SET LOCAL enable_sort = off")
    if query == FeatureQuery() and is_unfiltered(source):
        return [Cluster(*row) for row in connection.execute(load("tile_count_sites"), source.values)]
    is_register = "release_id" not in source.values
    alone: LiteralString = "CASE WHEN f.province_code IS NULL THEN floor({}(f.geom))::int END"
    output = sql.SQL(
        "coalesce(f.regency_code, f.province_code) AS code, f.status_group, {} AS i, {} AS j,"
        " CASE WHEN f.province_code IS NULL THEN (ST_XMin(f.geom) + ST_XMax(f.geom)) / 2 END AS lon,"
        " CASE WHEN f.province_code IS NULL THEN (ST_YMin(f.geom) + ST_YMax(f.geom)) / 2 END AS lat"
    ).format(sql.SQL(alone).format(sql.SQL("ST_XMin")), sql.SQL(alone).format(sql.SQL("ST_YMin")))
    found = features.matching(source, query, output)
    regions = (
        sql.SQL("register.region")
        if is_register
        else sql.SQL("(SELECT * FROM published.region WHERE boundaries_id = %(boundaries_id)s)")
    )
    text = sql.SQL(_CLUSTERS).format(found=found.text, groups=sql.SQL(_GROUPS), regions=regions)
    rows = connection.execute(text, {**found.values, "is_register": is_register})
    return [Cluster(*row) for row in rows]


def write_clusters(connection: Connection, clusters: Sequence[Cluster], tile: Tile) -> bytes:
    """A tile of sites that are summed up.

    Parameters
    ----------
    connection : in a transaction; nothing of the register is read
    clusters : those that lie in the tile
    tile : the square
    """
    rows = [{**cluster._asdict(), "clustered": "regency"} for cluster in clusters]
    west, south, east, north = tile.square
    values = {"rows": json.dumps(rows), "west": west, "south": south, "east": east, "north": north}
    return _bytes(connection.execute(load("tile_clusters"), values).fetchone())


def write_sites(
    connection: Connection, source: Source, query: FeatureQuery, tile: Tile, most: int
) -> tuple[int, bytes] | None:
    """A tile of single sites, each in the tile that holds it; polygons also as areas where they are seen.

    Parameters
    ----------
    connection : in a transaction
    source : of sites
    query : which of them; its boxes are within the tile
    tile : the square
    most : sites at most

    Returns
    -------
    how many were found, and the tile; none where there are more
    """
    statement = single_sites(source, replace(query, limit=most + 1), tile)
    # A small box of sites that are ready is always found by the index of places: planned once, it takes half
    # the time.
    is_plain = source.is_ready and query.where is None and is_unfiltered(source)
    if is_plain:
        connection.execute("SET LOCAL plan_cache_mode = force_generic_plan")
    row = connection.execute(statement.text, statement.values, prepare=is_plain, binary=True).fetchone()
    return None if row is None or row[0] > most else (row[0], bytes(row[1] or b""))


def single_sites(source: Source, query: FeatureQuery, tile: Tile) -> Statement:
    """The statement of `write_sites`: how many were found, and the tile."""
    source = lean(source, query)
    values = {**features.values_of(source, query), **_square(tile)}
    return Statement(features.remembered(source, query, _single), values)


def _single(source: Source, query: FeatureQuery) -> sql.Composed:
    output = sql.SQL(
        "f.id, f.name, f.site_type, f.status, f.status_group, f.location_accuracy, f.synthetic, {},"
        " CASE WHEN GeometryType(f.geom) <> 'POINT' THEN f.geom END AS area"
    ).format(sql.SQL(_PLACE))
    found = features.select(source, replace(query, properties=()), output)
    return sql.SQL(_SINGLE).format(found=found.text, square=sql.SQL(_SQUARE), inside=sql.SQL(_INSIDE))


def write_grid(connection: Connection, source: Source, query: FeatureQuery, tile: Tile) -> bytes:
    """A tile of sites that are summed up by cells of a grid.

    Parameters
    ----------
    connection, source, query, tile : as of `write_sites`
    """
    found = features.matching(
        lean(source, query), query, sql.SQL("f.status_group, {}").format(sql.SQL(_PLACE))
    )
    values = {
        **found.values,
        **_square(tile),
        "cells": CELLS,
        "is_register": "release_id" not in source.values,
    }
    text = sql.SQL(_GRID).format(
        found=found.text,
        groups=sql.SQL(_GROUPS),
        square=sql.SQL(_SQUARE),
        inside=sql.SQL(_INSIDE),
    )
    return _bytes(connection.execute(text, values).fetchone())


def _square(tile: Tile) -> Row:
    west, south, east, north = tile.square
    box = tile.box
    return {
        **{"west_m": west, "south_m": south, "east_m": east, "north_m": north},
        **{"tile_west": box.west, "tile_south": box.south, "tile_east": box.east, "tile_north": box.north},
    }


def _bytes(row: tuple[Any, ...] | None) -> bytes:
    return bytes(row[0]) if row and row[0] is not None else b""
