"""People and aid of a release: sums of what is published."""

from gis.database.connection import Connection
from gis.database.published import PublicMoment
from gis.services.catalogue import View


def region_aid(connection: Connection, moment: PublicMoment, code: str | None) -> View | None:
    """What the page of the nation or a province says of aid; none where nothing is published."""
    del connection, moment, code
    return None
