"""Numbers of people as pages and twins show them: by definition, which are never added, and by region."""

from dataclasses import asdict
from typing import Any

from gis.database import people
from gis.database.connection import Database
from gis.database.people import RegionPeople
from gis.domain.queries import Moment
from gis.services.aid import children_level, find_region, named, region_of, table_of
from gis.services.audit import record_export, recording
from gis.services.catalogue import View, state_of
from gis.services.scope import moment_within, region_within

MAX_COUNTS = 1000
NUMBERS = (
    *("resident", "beneficiary", "returned"),
    *("lokasi_resident", "lokasi_beneficiary", "lokasi_returned"),
)


def people_view(database: Database, moment: Moment, region: str | None) -> View:
    """People of the nation or a region at a moment, at the latest count of each definition and place.

    Parameters
    ----------
    database : the register
    moment : both clocks and whose boundaries
    region : Kemendagri's code; none for the largest region that may be seen

    Returns
    -------
    `figures` of the region, `children` with theirs (one without a code is what lies in none of them), and
    the `counts` that they rest on, each with its source

    Raises
    ------
    NotFoundError : no region bears that code then, or it is not whoever acts' to see
    """
    code = region_within(database, region)
    moment = moment_within(database, moment, code)
    with database.transaction(snapshot=True) as connection:
        found = find_region(connection, code, moment)
        rows = people.sum_by_region(connection, moment, code)
        counts = people.list_counts(connection, moment, code, limit=MAX_COUNTS + 1)
        place = region_of(connection, found, moment)
    level = children_level(found)
    return {
        **state_of(moment),
        "region": place,
        "figures": _numbers(rows[0]) if rows else dict.fromkeys(NUMBERS),
        "children_level": level,
        "children": [
            {"code": row.code, "name": row.name, **_numbers(row), "latest_on": row.latest_on}
            for row in rows
            if row.level == level
        ],
        "counts": counts[:MAX_COUNTS],
        "counts_truncated": len(counts) > MAX_COUNTS,
        "synthetic": bool(rows and rows[0].synthetic),
    }


def people_table(database: Database, moment: Moment, region: str | None) -> tuple[list[View], str]:
    """Every latest count of the nation or a region as a file, by region and site; the file is recorded.

    Returns
    -------
    the rows, and the file's name, which carries the record's number

    Raises
    ------
    NotFoundError : no region bears that code then, or it is not whoever acts' to see
    """
    code = region_within(database, region)
    moment = moment_within(database, moment, code)
    with recording(database).transaction() as connection:
        find_region(connection, code, moment)
        rows = people.list_counts(connection, moment, code)
        record = record_export(connection, table_of("people", moment, code, len(rows), {}))
    return rows, named("people", record)


def _numbers(row: RegionPeople) -> dict[str, Any]:
    return {name: value for name, value in asdict(row).items() if name in NUMBERS}
