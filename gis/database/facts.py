"""Facts of any collection as their contents, with what corrects them, for comparing and undoing."""

from collections.abc import Iterator, Sequence

from psycopg import sql

from gis.database.connection import Connection
from gis.database.statements import load
from gis.domain.batches import Collection, JSONObject
from gis.domain.corrections import StoredFact
from gis.domain.records.registry import CONTENT_OF, HAS_NUMBERED_LOG
from gis.domain.undoing import FactEnd

_CORRECTED = sql.SQL(
    """
    SELECT DISTINCT fact.{key}, to_jsonb(fact.*)
    FROM register.draft d
    JOIN register.{table} fact ON fact.{key} = (d.content ->> 'corrects_id')::bigint
    WHERE d.batch_id = {batch_id} AND d.collection = {collection}
    """
)
_ALL = sql.SQL(
    """
    SELECT fact.{key}, fact.id, fact.corrects_id, fact.external_id, to_jsonb(fact.*)
    FROM register.{table} fact
    """
)
_KEYED = sql.SQL(
    """
    WITH RECURSIVE chain AS (
        SELECT fact.* FROM register.{table} fact WHERE fact.external_id = ANY ({keys})
        UNION
        SELECT later.* FROM register.{table} later JOIN chain ON later.corrects_id = chain.id
    )
    SELECT chain.{key}, chain.id, chain.corrects_id, chain.external_id, to_jsonb(chain.*) FROM chain
    """
)

#: What a scoped account has entered of these it does not see in full: places, contacts, numbers.
_PARTLY_UNSEEN: tuple[Collection, ...] = ("centres", "occupancies")


def find_scope(connection: Connection) -> str | None:
    """The region of whoever acts; none for a national account and the operator."""
    row = connection.execute("SELECT register.current_scope()").fetchone()
    return row[0] if row else None


def find_facts(connection: Connection, collection: Collection) -> list[StoredFact]:
    """All facts of a collection, as far as whoever acts may see them or has entered them.

    For collections of thousands, such as claims and aid.
    """
    statement = _ALL.format(key=_key(collection), table=_table(connection, collection))
    facts = list(_stored(connection, collection, statement))
    if collection in _PARTLY_UNSEEN and find_scope(connection) is not None:
        return list(_with_unseen(connection, collection, facts))
    return facts


def find_keyed(connection: Connection, collection: Collection, keys: Sequence[str]) -> list[StoredFact]:
    """The facts that bear some senders' keys, with all that corrects them; for collections of any size."""
    if not keys:
        return []
    statement = _KEYED.format(
        key=_key(collection), table=_table(connection, collection), keys=sql.Literal(list(keys))
    )
    return list(_stored(connection, collection, statement))


def find_ids(connection: Connection, collection: Collection, ids: Sequence[int]) -> set[int]:
    """Those of some ids that whoever acts may see a fact of; for collections of any size."""
    statement = sql.SQL("SELECT fact.{key} FROM register.{table} fact WHERE fact.{key} = ANY ({ids})")
    rows = connection.execute(
        statement.format(
            key=_key(collection), table=_table(connection, collection), ids=sql.Literal(list(ids))
        )
    )
    return {fact_id for (fact_id,) in rows}


def find_corrected(connection: Connection, batch_id: int) -> dict[int, JSONObject]:
    """What whoever acts may see of every fact that a draft of a batch corrects, by the fact's id."""
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


def find_ends(
    connection: Connection, *, batch_id: int | None = None, collection: Collection | None = None
) -> dict[int, FactEnd]:
    """What has become of the facts of approved batches that whoever acts may know of, by the fact's id.

    Parameters
    ----------
    connection : in a transaction
    batch_id, collection : only those; none for any
    """
    rows = connection.execute(load("fact_ends"), {"batch_id": batch_id, "collection": collection})
    return {row[0]: FactEnd._make(row[1:]) for row in rows}


def find_tables(connection: Connection) -> dict[Collection, str]:
    """The table of each collection but sites, whose changes are not corrections."""
    rows = connection.execute("SELECT c.name, c.table_name FROM register.collection c ORDER BY c.position")
    return {name: table for name, table in rows if name != "sites"}


def content_of(collection: Collection, row: JSONObject) -> JSONObject:
    """What of a stored row was entered, as the class of its content has it."""
    fields = CONTENT_OF[collection].model_fields
    return {name: row[name] for name in fields if row.get(name) is not None}


def _stored(connection: Connection, collection: Collection, statement: sql.Composed) -> Iterator[StoredFact]:
    for fact_id, row_id, corrects_row, external_id, row in connection.execute(statement):
        yield StoredFact(fact_id, row_id, corrects_row, external_id, content_of(collection, row))


def _with_unseen(
    connection: Connection, collection: Collection, seen: list[StoredFact]
) -> Iterator[StoredFact]:
    """Facts with what a scoped account entered of them itself and may not read any more, such as a place.

    What others made of it is no more to that account than that it is there.
    """
    rows = connection.execute(load("fact_own"), {"collection": collection})
    own: dict[int, JSONObject] = dict(rows)
    for fact in seen:
        yield fact._replace(content={**own.pop(fact.fact_id, {}), **fact.content})
    corrected = {content.get("corrects_id") for content in own.values()}
    ends = find_ends(connection, collection=collection) if own else {}
    for fact_id, content in own.items():
        told = {**own.get(content.get("repeats_id", 0), content), "retracted": content.get("retracted")}
        corrects = content.get("corrects_id")
        yield StoredFact(fact_id, fact_id, corrects, content.get("external_id"), told)
        if fact_id not in corrected and ends[fact_id].end_id != fact_id:
            end = ends[fact_id]  # a correction of others is another record; to take back is not
            key = None if end.is_withdrawn else ""
            yield StoredFact(end.end_id, -fact_id, fact_id, key, {**told, "retracted": end.is_withdrawn})


def _table(connection: Connection, collection: Collection) -> sql.Identifier:
    return sql.Identifier(find_tables(connection)[collection])


def _key(collection: Collection) -> sql.Identifier:
    return sql.Identifier("uid" if collection in HAS_NUMBERED_LOG else "id")
