"""A connection of its own, as QGIS has one, for an account of one region: what is asked of two registers.

It is told the same by both, whatever it tries. What cannot be hidden is how much there is in all: the numbers
of rows and pages of whole tables stand in `pg_class` and in the activity statistics, for every login to read.
"""

import re
from collections.abc import Iterator

import psycopg
import pytest

from tests.attack.conftest import ONE, Register
from tests.attack.planting import PLACES, crossing_id

Twins = tuple[Register, Register]
LON, LAT = (n + ONE.shift for n in PLACES[0].centre_point)
SITE, BATCH, ACCOUNT, EVENT = ONE.site_id(0), ONE.batch_id(0), ONE.account_id(0), ONE.first_id + 111
BOX = f"ST_MakeEnvelope({LON - 1}, {LAT - 1}, {LON + 1}, {LAT + 1}, 4326)"
LAYERS = ("sites", "events", "headcounts", "regions")
TABLES = (
    *("ready_site", "ready_count"),
    *("site", "site_region", "site_state", "event", "headcount", "claim", "plan", "centre", "centre_place"),
    *("occupancy", "aid", "decree_boundary", "batch", "draft", "batch_file", "audit", "account", "session"),
)
READ = [
    *(f"SELECT * FROM layers.{layer} ORDER BY 1" for layer in LAYERS),
    *(f"SELECT count(*) FROM layers.{layer}" for layer in LAYERS),
    f"SELECT * FROM layers.sites WHERE geom && {BOX} ORDER BY 1",
    f"SELECT ST_Extent(geom) FROM layers.sites WHERE geom && {BOX}",
    f"SELECT id FROM layers.sites ORDER BY geom <-> ST_SetSRID(ST_MakePoint({LON}, {LAT}), 4326), id LIMIT 5",
    f"SELECT id FROM layers.sites WHERE 1 / (id - {SITE}) = 0 ORDER BY 1",
    f"SELECT * FROM layers.sites WHERE id = {SITE}",
    f"SELECT * FROM layers.events WHERE id = {EVENT} OR site_id = {SITE}",
    f"SELECT * FROM layers.headcounts WHERE site_id IN ({SITE}, {crossing_id(0, primary_is_hidden=True)})",
    "SELECT id, people FROM layers.sites_at('2017-04-02') ORDER BY 1",
    "SELECT * FROM layers.scoped_sites('2017-04-02', '2017-04-03') ORDER BY 1",
    "SELECT site_id, n, source FROM layers.all_headcounts() ORDER BY 1, 2",
]
FORBIDDEN = [
    *(f"SELECT count(*) FROM register.{table}" for table in TABLES),
    *(f"EXPLAIN SELECT * FROM register.{table}" for table in TABLES),
    f"INSERT INTO register.site (id, name, site_type) VALUES ({SITE}, 'x', 'lokasi')",
    f"INSERT INTO register.event (uid, site_id) VALUES ({EVENT}, {SITE})",
    f"INSERT INTO register.account (name) VALUES ('{ONE.word}-0')",
    "UPDATE register.site SET id = id",
    "DELETE FROM register.site",
    "TRUNCATE register.site",
    "INSERT INTO layers.sites (id) VALUES (1)",
    "UPDATE layers.sites SET name = name",
    f"SELECT * FROM register.preview_batch({BATCH})",
    f"SELECT * FROM register.fact_ends({BATCH}, NULL)",
    f"SELECT register.submit_batch({BATCH})",
    f"SELECT register.is_own_open_batch({BATCH})",
    "SELECT * FROM register.centre_bands('2019-12-31', NULL)",
    "SELECT * FROM register.corrected_claims(NULL)",
    "SELECT * FROM register.account_list()",
    "SELECT * FROM register.session_find('x')",
    f"SELECT * FROM register.sign_in_begin('{ONE.word}-0', '192.0.2.1')",
    "SELECT * FROM register.locate(NULL, '{33.24}')",
    "SELECT * FROM register.site_features('2017-04-02', NULL, '2017-04-02')",
    f"SELECT register.make_ready('{{{SITE}}}')",
    "SELECT register.sum_up_ready()",
    "SELECT register.current_account_id()",
    *(f"SET ROLE {role}" for role in ("atlas_app", "atlas_national", "atlas_scoped", "atlas_layers")),
    "SET SESSION AUTHORIZATION atlas_app",
    "SELECT * FROM pg_statistic",
    "SELECT * FROM pg_authid",
    "SELECT ST_EstimatedExtent('register', 'site', 'geom')",
    "SELECT ST_EstimatedExtent('layers', 'sites', 'geom')",
    "SELECT _postgis_stats('register.site'::regclass, 'geom')",
    "SELECT _postgis_stats(c.oid, 'geom') FROM pg_class c WHERE c.relname = 'site'",
    f"SELECT _postgis_selectivity(c.oid, 'geom', {BOX}) FROM pg_class c WHERE c.relname = 'site'",
    "SELECT _postgis_index_extent(c.oid, 'geom') FROM pg_class c WHERE c.relname = 'site'",
    "SELECT pg_sequence_last_value(c.oid) FROM pg_class c WHERE c.relname = 'event_id_seq'",
    "SELECT pg_read_file('/etc/passwd')",
    "COPY layers.sites TO PROGRAM 'true'",
    "CREATE SCHEMA mine",
    "CREATE FUNCTION layers.mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "ALTER FUNCTION layers.scoped_events COST 1",
]
CATALOGUE = [
    *(f"EXPLAIN SELECT * FROM layers.{layer}" for layer in LAYERS),
    *(f"EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF, COSTS) SELECT * FROM layers.{layer}" for layer in LAYERS),
    f"EXPLAIN SELECT * FROM layers.sites WHERE geom && {BOX}",
    f"EXPLAIN SELECT * FROM layers.sites WHERE id = {SITE}",
    "EXPLAIN SELECT * FROM layers.sites s JOIN layers.headcounts h ON h.site_id = s.id WHERE h.n > 48000",
    "SELECT * FROM pg_stats WHERE schemaname IN ('register', 'layers', 'published')",
    "SELECT * FROM pg_stats_ext",
    "SELECT * FROM pg_sequences WHERE last_value IS NOT NULL",
    "SELECT schemaname, viewname FROM pg_views WHERE schemaname = 'layers' ORDER BY 2",
    "SELECT f_table_name, coord_dimension, srid, type FROM geometry_columns ORDER BY 1",
]
_SHAPE = re.compile("[0-9A-F]{40,}")  # a geometry, whose digits are no numbers
# Before each question: what would lend it another identity, if anything could.
LENT = [
    f"SELECT set_config('atlas.account_id', '{ACCOUNT}', true)",
    "SELECT set_config('search_path', 'pg_temp, register, layers, public', true)",
    "SELECT set_config('transaction_read_only', 'off', true)",
    "SELECT set_config('row_security', 'off', true)",
]


def answered(connection: psycopg.Connection, question: str, *before: str) -> list[str]:
    """The rows, or the kind of the error and its words."""
    try:
        with connection.transaction(force_rollback=True):
            for statement in before:
                connection.execute(statement.encode())
            return [str(row) for row in connection.execute(question.encode())]
    except psycopg.Error as error:
        said = error.diag  # without the statement itself, of which PostgreSQL shows the place
        return [
            type(error).__name__,
            _plain(connection, said.message_primary),
            *map(str, (said.message_detail, said.context)),
        ]


def _plain(connection: psycopg.Connection, words: str | None) -> str:
    return str(words).replace(connection.info.dbname, "")


@pytest.fixture(scope="module")
def connections(twins: Twins) -> Iterator[tuple[psycopg.Connection, psycopg.Connection]]:
    """The account's own connections to both registers."""
    with psycopg.connect(twins[0].direct) as one, psycopg.connect(twins[1].direct) as other:
        for connection in (one, other):
            connection.execute("SET default_transaction_read_only = off")
            connection.commit()
        yield one, other


def test_both_registers_answer_alike(connections: tuple[psycopg.Connection, psycopg.Connection]) -> None:
    one, other = connections
    found = answered(one, READ[0])
    assert len(found) > 30
    assert f"({crossing_id(0, primary_is_hidden=True)}," in " ".join(found)
    for question in [*READ, *FORBIDDEN, *CATALOGUE]:
        for before in ((), *((lent,) for lent in LENT)) if question in READ else ((), LENT[:3]):
            told = answered(one, question, *before)
            assert told == answered(other, question, *before), question
            text = _SHAPE.sub("", "\n".join(told)).replace(str(SITE), "")
            assert ONE.telling.findall(text) == [], question


def test_what_is_no_layer_is_closed(connections: tuple[psycopg.Connection, psycopg.Connection]) -> None:
    for question in FORBIDDEN:
        kind, words, *_ = answered(connections[0], question)
        assert kind in {"InsufficientPrivilege", "ObjectNotInPrerequisiteState"}, (question, words)


def test_a_table_of_ones_own_stands_in_for_none(
    connections: tuple[psycopg.Connection, psycopg.Connection],
) -> None:
    """Names are found where they were meant, though the caller's own schema comes first."""
    one, _ = connections
    mine = (
        "CREATE TEMP TABLE site (id bigint, region_codes text[]);"
        " CREATE TEMP TABLE account (id bigint, region_code text, database_role name);"
        " CREATE FUNCTION pg_temp.current_scope() RETURNS text LANGUAGE sql AS $$ SELECT '33' $$;"
        " CREATE FUNCTION pg_temp.lies_in(text, text) RETURNS boolean LANGUAGE sql AS $$ SELECT true $$"
    )
    for question in READ:
        assert answered(one, question, mine) == answered(one, question), question


def test_the_layers_hold_for_the_owner_what_they_hide(twins: Twins) -> None:
    """So that the questions are good ones."""
    with twins[0].database.transaction() as connection:
        for layer in ("sites", "events", "headcounts"):
            found = [str(row) for row in connection.execute(f"SELECT * FROM layers.{layer}".encode())]
            assert ONE.telling.search("\n".join(found)), layer
