"""Batches of drafts: what accounts enter, hand in, send back and approve."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from psycopg.types.json import Jsonb

from gis.database.connection import Connection
from gis.database.statements import load
from gis.domain.batches import Batch, BatchOrigin, BatchState, Collection, Draft, JSONObject, Outcome, Placed
from gis.errors import NotFoundError


def take_time(connection: Connection) -> None:
    """Let statements of this transaction take the time that a large batch needs."""
    connection.execute(load("batch_take_time"))


def open_batch(connection: Connection, collection: Collection, origin: BatchOrigin) -> int:
    """Open a batch of whoever acts; with an idempotency key that he used before, it is the one from then.

    Parameters
    ----------
    connection : in a transaction that may write
    collection : of most of its rows
    origin : where it comes from

    Returns
    -------
    its id
    """
    values = {
        "collection": collection,
        "sender": origin.sender,
        "file_name": origin.file_name,
        "file_sha256": origin.file_sha256,
        "idempotency_key": origin.idempotency_key,
        "detail": Jsonb(origin.detail),
        "undoes_id": origin.undoes_id,
    }
    return int(_one(connection, "batch_open", values))


def find_batches(
    connection: Connection,
    *,
    batch_id: int | None = None,
    states: Sequence[BatchState] | None = None,
    undoes_id: int | None = None,
    idempotency_key: str | None = None,
    own: bool = False,
    limit: int = 100,
    offset: int = 0,
) -> list[Batch]:
    """Batches that whoever acts may know of, newest first.

    Parameters
    ----------
    connection : in a transaction
    batch_id, states, undoes_id, idempotency_key : only those; none for any
    own : only those that he entered
    limit, offset : which of them
    """
    values = {
        "id": batch_id,
        "states": None if states is None else [str(state) for state in states],
        "undoes_id": undoes_id,
        "idempotency_key": idempotency_key,
        "own": own,
        "row_limit": limit,
        "row_offset": offset,
    }
    rows = connection.execute(load("batch_find"), values)
    return [Batch._make(row)._replace(state=BatchState(row[2])) for row in rows]


def count_waiting(connection: Connection, *, approves: bool, most: int) -> int:
    """How many batches wait for whoever acts.

    Parameters
    ----------
    connection : in a transaction
    approves : whether he decides over those that others handed in
    most : where to stop counting
    """
    return int(_one(connection, "batch_waiting", {"approves": approves, "most": most}))


def get_batch(connection: Connection, batch_id: int) -> Batch:
    """One batch.

    Raises
    ------
    NotFoundError : it is not there, or whoever acts may not know of it
    """
    found = find_batches(connection, batch_id=batch_id)
    if not found:
        raise NotFoundError(f"batch {batch_id}: there is none, or not for this account")
    return found[0]


def count_rows(connection: Connection, batch_ids: Sequence[int]) -> dict[int, dict[Outcome, int]]:
    """How many rows of each batch came to what."""
    counts: dict[int, dict[Outcome, int]] = {batch_id: {} for batch_id in batch_ids}
    for batch_id, outcome, n in connection.execute(load("batch_counts"), {"ids": list(batch_ids)}):
        counts[batch_id][outcome] = n
    return counts


def find_drafts(
    connection: Connection,
    batch_id: int,
    *,
    outcomes: Sequence[Outcome] | None = None,
    collection: Collection | None = None,
    row_numbers: Sequence[int] | None = None,
    remarked: bool = False,
) -> Iterator[Draft]:
    """Drafts of a batch, by row and part.

    Parameters
    ----------
    connection : in a transaction
    batch_id : the batch
    outcomes, collection, row_numbers : only those; none for any
    remarked : only what its author should look at
    """
    values = {
        "batch_id": batch_id,
        "outcomes": None if outcomes is None else list(outcomes),
        "collection": collection,
        "row_numbers": None if row_numbers is None else list(row_numbers),
        "remarked": remarked,
    }
    # Asked at once and not at the first row: the connection may be copying by then.
    rows = connection.execute(load("draft_find"), values)
    return (Draft(*row) for row in rows)


def find_rows(
    connection: Connection,
    batch_id: int,
    *,
    outcomes: Sequence[Outcome] | None = None,
    limit: int,
    offset: int = 0,
) -> list[Draft]:
    """The drafts of a page of a batch's rows; what a row holds is never parted.

    Parameters
    ----------
    connection : in a transaction
    batch_id : the batch
    outcomes : only rows that came to this, as `count_rows` counts them; none for any
    limit, offset : how many rows, and how many to leave out
    """
    values = {
        "batch_id": batch_id,
        "outcomes": None if outcomes is None else list(outcomes),
        "row_limit": limit,
        "row_offset": offset,
    }
    return [Draft(*row) for row in connection.execute(load("draft_page"), values)]


def add_drafts(connection: Connection, batch_id: int, drafts: Iterable[Draft]) -> int:
    """Put drafts into one's own open batch; returns how many.

    Raises
    ------
    ForbiddenError : the batch is not his, or is not open
    ConflictError : a row and part is there already
    """
    connection.execute(load("draft_stage"))
    with connection.cursor() as cursor, cursor.copy(load("draft_copy")) as copy:
        for draft in drafts:
            *head, content, raw, problems, outcome, fact_id, based_on, _, remarks, _ = draft
            as_json = (_json(content), _json(raw), _json(problems))
            copy.write_row((*head, *as_json, outcome, fact_id, based_on, _json(remarks)))
    added = connection.execute(load("draft_insert"), {"batch_id": batch_id}).rowcount
    connection.execute(load("draft_drop_stage"))
    return added


def delete_drafts(connection: Connection, batch_id: int, row_numbers: Sequence[int] | None = None) -> int:
    """Take rows, or all, out of one's own open batch; returns how many drafts went."""
    values = {"batch_id": batch_id, "row_numbers": None if row_numbers is None else list(row_numbers)}
    return connection.execute(load("draft_delete"), values).rowcount


def preview(connection: Connection, batch_id: int) -> list[Placed]:
    """Where each draft would belong: the batch is applied, looked at and rolled back.

    Raises
    ------
    NotFoundError : no such batch
    InvalidInputError, ConflictError : it cannot be applied; the message names the row or the rule
    """
    return [Placed(*row) for row in connection.execute(load("batch_preview"), {"id": batch_id})]


def place(connection: Connection, batch_id: int) -> list[int]:
    """Note where the drafts of one's own open batch would belong; rows outside of his scope are refused.

    A site that lies in another region than the one declared gets the remark `other_region`.

    Returns
    -------
    the numbers of the rows that are refused

    Raises
    ------
    InvalidInputError, ConflictError : the batch could not be applied; the message names the row or the rule
    """
    refused = [number for (number,) in connection.execute(load("draft_place"), {"batch_id": batch_id})]
    remark_regions(connection, batch_id)
    return refused


def remark_regions(connection: Connection, batch_id: int) -> None:
    """Remark on sites of a batch that lie in another region than the one declared."""
    connection.execute(load("draft_remark_regions"), {"batch_id": batch_id})


def submit(connection: Connection, batch_id: int) -> None:
    """The author hands a batch in.

    Raises
    ------
    NotFoundError, ForbiddenError, ConflictError : no such batch, not his, not in a state for this
    """
    connection.execute(load("batch_submit"), {"id": batch_id})


def withdraw(connection: Connection, batch_id: int) -> None:
    """The author takes a batch back.

    Raises
    ------
    NotFoundError, ForbiddenError, ConflictError : no such batch, not his, approved already
    """
    connection.execute(load("batch_withdraw"), {"id": batch_id})


def give_back(connection: Connection, batch_id: int, reason: str) -> None:
    """An approver sends a batch back to its author.

    Raises
    ------
    NotFoundError, ForbiddenError, ConflictError : no such batch, no approver or its author, not submitted
    InvalidInputError : there is no reason
    """
    connection.execute(load("batch_return"), {"id": batch_id, "reason": reason})


def approve(connection: Connection, batch_id: int) -> JSONObject:
    """An approver makes facts of a batch; returns the receipt, the same one when it was approved before.

    Raises
    ------
    NotFoundError, ForbiddenError : no such batch, no approver or its author
    ConflictError, InvalidInputError : it is not submitted, or contradicts what is stored; nothing is applied
    """
    receipt: JSONObject = _one(connection, "batch_approve", {"id": batch_id})
    return receipt


def apply_as_operator(connection: Connection, batch_id: int) -> JSONObject:
    """The operator makes facts of his own batch; for the owner's connection alone.

    Raises
    ------
    ForbiddenError : an account acts
    ConflictError, InvalidInputError : it contradicts what is stored; nothing is applied
    """
    receipt: JSONObject = _one(connection, "batch_apply", {"id": batch_id})
    return receipt


def _one(connection: Connection, statement: str, values: dict[str, Any]) -> Any:
    row = connection.execute(load(statement), values).fetchone()
    return row[0] if row else None


def _json(value: object) -> Jsonb | None:
    return None if value is None else Jsonb(value)
