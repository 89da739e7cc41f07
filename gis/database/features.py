"""Features of a collection, as PostgreSQL writes them: one SELECT around a named one, for every way out."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from psycopg import sql

from gis.database.connection import Connection
from gis.database.copying import Bytes, copied
from gis.database.filter_sql import condition
from gis.database.sites import Extent, extent_of_row
from gis.database.statements import load
from gis.domain.collections import Collection
from gis.domain.feature_query import FeatureQuery
from gis.domain.queries import BoundingBox

Row = dict[str, Any]
#: The features stand in a subquery of this name, which PostgreSQL pulls up: indexes serve the conditions.
ALIAS = sql.Identifier("f")


@dataclass(frozen=True)
class Source:
    """Where the features of a collection are.

    Parameters
    ----------
    collection : with the properties that the statement's columns are
    statement : the name of a SELECT of the properties and `geom`, without order
    values : its parameters
    """

    collection: Collection
    statement: str
    values: Row


@dataclass(frozen=True)
class Statement:
    """A composed statement and the values of its placeholders."""

    text: sql.Composed
    values: Row


def find_feature(connection: Connection, source: Source, key: int | str, query: FeatureQuery) -> str | None:
    """One feature as GeoJSON; none if there is none with this id.

    Parameters
    ----------
    connection : in a transaction
    source : where it is
    key : its id
    query : which of its properties, and in which system
    """
    own = sql.SQL("{} = %(key)s").format(_column(source.collection.key))
    text = sql.SQL("SELECT {} FROM ({}) {}{} WHERE {}").format(
        _feature(source.collection, query), _inner(source), ALIAS, _properties(source.collection, query), own
    )
    # Planning it takes eight times as long as running it. By itself PostgreSQL would plan it for each key: it
    # takes a plan for all to be dear, since that holds also the past beliefs that `known_at` may ask for.
    connection.execute("SET LOCAL plan_cache_mode = force_generic_plan")
    row = connection.execute(text, {**source.values, "key": key}, prepare=True).fetchone()
    return None if row is None else str(row[0])


def stream_features(connection: Connection, source: Source, query: FeatureQuery) -> Iterator[Bytes]:
    """Features as GeoJSON (RFC 7946), one a line, in the query's order and then by id.

    Parameters
    ----------
    connection : in a transaction; it can do nothing else until the last line
    source : where they are
    query : which of them
    """
    statement = select(source, query, _feature(source.collection, query))
    return copied(connection, statement.text, statement.values)


def select(source: Source, query: FeatureQuery, output: sql.Composable) -> Statement:
    """The statement that reads features: what is put out of each, filtered, in a total order, a page of them.

    Parameters
    ----------
    source : where they are
    query : which of them
    output : what is selected, over the columns of `f` and the row `p` of the properties that are asked for
    """
    collection = source.collection
    where, values = _where(query)
    if query.after is not None:
        where = sql.SQL("{} AND {} > {}").format(where, _column(collection.key), sql.Literal(query.after))
    text = sql.SQL("SELECT {} FROM ({}) {}{} WHERE {} ORDER BY {} LIMIT {} OFFSET {}").format(
        output,
        _inner(source),
        ALIAS,
        _properties(collection, query),
        where,
        _order(collection, query),
        sql.SQL("ALL") if query.limit is None else sql.Literal(query.limit),
        sql.Literal(query.offset),
    )
    return Statement(text, {**source.values, **values})


def matching(source: Source, query: FeatureQuery, output: sql.Composable) -> Statement:
    """The statement that reads all features that a query finds, in no order, whatever its page.

    Parameters
    ----------
    source, query, output : as of `select`, without `p`
    """
    where, values = _where(query)
    text = sql.SQL("SELECT {} FROM ({}) {} WHERE {}").format(output, _inner(source), ALIAS, where)
    return Statement(text, {**source.values, **values})


def count_features(connection: Connection, source: Source, query: FeatureQuery) -> int:
    """How many features a query finds, whatever its page."""
    statement = matching(source, query, sql.SQL("count(*)"))
    row = connection.execute(statement.text, statement.values).fetchone()
    return int(row[0]) if row else 0


def extent_of_features(connection: Connection, source: Source, query: FeatureQuery) -> Extent:
    """How many features a query finds, the box around them, and whether any is synthetic."""
    where, values = _where(query)
    has_synthetic = "synthetic" in source.collection.types
    synthetic = sql.SQL("coalesce(bool_or(f.synthetic), false)" if has_synthetic else "false")
    text = sql.SQL(
        "SELECT n, ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box), synthetic, placed FROM ("
        "SELECT count(*) AS n, count(f.geom) AS placed, ST_Extent(f.geom) AS box, {} AS synthetic"
        " FROM ({}) {} WHERE {}) e"
    ).format(synthetic, _inner(source), ALIAS, where)
    return extent_of_row(connection.execute(text, {**source.values, **values}).fetchone())


def written_geometry(query: FeatureQuery) -> sql.Composable:
    """The geometry in the system that is asked for, exterior rings counter-clockwise (RFC 7946, 3.1.6)."""
    crs = query.crs
    geom: sql.Composable = sql.SQL("f.geom")
    if crs.srid != 4326:
        geom = sql.SQL("ST_Transform({}, {})").format(geom, sql.Literal(crs.srid))
    geom = sql.SQL("ST_ForcePolygonCCW({})").format(geom)
    return sql.SQL("ST_FlipCoordinates({})").format(geom) if crs.flips else geom


def _feature(collection: Collection, query: FeatureQuery) -> sql.Composable:
    return sql.SQL(
        """'{{"type":"Feature","id":' || to_json({}) || ',"geometry":'"""
        """ || coalesce(ST_AsGeoJSON({}, {}, 0), 'null') || ',"properties":' || {} || '}}'"""
    ).format(
        _column(collection.key),
        written_geometry(query),
        sql.Literal(query.crs.decimals),
        sql.SQL("'{}'") if query.properties == () else sql.SQL("row_to_json(p.*)"),
    )


def _inner(source: Source) -> sql.Composable:
    return sql.SQL(load(source.statement))


def _properties(collection: Collection, query: FeatureQuery) -> sql.Composable:
    names = collection.names if query.properties is None else query.properties
    if not names:
        return sql.SQL("")
    return sql.SQL(" CROSS JOIN LATERAL (SELECT {}) p").format(
        sql.SQL(", ").join(_column(name) for name in names)
    )


def _where(query: FeatureQuery) -> tuple[sql.Composable, Row]:
    parts: list[sql.Composable] = []
    values: Row = {}
    if query.boxes:
        # What has no place is in every box (Features core, abstract test 15): it could be anywhere.
        boxes = [*map(_meets, query.boxes), *([] if query.is_placed else [sql.SQL("f.geom IS NULL")])]
        parts.append(sql.SQL("({})").format(sql.SQL(" OR ").join(boxes)))
    if query.where is not None:
        filtered = condition(query.where)
        parts.append(sql.SQL("({})").format(filtered.sql))
        values = filtered.values
    return sql.SQL(" AND ").join(parts) if parts else sql.SQL("true"), values


def _meets(box: BoundingBox) -> sql.Composable:
    # The envelope is the constant and the column stays bare, for the index; its boxes are of single
    # precision, so that `&&` alone lets in what lies up to a metre outside.
    envelope = sql.SQL("ST_MakeEnvelope({}, 4326)").format(
        sql.SQL(", ").join(map(sql.Literal, (box.west, box.south, box.east, box.north)))
    )
    return sql.SQL("(f.geom && {0} AND ST_Intersects(f.geom, {0}))").format(envelope)


def _order(collection: Collection, query: FeatureQuery) -> sql.Composable:
    # Pages need a total order: without one rows are lost between them.
    parts = [
        sql.SQL("{} DESC NULLS LAST" if each.descending else "{} NULLS LAST").format(_column(each.name))
        for each in query.order
        if each.name != collection.key
    ]
    own = next((each for each in query.order if each.name == collection.key), None)
    parts.append(sql.SQL("{} DESC" if own and own.descending else "{}").format(_column(collection.key)))
    return sql.SQL(", ").join(parts)


def _column(name: str) -> sql.Composable:
    return sql.Identifier("f", name)
