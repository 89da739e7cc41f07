"""What accounts enter: a batch of drafts, handed in, sent back, approved or undone; one transaction each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from gis.database import batches, facts, matching
from gis.database.connection import Connection, Database
from gis.domain.access import Role
from gis.domain.batches import (
    Batch,
    BatchOrigin,
    BatchState,
    Collection,
    Draft,
    JSONObject,
    Outcome,
    new_fact_id,
)
from gis.domain.records.fields import Record
from gis.domain.undoing import undo_drafts
from gis.errors import ConflictError

PAGE_ROWS = 100


class Entry(NamedTuple):
    """One record of a form.

    Parameters
    ----------
    collection : what it shall become
    content : the record, checked by its class
    fact_id : the id of what it changes, or a new one of `new_fact_id`
    changes : whether it changes a site that is there
    """

    collection: Collection
    content: Record
    fact_id: int
    changes: bool = False


@dataclass(frozen=True)
class BatchView:
    """A batch with the drafts of a page of its rows, its rows by what they came to, and names of regions."""

    batch: Batch
    drafts: list[Draft]
    counts: dict[Outcome, int]
    region_names: dict[str, str]


def enter(
    database: Database,
    entries: Sequence[Entry],
    *,
    based_on: datetime | None = None,
    hand_in: bool = True,
    idempotency_key: str | None = None,
) -> int:
    """Enter the records of a form as one batch.

    Parameters
    ----------
    database : acting as an account, and writing
    entries : its records, a site before its events
    based_on : of a change, `updated_at` of the site as the author saw it
    hand_in : hand it in at once; False keeps it as a draft
    idempotency_key : the same key again gives the batch from then, and enters nothing

    Returns
    -------
    the batch's id

    Raises
    ------
    ForbiddenError : nobody acts
    InvalidInputError, ConflictError : it could not be applied as it is; nothing is kept
    """
    with database.transaction() as connection:
        origin = BatchOrigin(idempotency_key=idempotency_key)
        batch_id = batches.open_batch(connection, entries[0].collection, origin)
        if batches.get_batch(connection, batch_id).state is not BatchState.draft or batches.count_rows(
            connection, [batch_id]
        ).get(batch_id):
            return batch_id
        batches.add_drafts(
            connection,
            batch_id,
            [
                Draft(
                    row_number=1,
                    part=part,
                    collection=entry.collection,
                    content=entry.content.model_dump(mode="json"),
                    raw=None,
                    problems=None,
                    outcome="changed" if entry.changes else "new",
                    fact_id=entry.fact_id,
                    based_on=based_on if entry.changes else None,
                )
                for part, entry in enumerate(entries, start=1)
            ],
        )
        if hand_in:
            check_scope(connection, batch_id)
            batches.submit(connection, batch_id)
    return batch_id


def check_scope(connection: Connection, batch_id: int) -> None:
    """Refuse early what an approval would refuse: a draft outside of its author's scope, or against a rule.

    Raises
    ------
    InvalidInputError : the first row that lies outside
    ConflictError : it contradicts what is stored
    """
    for placed in batches.preview(connection, batch_id):
        if not placed.within_scope:
            raise outside_scope(placed.row_number, placed.region_codes)


def outside_scope(row_number: int, region_codes: Sequence[str]) -> ConflictError:
    """The refusal of a row whose regions are not the author's."""
    found = ", ".join(region_codes) or "no region"
    return ConflictError(f"row {row_number}: lies in {found}, outside of the region of this account")


def find(
    database: Database, states: Sequence[BatchState] | None, *, own: bool = False, offset: int = 0
) -> list[Batch]:
    """Batches that an account may know of, newest first, `PAGE_ROWS` at most.

    Parameters
    ----------
    database : acting as an account
    states : only those; none for any
    own : only those that it entered
    offset : how many to leave out
    """
    with database.transaction() as connection:
        return batches.find_batches(connection, states=states, own=own, limit=PAGE_ROWS, offset=offset)


def region_names(database: Database) -> dict[str, str]:
    """The names of the regions of today by code, among them those that batches were entered for."""
    with database.transaction() as connection:
        return _names(connection)


def _names(connection: Connection) -> dict[str, str]:
    return {code: name for code, _, name, _ in matching.list_regions_of_today(connection)}


def count_waiting(database: Database) -> int:
    """How many batches wait for whoever acts: of others where he approves, and his own that were sent back.

    Parameters
    ----------
    database : acting as an account

    Returns
    -------
    their number, `PAGE_ROWS` where there are more
    """
    identity = database.identity
    approves = identity is not None and identity.role is Role.approver
    with database.transaction() as connection:
        return batches.count_waiting(connection, approves=approves, most=PAGE_ROWS)


def get(
    database: Database,
    batch_id: int,
    *,
    outcomes: Sequence[Outcome] | None = None,
    limit: int = PAGE_ROWS,
    offset: int = 0,
) -> BatchView:
    """One batch with the drafts of a page of its rows; what a row holds stands together.

    Parameters
    ----------
    database : acting as an account
    batch_id : the batch
    outcomes : only rows that came to this; none for any
    limit, offset : how many rows, and how many to leave out

    Raises
    ------
    NotFoundError : it is not there, or not for this account
    """
    with database.transaction() as connection:
        batch = batches.get_batch(connection, batch_id)
        drafts = batches.find_rows(connection, batch_id, outcomes=outcomes, limit=limit, offset=offset)
        names = _names(connection)
        counts = batches.count_rows(connection, [batch_id])[batch_id]
        return BatchView(batch, drafts, counts, names)


def submit(database: Database, batch_id: int) -> None:
    """Hand in one's own batch.

    Raises
    ------
    NotFoundError, ForbiddenError, ConflictError : no such batch, not his, not in a state for this, outside
    InvalidInputError : a row cannot be applied
    """
    with database.transaction() as connection:
        batches.take_time(connection)
        check_scope(connection, batch_id)
        batches.submit(connection, batch_id)


def withdraw(database: Database, batch_id: int) -> None:
    """Take back one's own batch; what was sent stays on record.

    Raises
    ------
    NotFoundError, ForbiddenError, ConflictError : no such batch, not his, approved already
    """
    with database.transaction() as connection:
        batches.withdraw(connection, batch_id)


def give_back(database: Database, batch_id: int, reason: str) -> None:
    """Send a batch back to its author, saying why.

    Raises
    ------
    NotFoundError, ForbiddenError, ConflictError : no such batch, no approver or its author, not submitted
    InvalidInputError : there is no reason
    """
    with database.transaction() as connection:
        batches.give_back(connection, batch_id, reason)


def approve(database: Database, batch_id: int) -> JSONObject:
    """Make facts of a batch, all or none; returns the receipt, the same one each time.

    Raises
    ------
    NotFoundError, ForbiddenError : no such batch, no approver or its author
    ConflictError, InvalidInputError : it is not submitted, or contradicts what is stored
    """
    with database.transaction() as connection:
        batches.take_time(connection)
        return batches.approve(connection, batch_id)


def undo(database: Database, batch_id: int, *, as_operator: bool = False) -> int:
    """Enter the batch that takes back an approved one: records that retract and restore; nothing is deleted.

    Parameters
    ----------
    database : acting as an account that may see the batch, or the owner's
    batch_id : what shall be undone
    as_operator : apply it at once; for the owner's connection alone

    Returns
    -------
    the id of the new batch, which is handed in

    Raises
    ------
    NotFoundError : no such batch
    ConflictError : it is not approved, is undone already, or what it wrote has been changed since
    """
    with database.transaction() as connection:
        batches.take_time(connection)
        batch = batches.get_batch(connection, batch_id)
        if batch.state is not BatchState.approved:
            raise ConflictError(f"the batch is {batch.state}, this needs approved")
        origin = BatchOrigin(sender=batch.sender, undoes_id=batch.id)
        undoing_id = batches.open_batch(connection, batch.collection, origin)
        applied = batches.find_drafts(connection, batch_id, outcomes=("new", "changed"))
        corrected = facts.find_corrected(connection, batch_id)
        ends = facts.find_ends(connection, batch_id=batch_id)
        rows = undo_drafts(applied, corrected, ends, batch.decided_at, new_fact_id)
        batches.add_drafts(connection, undoing_id, rows)
        if as_operator:
            batches.apply_as_operator(connection, undoing_id)
        else:
            batches.submit(connection, undoing_id)
    return undoing_id
