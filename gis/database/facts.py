"""Facts of any collection as their contents, for comparing and undoing."""

from typing import NamedTuple

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
_VALID = sql.SQL(
    """
    SELECT fact.{key}, fact.external_id, fact.corrects_id, to_jsonb(fact.*)
    FROM register.{table} fact
    ORDER BY fact.recorded_at, fact.{key}
    """
)


class StoredFact(NamedTuple):
    """A fact as its content, with the key that its sender gave to it, or to the one that it corrects."""

    fact_id: int
    external_id: str | None
    content: JSONObject


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


def find_valid(connection: Connection, collection: Collection) -> list[StoredFact]:
    """The facts of a collection that nothing corrects, as far as whoever acts may see them.

    For collections of thousands, such as claims and aid; sites, events and headcounts have ways of their own.
    """
    statement = _VALID.format(key=_key(collection), table=sql.Identifier(find_tables(connection)[collection]))
    valid: dict[int, StoredFact] = {}
    for fact_id, external_id, corrects_id, row in connection.execute(statement):
        earlier = valid.pop(corrects_id, None)
        inherited = external_id or (earlier.external_id if earlier else None)
        if not row.get("retracted"):
            valid[fact_id] = StoredFact(fact_id, inherited, content_of(collection, row))
    return list(valid.values())


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
