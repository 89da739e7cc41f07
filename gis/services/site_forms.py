"""The forms of a site: what they show, where a place belongs, and what is entered as a batch of drafts."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from shapely import from_wkt
from shapely.geometry import mapping

from gis.database import batches, decree_boundaries, events, matching, site_forms, sites
from gis.database.connection import Connection, Database
from gis.database.site_forms import Located, Waiting
from gis.domain.batches import BatchState, new_fact_id
from gis.domain.forms.places import read_place, read_regions
from gis.domain.forms.reading import FormProblem, FormReader
from gis.domain.forms.sites import FilledSite, StoredSite, changes, read_site
from gis.domain.queries import Boundaries, Moment, today
from gis.domain.records.sites import EventContent
from gis.domain.region_names import RegionNames
from gis.errors import ConflictError, InvalidInputError
from gis.services import entries
from gis.services.catalogue import View, layer_of
from gis.services.entries import Entry

Problems = list[FormProblem]


@dataclass(frozen=True)
class Submission:
    """How a form was sent.

    Parameters
    ----------
    given : its fields as they were typed
    hand_in : hand it in; False keeps it as a draft
    replaces_batch : one's own open batch that this one takes the place of
    """

    given: Mapping[str, str]
    hand_in: bool = True
    replaces_batch: int | None = None


class Answer(NamedTuple):
    """The batch that was entered, or why it was not."""

    batch_id: int | None
    problems: Problems


@dataclass(frozen=True)
class PlaceAnswer:
    """Where what a form says of a place would belong.

    Parameters
    ----------
    problems : why the place cannot be taken
    geometry : of the place (GeoJSON); none where only its region is known, or it is refused
    located : its regions; none if it is refused
    layer : the map layer of the regencies around it
    """

    problems: Problems
    geometry: View | None
    located: Located | None
    layer: View | None


@dataclass(frozen=True)
class Desk:
    """What lies beside a form about a site: what is stored, its history, and what waits for a decision."""

    site: StoredSite
    regions: list[View]
    events: list[View]
    headcounts: list[View]
    decree: View | None
    waiting: list[Waiting]
    region_names: list[str]
    layer: View


def open_desk(database: Database, site_id: int) -> Desk:
    """Everything about a site that somebody needs who enters something about it.

    Raises
    ------
    NotFoundError : there is no such site, or not for this account
    """
    moment = _today()
    with database.transaction() as connection:
        site = site_forms.get_stored_site(connection, site_id)
        lies_in = sites.find_site_regions(connection, site_id, moment)
        names = _names(connection)
        provinces = [region["code"] for region in lies_in if region["level"] == "province"]
        return Desk(
            site=site,
            regions=lies_in,
            events=events.find_site_events(connection, site_id, moment),
            headcounts=events.find_headcounts(connection, site_id, moment),
            decree=decree_boundaries.find_boundary(connection, site_id, moment)["decree"],
            waiting=site_forms.find_waiting(connection, site_id),
            region_names=[names.name(code) for code in site.declared_region_codes],
            layer=_layer(connection, provinces[0] if provinces else None),
        )


def region_choices(database: Database) -> list[tuple[str, str]]:
    """Code and name of the regencies that an account may name, by code."""
    identity = database.identity
    with database.transaction() as connection:
        rows = matching.list_regions_of_today(connection)
    return [
        (code, name)
        for code, level, name, _ in rows
        if level == "regency" and (identity is None or identity.sees(code))
    ]


def starting_layer(database: Database) -> View:
    """The map layer on which a new site is drawn: the regencies of one's province, or all provinces."""
    identity = database.identity
    scope = identity.region_code if identity else None
    with database.transaction() as connection:
        return _layer(connection, scope[:2] if scope else None)


def locate(database: Database, given: Mapping[str, str], kept: str | None = None) -> PlaceAnswer:
    """Where the place that a form gives would belong.

    Parameters
    ----------
    database : acting as an account, and writing: a site is put there and taken back
    given : the fields of the place and of the declared regions
    kept : of a site that is there, its place

    Returns
    -------
    the regions, or what is wrong with the place
    """
    form = FormReader(given)
    with database.transaction() as connection:
        place = read_place(form, kept)
        codes = read_regions(form, _names(connection), required=place is not None and place.wkt is None)
        if place is None or form.problems:
            return PlaceAnswer(form.problems, None, None, None)
        located = _locate(database, connection, place.wkt, () if place.wkt else codes)
        provinces = [region.code for region in located.regions if region.level == "province"]
        layer = _layer(connection, provinces[0]) if provinces else None
    geometry = mapping(from_wkt(place.wkt)) if place.wkt else None
    return PlaceAnswer([], geometry, located, layer)


def enter_site(database: Database, sent: Submission, site_id: int | None = None) -> Answer:
    """Enter a new site with the event from which it is on record, or a change of one that is there.

    Parameters
    ----------
    database : acting as an account, and writing
    sent : the form; of a change with `based_on`, the site's `updated_at` as the author saw it
    site_id : the site that is changed

    Raises
    ------
    NotFoundError : there is no such site, or not for this account
    """
    form = FormReader(sent.given)
    with database.transaction() as connection:
        stored = None if site_id is None else site_forms.get_stored_site(connection, site_id)
        filled = read_site(form, _names(connection), stored, today())
        if filled is None:
            return Answer(None, form.problems)
        _check_change(form, filled, stored)
        if stored is None or filled.content.wkt != stored.wkt:
            _check_place(form, database, connection, filled)
    if form.problems:
        return Answer(None, form.problems)
    if stored is not None:
        entry = Entry("sites", filled.content, stored.id, changes=True)
        return save(database, [entry], sent, based_on=datetime.fromisoformat(stored.updated_at))
    fact_id = new_fact_id()
    return save(database, [Entry("sites", filled.content, fact_id), _recorded(filled, fact_id)], sent)


def save(
    database: Database, records: Sequence[Entry], sent: Submission, *, based_on: datetime | None = None
) -> Answer:
    """Keep the records of a form as one batch, and hand it in if that is wanted.

    The same form sent twice gives one batch. A batch that this one replaces is withdrawn afterwards.

    Parameters
    ----------
    database : acting as an account, and writing
    records : of the form, a site before its events
    sent : the form
    based_on : of a change, `updated_at` of the site as the author saw it
    """
    try:
        batch_id = entries.enter(
            database, records, based_on=based_on, hand_in=sent.hand_in, idempotency_key=_key(sent)
        )
    except (InvalidInputError, ConflictError) as error:
        return Answer(None, [FormProblem("", "refused", {"words": str(error)})])
    if sent.replaces_batch is not None and sent.replaces_batch != batch_id:
        _withdraw_open(database, sent.replaces_batch)
    return Answer(batch_id, [])


def _check_change(form: FormReader, filled: FilledSite, stored: StoredSite | None) -> None:
    if stored is None:
        return
    if form.raw("based_on") != stored.updated_at:
        form.refuse("", "changed_meanwhile")
    elif not changes(filled.content, stored):
        form.refuse("", "nothing_changed")


def _check_place(form: FormReader, database: Database, connection: Connection, filled: FilledSite) -> None:
    content = filled.content
    located = _locate(database, connection, content.wkt, () if content.wkt else content.declared_region_codes)
    if not located.within_scope:
        field = {"point": "lat", "area": "wkt"}.get(form.raw("place"), "region")
        found = ", ".join(region.name for region in located.regions if region.is_primary)
        form.refuse(field, "outside_scope" if found else "nowhere", found=found)


def _locate(database: Database, connection: Connection, wkt: str | None, declared: Sequence[str]) -> Located:
    identity = database.identity
    is_national = identity is not None and identity.region_code is None
    return site_forms.locate(connection, wkt, declared, is_national=is_national)


def _recorded(filled: FilledSite, fact_id: int) -> Entry:
    content = filled.content
    event = EventContent(
        site_id=fact_id,
        kind="recorded",
        occurred_on=content.recorded_on,
        date_precision=filled.recorded_precision,
        source=content.source,
        source_url=content.source_url,
    )
    return Entry("events", event, new_fact_id())


def _withdraw_open(database: Database, batch_id: int) -> None:
    with database.transaction() as connection:
        open_states = (BatchState.draft, BatchState.returned)
        if batches.find_batches(connection, batch_id=batch_id, states=open_states, own=True):
            batches.withdraw(connection, batch_id)


def _key(sent: Submission) -> str | None:
    """The page's own key with what was typed: sent twice it is one entry, changed it is another."""
    key = sent.given.get("key", "")[:64]
    if not key:
        return None
    typed = {name: value for name, value in sent.given.items() if name not in {"csrf_token", "key"}}
    content = hashlib.sha256(json.dumps([sent.hand_in, typed], sort_keys=True).encode()).hexdigest()
    return f"{key}:{content}"


def _names(connection: Connection) -> RegionNames:
    return RegionNames(matching.list_regions_of_today(connection))


def _layer(connection: Connection, province: str | None) -> View:
    return layer_of(connection, "regency" if province else "province", _today(), province)


def _today() -> Moment:
    return Moment(today(), boundaries=Boundaries.today)
