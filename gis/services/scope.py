"""What an account bound to one region may ask; PostgreSQL guards the rows, this gives the right answer.

Until there are public releases, the rest of the country is answered like what does not exist.
"""

from dataclasses import replace

from gis.database.connection import Database
from gis.domain.queries import Boundaries, Moment
from gis.errors import NotFoundError


def moment_within(database: Database, moment: Moment, region: str | None) -> Moment:
    """The moment at which an account may ask about a region: a scope is one of today, so are its boundaries.

    A total over the regions of another day would cover more than the scope, or less.

    Parameters
    ----------
    database : acting as an account, or the owner's
    moment : as asked
    region : a region's code; none for the nation

    Raises
    ------
    NotFoundError : it lies outside of the account's scope
    """
    identity = database.identity
    if identity is None or identity.region_code is None:
        return moment
    if region is None or not identity.sees(region):
        raise NotFoundError(f"region {region or 'nation'}: not for this account")
    return own_moment(database, moment)


def own_moment(database: Database, moment: Moment) -> Moment:
    """The moment with the boundaries of today for an account that is bound to a region, else as it is."""
    identity = database.identity
    if identity is None or identity.region_code is None:
        return moment
    return replace(moment, boundaries=Boundaries.today)


def region_within(database: Database, region: str | None) -> str | None:
    """The region that sums are about: an account that is bound to one means its own where it names none.

    Parameters
    ----------
    database : acting as an account, or the owner's
    region : as asked
    """
    identity = database.identity
    return region or (identity.region_code if identity else None)
