"""The forms of an event, a headcount and a boundary: entered, replaced or taken back, never overwritten."""

from collections.abc import Sequence
from typing import Literal

from gis.database import decree_boundaries, events, site_forms, sites
from gis.database.connection import Database
from gis.domain.batches import new_fact_id
from gis.domain.forms.boundaries import read_boundary, read_taken_back_boundary
from gis.domain.forms.reading import FormReader
from gis.domain.forms.sites import read_event, read_headcount, read_retraction, read_taken_back_count
from gis.domain.lifecycle import RETRACTION
from gis.domain.queries import Boundaries, Moment, today
from gis.errors import NotFoundError
from gis.services.catalogue import View
from gis.services.entries import Entry
from gis.services.site_forms import Answer, Submission, save

#: What an entry does to an earlier one: nothing, takes its place, or takes it back.
Way = Literal["new", "replace", "retract"]


def find_entry(log: Sequence[View], fact_id: int) -> View:
    """An entry of a history that may still be corrected.

    Raises
    ------
    NotFoundError : it is not in it, is corrected already, or is a correction that only takes back
    """
    for entry in log:
        if entry["id"] == fact_id and is_correctable(entry):
            return entry
    raise NotFoundError(f"there is no entry {fact_id} that can be corrected")


def is_correctable(entry: View) -> bool:
    """Whether an entry of a history counts, so that another may replace it or take it back."""
    is_gone = entry.get("corrected_by") or entry.get("corrected")
    return not (is_gone or entry.get("retracted") or entry.get("kind") == RETRACTION)


def counted_regencies(database: Database, regions: Sequence[View]) -> list[View]:
    """The regencies of a site that a headcount may name; none where there is but one.

    Parameters
    ----------
    database : acting as an account; it counts within its own region
    regions : of the site, with level, code and name
    """
    regencies = [region for region in regions if region["level"] == "regency"]
    identity = database.identity
    if len(regencies) < 2:
        return []
    return [region for region in regencies if identity is None or identity.sees(region["code"])]


def enter_event(
    database: Database, sent: Submission, site_id: int, way: Way = "new", corrected: int | None = None
) -> Answer:
    """Enter an event of a site, or an entry that replaces or takes back another one.

    Parameters
    ----------
    database : acting as an account, and writing
    sent : the form
    site_id : the site
    way, corrected : what it does to which earlier entry

    Raises
    ------
    NotFoundError : there is no such site or entry, or not for this account
    """
    form = FormReader(sent.given)
    with database.transaction() as connection:
        site_forms.get_stored_site(connection, site_id)
        log = events.find_site_events(connection, site_id, _today())
    earlier = find_entry(log, corrected) if corrected is not None else None
    if way == "retract" and earlier is not None:
        content = read_retraction(form, site_id, earlier)
    else:
        content = read_event(form, site_id, today(), corrected)
    if content is None:
        return Answer(None, form.problems)
    return save(database, [Entry("events", content, new_fact_id())], sent)


def enter_headcount(
    database: Database, sent: Submission, site_id: int, way: Way = "new", corrected: int | None = None
) -> Answer:
    """Enter a headcount of a site, or one that replaces or takes back another.

    Raises
    ------
    NotFoundError : there is no such site or count, or not for this account
    """
    form = FormReader(sent.given)
    with database.transaction() as connection:
        site_forms.get_stored_site(connection, site_id)
        counts = events.find_headcounts(connection, site_id, _today())
        regencies = counted_regencies(database, sites.find_site_regions(connection, site_id, _today()))
        earlier = find_entry(counts, corrected) if corrected is not None else None
    if way == "retract" and earlier is not None:
        content = read_taken_back_count(form, site_id, earlier)
    else:
        # A correction speaks of the same part of the site as what it corrects.
        codes = [earlier["region_code"]] if earlier else [region["code"] for region in regencies]
        given = {**sent.given, "region_code": codes[0]} if earlier else sent.given
        form = FormReader(given)
        content = read_headcount(form, site_id, codes, today(), corrected)
    if content is None:
        return Answer(None, form.problems)
    return save(database, [Entry("headcounts", content, new_fact_id())], sent)


def find_boundary(database: Database, site_id: int, boundary_id: int) -> View:
    """A boundary by decree that may be replaced or taken back.

    Raises
    ------
    NotFoundError : there is none, it is corrected already, or not for this account
    """
    with database.transaction() as connection:
        return decree_boundaries.get_entered(connection, site_id, boundary_id)


def enter_boundary(
    database: Database, sent: Submission, site_id: int, way: Way = "new", corrected: int | None = None
) -> Answer:
    """Enter a boundary by decree, or one that replaces or takes back another.

    Raises
    ------
    NotFoundError : there is no such site or boundary, or not for this account
    """
    form = FormReader(sent.given)
    with database.transaction() as connection:
        site_forms.get_stored_site(connection, site_id)
    earlier = find_boundary(database, site_id, corrected) if corrected is not None else None
    if way == "retract" and earlier is not None:
        content = read_taken_back_boundary(form, earlier)
    else:
        content = read_boundary(form, site_id, today(), corrected)
    if content is None:
        return Answer(None, form.problems)
    return save(database, [Entry("boundaries", content, new_fact_id())], sent)


def _today() -> Moment:
    return Moment(today(), boundaries=Boundaries.today)
