"""What of an import is new, what changes something, and what is stored already just so."""

from collections.abc import Iterable

import shapely

from gis.database import matching
from gis.database.connection import Connection
from gis.domain.batches import Collection, Draft, JSONObject
from gis.services.imports.comparing_facts import FactComparison, Links, is_told

#: Exports have seven decimals.
SAME_PLACE_DEGREES = 1e-7
#: What is said of a place, and means nothing without another one.
_OF_PLACE = ("wkt", "location_accuracy", "location_source", "source_crs")


def compared(
    connection: Connection, collection: Collection, drafts: list[Draft], links: Links
) -> list[Draft]:
    """The drafts of one collection with their outcome; a change of a fact names the one that it corrects.

    Parameters
    ----------
    connection : in a transaction
    collection : of all of them
    drafts : new ones; of sites, those that name a site that is there
    links : by draft, the senders' keys of the records that it speaks of

    Returns
    -------
    the drafts in their order
    """
    if collection == "sites":
        return _compared_sites(connection, drafts)
    comparison = FactComparison(connection, collection, drafts, links)
    return [comparison.of(draft) for draft in drafts]


def _compared_sites(connection: Connection, drafts: list[Draft]) -> list[Draft]:
    stored = matching.find_site_contents(connection, [_site_id(draft) for draft in drafts])
    found = []
    for draft in drafts:
        updated_at, before = stored[_site_id(draft)]
        told = _told(_content(draft), before)
        content = {**told, **{name: before[name] for name in before if name not in told}}
        same = all(_plain(content.get(name)) == _plain(before[name]) for name in before)
        known = draft._replace(content=content, fact_id=_site_id(draft), based_on=updated_at)
        found.append(known._replace(outcome="same") if same else known._replace(outcome="changed"))
    return found


def _told(content: JSONObject, before: JSONObject) -> JSONObject:
    """What a row tells of a site; what it does not tell stays as it is.

    Without another place it tells nothing of where the site is but what it says expressly.
    """
    told = {name: value for name, value in content.items() if is_told(value)}
    if "wkt" in told and not _is_same_place(told["wkt"], before["wkt"]):
        return told
    understood = {
        "location_accuracy": ("regency", "approximate"),
        "location_source": (content["source"],),
    }
    kept = {
        name for name, value in told.items() if name in _OF_PLACE and value in understood.get(name, (value,))
    }
    return {name: value for name, value in told.items() if name not in kept}


def _is_same_place(one: str, other: str | None) -> bool:
    """Whether two geometries are one to a centimetre, as exports write them."""
    if other is None:
        return False
    first, second = (shapely.normalize(shapely.from_wkt(each)) for each in (one, other))
    return bool(shapely.equals_exact(first, second, tolerance=SAME_PLACE_DEGREES))


def _plain(value: object) -> object:
    return list(value) if isinstance(value, Iterable) and not isinstance(value, str) else value


def _site_id(draft: Draft) -> int:
    return int(_content(draft)["site_id"])


def _content(draft: Draft) -> JSONObject:
    if draft.content is None:
        raise ValueError("a refused row is not compared")
    return draft.content
