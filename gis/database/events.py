"""The log of events and the headcounts, as both clocks see them."""

from typing import Any

from gis.database.connection import Connection
from gis.database.sites import moment_values
from gis.database.statements import load
from gis.domain.queries import Moment

Row = dict[str, Any]
EVENT_COLUMNS = (
    "id",
    "kind",
    "occurred_on",
    "date_precision",
    "effective_on",
    "planned",
    "legal_instrument",
    "legal_number",
    "source",
    "source_url",
    "note",
    "synthetic",
    "recorded_at",
    "known_on",
    "reported",
    "corrects_id",
    "corrected_by",
)
RECENT_COLUMNS = (
    "site_id",
    "site_name",
    "kind",
    "occurred_on",
    "date_precision",
    "planned",
    "source",
    "source_url",
    "synthetic",
)
HEADCOUNT_COLUMNS = (
    "id",
    "region_code",
    "region_name",
    "counted_on",
    "n",
    "definition",
    "source",
    "source_url",
    "synthetic",
    "corrected",
    "retracted",
)


def find_site_events(connection: Connection, site_id: int, moment: Moment) -> list[Row]:
    """All entries of one site that were known at the moment, also those that are corrected, by day.

    Returns
    -------
    dictionaries of `EVENT_COLUMNS`; `effective_on` is the day on which an event counts and none where it does
    not; `reported` tells that `known_on` is the date of the report and not of an approval here
    """
    return _rows(connection, "event_of_site", {"site_id": site_id, **moment_values(moment)}, EVENT_COLUMNS)


def find_recent_events(
    connection: Connection, moment: Moment, region: str | None = None, limit: int = 30
) -> list[Row]:
    """The newest events that count, up to the moment, newest first: dictionaries of `RECENT_COLUMNS`."""
    values = {**moment_values(moment), "region": region, "row_limit": limit}
    return _rows(connection, "event_recent", values, RECENT_COLUMNS)


def find_headcounts(connection: Connection, site_id: int, moment: Moment) -> list[Row]:
    """All headcounts of one site up to the moment, newest first: dictionaries of `HEADCOUNT_COLUMNS`."""
    values = {"site_id": site_id, **moment_values(moment)}
    return _rows(connection, "headcount_of_site", values, HEADCOUNT_COLUMNS)


def _rows(connection: Connection, statement: str, values: Row, columns: tuple[str, ...]) -> list[Row]:
    return [dict(zip(columns, row, strict=True)) for row in connection.execute(load(statement), values)]
