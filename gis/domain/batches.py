"""What is entered and not yet a fact: batches of drafts, from a form or a file."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, NamedTuple

from gis.domain.records.fields import LARGEST_ID, SMALLEST_ID

Collection = Literal[
    "sites", "boundaries", "events", "headcounts", "claims", "plans", "centres", "occupancies", "aid"
]
Outcome = Literal["new", "changed", "same", "refused"]
JSONObject = dict[str, Any]


class BatchState(StrEnum):
    """The way of a batch: draft → submitted → returned or approved; its author may withdraw it before."""

    draft = "draft"
    submitted = "submitted"
    returned = "returned"
    approved = "approved"
    withdrawn = "withdrawn"


class Batch(NamedTuple):
    """A batch as it is stored; ids are random and stable."""

    id: int
    collection: Collection
    state: BatchState
    author_id: int | None
    author_name: str
    author_scope: str | None
    sender: str | None
    file_name: str | None
    file_sha256: str | None
    idempotency_key: str | None
    detail: JSONObject
    undoes_id: int | None
    undone_by_id: int | None
    created_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None
    decided_by: str | None
    reason: str | None
    receipt: JSONObject | None


class Draft(NamedTuple):
    """One record of a batch.

    Parameters
    ----------
    row_number : as a person counts the rows of the file; 1 for a form
    part : a row may hold a site and its events
    collection : what it shall become
    content : as its class in `gis.domain.records` has it; none where the row could not be read
    raw : the row as it was sent
    problems : why it is refused, a list of field, found, allowed, code
    outcome : new, changed, same or refused
    fact_id : the id that the fact bears, or shall bear
    based_on : of a change, `updated_at` of the site that the author saw
    before : of an approved change, what had been there
    remarks : what its author should look at: a list of code, field, found, allowed
    region_codes : the regions of today of its fact, as the preview found them
    """

    row_number: int
    part: int
    collection: Collection
    content: JSONObject | None
    raw: JSONObject | None
    problems: list[JSONObject] | None
    outcome: Outcome
    fact_id: int
    based_on: datetime | None = None
    before: JSONObject | None = None
    remarks: list[JSONObject] | None = None
    region_codes: list[str] | None = None


class Placed(NamedTuple):
    """Where a draft would belong if it were applied: the regions of today of its fact, found by the join."""

    draft_id: int
    row_number: int
    part: int
    collection: Collection
    region_codes: list[str]
    province_code: str | None
    regency_code: str | None
    within_scope: bool


@dataclass(frozen=True)
class BatchOrigin:
    """Where a batch comes from; all of it may be unknown, as it is for a form."""

    sender: str | None = None
    file_name: str | None = None
    file_sha256: str | None = None
    idempotency_key: str | None = None
    detail: JSONObject = field(default_factory=dict)
    undoes_id: int | None = None


def new_fact_id() -> int:
    """A random id of the kind that the register gives: 16 digits, exact in JavaScript."""
    return SMALLEST_ID + secrets.randbelow(LARGEST_ID - SMALLEST_ID)
