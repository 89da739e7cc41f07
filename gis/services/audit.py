"""Who did what: the trail as an account may see it, and the record of restricted files."""

from gis.database import audit
from gis.database.audit import AuditQuery, AuditRow
from gis.database.connection import Connection, Database
from gis.domain.batches import JSONObject
from gis.services.tallies import Tally

PAGE_ROWS = 100
MAX_EXPORT_ROWS = 100_000
#: A longer page of items, or any page but the first, is reading in bulk, and recorded (domain.md, rule 7).
BULK = 1_000
#: Single sites that accounts were sent by tiles and the map; what is asked for again counts again.
_sent = Tally(BULK)


def find_audit(
    database: Database, query: AuditQuery, *, limit: int = PAGE_ROWS, offset: int = 0
) -> list[AuditRow]:
    """Rows of the trail, newest first.

    Parameters
    ----------
    database : acting as an account, which sees its own acts and those on rows of its region, or all
    query : which rows
    limit, offset : how many, and how many to leave out
    """
    with database.transaction() as connection:
        return audit.find_audit(connection, query, min(limit, MAX_EXPORT_ROWS), offset)


def export_audit(
    database: Database, query: AuditQuery, *, offset: int = 0
) -> tuple[list[AuditRow], int | None]:
    """The trail as a file, `MAX_EXPORT_ROWS` at most, and the number of the record that the file was taken.

    Parameters
    ----------
    database, query, offset : as of `find_audit`
    """
    with recording(database).transaction() as connection:
        rows = audit.find_audit(connection, query, MAX_EXPORT_ROWS, offset)
        asked = {name: str(value) for name, value in vars(query).items() if value is not None}
        return rows, record_export(connection, {"collection": "audit", "filter": asked, "rows": len(rows)})


def recording(database: Database) -> Database:
    """The database for a reading that leaves a record in its own transaction.

    Parameters
    ----------
    database : acting as an account, or the owner's
    """
    identity = database.identity
    return database if identity is None else database.acting_as(identity, read_only=False)


def record_export(connection: Connection, detail: JSONObject) -> int | None:
    """Record a restricted file, before it leaves (domain.md, "Who sees what", 7).

    Parameters
    ----------
    connection : in a transaction of `recording`
    detail : collection, filter, rows

    Returns
    -------
    the record's number, which the file carries; none for the owner
    """
    return audit.record_action(connection, "export", detail)


def record_bulk_reading(connection: Connection, detail: JSONObject) -> None:
    """Record that items were read in bulk.

    Parameters
    ----------
    connection : in a transaction of `recording`
    detail : what was asked for, and how many rows came
    """
    audit.record_action(connection, "list", detail)


def count_sent(database: Database, rows: int, detail: JSONObject) -> None:
    """Count what an account is sent in small pieces, before it is; each `BULK` of them leave a record.

    Parameters
    ----------
    database : as whoever reads; what visitors read is not counted
    rows : how many there are in this piece
    detail : what was asked for, which the record tells of the last piece
    """
    identity = database.identity
    if identity is None or not rows:
        return

    def record(since_last: int) -> None:
        with recording(database).transaction() as connection:
            record_bulk_reading(connection, {**detail, "rows": since_last})

    _sent.add((database.conninfo, identity.account_id), rows, record)
