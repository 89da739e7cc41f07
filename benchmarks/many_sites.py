"""A register of many sites in a private cluster, which goes when a benchmark is over."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from psycopg import sql

from gis.config import PROJECT_DIRECTORY
from gis.database.cluster import DATABASE_NAME, Cluster
from gis.database.connection import Connection, Database
from gis.database.migrations import migrate
from gis.services import boundaries

TABLES = ("site", "site_region", "site_state")
FIRST_ID = 1_000_000_000_000_000
# Points around the label point of each regency of today; two of three are closed. Their names are not made
# plain, which takes longest.
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
INSERT INTO register.site_state (site_id, valid, status, status_group, status_since, closed_on, disputed,
                                 last_event_on, updated_at)
SELECT s.id, daterange('2010-01-01', NULL), k.status, k.status_group, '2010-01-01', k.closed_on, false,
       '2010-01-01', now()
FROM register.site s
JOIN (VALUES (true, 'recorded', 'active', NULL), (false, 'closed', 'closed', date '2010-01-01'))
     k(is_active, status, status_group, closed_on) ON k.is_active = (s.id % 3 = 0);
"""


@contextmanager
def private_register(sites: int) -> Iterator[tuple[Cluster, Database]]:
    """The cluster, and the register as its owner.

    Parameters
    ----------
    sites : how many
    """
    with tempfile.TemporaryDirectory(prefix="atlas-benchmark-") as folder:
        Path(folder).chmod(0o755)  # the private server's own user must get in when root calls
        cluster = Cluster(Path(folder), durable=False)
        cluster.start()
        try:
            with Database(cluster.conninfo(DATABASE_NAME)) as database:
                migrate(database)
                boundaries.load(database, PROJECT_DIRECTORY / "data" / "boundaries")
                make_sites(database, sites)
                yield cluster, database
        finally:
            cluster.stop()


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
        connection.execute("SELECT register.make_ready(ARRAY(SELECT s.id FROM register.site s))")
        connection.execute("ANALYZE register.ready_site, register.ready_count")


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
