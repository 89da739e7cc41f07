"""What is public of the nation and its provinces, and of no smaller region."""

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
        named = {"level": "nation", "code": None, "name": "Indonesia"}
    else:
        region = published.get_region(connection, moment, code)
        refuse_regency(region)
        if not region.is_on(moment.regions_on):
            raise NotFoundError(f"region {code}: no province bears this code on that day")
        named = {"level": "province", "code": region.code, "name": region.name}
    return {**named, "parent_code": None, "parent_name": None}


def on_release_day(asked: PublicView) -> PublicView:
    """The same view on the day of its release, for what is published of no other day."""
    day = asked.moment.release.published_on
    return replace(asked, moment=replace(asked.moment, as_of=day, regions_on=day))
