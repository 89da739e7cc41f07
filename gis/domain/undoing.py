"""How an approved batch is taken back: by records that retract what it wrote and restore what it replaced."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from gis.domain.batches import Draft, JSONObject
from gis.domain.lifecycle import RETRACTION


def undo_drafts(
    applied: Iterable[Draft],
    corrected: Mapping[int, JSONObject],
    approved_at: datetime | None,
    new_fact_id: Callable[[], int],
) -> Iterator[Draft]:
    """The drafts that undo those of a batch, row by row.

    A new site goes with its events: without one it exists on no day. A retraction cannot be retracted, so
    what it took away is entered anew. A site that was changed after the batch is not changed back: its draft
    bears the moment of the approval, and applying it fails.

    Parameters
    ----------
    applied : the new and changed drafts of the batch, by row and part
    corrected : the content of every fact that one of them corrects, by its id
    approved_at : when the batch was approved
    new_fact_id : gives a new id
    """
    drafts = list(applied)
    own = {draft.fact_id for draft in drafts}
    for draft in drafts:
        if draft.content is None:
            continue
        if draft.collection == "sites":
            if draft.before is not None:
                yield _restored_site(draft, draft.content, draft.before)._replace(based_on=approved_at)
            continue
        content = _undone(draft, draft.content, own, corrected)
        yield draft._replace(content=content, raw=None, outcome="new", fact_id=new_fact_id())


def _restored_site(draft: Draft, content: JSONObject, before: JSONObject) -> Draft:
    kept = {name: value for name, value in before.items() if name != "region_codes"}
    return draft._replace(content={**content, **kept}, raw=None, before=None)


def _undone(
    draft: Draft, content: JSONObject, own: set[int], corrected: Mapping[int, JSONObject]
) -> JSONObject:
    earlier = content.get("corrects_id")
    withdrew = content.get("retracted") or content.get("kind") == RETRACTION
    if earlier is None or earlier in own:
        if draft.collection == "events":
            return {**content, "kind": RETRACTION, "corrects_id": draft.fact_id, "external_id": None}
        return {**content, "corrects_id": draft.fact_id, "retracted": True, "external_id": None}
    return {**corrected[earlier], "corrects_id": None if withdrew else draft.fact_id, "external_id": None}
