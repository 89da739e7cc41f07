"""Forms of a site, of an event of its log, and of a headcount."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from gis.domain.forms.places import Place, is_same_place, read_place, read_regions
from gis.domain.forms.reading import FormReader
from gis.domain.lifecycle import EVENT_KINDS, RETRACTION, DatePrecision
from gis.domain.records.sites import EventContent, HeadcountContent, SiteContent
from gis.domain.region_names import RegionNames

KINDS_OF_EVENT = tuple(kind for kind in EVENT_KINDS if kind != RETRACTION)
ACCURACIES = ("exact", "approximate", "cell")
LARGEST_HEADCOUNT = 1_000_000
LONGEST_NAME = 200


class StoredSite(NamedTuple):
    """A site as the form found it; `updated_at` tells whether somebody changed it in the meantime."""

    id: int
    name: str
    alternative_names: list[str]
    site_type: str
    wkt: str | None
    vertices: int
    location_accuracy: str
    location_source: str
    source_crs: str
    declared_region_codes: list[str]
    source_url: str | None
    synthetic: bool
    updated_at: str


class FilledSite(NamedTuple):
    """A site that a form gives; of a new one also how precisely its first day on record is known."""

    content: SiteContent
    recorded_precision: DatePrecision


def read_site(
    form: FormReader, names: RegionNames, stored: StoredSite | None, entered_on: date
) -> FilledSite | None:
    """The content that the form of a site gives; none if a field is refused.

    Parameters
    ----------
    form : its fields: those of the place (see `read_place`), `name`, `alternative_names` (one a line),
        `site_type`, `location_accuracy`, `location_source`, `region`, `source`, `source_url`, and of a new
        site `recorded_on`
    names : the regions of today
    stored : the site that is changed; none for a new one
    entered_on : today; what a change counts from
    """
    place = read_place(form, stored.wkt if stored else None)
    if stored and place and is_same_place(place.wkt, stored.wkt):
        place = Place("keep", stored.wkt)
    content: dict[str, Any] = {
        "site_id": stored.id if stored else None,
        "name": form.text("name", required=True, longest=LONGEST_NAME),
        "alternative_names": _names(form),
        "site_type": form.choice("site_type", ("lokalisasi", "lokasi")),
        "wkt": place.wkt if place else None,
        "location_accuracy": _accuracy(form, place),
        "location_source": form.text("location_source", required=True),
        "source_crs": stored.source_crs if stored and place and place.kind == "keep" else "EPSG:4326",
        "declared_region_codes": read_regions(form, names, required=place is not None and place.wkt is None),
        "source_url": form.url("source_url"),
        "synthetic": stored.synthetic if stored else False,
    }
    recorded = (entered_on, DatePrecision.day)
    if stored is None:
        content["source"] = form.text("source", required=True)
        recorded = form.day("recorded_on", latest=entered_on) or recorded
    else:
        content["source"] = content["location_source"]
    if form.problems:
        return None
    return FilledSite(SiteContent.model_validate({**content, "recorded_on": recorded[0]}), recorded[1])


def changes(content: SiteContent, stored: StoredSite) -> bool:
    """Whether a content says anything else of a site than what is stored."""
    return any(
        (list(value) if isinstance(value, tuple) else value) != getattr(stored, name)
        for name in ("name", "alternative_names", "site_type", "wkt", "location_accuracy", "location_source",
                     "declared_region_codes", "source_url")
        for value in (getattr(content, name),)
    )  # fmt: skip


def read_event(
    form: FormReader, site_id: int, entered_on: date, corrects_id: int | None = None
) -> EventContent | None:
    """The content of the form of an event; none if a field is refused.

    Parameters
    ----------
    form : its fields: `kind`, `planned` (yes or no), `occurred_on`, `legal_instrument`, `legal_number`,
        `source`, `source_url`, `note`
    site_id : the site
    entered_on : today; what happened did not happen later
    corrects_id : the entry that this one replaces
    """
    planned = form.choice("planned", ("yes", "no")) == "yes"
    day = form.day("occurred_on", latest=None if planned else entered_on)
    content = {
        "kind": form.choice("kind", KINDS_OF_EVENT),
        "planned": planned,
        "legal_instrument": form.text("legal_instrument"),
        "legal_number": form.text("legal_number"),
        **_said(form),
        "note": form.text("note"),
    }
    if form.problems or day is None:
        return None
    return EventContent.model_validate(
        {
            **content,
            "site_id": site_id,
            "occurred_on": day[0],
            "date_precision": day[1],
            "corrects_id": corrects_id,
        }
    )


def read_retraction(form: FormReader, site_id: int, earlier: Mapping[str, Any]) -> EventContent | None:
    """The entry that takes another one back; its form has `source`, `source_url` and `note`.

    Parameters
    ----------
    earlier : the entry that is taken back: its id, occurred_on and date_precision
    """
    said, note = _said(form), form.text("note", required=True)
    if form.problems:
        return None
    return EventContent.model_validate(
        {
            "site_id": site_id,
            "kind": RETRACTION,
            "occurred_on": earlier["occurred_on"],
            "date_precision": earlier["date_precision"],
            "corrects_id": earlier["id"],
            "note": note,
            **said,
        }
    )


def read_headcount(
    form: FormReader, site_id: int, regencies: Sequence[str], entered_on: date, corrects_id: int | None = None
) -> HeadcountContent | None:
    """The content of the form of a headcount; none if a field is refused.

    Parameters
    ----------
    form : its fields: `counted_on`, `n`, `definition`, `region_code`, `source`, `source_url`
    site_id : the site
    regencies : of a site that lies in several: those of them that may be chosen; the form has to say which
    entered_on : today; nobody was counted later
    corrects_id : the count that this one replaces
    """
    day = form.day("counted_on", exact=True, latest=entered_on)
    content = {
        "n": form.whole("n", LARGEST_HEADCOUNT),
        "definition": form.choice("definition", ("resident", "beneficiary", "returned")),
        "region_code": form.choice("region_code", regencies) if regencies else None,
        **_said(form),
    }
    if form.problems or day is None:
        return None
    return HeadcountContent.model_validate(
        {**content, "site_id": site_id, "counted_on": day[0], "corrects_id": corrects_id}
    )


def read_taken_back_count(
    form: FormReader, site_id: int, earlier: Mapping[str, Any]
) -> HeadcountContent | None:
    """The count that takes another one back, and repeats it; its form has `source` and `source_url`.

    Parameters
    ----------
    earlier : the count that is taken back: its id, counted_on, n, definition and region_code
    """
    said = _said(form)
    if form.problems:
        return None
    repeated = {name: earlier[name] for name in ("counted_on", "n", "definition", "region_code")}
    return HeadcountContent.model_validate(
        {**repeated, **said, "site_id": site_id, "corrects_id": earlier["id"], "retracted": True}
    )


def _said(form: FormReader) -> dict[str, str | None]:
    return {"source": form.text("source", required=True), "source_url": form.url("source_url")}


def _names(form: FormReader) -> tuple[str, ...]:
    lines = (form.text("alternative_names") or "").replace(";", "\n").splitlines()
    names = tuple(dict.fromkeys(line.strip() for line in lines if line.strip()))
    if any(len(name) > LONGEST_NAME for name in names):
        form.refuse("alternative_names", "too_long", longest=LONGEST_NAME, found=max(map(len, names)))
    return names


def _accuracy(form: FormReader, place: Place | None) -> str | None:
    """A place that is known by its region alone has no other accuracy; an area is never a cell."""
    if place is not None and place.wkt is None:
        return "regency"
    accuracy = form.choice("location_accuracy", ACCURACIES)
    if accuracy == "cell" and place is not None and "POLYGON" in (place.wkt or ""):
        form.refuse("location_accuracy", "cell_of_an_area")
    return accuracy
