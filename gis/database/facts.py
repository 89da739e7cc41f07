"""Facts of any collection as their contents, for comparing and undoing."""

from collections.abc import Sequence

from psycopg import sql

from gis.database.connection import Connection
from gis.domain.batches import Collection, JSONObject
from gis.domain.records.registry import CONTENT_OF, HAS_NUMBERED_LOG

_CORRECTED = sql.SQL(
    """
    SELECT DISTINCT fact.{key}, to_jsonb(fact.*)
    FROM register.draft d
    JOIN register.{table} fact ON fact.{key} = (d.content ->> 'corrects_id')::bigint
    WHERE d.batch_id = {batch_id} AND d.collection = {collection}
    """
)
_KEYED = sql.SQL(
    """
    SELECT fact.external_id, fact.{key}, to_jsonb(fact.*)
    FROM register.{table} fact
    WHERE fact.external_id = ANY ({external_ids})
    """
)


def find_corrected(connection: Connection, batch_id: int) -> dict[int, JSONObject]:
    """The content of every fact that a draft of a batch corrects, by the fact's id."""
    found: dict[int, JSONObject] = {}
    for collection, table in find_tables(connection).items():
        statement = _CORRECTED.format(
            key=_key(collection),
            table=sql.Identifier(table),
            batch_id=sql.Literal(batch_id),
            collection=sql.Literal(collection),
        )
        for fact_id, row in connection.execute(statement):
            found[fact_id] = content_of(collection, row)
    return found


def find_by_external_id(
    connection: Connection, collection: Collection, external_ids: Sequence[str]
) -> dict[str, tuple[int, JSONObject]]:
    """Ids and contents of the facts that bear the sender's keys, by key."""
    statement = _KEYED.format(
        key=_key(collection),
        table=sql.Identifier(find_tables(connection)[collection]),
        external_ids=sql.Literal(list(external_ids)),
    )
    return {
        external_id: (fact_id, content_of(collection, row))
        for external_id, fact_id, row in connection.execute(statement)
    }


def find_tables(connection: Connection) -> dict[Collection, str]:
    """The table of each collection but sites, whose changes are not corrections."""
    rows = connection.execute("SELECT c.name, c.table_name FROM register.collection c ORDER BY c.position")
    return {name: table for name, table in rows if name != "sites"}


def content_of(collection: Collection, row: JSONObject) -> JSONObject:
    """What of a stored row was entered, as the class of its content has it."""
    fields = CONTENT_OF[collection].model_fields
    return {name: row[name] for name in fields if row.get(name) is not None}


def _key(collection: Collection) -> sql.Identifier:
    return sql.Identifier("uid" if collection in HAS_NUMBERED_LOG else "id")
