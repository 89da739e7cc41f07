"""Features of a collection, as PostgreSQL writes them: one SELECT around a named one, for every way out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from psycopg import sql

from gis.database.connection import Connection
from gis.database.copying import Bytes, copied
from gis.database.filter_sql import condition
from gis.database.sites import Extent, extent_of_row
from gis.database.statements import load
from gis.domain.collections import Collection
from gis.domain.crs import CRS84
from gis.domain.feature_query import FeatureQuery
from gis.domain.queries import BoundingBox

Row = dict[str, Any]
#: The features stand in a subquery of this name, which PostgreSQL pulls up: indexes serve the conditions.
ALIAS = sql.Identifier("f")
_SOME_BOX = BoundingBox(0, 0, 0, 0)


@dataclass(frozen=True)
class Source:
    """Where the features of a collection are.

    Parameters
    ----------
    collection : with the properties that the statement's columns are
    statement : the name of a SELECT of the properties and `geom`, without order
    values : its parameters
    is_ready : it also has the column `feature`, each feature as GeoJSON in CRS84 with all of its properties
    """

    collection: Collection
    statement: str
    values: Row = field(compare=False)  # the same statement serves all values
    is_ready: bool = False


@dataclass(frozen=True)
class Statement:
    """A composed statement and the values of its placeholders."""

    text: sql.SQL | sql.Composed
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
    text = remembered(source, query, _by_key)
    # Planning it takes eight times as long as running it. By itself PostgreSQL would plan it for each key: it
    # takes a plan for all to be dear, since that holds also what other queries ask for.
    connection.execute("SET LOCAL plan_cache_mode = force_generic_plan")
    row = connection.execute(text, {**source.values, "key": key}, prepare=True).fetchone()
    return None if row is None else str(row[0])


def find_features(connection: Connection, source: Source, query: FeatureQuery) -> list[bytes]:
    """A page of features, each as GeoJSON (RFC 7946), in the query's order and then by id.

    Parameters
    ----------
    connection : in a transaction
    source : where they are
    query : which of them
    """
    text = remembered(source, query, _page)
    rows = connection.execute(text, values_of(source, query), binary=True).fetchall()
    return [feature for (feature,) in rows]


def stream_features(connection: Connection, source: Source, query: FeatureQuery) -> Iterator[Bytes]:
    """Features as GeoJSON (RFC 7946), one a line, in the query's order and then by id, however many.

    Parameters
    ----------
    connection : in a transaction; it can do nothing else until the last line
    source : where they are
    query : which of them
    """
    return copied(connection, remembered(source, query, _lines), values_of(source, query))


def select(source: Source, query: FeatureQuery, output: sql.Composable) -> Statement:
    """The statement that reads features: what is put out of each, filtered, in a total order, a page of them.

    Parameters
    ----------
    source : where they are
    query : which of them
    output : what is selected, over the columns of `f`
    """
    return Statement(_select(source, query, output), values_of(source, query))


def remembered(
    source: Source, query: FeatureQuery, compose: Callable[[Source, FeatureQuery], sql.Composed]
) -> sql.SQL | sql.Composed:
    """The text of a statement; without a filter it is composed once, which takes as long as to find a page.

    Parameters
    ----------
    source : where the features are
    query : which of them
    compose : puts the text together, with placeholders for all that `values_of` tells
    """
    if query.where is not None:
        return compose(source, query)
    boxes = (_SOME_BOX,) * len(query.boxes)
    after = None if query.after is None else 0
    # Without its values, which may be long, and are one reader's.
    bare = replace(source, values={})
    return _composed(compose, bare, replace(query, boxes=boxes, after=after, limit=None, offset=0))


def values_of(source: Source, query: FeatureQuery) -> Row:
    """The values of the placeholders of a source and of `select`."""
    boxes = {
        f"box_{number}_{side}": getattr(box, side)
        for number, box in enumerate(query.boxes)
        for side in ("west", "south", "east", "north")
    }
    where = condition(query.where).values if query.where is not None else {}
    page = {"after": query.after, "limit": query.limit, "offset": query.offset}
    return {**source.values, **boxes, **where, **page}


def matching(source: Source, query: FeatureQuery, output: sql.Composable) -> Statement:
    """The statement that reads all features that a query finds, in no order, whatever its page.

    Parameters
    ----------
    source, query, output : as of `select`
    """
    text = sql.SQL("SELECT {} FROM ({}) {} WHERE {}").format(output, _inner(source), ALIAS, _where(query))
    return Statement(text, values_of(source, query))


def count_features(connection: Connection, source: Source, query: FeatureQuery) -> int:
    """How many features a query finds, whatever its page."""
    statement = matching(source, query, sql.SQL("count(*)"))
    row = connection.execute(statement.text, statement.values).fetchone()
    return int(row[0]) if row else 0


def extent_of_features(connection: Connection, source: Source, query: FeatureQuery) -> Extent:
    """How many features a query finds, the box around them, and whether any is synthetic."""
    has_synthetic = "synthetic" in source.collection.types
    synthetic = sql.SQL("coalesce(bool_or(f.synthetic), false)" if has_synthetic else "false")
    text = sql.SQL(
        "SELECT n, ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box), synthetic, placed FROM ("
        "SELECT count(*) AS n, count(f.geom) AS placed, ST_Extent(f.geom) AS box, {} AS synthetic"
        " FROM ({}) {} WHERE {}) e"
    ).format(synthetic, _inner(source), ALIAS, _where(query))
    return extent_of_row(connection.execute(text, values_of(source, query)).fetchone())


def written_geometry(query: FeatureQuery) -> sql.Composable:
    """The geometry in the system that is asked for, exterior rings counter-clockwise (RFC 7946, 3.1.6)."""
    crs = query.crs
    geom: sql.Composable = sql.SQL("f.geom")
    if crs.srid != 4326:
        geom = sql.SQL("ST_Transform({}, {})").format(geom, sql.Literal(crs.srid))
    geom = sql.SQL("ST_ForcePolygonCCW({})").format(geom)
    return sql.SQL("ST_FlipCoordinates({})").format(geom) if crs.flips else geom


@lru_cache(maxsize=500)
def _composed(
    compose: Callable[[Source, FeatureQuery], sql.Composed], source: Source, query: FeatureQuery
) -> sql.SQL:
    return sql.SQL(compose(source, query).as_string(None))


def _select(source: Source, query: FeatureQuery, output: sql.Composable) -> sql.Composed:
    collection = source.collection
    where = _where(query)
    if query.after is not None:
        where = sql.SQL("{} AND {} > %(after)s").format(where, _column(collection.key))
    return sql.SQL("SELECT {} FROM ({}) {}{} WHERE {} ORDER BY {} LIMIT %(limit)s OFFSET %(offset)s").format(
        output,
        _inner(source),
        ALIAS,
        _properties(source, query),
        where,
        _order(collection, query),
    )


def _lines(source: Source, query: FeatureQuery) -> sql.Composed:
    return _select(source, query, _feature(source, query))


def _page(source: Source, query: FeatureQuery) -> sql.Composed:
    # As bytes, so that nothing is decoded here to be encoded again on its way out.
    return _select(source, query, sql.SQL("convert_to({}, 'UTF8')").format(_feature(source, query)))


def _by_key(source: Source, query: FeatureQuery) -> sql.Composed:
    return sql.SQL("SELECT {} FROM ({}) {}{} WHERE {} = %(key)s").format(
        _feature(source, query),
        _inner(source),
        ALIAS,
        _properties(source, query),
        _column(source.collection.key),
    )


def _is_whole(source: Source, query: FeatureQuery) -> bool:
    """Whether features are put out as they are kept ready."""
    return source.is_ready and query.properties is None and query.crs is CRS84 and query.with_geometry


def _feature(source: Source, query: FeatureQuery) -> sql.Composable:
    if _is_whole(source, query):
        return sql.SQL("f.feature")
    geometry: sql.Composable = sql.SQL("'null'")
    if query.with_geometry:
        decimals = sql.Literal(query.crs.decimals)
        geometry = sql.SQL("coalesce(ST_AsGeoJSON({}, {}, 0), 'null')").format(
            written_geometry(query), decimals
        )
    return sql.SQL(
        """'{{"type":"Feature","id":' || to_json({}) || ',"geometry":' || {}"""
        """ || ',"properties":' || {} || '}}'"""
    ).format(
        _column(source.collection.key),
        geometry,
        sql.SQL("'{}'") if query.properties == () else sql.SQL("row_to_json(p.*)"),
    )


def _inner(source: Source) -> sql.Composable:
    return sql.SQL(load(source.statement))


def _properties(source: Source, query: FeatureQuery) -> sql.Composable:
    """The row `p` of the properties that are asked for, where features are not ready."""
    names = source.collection.names if query.properties is None else query.properties
    if not names or _is_whole(source, query):
        return sql.SQL("")
    return sql.SQL(" CROSS JOIN LATERAL (SELECT {}) p").format(
        sql.SQL(", ").join(_column(name) for name in names)
    )


def _where(query: FeatureQuery) -> sql.Composable:
    parts: list[sql.Composable] = []
    if query.boxes:
        # What has no place is in every box (Features core, abstract test 15): it could be anywhere.
        boxes = [*map(_meets, range(len(query.boxes)))]
        boxes += [] if query.is_placed else [sql.SQL("f.geom IS NULL")]
        parts.append(sql.SQL("({})").format(sql.SQL(" OR ").join(boxes)))
    if query.where is not None:
        parts.append(sql.SQL("({})").format(condition(query.where).sql))
    return sql.SQL(" AND ").join(parts) if parts else sql.SQL("true")


def _meets(number: int) -> sql.Composable:
    # The envelope is a constant and the column stays bare, for the index; its boxes are of single
    # precision, so that `&&` alone lets in what lies up to a metre outside.
    sides = (sql.Placeholder(f"box_{number}_{side}") for side in ("west", "south", "east", "north"))
    envelope = sql.SQL("ST_MakeEnvelope({}, 4326)").format(sql.SQL(", ").join(sides))
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
