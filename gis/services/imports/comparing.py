"""What of an import is new, what changes something, and what is stored already just so."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import shapely

from gis.database import facts, matching
from gis.database.connection import Connection
from gis.domain.batches import Collection, Draft, JSONObject

#: What says where a record is from, or stands for another record, and does not make it another one.
_BESIDE = {"external_id", "corrects_id", "retracted"}


def compared(connection: Connection, collection: Collection, drafts: list[Draft]) -> list[Draft]:
    """The drafts of one collection with their outcome; a change of a fact names the one that it corrects.

    Parameters
    ----------
    connection : in a transaction
    collection : of all of them
    drafts : new ones; of sites, those that name a site that is there

    Returns
    -------
    the drafts in their order
    """
    if collection == "sites":
        return _compared_sites(connection, drafts)
    if collection == "events":
        return _compared_events(connection, drafts)
    if collection == "headcounts":
        return _compared_headcounts(connection, drafts)
    return _compared_facts(connection, collection, drafts)


def _compared_sites(connection: Connection, drafts: list[Draft]) -> list[Draft]:
    stored = matching.find_site_contents(connection, [_site_id(draft) for draft in drafts])
    found = []
    for draft in drafts:
        updated_at, before = stored[_site_id(draft)]
        # What the file does not tell stays as it is.
        told = {name: value for name, value in _content(draft).items() if value not in (None, [], ())}
        content = {**told, **{name: before[name] for name in before if name not in told}}
        same = all(_plain(name, content.get(name)) == _plain(name, before[name]) for name in before)
        known = draft._replace(content=content, fact_id=_site_id(draft), based_on=updated_at)
        found.append(known._replace(outcome="same") if same else known._replace(outcome="changed"))
    return found


def _compared_events(connection: Connection, drafts: list[Draft]) -> list[Draft]:
    logged = matching.find_logged(connection, [_site_id(draft) for draft in drafts])
    return [draft._replace(outcome="same") if _entry(draft) in logged else draft for draft in drafts]


def _entry(draft: Draft) -> tuple[int, str, date, str, bool]:
    content = _content(draft)
    return (
        content["site_id"],
        content["kind"],
        date.fromisoformat(content["occurred_on"]),
        content.get("date_precision") or "day",
        bool(content.get("planned")),
    )


def _compared_headcounts(connection: Connection, drafts: list[Draft]) -> list[Draft]:
    stored: dict[tuple[Any, ...], matching.StoredHeadcount] = {}
    for count in matching.find_headcounts(connection, [_site_id(draft) for draft in drafts]):
        key = (count.site_id, count.region_code, count.counted_on, count.definition)
        stored.setdefault(key, count)
    found = []
    for draft in drafts:
        content = _content(draft)
        day = date.fromisoformat(content["counted_on"])
        earlier = stored.get((content["site_id"], content.get("region_code"), day, content["definition"]))
        if earlier is None:
            found.append(draft)
        elif earlier.n == content["n"]:
            found.append(draft._replace(outcome="same"))
        else:
            found.append(_correcting(draft, earlier.uid))
    return found


def _compared_facts(connection: Connection, collection: Collection, drafts: list[Draft]) -> list[Draft]:
    by_content: set[str] = set()
    by_key: dict[str, tuple[int, str]] = {}
    for stored in facts.find_valid(connection, collection):
        by_content.add(_canonical(stored.content))
        if stored.external_id is not None:
            by_key[stored.external_id] = (stored.fact_id, _canonical(stored.content))
    found = []
    for draft in drafts:
        content = _content(draft)
        told = _canonical(content)
        key = content.get("external_id")
        if told in by_content:
            found.append(draft._replace(outcome="same"))
        elif key in by_key:
            found.append(_correcting(draft, by_key[key][0]))
        else:
            found.append(draft)
    return found


def _correcting(draft: Draft, fact_id: int) -> Draft:
    content = {**_content(draft), "corrects_id": fact_id, "external_id": None}
    return draft._replace(content=content, outcome="changed")


def _canonical(content: Mapping[str, Any]) -> str:
    told = {
        name: value
        for name, value in content.items()
        if name not in _BESIDE and value not in (None, [], (), False)
    }
    return json.dumps(told, sort_keys=True, default=str)


def _plain(name: str, value: object) -> object:
    """A value as it is compared: two spellings of one geometry are the same."""
    if name == "wkt" and isinstance(value, str):
        return shapely.to_wkb(shapely.from_wkt(value))
    return list(value) if isinstance(value, Iterable) and not isinstance(value, str) else value


def _site_id(draft: Draft) -> int:
    return int(_content(draft)["site_id"])


def _content(draft: Draft) -> JSONObject:
    if draft.content is None:
        raise ValueError("a refused row is not compared")
    return draft.content
