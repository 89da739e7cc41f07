"""What was entered with a form: shown, opened again, handed in or taken back."""

from datetime import UTC

from gis.database import matching
from gis.database.connection import Database
from gis.domain.batches import Batch, BatchState, Draft
from gis.domain.forms.prefilling import Fields, boundary_fields, event_fields, headcount_fields, site_fields
from gis.domain.lifecycle import RETRACTION
from gis.domain.region_names import RegionNames
from gis.errors import NotFoundError
from gis.services import entries
from gis.services.catalogue import View

_OPEN = (BatchState.draft, BatchState.returned)
_FORMS = {"events": "event_new", "headcounts": "headcount_new", "boundaries": "boundary_new"}


def describe(database: Database, batch_id: int) -> View:
    """Where an entry leads: the form on which its author may go on writing, and the site that it is about.

    Parameters
    ----------
    database : acting as an account
    batch_id : the batch

    Raises
    ------
    NotFoundError : there is no such batch, or not for this account
    """
    found = entries.get(database, batch_id)
    batch, drafts = found.batch, found.drafts
    is_own = database.identity is not None and batch.author_id == database.identity.account_id
    return {
        "opens": _opens(drafts) if is_own and batch.state in _OPEN else None,
        "site_id": _site_of(batch, drafts),
    }


def reopen(database: Database, batch_id: int) -> Fields:
    """The fields of the form that gave an entry, of one's own that is not handed in.

    Raises
    ------
    NotFoundError : there is no such entry that this account may still change
    """
    found = entries.get(database, batch_id)
    is_own = database.identity is not None and found.batch.author_id == database.identity.account_id
    if not is_own or found.batch.state not in _OPEN or _opens(found.drafts) is None:
        raise NotFoundError(f"entry {batch_id}: there is none that this account may change")
    first, *rest = found.drafts
    content = first.content or {}
    fields: Fields = {"batch": str(batch_id)}
    if first.collection == "events":
        return {**fields, **event_fields(content)}
    if first.collection == "headcounts":
        return {**fields, **headcount_fields(content)}
    if first.collection == "boundaries":
        return {**fields, **boundary_fields(content)}
    with database.transaction() as connection:
        names = RegionNames(matching.list_regions_of_today(connection))
    fields |= site_fields(content, [names.name(code) for code in content["declared_region_codes"]])
    if first.based_on is not None:
        fields["based_on"] = first.based_on.astimezone(UTC).isoformat(timespec="microseconds")
    for draft in rest:
        fields["recorded_on"] = event_fields(draft.content or {})["occurred_on"]
    return fields


def _opens(drafts: list[Draft]) -> View | None:
    """Which form gave the drafts: its name, the site, and what an entry corrects; none for a file's."""
    if not drafts or any(draft.row_number != 1 or draft.raw is not None for draft in drafts):
        return None
    first = drafts[0]
    content = first.content or {}
    site_id = content.get("site_id")
    if first.collection == "sites":
        opened = "site_edit" if site_id else "site_new"
        return {"form": opened, "site_id": site_id, "replaces": None, "retracts": None}
    form = _FORMS.get(first.collection)
    if form is None:
        return None
    corrected = content.get("corrects_id")
    takes_back = bool(content.get("retracted")) or content.get("kind") == RETRACTION
    return {
        "form": form,
        "site_id": site_id,
        "replaces": None if takes_back else corrected,
        "retracts": corrected if takes_back else None,
    }


def _site_of(batch: Batch, drafts: list[Draft]) -> int | None:
    """The site whose page there is: a new one has none before it is approved."""
    content = (drafts[0].content or {}) if drafts else {}
    if content.get("site_id"):
        return int(content["site_id"])
    is_made = batch.state is BatchState.approved and drafts and drafts[0].collection == "sites"
    return drafts[0].fact_id if is_made else None
