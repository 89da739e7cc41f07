"""Which facts of an import are stored: by their senders' keys, or by what they say."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import shapely

from gis.database import facts, matching
from gis.database.connection import Connection
from gis.domain.batches import Collection, Draft, JSONObject
from gis.domain.corrections import Content, KnownRecord, trace, withdraws
from gis.services.imports.columns_words import LINK_FIELDS
from gis.services.imports.refusals import Problem
from gis.services.imports.values import shown

#: By draft (its fact's id) and field, the sender's key of the record that the field names.
Links = Mapping[int, Mapping[str, str]]
#: Finds a content by what it says: its outcome, and of a change the fact that it corrects.
Finder = Callable[[JSONObject], tuple[str, int | None]]

#: What says where a record is from, or stands for another record, and does not make it another one.
_BESIDE = {"external_id", "corrects_id", "retracted", "repeats_id"}
#: Fields that are told together: with one of them the others are told as well.
_TOGETHER = (
    {"wkt", "location_accuracy", "location_source"},
    {"contact_office", "contact_phone"},
)
#: A correction stays in its place.
_PLACE: Mapping[Collection, Sequence[str]] = {
    "events": ("site_id",),
    "headcounts": ("site_id",),
    "boundaries": ("site_id",),
    "claims": ("region_code",),
    "aid": ("site_id", "region_code"),
    "occupancies": ("centre_id",),
}
_KEY_LENGTH = 200


def is_told(value: object) -> bool:
    """Whether a cell said this; a mark that is not set may lack its column."""
    return value is not None and value is not False and value not in ([], ())


class FactComparison:
    """Compares drafts of one collection with what is stored.

    Parameters
    ----------
    connection : in a transaction
    collection : of all drafts
    drafts : all that will be compared
    links : see `Links`
    """

    def __init__(
        self, connection: Connection, collection: Collection, drafts: Sequence[Draft], links: Links
    ) -> None:
        self._collection, self._links = collection, links
        self._scope = facts.find_scope(connection)
        self._entered: dict[str, int] = {}
        contents = [draft.content for draft in drafts if draft.content is not None]
        named_ids = {content[field] for content in contents for field in LINK_FIELDS if content.get(field)}
        if collection in ("events", "headcounts"):
            self._ids = facts.find_ids(connection, collection, sorted(named_ids)) if named_ids else set()
            keys = {key for content in contents if (key := content.get("external_id"))}
            keys |= {key for named in links.values() for key in named.values()}
            names = [name for key in keys for name in self._names(key)]
            self._by_key = trace(facts.find_keyed(connection, collection, names)).by_key
            finder = _event_finder if collection == "events" else _headcount_finder
            self._find = finder(connection, sorted({content["site_id"] for content in contents}))
        else:
            stored = facts.find_facts(connection, collection)
            self._ids = {fact.fact_id for fact in stored}
            known = trace(stored)
            self._by_key = known.by_key
            standing = {_canonical(content) for content in known.standing}
            self._find = lambda content: ("same" if _canonical(content) in standing else "new", None)

    def of(self, draft: Draft) -> Draft:
        """A draft with its outcome, which may be a refusal."""
        content = draft.content or {}
        for field in LINK_FIELDS:
            # What the account may not see is not there for it; the register would tell the two apart.
            if content.get(field) is not None and content[field] not in self._ids:
                return _refused(draft, field, content[field], "unknown_record")
        return self._compared(draft)

    def _compared(self, draft: Draft) -> Draft:
        content: JSONObject = dict(draft.content or {})
        key = content.get("external_id")
        if key is not None:
            record = self._record(key)
            elsewhere = record is not None and self._is_elsewhere(content, record)
            if key in self._entered or (record is not None and elsewhere and not record.is_gone):
                return _refused(draft, "external_id", key, "key_taken")
            self._entered[key] = draft.fact_id
            if record is not None and not elsewhere:
                return self._of_record(draft, content, record)
            if record is not None:
                content["external_id"] = None  # it stays with what was taken back
        for field, named in self._links.get(draft.fact_id, {}).items():
            if (there := self._named(named)) is None:
                return _refused(draft, LINK_FIELDS[field], named, "unknown_key")
            content[field] = there
        outcome, corrected = self._find(content)
        if outcome == "new" or withdraws(content):
            return draft._replace(content=content)
        if corrected is None:
            return draft._replace(content=content, outcome="same")
        return _correcting(draft, content, corrected)

    def _of_record(self, draft: Draft, content: JSONObject, record: KnownRecord) -> Draft:
        """What a draft is to the record whose key it bears; what was taken back goes on with it."""
        merged = _merged(record.content, content)
        says_same = _canonical(merged) == _canonical(record.content)
        if says_same and withdraws(record.content) == withdraws(content):
            return draft._replace(content=content, outcome="same")
        if not record.is_gone:
            return _correcting(draft, merged, record.end_id)
        return _correcting(draft, content, record.end_id)._replace(outcome="new")

    def _is_elsewhere(self, content: Content, record: KnownRecord) -> bool:
        merged = _merged(record.content, content)
        return any(merged.get(name) != record.content.get(name) for name in _PLACE.get(self._collection, ()))

    def _named(self, key: str) -> int | None:
        """The record that a key names: one that is stored, or of a row further up."""
        record = self._record(key)
        if record is None:
            return self._entered.get(key)
        return None if record.is_gone else record.end_id

    def _record(self, key: str) -> KnownRecord | None:
        return next((self._by_key[name] for name in self._names(key) if name in self._by_key), None)

    def _names(self, key: str) -> list[str]:
        """How a key may be stored: that of a scoped account with its region before it (migration 0021)."""
        return [key] if self._scope is None else [f"{self._scope}:{key}"[:_KEY_LENGTH], key]


def _event_finder(connection: Connection, site_ids: Sequence[int]) -> Finder:
    logged = matching.find_logged(connection, site_ids)

    def found(content: JSONObject) -> tuple[str, int | None]:
        entry = (
            content["site_id"],
            content["kind"],
            date.fromisoformat(content["occurred_on"]),
            content.get("date_precision") or "day",
            bool(content.get("planned")),
        )
        return ("same" if entry in logged else "new", None)

    return found


def _headcount_finder(connection: Connection, site_ids: Sequence[int]) -> Finder:
    """By site, part of it, day and definition; another number of another source is another count."""
    stored: dict[tuple[Any, ...], list[matching.StoredHeadcount]] = {}
    primary: dict[int, str | None] = {}
    for count in matching.find_headcounts(connection, site_ids):
        primary[count.site_id] = count.primary_code
        part = count.region_code or count.primary_code
        stored.setdefault((count.site_id, part, count.counted_on, count.definition), []).append(count)

    def found(content: JSONObject) -> tuple[str, int | None]:
        site_id, day = content["site_id"], date.fromisoformat(content["counted_on"])
        part = content.get("region_code") or primary.get(site_id)
        counts = stored.get((site_id, part, day, content["definition"]), [])
        if any(count.n == content["n"] for count in counts):
            return "same", None
        corrected = [count.uid for count in counts if count.source == content["source"]]
        return ("changed", corrected[0]) if corrected else ("new", None)

    return found


def _refused(draft: Draft, field: str, found: object, code: str) -> Draft:
    problem = asdict(Problem(field, shown(found), code))
    return draft._replace(content=None, problems=[problem], remarks=None, outcome="refused")


def _correcting(draft: Draft, content: Content, fact_id: int) -> Draft:
    return draft._replace(content={**content, "corrects_id": fact_id, "external_id": None}, outcome="changed")


def _merged(stored: Content, told: Content) -> JSONObject:
    """What is told, and what is stored where nothing is told."""
    said = {name for name, value in told.items() if is_told(value)}
    said |= {name for group in _TOGETHER if group & said for name in group}
    kept = {name: value for name, value in stored.items() if name not in said and name not in _BESIDE}
    return {**told, **kept}


def _canonical(content: Content) -> str:
    told = {
        name: _plain(name, value) for name, value in content.items() if name not in _BESIDE and is_told(value)
    }
    return json.dumps(told, sort_keys=True, default=str)


def _plain(name: str, value: Any) -> Any:
    """A value as it is compared: the spelling of a geometry and the order of a list do not count."""
    if name == "wkt":
        return shapely.to_wkt(shapely.from_wkt(value), rounding_precision=15)  # as it is stored
    if isinstance(value, list | tuple):
        return sorted(json.dumps(each, sort_keys=True, default=str) for each in value)
    return value
