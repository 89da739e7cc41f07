"""The plans of what is asked of a register of 1,000,000 sites: none, for any role, reads all of its sites.

    python benchmarks/plans.py [--sites 1000000]

A private cluster is made in a temporary folder and removed. The statements are those of the program, with the
values of a request. Printed are, by role and request, the milliseconds and how the tables of sites are read;
where all of one is read, the exit status is 1. `tests/attack/test_index_plans.py` does so with fewer sites.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from psycopg import ClientCursor, sql
from psycopg.rows import scalar_row

from gis.config import PROJECT_DIRECTORY
from gis.database.cluster import DATABASE_NAME, Cluster
from gis.database.connection import Connection, Database
from gis.database.migrations import migrate
from gis.database.sites import moment_values, site_values
from gis.database.statements import load
from gis.domain.access import Identity, Role
from gis.domain.queries import BoundingBox, Moment, SiteQuery
from gis.services import boundaries

SCOPES: tuple[tuple[Role, str | None], ...] = (
    *((Role.planner, None), (Role.approver, None), (Role.admin, None)),
    *((Role.province, "64"), (Role.regency, "64.72"), (Role.regency, "35.76")),
)
TABLES = ("site", "site_region", "site_state")
FIRST_ID = 1_000_000_000_000_000
TODAY = Moment(date(2020, 1, 1))
INSIDE, OUTSIDE = BoundingBox(117.1, -0.55, 117.2, -0.45), BoundingBox(106.7, -6.3, 106.8, -6.2)
# Points around the label point of each regency of today. Their names are not made plain, which takes longest.
_ROWS = """
INSERT INTO register.site (id, name, site_type, geom, location_accuracy, location_source, plain_names,
                           province_code, regency_code, province_join_method, regency_join_method,
                           province_codes, region_codes)
SELECT {first_id} + g, 'Situs ' || g, 'lokalisasi',
       ST_SetSRID(ST_MakePoint(p.x + (random() - 0.5) / 2, p.y + (random() - 0.5) / 2), 4326),
       'exact', 'made', '{{}}', p.parent_code, p.code, 'covers', 'covers', ARRAY[p.parent_code],
       ARRAY[p.parent_code, p.code]
FROM generate_series(1, {sites}) g
JOIN (SELECT row_number() OVER (ORDER BY r.code) - 1 AS n, r.code, r.parent_code,
             ST_X(r.label_point) AS x, ST_Y(r.label_point) AS y
      FROM register.region r WHERE r.level = 'regency' AND upper_inf(r.valid)) p
  ON p.n = g % (SELECT count(*) FROM register.region r WHERE r.level = 'regency' AND upper_inf(r.valid));
INSERT INTO register.site_region (site_id, level, region_code, share, is_primary)
SELECT s.id, l.level, l.code, 1, true
FROM register.site s
CROSS JOIN LATERAL (VALUES ('province', s.province_code), ('regency', s.regency_code)) l(level, code);
INSERT INTO register.site_state (site_id, valid, status, status_group, status_since, disputed, last_event_on,
                                 updated_at)
SELECT s.id, daterange('2010-01-01', NULL), 'recorded', 'active', '2010-01-01', false, '2010-01-01', now()
FROM register.site s;
"""


def make_sites(database: Database, count: int) -> None:
    """Fill a register that has boundaries and no sites.

    Its triggers and references go, so that it is good for nothing but plans; indexes are made after the rows.

    Parameters
    ----------
    database : as its owner
    count : of sites
    """
    with database.session() as connection:
        connection.execute("SET maintenance_work_mem = '256MB'")
        references = connection.execute(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint"
            " WHERE contype = 'f' AND confrelid = 'register.site'::regclass"
        ).fetchall()
        for table, name in references:
            drop = sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}")
            connection.execute(drop.format(sql.SQL(table), sql.Identifier(name)))
        for table in TABLES:
            disable = sql.SQL("ALTER TABLE register.{} DISABLE TRIGGER USER")
            connection.execute(disable.format(sql.Identifier(table)))
        connection.execute("ALTER TABLE register.site ALTER plain_names DROP EXPRESSION")
        indexes = list(_without_indexes(connection))
        connection.execute(sql.SQL(_ROWS).format(first_id=sql.Literal(FIRST_ID), sites=sql.Literal(count)))
        for index in indexes:
            connection.execute(sql.SQL(index))
        for table in TABLES:
            connection.execute(sql.SQL("ANALYZE register.{}").format(sql.Identifier(table)))


def requests() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """What is asked for, the statement that answers it, and its values."""
    for name, box in (("a box in Samarinda", INSIDE), ("a box in Jakarta", OUTSIDE)):
        values = site_values(SiteQuery(TODAY, bbox=box))
        yield f"/exports/sites.geojson, {name}", "site_feature_stream", values
        yield f"/exports/sites.geojson, {name}, extent", "site_extent", values
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


def _without_indexes(connection: Connection) -> Iterator[str]:
    """Drop the indexes of the tables; the statements that make them again."""
    rows = connection.execute(
        "SELECT t.relname, i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid), c.conname"
        " FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid LEFT JOIN pg_constraint c"
        " ON c.conindid = i.indexrelid AND c.contype IN ('p', 'u')"
        " WHERE t.relnamespace = 'register'::regnamespace AND t.relname = ANY (%s) ORDER BY 2",
        [list(TABLES)],
    ).fetchall()
    for table, index, definition, constraint in rows:
        if constraint:
            drop = sql.SQL("ALTER TABLE register.{} DROP CONSTRAINT {}")
            connection.execute(drop.format(sql.Identifier(table), sql.Identifier(constraint)))
        else:
            connection.execute(sql.SQL("DROP INDEX {}").format(sql.SQL(index)))
        yield definition


def main() -> None:
    """Make the register, print the plans."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=1_000_000)
    count = parser.parse_args().sites
    wrong: set[str] = set()
    with tempfile.TemporaryDirectory(prefix="atlas-benchmark-") as folder:
        Path(folder).chmod(0o755)  # the private server's own user must get in when root calls
        cluster = Cluster(Path(folder), durable=False)
        cluster.start()
        try:
            with Database(cluster.conninfo(DATABASE_NAME)) as database:
                migrate(database)
                boundaries.load(database, PROJECT_DIRECTORY / "data" / "boundaries")
                begun = time.perf_counter()
                make_sites(database, count)
                print(f"{count:,} sites in {time.perf_counter() - begun:.0f} s")
                for role, code in SCOPES:
                    identity = _account(database, role, code)
                    for name, statement, values in requests():
                        with database.acting_as(identity).transaction() as connection:
                            plan = plan_of(connection, statement, values, run=True)
                        how = readings(plan["Plan"])
                        wrong |= whole(how)
                        print(f"{role} {code or ''}\t{name}\t{plan['Execution Time']:.0f} ms\t{sorted(how)}")
        finally:
            cluster.stop()
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
