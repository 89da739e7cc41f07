"""Where what a site's page says comes from, for the facts that carry no source of their own."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from gis.domain.lifecycle import Stage

Row = dict[str, Any]
_SHOWN = ("id", "kind", "occurred_on", "date_precision", "source", "source_url", "synthetic", "known_on")


def sources_of(site: Row, log: Sequence[Row], as_of: date) -> Row:
    """The sources of a site's status, name and type.

    Parameters
    ----------
    site : as `gis.database.sites.get_site` gives it
    log : its entries as they were known, in the order in which they count
    as_of : the day whose status is shown

    Returns
    -------
    `status`: the entry that set it; `name`: the report on the site where it has one, else the entry with
    which it came on record, and none where there is no such entry
    """
    counting = [entry for entry in log if entry["effective_on"] is not None]
    setting = [
        entry for entry in counting if entry["kind"] in Stage.__members__ and entry["effective_on"] <= as_of
    ]
    first = next((entry for entry in counting if entry["kind"] == Stage.recorded.name), None)
    name = _shown(first) if first else None
    if site["source_url"]:
        name = {"source": None, "source_url": site["source_url"], "synthetic": site["synthetic"]}
    return {"status": _shown(setting[-1]) if setting else None, "name": name}


def _shown(entry: Row) -> Row:
    return {name: entry[name] for name in _SHOWN}
