"""What pages, their data twins and the command line read: each function is one snapshot of the register."""

from dataclasses import asdict
from datetime import date
from typing import Any

from gis.database import decree_boundaries, events, regions, sites, summaries
from gis.database.connection import Connection, Database
from gis.domain.lifecycle import MILESTONES
from gis.domain.queries import Moment, SummaryLevel, today
from gis.domain.regional_summary import RegionSummary
from gis.domain.regions import Level
from gis.services import plan_sections
from gis.services.aid_sections import site_aid
from gis.services.nearest_centres import site_centres
from gis.services.scope import moment_within, own_moment
from gis.services.site_sources import sources_of

View = dict[str, Any]


def regional_summary(
    database: Database, level: SummaryLevel, moment: Moment, region: str | None = None
) -> list[RegionSummary]:
    """Every region of a level with its counts, zeros included, by code.

    Parameters
    ----------
    database : the register
    level : nation, province or regency
    moment : both clocks and whose boundaries
    region : only that region, and the regencies of that province; none for all

    Raises
    ------
    NotFoundError : no region bears that code on the day whose boundaries are meant
    """
    moment = own_moment(database, moment) if region is None else moment_within(database, moment, region)
    with database.transaction(snapshot=True) as connection:
        if region is not None:
            regions.get_region(connection, region, moment.regions_on)
        return summaries.summarise(connection, level, moment, region)


def monthly_series(database: Database, moment: Moment, region: str | None = None) -> list[View]:
    """Counts at the end of every month from the first event on; the last entry is today's.

    Parameters
    ----------
    database : the register
    moment : `known_at` and whose boundaries
    region : a province or regency code; none for the nation

    Raises
    ------
    NotFoundError : no region bears that code on that day, or it is not for this account
    """
    moment = moment_within(database, moment, region)
    with database.transaction(snapshot=True) as connection:
        if region is not None:
            regions.get_region(connection, region, moment.regions_on)
        return series_of(connection, moment, region)


def site_view(database: Database, site_id: int, moment: Moment) -> View:
    """One site at a moment: what is believed of it and every fact that this rests on.

    Parameters
    ----------
    database : the register
    site_id : its id
    moment : both clocks and whose boundaries

    Raises
    ------
    NotFoundError : there is no such site
    """
    moment = own_moment(database, moment)
    with database.transaction(snapshot=True) as connection:
        site = sites.get_site(connection, site_id, moment)
        log = events.find_site_events(connection, site_id, moment)
        lies_in = sites.find_site_regions(connection, site_id, moment)
        headcounts = events.find_headcounts(connection, site_id, moment)
        planned = plan_sections.of_site(connection, site_id, moment)
        boundary = decree_boundaries.find_boundary(connection, site_id, moment)
        aid = site_aid(connection, site_id, moment)
        near = site_centres(connection, moment, site)
        level: Level = "regency" if site["regency_code"] else "province"
        layer = layer_of(connection, level, moment, site["province_code"] if site["regency_code"] else None)
    geometry = site.pop("geometry")
    return {
        **state_of(moment),
        "site": site,
        "geometry": geometry,
        "regions": lies_in,
        "region_layer": layer,
        "milestones": [_milestone(kind, log) for kind in MILESTONES],
        "side_events": [entry for entry in log if entry["kind"] not in MILESTONES],
        "headcounts": headcounts,
        **planned,
        "sources": sources_of(site, log, moment.as_of),
        "boundary": boundary,
        "centres": near,
        "aid": aid,
        "synthetic": site["synthetic"],
    }


def summary_document(moment: Moment, rows: list[RegionSummary]) -> View:
    """The regional summary as JSON has it."""
    return {**state_of(moment), "regions": [row.to_record(moment.as_of) for row in rows]}


def check_database(database: Database) -> None:
    """Ask the database the smallest question.

    Raises
    ------
    UnavailableError : it does not answer
    """
    with database.transaction() as connection:
        connection.execute("SELECT 1")


def region_layer(database: Database, level: Level, on: date, parent_code: str | None) -> bytes:
    """The map layer of a level's regions on a day, as GeoJSON.

    All regions of a level are simplified to 0.05°, the regencies of one province to 0.005°.

    Raises
    ------
    NotFoundError : nothing lies in that province on that day
    """
    with database.transaction() as connection:
        if parent_code is not None:
            regions.get_region(connection, parent_code, on)
        detail: regions.LayerDetail = "overview" if parent_code is None else "map"
        return regions.layer(connection, level, on, parent_code, detail)


def state_of(moment: Moment) -> View:
    """Both clocks and whose boundaries, as every view has them."""
    return {
        "as_of": moment.as_of,
        "known_at": moment.known_at,
        "boundaries": moment.boundaries.value,
        "today": today(),
    }


def series_of(connection: Connection, moment: Moment, region: str | None) -> list[View]:
    """Monthly counts as views have them; the last entry is today's, since the month has not ended."""
    months = [asdict(month) for month in summaries.monthly_series(connection, moment, region)]
    if months:
        months[-1]["on"] = today()
    return months


def layer_of(connection: Connection, level: Level, moment: Moment, parent_code: str | None) -> View:
    """Which layer of regions a map draws: the level, since when it is unchanged, and from which files."""
    return {
        "level": level,
        "vintage": regions.vintage_of(connection, level, moment.regions_on),
        "parent_code": parent_code,
        "checksum": (regions.find_checksum(connection) or "")[:12],
    }


def _milestone(kind: str, log: list[View]) -> View:
    entries = [entry for entry in log if entry["kind"] == kind]
    return {
        "kind": kind,
        "planned": [entry for entry in entries if entry["planned"]],
        "actual": [entry for entry in entries if not entry["planned"]],
    }
