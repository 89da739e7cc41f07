"""How an approved batch is taken back: by records that retract what it wrote and restore what it replaced."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from gis.domain.batches import Draft, JSONObject
from gis.domain.corrections import withdraws
from gis.domain.lifecycle import RETRACTION
from gis.errors import ConflictError

#: What a record says that its author may not see any more: which place or time it is about.
_SHOWN_OF_UNSEEN = ("centre_id", "counted_on", "source")


class FactEnd(NamedTuple):
    """What has become of a fact.

    Parameters
    ----------
    end_id : the fact at the end of the chain of its corrections; itself where there is none
    stands : the end says what the fact said; of a retraction, that nothing is said
    is_withdrawn : the end takes back and says nothing
    ended_by : the batch that wrote the end, if one did
    corrects_withdrawal : what the fact corrects is a retraction
    """

    end_id: int
    stands: bool
    is_withdrawn: bool
    ended_by: int | None
    corrects_withdrawal: bool


def undo_drafts(
    applied: Iterable[Draft],
    corrected: Mapping[int, JSONObject],
    ends: Mapping[int, FactEnd],
    approved_at: datetime | None,
    new_fact_id: Callable[[], int],
) -> Iterator[Draft]:
    """The drafts that undo those of a batch, row by row.

    A new site goes with its events: without one it exists on no day. A fact that others corrected, and whose
    corrections were undone, is taken back at the end of that chain. What is restored is named by its id, and
    copied when the draft is applied, since its author may not see all of it. A site that was changed after
    the batch is not changed back: its draft bears the moment of the approval, and applying it fails.

    Parameters
    ----------
    applied : the new and changed drafts of the batch, by row and part
    corrected : what its author sees of every fact that one of them corrects, by its id
    ends : what has become of the facts, by their ids
    approved_at : when the batch was approved
    new_fact_id : gives a new id

    Raises
    ------
    ConflictError : a fact was changed since; the message names the batch that has to be undone first
    """
    drafts = list(applied)
    own = {draft.fact_id: draft for draft in drafts if draft.collection != "sites"}
    continued = {_corrects(draft) for draft in own.values()}
    for draft in drafts:
        if draft.content is None:
            continue
        if draft.collection == "sites":
            if draft.before is not None:
                yield _restored_site(draft, draft.content, draft.before)._replace(based_on=approved_at)
        elif draft.fact_id not in continued:
            first = draft
            while (before := own.get(_corrects(first) or 0)) is not None:
                first = before
            _refuse_changed(draft, ends[draft.fact_id])
            if (content := _undone(draft, first, corrected, ends)) is not None:
                yield draft._replace(content=content, raw=None, outcome="new", fact_id=new_fact_id())


def _refuse_changed(draft: Draft, end: FactEnd) -> None:
    if end.stands:
        return
    row = draft.row_number
    if end.ended_by is None:
        raise ConflictError(f"row {row}: it was changed since, by what no batch wrote; correct that entry")
    if end.is_withdrawn:
        raise ConflictError(f"row {row}: it was taken back since; undo batch {end.ended_by} first")
    raise ConflictError(f"row {row}: it was corrected since; undo batch {end.ended_by} first")


def _restored_site(draft: Draft, content: JSONObject, before: JSONObject) -> Draft:
    kept = {name: value for name, value in before.items() if name != "region_codes"}
    return draft._replace(content={**content, **kept}, raw=None, before=None)


def _undone(
    last: Draft, first: Draft, corrected: Mapping[int, JSONObject], ends: Mapping[int, FactEnd]
) -> JSONObject | None:
    """What has to follow what a batch wrote of one chain, so that it says what it said before; none: nothing.

    `repeats_id` names the fact whose content it is; what else stands there is for those who look at it.
    """
    content = last.content or {}
    end_id, earlier = ends[last.fact_id].end_id, _corrects(first)
    follows = {"corrects_id": end_id, "external_id": None}
    if earlier is not None and not ends[first.fact_id].corrects_withdrawal:
        unseen = {name: content[name] for name in _SHOWN_OF_UNSEEN if name in content}
        return {**corrected.get(earlier, unseen), **follows, "repeats_id": earlier}
    if withdraws(content):
        return None
    taken_back = {"kind": RETRACTION} if last.collection == "events" else {"retracted": True}
    return {**content, **follows, **taken_back, "repeats_id": end_id}


def _corrects(draft: Draft) -> int | None:
    return (draft.content or {}).get("corrects_id")
