"""What the pages of regions and sites say of aid."""

from typing import Any

from gis.database import aid
from gis.database.connection import Connection
from gis.domain.aid import AidQuery, is_overdue
from gis.domain.queries import Moment

View = dict[str, Any]
SECTION_FIGURES = (
    *("promised", "paid", "unpaid", "promised_rupiah", "paid_rupiah", "unpaid_rupiah", "unvalued"),
)


def aid_section(connection: Connection, moment: Moment, region: str | None) -> View | None:
    """What the page of a region says of aid: promised, paid and not paid; none where nothing was promised.

    Parameters
    ----------
    connection : in a transaction
    moment : both clocks and whose boundaries
    region : a code of the moment's boundaries; none for the nation
    """
    rows = aid.sum_by_region(connection, moment, AidQuery(region, definition=None))
    if not rows or rows[0].figures.promised == 0:
        return None
    record = rows[0].figures.to_record()
    return {name: value for name, value in record.items() if name in SECTION_FIGURES}


def site_aid(connection: Connection, site_id: int, moment: Moment) -> list[View]:
    """The items of one site, of the parts that whoever acts may see."""
    items = aid.list_items(connection, moment, AidQuery(), site_id=site_id)
    return [with_overdue(item, moment) for item in items]


def with_unpaid(row: View) -> View:
    """A sum with what was promised and not paid."""
    return {
        **row,
        "unpaid": row["promised"] - row["paid"],
        "unpaid_rupiah": row["promised_rupiah"] - row["paid_rupiah"],
    }


def with_overdue(item: View, moment: Moment) -> View:
    """An item with whether its time is over while somebody still waits."""
    overdue = is_overdue(item["period_to"], item["planned_n"], item["paid_n"], moment.as_of)
    return {**item, "overdue": overdue}
