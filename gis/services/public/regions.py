"""The region that a topic of a release is about: the nation and provinces, or regencies too."""

from dataclasses import replace

from gis.database import published
from gis.database.connection import Connection
from gis.database.published import PublicMoment, PublishedRegion
from gis.errors import NotFoundError
from gis.services.catalogue import View
from gis.services.public.moments import PublicView


def refuse_regency(region: PublishedRegion | None) -> None:
    """Let the nation and provinces pass.

    Raises
    ------
    NotFoundError : it is a regency
    """
    if region is not None and region.level == "regency":
        raise NotFoundError(f"region {region.code}: of regencies this is not public")


def province_of(connection: Connection, moment: PublicMoment, code: str | None) -> View:
    """How a view names the nation or the province that it is about.

    Parameters
    ----------
    connection : in a transaction
    moment : the release, and the day whose regions are meant
    code : the province's on that day; none for the nation

    Raises
    ------
    NotFoundError : no region bears that code on that day, or it is a regency's
    """
    if code is None:
        named: View = {"level": "nation", "code": None, "name": "Indonesia"}
    else:
        region = _get(connection, moment, code)
        refuse_regency(region)
        named = _named(region)
    return {**named, "parent_code": None, "parent_name": None}


def on_release_day(asked: PublicView) -> PublicView:
    """The same view on the day of its release, for what is published of no other day."""
    day = asked.moment.release.published_on
    return replace(asked, moment=replace(asked.moment, as_of=day, regions_on=day))


def region_of(connection: Connection, moment: PublicMoment, code: str | None) -> View | None:
    """How a view names the province or regency that it is bound to; none for all of them.

    Parameters
    ----------
    connection : in a transaction
    moment : the release, and the day whose regions are meant
    code : the region's on that day

    Raises
    ------
    NotFoundError : no region bears that code on that day
    """
    return None if code is None else _named(_get(connection, moment, code))


def _get(connection: Connection, moment: PublicMoment, code: str) -> PublishedRegion:
    region = published.get_region(connection, moment, code)
    if not region.is_on(moment.regions_on):
        raise NotFoundError(f"region {code}: no province or regency bears this code on that day")
    return region


def _named(region: PublishedRegion) -> View:
    return {"level": region.level, "code": region.code, "name": region.name}
