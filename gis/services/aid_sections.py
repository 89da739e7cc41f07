"""What the pages of regions and sites say of aid."""

from typing import Any

from gis.database import aid
from gis.database.connection import Connection
from gis.domain.aid import AidQuery, is_overdue
from gis.domain.queries import Moment

View = dict[str, Any]
SECTION_ROWS = 3


def aid_section(connection: Connection, moment: Moment, region: str | None) -> View | None:
    """What the page of a region says of aid: its figures, and who owes most; none where there is no aid.

    Parameters
    ----------
    connection : in a transaction
    moment : both clocks and whose boundaries
    region : a code of the moment's boundaries; none for the nation
    """
    query = AidQuery(region)
    rows = aid.sum_by_region(connection, moment, query)
    if not rows or rows[0].figures.promised == 0:
        return None
    parties = [with_unpaid(row) for row in aid.sum_by_payer(connection, moment, query) if row["payer"]]
    owing = [party for party in parties if party["unpaid_rupiah"] > 0]
    return {"figures": rows[0].figures.to_record(), "payers": owing[:SECTION_ROWS]}


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
