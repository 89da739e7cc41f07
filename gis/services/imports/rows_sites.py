"""What a list of sites tells beside them: where a site stands and since when, and how many people there are.

Such a row makes an event and headcounts besides the site; they have no `site_id` until the site has one.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from gis.domain.dates import parse_day
from gis.domain.lifecycle import DatePrecision
from gis.domain.numbers import parse_whole
from gis.domain.status_words import STATUS_KINDS, status_kind
from gis.errors import InvalidInputError
from gis.services.imports.rows_draft import Content, Draft, Models, validated
from gis.services.imports.values import BadCellError, as_text

STATUS_FIELDS = ("status", "status_date", "legal_instrument", "legal_number", "note")
DEFINITIONS = {"residents": "resident", "beneficiaries": "beneficiary", "returned": "returned"}
_SHARED = ("source", "source_url", "synthetic")
Contents = tuple[Content, ...]


def log_of(draft: Draft, models: Models) -> tuple[Contents, Contents]:
    """The events and headcounts of a row of sites; also sets the day since which the site is on record.

    Parameters
    ----------
    draft : the row; problems are added to it
    models : with those of events and headcounts
    """
    try:
        status_day = _day(draft, "status_date")
        event = _event(draft, status_day)
    except BadCellError as error:
        draft.problems.append(error.problem)
        return (), ()
    if status_day is not None:
        draft.values.setdefault("recorded_on", status_day[0])
    events = () if event is None else _checked(draft, models, "events", [event])
    return events, _checked(draft, models, "headcounts", _headcounts(draft, status_day))


def _event(draft: Draft, day: tuple[date, DatePrecision] | None) -> Content | None:
    status = draft.said("status")
    if status is None:
        if day is not None:
            raise BadCellError("status", None, "missing")
        return None
    found = status_kind(as_text(status))
    if found is None:
        raise BadCellError("status", status, "choice", allowed=", ".join(STATUS_KINDS))
    kind, planned = found
    if kind == "recorded":
        return None  # said by the day since which the site is on record
    if day is None:
        raise BadCellError("status_date", None, "missing")
    texts = {
        name: as_text(draft.said(name))
        for name in ("legal_instrument", "legal_number", "note")
        if draft.said(name) is not None
    }
    return {
        "kind": kind,
        "occurred_on": day[0],
        "date_precision": day[1].value,
        "planned": planned,
        **texts,
        **_shared(draft),
    }


def _headcounts(draft: Draft, status_day: tuple[date, DatePrecision] | None) -> list[Content]:
    """Counted on the day that is said, else when the status was so, else when the site came on record."""
    counts = []
    try:
        counted = _day(draft, "people_date") or status_day
        for name, definition in DEFINITIONS.items():
            if (cell := draft.said(name)) is None:
                continue
            day = counted[0] if counted else draft.values.get("recorded_on")
            if day is None:
                raise BadCellError("people_date", None, "missing")
            try:
                number = parse_whole(cell)
            except InvalidInputError as error:
                raise BadCellError(name, cell, "number") from error
            counts.append({"counted_on": day, "n": number, "definition": definition, **_shared(draft)})
    except BadCellError as error:
        draft.problems.append(error.problem)
    return counts


def _checked(draft: Draft, models: Models, collection: str, contents: list[Content]) -> Contents:
    """The contents as their class makes them; the id of the site is left out again."""
    checked = []
    told = {problem.field for problem in draft.problems}
    for content in contents:
        made, problems = validated(models[collection], {"site_id": 1, **content})
        # What the site lacks itself is said once.
        draft.problems.extend(each for each in problems if each.field not in {*told, *_SHARED})
        if made is not None:
            del made["site_id"]
            checked.append(made)
    return tuple(checked)


def _shared(draft: Draft) -> Mapping[str, Any]:
    return {name: draft.values[name] for name in _SHARED if draft.values.get(name) is not None}


def _day(draft: Draft, name: str) -> tuple[date, DatePrecision] | None:
    cell = draft.said(name)
    if cell is None:
        return None
    try:
        return parse_day(cell)
    except InvalidInputError as error:
        raise BadCellError(name, cell, "date") from error
