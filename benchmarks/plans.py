"""The plans of what is asked of a register of 1,000,000 sites: none, for any role, reads all of its sites.

    python -m benchmarks.plans [--sites 1000000]

A private cluster is made in a temporary folder and removed. The statements are those of the program, with the
values of a request. Printed are, by role and request, the milliseconds and how the tables of sites are read;
where all of one is read, the exit status is 1. `tests/attack/test_index_plans.py` does so with fewer sites.
"""

import argparse
import sys
from collections.abc import Iterator
from datetime import date
from typing import Any

from psycopg import ClientCursor
from psycopg.rows import scalar_row

from benchmarks.many_sites import FIRST_ID, TABLES, private_register
from gis.database.connection import Connection, Database
from gis.database.sites import moment_values, site_values
from gis.database.statements import load
from gis.domain.access import Identity, Role
from gis.domain.queries import BoundingBox, Moment, SiteQuery

SCOPES: tuple[tuple[Role, str | None], ...] = (
    *((Role.planner, None), (Role.approver, None), (Role.admin, None)),
    *((Role.province, "64"), (Role.regency, "64.72"), (Role.regency, "35.76")),
)
TODAY = Moment(date(2020, 1, 1))
INSIDE, OUTSIDE = BoundingBox(117.1, -0.55, 117.2, -0.45), BoundingBox(106.7, -6.3, 106.8, -6.2)


def requests() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """What is asked for, the statement that answers it, and its values."""
    for name, box in (("a box in Samarinda", INSIDE), ("a box in Jakarta", OUTSIDE)):
        values = site_values(SiteQuery(TODAY, bbox=box))
        yield f"/map/sites.geojson, {name}", "site_source", values
        yield f"/map/sites.geojson, {name}, extent", "site_extent", values
    for region in ("64", "64.72"):
        values = site_values(SiteQuery(TODAY, region=region, with_shared=True))
        yield f"/regions/{region}, sites", "site_find", {**values, "row_limit": 501}
    yield "/sites/{id}", "site_get", {**moment_values(TODAY), "site_id": FIRST_ID + 7}


def plan_of(connection: Connection, statement: str, values: dict[str, Any], *, run: bool = False) -> Any:
    """The plan of a statement of the program, its values bound as COPY binds them.

    Parameters
    ----------
    connection : in a transaction of whoever asks
    statement : its name
    values : its values
    run : also run it, so that the plan tells the time
    """
    how = "EXPLAIN (ANALYZE, FORMAT JSON) " if run else "EXPLAIN (FORMAT JSON) "
    cursor = ClientCursor(connection, row_factory=scalar_row)
    return cursor.execute((how + load(statement)).encode(), values).fetchone()[0]


def readings(node: dict[str, Any]) -> set[str]:
    """How a plan reads the tables of sites: `site: Index Scan`, …."""
    table = node.get("Relation Name")
    own = {f"{table}: {node['Node Type']}"} if table in TABLES else set()
    return own.union(*(readings(part) for part in node.get("Plans", ())))


def whole(found: set[str]) -> set[str]:
    """Those of the readings that read all of a table."""
    return {each for each in found if "Seq Scan" in each}


def main() -> None:
    """Make the register, print the plans."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=1_000_000)
    count = parser.parse_args().sites
    wrong: set[str] = set()
    with private_register(count) as (_, database):
        for role, code in SCOPES:
            identity = _account(database, role, code)
            for name, statement, values in requests():
                with database.acting_as(identity).transaction() as connection:
                    plan = plan_of(connection, statement, values, run=True)
                how = readings(plan["Plan"])
                wrong |= whole(how)
                print(f"{role} {code or ''}\t{name}\t{plan['Execution Time']:.0f} ms\t{sorted(how)}")
    sys.exit(1 if wrong else 0)


def _account(database: Database, role: Role, code: str | None) -> Identity:
    with database.transaction() as connection:
        row = connection.execute(
            "INSERT INTO register.account (name, role, region_code) VALUES (%s, %s, %s) RETURNING id",
            [f"{role}-{code or 'all'}", role, code],
        ).fetchone()
    return Identity(row[0] if row else 0, str(role), role, code)


if __name__ == "__main__":
    main()
