"""The form of the boundary that a decree sets for a site."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from gis.domain.forms.places import read_area
from gis.domain.forms.reading import FormReader
from gis.domain.records.boundaries import BoundaryContent


def read_boundary(
    form: FormReader, site_id: int, entered_on: date, corrects_id: int | None = None
) -> BoundaryContent | None:
    """The content of the form; none if a field is refused.

    Parameters
    ----------
    form : its fields: `wkt`, `legal_instrument`, `legal_number`, `dated_on` (may be empty), `source`,
        `source_url`, `note`
    site_id : the site
    entered_on : today; a decree is not dated later
    corrects_id : the boundary that this one replaces
    """
    dated = form.day("dated_on", exact=True, latest=entered_on) if form.raw("dated_on") else None
    content = {
        "wkt": read_area(form),
        "legal_instrument": form.text("legal_instrument", required=True),
        "legal_number": form.text("legal_number"),
        "dated_on": dated[0] if dated else None,
        "source": form.text("source", required=True),
        "source_url": form.url("source_url"),
        "note": form.text("note"),
    }
    if form.problems:
        return None
    return BoundaryContent.model_validate({**content, "site_id": site_id, "corrects_id": corrects_id})


def read_taken_back_boundary(form: FormReader, earlier: Mapping[str, Any]) -> BoundaryContent | None:
    """The entry that takes a boundary back, and repeats it; its form has `source`, `source_url` and `note`.

    Parameters
    ----------
    earlier : the boundary as it was entered, with its id
    """
    said = {"source": form.text("source", required=True), "source_url": form.url("source_url")}
    note = form.text("note", required=True)
    if form.problems:
        return None
    repeated = {
        name: earlier[name] for name in ("site_id", "wkt", "legal_instrument", "legal_number", "dated_on")
    }
    return BoundaryContent.model_validate(
        {**repeated, **said, "note": note, "corrects_id": earlier["id"], "retracted": True}
    )
