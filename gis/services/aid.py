"""Aid as pages and their twins show it: entitled, promised, paid, by payer, kind and region."""

from collections.abc import Mapping
from dataclasses import replace

from gis.database import aid, regions
from gis.database.connection import Connection, Database
from gis.domain.aid import NOTHING, AidQuery
from gis.domain.batches import JSONObject
from gis.domain.queries import Moment
from gis.domain.regions import Region
from gis.services.aid_sections import with_overdue, with_unpaid
from gis.services.audit import record_export, recording
from gis.services.catalogue import View, state_of
from gis.services.scope import moment_within, region_within

MAX_ITEMS = 500


def aid_view(database: Database, moment: Moment, query: AidQuery) -> View:
    """Aid of the nation or a region at a moment.

    Parameters
    ----------
    database : the register
    moment : both clocks and whose boundaries
    query : which aid, and which count tells who is entitled

    Returns
    -------
    `figures` of the region, `children` with theirs (one without a code is what belongs to none of them),
    sums by `payers` and `types`, the `items` they rest on, most unpaid first, and the `rates` of the day

    Raises
    ------
    NotFoundError : no region bears that code then, or it is not whoever acts' to see
    """
    query = replace(query, region=region_within(database, query.region))
    moment = moment_within(database, moment, query.region)
    with database.transaction(snapshot=True) as connection:
        region = find_region(connection, query.region, moment)
        rows = aid.sum_by_region(connection, moment, query)
        parties = aid.sum_by_payer(connection, moment, query)
        items = aid.list_items(connection, moment, query, limit=MAX_ITEMS + 1)
        rates = aid.list_rates(connection, moment.as_of)
        place = region_of(connection, region, moment)
    level = children_level(region)
    return {
        **state_of(moment),
        "region": place,
        "payer": query.payer,
        "aid_type": query.aid_type,
        "definition": query.definition,
        "figures": (rows[0].figures if rows else NOTHING).to_record(),
        "children_level": level,
        "children": [
            {"code": row.code, "name": row.name, **row.figures.to_record(), "synthetic": row.synthetic}
            for row in rows
            if row.level == level
        ],
        "payers": [with_unpaid(row) for row in parties if row["payer"]],
        "types": [with_unpaid(row) for row in parties if row["aid_type"]],
        "items": [with_overdue(item, moment) for item in items[:MAX_ITEMS]],
        "items_truncated": len(items) > MAX_ITEMS,
        "rates": rates,
        "synthetic": bool(rows and rows[0].synthetic),
    }


def aid_table(database: Database, moment: Moment, query: AidQuery) -> tuple[list[View], str]:
    """Every item of the nation or a region as a file, most unpaid first; the file is recorded.

    Returns
    -------
    the rows, and the file's name, which carries the record's number

    Raises
    ------
    NotFoundError : no region bears that code then, or it is not whoever acts' to see
    """
    query = replace(query, region=region_within(database, query.region))
    moment = moment_within(database, moment, query.region)
    with recording(database).transaction() as connection:
        find_region(connection, query.region, moment)
        rows = [with_overdue(item, moment) for item in aid.list_items(connection, moment, query)]
        asked = {"payer": query.payer, "aid_type": query.aid_type}
        record = record_export(connection, table_of("aid", moment, query.region, len(rows), asked))
    return rows, named("aid", record)


def table_of(
    collection: str, moment: Moment, region: str | None, rows: int, asked: Mapping[str, str | None]
) -> JSONObject:
    """What the record of a table says: which, with which filter, how many rows."""
    return {
        "collection": collection,
        "format": "csv",
        "region": region,
        "as_of": moment.as_of.isoformat(),
        "known_at": moment.known_at.isoformat() if moment.known_at else None,
        **asked,
        "rows": rows,
    }


def named(collection: str, record: int | None) -> str:
    """The name of a table's file, with the number of its record."""
    return f"{collection}-{record}.csv" if record else f"{collection}.csv"


def find_region(connection: Connection, code: str | None, moment: Moment) -> Region | None:
    """The region of that code at a moment; none for the nation.

    Raises
    ------
    NotFoundError : no region bears that code then
    """
    return regions.get_region(connection, code, moment.regions_on) if code else None


def region_of(connection: Connection, region: Region | None, moment: Moment) -> View:
    """How a view names the region that it is about, and the province around it."""
    if region is None:
        return {
            "level": "nation",
            "code": None,
            "name": "Indonesia",
            "parent_code": None,
            "parent_name": None,
        }
    code = region.parent_code
    return {
        "level": region.level,
        "code": region.code,
        "name": region.name,
        "parent_code": code,
        "parent_name": regions.get_region(connection, code, moment.regions_on).name if code else None,
    }


def children_level(region: Region | None) -> str | None:
    """The level of the regions that a region is made of."""
    if region is None:
        return "province"
    return "regency" if region.level == "province" else None
