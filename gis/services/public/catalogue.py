"""Figures, sites and files of one release."""

from gis.database import published
from gis.database.connection import Connection, Database
from gis.database.published import PublicMoment
from gis.domain.queries import SummaryLevel
from gis.domain.regions import Level
from gis.errors import NotFoundError
from gis.services.catalogue import View
from gis.services.public.moments import PublicView, layer_of, site_record, state_of

_OF_ALL = (
    *("code", "iso_code", "level", "name", "parent_code", "valid_from", "valid_to", "area_km2"),
    *("closed", "lokasi_closed", "closed_12_months", "last_event_on"),
)
_OF_PROVINCES = (
    *("sites_total", "lokasi_total", "active", "planned", "closed_share", "target_gap"),
    *("people", "people_withheld"),
)


def columns_of(level: SummaryLevel) -> tuple[str, ...]:
    """The columns of a table of regions of a level."""
    return _OF_ALL if level == "regency" else (*_OF_ALL, *_OF_PROVINCES)


def regional_summary(
    database: Database, moment: PublicMoment, level: SummaryLevel, region: str | None = None
) -> list[View]:
    """Every region of a level with what is public of it, zeros included, by code.

    Raises
    ------
    NotFoundError : no region bears that code on the day whose boundaries are meant
    """
    with database.transaction() as connection:
        _check_region(connection, moment, region)
        rows = published.summarise(connection, moment, (level,), region)[level]
    return [row.to_record(moment.as_of) for row in rows]


def summary_document(asked: PublicView, rows: list[View]) -> View:
    """The regional summary as JSON has it."""
    return {**state_of(asked), "regions": rows}


def monthly_series(database: Database, moment: PublicMoment, region: str | None) -> list[View]:
    """Counts of the nation or a province at the end of every month.

    Raises
    ------
    NotFoundError : no province bears that code on that day; of a regency no series is public
    """
    with database.transaction() as connection:
        _check_region(connection, moment, region)
        if region is not None and "." in region:
            raise NotFoundError(f"region {region}: a regency has no public series")
        return published.monthly_series(connection, moment, region)


def site_view(database: Database, site_id: int, asked: PublicView) -> View:
    """One published site: since when it is closed, by which sources, and its cell.

    Raises
    ------
    NotFoundError : it is not public on that day, or there is none
    """
    moment = asked.moment
    with database.transaction() as connection:
        site = published.get_site(connection, moment, site_id)
        events = published.find_site_events(connection, moment, site_id)
        level: Level = "regency" if site["regency_code"] else "province"
        within = site["province_code"] if site["regency_code"] else None
        layer = layer_of(connection, moment, level, within)
    geometry = site.pop("geometry")
    return {
        **state_of(asked),
        "site": site_record(site),
        "geometry": geometry,
        "region_layer": layer,
        "regions": [
            {"level": each, "code": site[f"{each}_code"], "name": site[f"{each}_name"]}
            for each in ("province", "regency")
            if site[f"{each}_code"]
        ],
        "events": events,
        "synthetic": site["synthetic"],
    }


def _check_region(connection: Connection, moment: PublicMoment, code: str | None) -> None:
    if code is not None and not published.get_region(connection, moment, code).is_on(moment.regions_on):
        raise NotFoundError(f"region {code}: no province or regency bears this code on that day")
