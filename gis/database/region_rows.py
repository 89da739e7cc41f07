"""What is told of regions, without their shapes, as the text that `region_kept_source` takes."""

from psycopg import sql

from gis.database import features
from gis.database.connection import Connection
from gis.database.features import Source
from gis.domain.feature_query import FeatureQuery


def read_rows(connection: Connection, source: Source) -> str:
    """All regions of a source with their properties, as a JSON array.

    Parameters
    ----------
    connection : in a transaction
    source : of provinces or regencies
    """
    pairs = sql.SQL(", ").join(
        sql.SQL("{}, {}").format(sql.Literal(name), sql.Identifier("f", name))
        for name in source.collection.names
    )
    output = sql.SQL("coalesce(json_agg(json_build_object({})), '[]')::text").format(pairs)
    statement = features.matching(source, FeatureQuery(), output)
    row = connection.execute(statement.text, statement.values).fetchone()
    return str(row[0]) if row else "[]"
