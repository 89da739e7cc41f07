"""The audit trail: the database writes it at each change; read here, and added to for what changes no row."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple

from psycopg.types.json import Jsonb

from gis.database.connection import Connection
from gis.database.statements import load
from gis.domain.batches import JSONObject

Action = Literal["insert", "update", "delete", "export", "list", "sign_in", "sign_in_refused", "sign_out"]


class AuditRow(NamedTuple):
    """One row of the trail; `before` and `after` hold what was entered, without what follows from it."""

    uid: int
    occurred_at: datetime
    account_name: str
    author_name: str | None
    batch_id: int | None
    action: Action
    table_name: str | None
    row_key: str | None
    region_codes: list[str]
    before: JSONObject | None
    after: JSONObject | None
    detail: JSONObject | None


@dataclass(frozen=True)
class AuditQuery:
    """Which rows of the trail.

    Parameters
    ----------
    account : who acted, or entered what was approved
    action : such as update or export
    table, key : of the row; the key of a site also finds what belongs to it
    region : Kemendagri's code of today
    batch_id : what one batch wrote
    since, until : days in Jakarta, both included
    """

    account: str | None = None
    action: Action | None = None
    table: str | None = None
    key: str | None = None
    region: str | None = None
    batch_id: int | None = None
    since: date | None = None
    until: date | None = None


def find_audit(connection: Connection, query: AuditQuery, limit: int, offset: int = 0) -> list[AuditRow]:
    """Rows of the trail that whoever acts may see, newest first.

    Parameters
    ----------
    connection : in a transaction
    query : which rows
    limit, offset : how many, and how many to leave out
    """
    values = {**vars(query), "row_limit": limit, "row_offset": offset}
    return [AuditRow._make(row) for row in connection.execute(load("audit_find"), values)]


def record_action(connection: Connection, action: Action, detail: JSONObject) -> int | None:
    """Record what an account did that changes no row, such as a restricted export.

    Parameters
    ----------
    connection : in a transaction that may write
    action : export, list, sign_in or sign_out
    detail : what was asked for, and how much of it there was

    Returns
    -------
    the record's number; none when no account acts
    """
    row = connection.execute(load("audit_record"), {"action": action, "detail": Jsonb(detail)}).fetchone()
    return row[0] if row else None
