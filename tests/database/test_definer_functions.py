"""The catalogue is walked: what could let a row out of its scope is on a list, or fails here."""

import pytest
from psycopg.rows import scalar_row

from gis.database.connection import Database

# Every function that runs with its owner's rights, with what keeps it from telling or changing too much.
DEFINER_FUNCTIONS = {
    # Who acts; asked by the policies themselves.
    "register.current_account_id()": "the account of session_user, or the one the application names",
    "register.current_scope()": "the region of that account",
    # Signing in and out; for the application's own role, which acts for nobody yet.
    "register.sign_in_begin(text,cidr)": "one hash by name, within the limits of attempts",
    "register.sign_in_refuse(bigint)": "a row of the trail",
    "register.sign_in_finish(bigint,text,text,bytea,bytea)": "a session, for an attempt and its hash",
    "register.session_find(bytea)": "the account of a token that only its browser has",
    "register.session_end(bytea,boolean)": "ends sessions of that account",
    "register.session_change_password(bytea,bigint,text,text,bytea)": "of that account, after the old one",
    "register.session_change_language(bytea,text)": "of that account",
    "register.has_accounts()": "yes or no",
    # Personal tokens; for the application's own role as well.
    "register.token_find(bytea)": "the account of a token that only its owner has",
    "register.token_create(bytea,bytea,text,integer)": "of a session's account, ten at most",
    "register.token_list(bytea)": "names and days of a session's account; no hash",
    "register.token_revoke(bytea,bigint)": "of a session's account",
    # Administration; each asks whether an admin acts.
    "register.account_add(text,text,text,text,text)": "admin",
    "register.account_change(text,text,text)": "admin",
    "register.account_set_password(text,text)": "admin",
    "register.account_set_disabled(text,boolean)": "admin",
    "register.account_list()": "admin; no hash",
    "register.may_publish()": "yes or no, for the acting account",
    "register.revision()": "a name that changes with every write, of whatever region",
    "register.step_revision()": "counts a transaction that writes, returns nothing",
    "register.analyze_releases()": "counts rows for the planner, returns nothing",
    "register.write_release_audit()": "a row of the trail about a release, which policies let in",
    # Direct connections: owned by atlas_layers, which the policies for scoped roles bind.
    "layers.scoped_sites(date,date)": "under the policies of atlas_scoped",
    "layers.scoped_events()": "under the policies of atlas_scoped",
    "layers.scoped_headcounts()": "under the policies of atlas_scoped",
    "layers.scoped_regions()": "shapes of regions, public knowledge",
    # Drafts and their approval; each compares with the author's scope.
    "register.open_batch(text,text,text,text,text,jsonb,bigint)": "a batch of the acting account's own",
    "register.is_own_open_batch(bigint)": "yes or no, for the acting account",
    "register.note_batch_detail(bigint,jsonb)": "of an open batch of the acting account's own",
    "register.preview_batch(bigint)": "of a batch of the acting account's own",
    "register.submit_batch(bigint)": "of a batch of the acting account's own",
    "register.withdraw_batch(bigint)": "of a batch of the acting account's own",
    "register.return_batch(bigint,text)": "who may approve, and not the author",
    "register.approve_batch(bigint)": "who may approve, and not the author; facts within the author's scope",
    "register.record_action(text,jsonb)": "a row of the trail about that account",
    # What scoped roles may know beyond their rows; each attacked in the tests of its noun.
    "register.corrected_claims(date)": "ids of claims that were corrected",
    "register.fact_ends(bigint,text)": (
        "ids, and yes or no, of what batches wrote that the account may know of"
    ),
    "register.centre_bands(date,date)": "bands, no number and no place",
    "register.locate(geometry,text[])": "regions of a place that the caller gives",
}
REFERENCE_TABLES = {  # nothing in them is about a site or a person
    *("register.region", "register.neighbour", "register.boundary_load", "register.place"),
    *("register.collection", "register.aid_rate"),
    "public.atlas_migration",
}
# Views over functions of this list: they name the type of a table's rows and read none.
CLOSED_BOXES = {"layers.sites", "layers.events", "layers.headcounts", "layers.regions"}
READERS = ("atlas_app", "atlas_national", "atlas_scoped", "atlas_direct", "atlas_layers")
# For everybody who can name the schema, since defaults and policies call them with the caller's rights.
OPEN_TO_ALL = {"register.random_id()", "register.current_account_id()", "register.current_scope()"}

OURS = (
    "n.nspname IN ('register', 'layers', 'published', 'public') AND NOT EXISTS (SELECT FROM pg_depend d"
    " WHERE d.deptype = 'e' AND d.objid = {}.oid)"
)


def ask(database: Database, statement: str) -> set[str]:
    with database.transaction() as connection:
        cursor = connection.cursor(row_factory=scalar_row)
        return set(cursor.execute(statement.encode()))


def functions(condition: str) -> str:
    return (
        "SELECT n.nspname || '.' || p.proname || '(' || coalesce((SELECT string_agg(format_type(t, NULL), ','"
        " ORDER BY o) FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY a(t, o)), '') || ')'"
        " FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        f" WHERE {OURS.format('p')} AND {condition}"
    )


def relations(condition: str) -> str:
    return (
        "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        f" WHERE {OURS.format('c')} AND {condition}"
    )


def test_every_function_with_its_owners_rights_is_on_the_list(database: Database) -> None:
    assert ask(database, functions("p.prosecdef")) == set(DEFINER_FUNCTIONS)


def test_each_of_them_pins_its_search_path_and_ends_it_with_the_callers_own_schema(
    database: Database,
) -> None:
    pinned = "EXISTS (SELECT FROM unnest(p.proconfig) c WHERE c ~ '^search_path=.*pg_temp$')"
    assert ask(database, functions(f"p.prosecdef AND NOT {pinned}")) == set()


def test_none_of_them_and_nothing_that_writes_is_for_everybody(database: Database) -> None:
    everybody = "has_function_privilege('public', p.oid, 'EXECUTE') AND p.prorettype <> 'trigger'::regtype"
    found = ask(database, functions(f"(p.prosecdef OR p.provolatile = 'v') AND {everybody}"))
    assert found == OPEN_TO_ALL


def test_what_the_owner_keeps_for_himself_no_role_can_call(database: Database) -> None:
    kept = (
        "direct_role_make",
        "direct_role_drop",
        "direct_role_update",
        "sign_in_attempt_take",
        "require_admin",
        "session_hold",
        "tokens_end",
    )
    callers = " OR ".join(f"has_function_privilege('{role}', p.oid, 'EXECUTE')" for role in READERS)
    names = ", ".join(f"'{name}'" for name in kept)
    assert len(ask(database, functions(f"p.proname IN ({names})"))) == len(kept)
    assert ask(database, functions(f"p.proname IN ({names}) AND ({callers})")) == set()


def test_every_table_is_guarded_or_of_reference(database: Database) -> None:
    open_ones = "c.relkind IN ('r', 'p', 'f', 'm') AND NOT (c.relrowsecurity AND c.relforcerowsecurity)"
    assert ask(database, relations(open_ones)) == REFERENCE_TABLES


def test_every_guarded_table_that_is_read_has_a_policy_for_scoped_roles(database: Database) -> None:
    scoped = (
        "EXISTS (SELECT FROM pg_policy q WHERE q.polrelid = c.oid"
        " AND 'atlas_scoped'::regrole = ANY (q.polroles))"
    )
    readable = "has_table_privilege('atlas_scoped', c.oid, 'SELECT')"
    guarded = f"c.relrowsecurity AND {readable} AND n.nspname <> 'published'"
    assert ask(database, relations(f"{guarded} AND NOT {scoped}")) == set()
    # A policy for everybody, or for atlas_app as it is before it acts, would be a hole.
    with database.transaction() as connection:
        rows = connection.execute(
            "SELECT DISTINCT r.rolname FROM pg_policy q JOIN pg_class c ON c.oid = q.polrelid"
            " CROSS JOIN unnest(q.polroles) o LEFT JOIN pg_roles r ON r.oid = o"
            " WHERE c.relnamespace <> 'published'::regnamespace"
        ).fetchall()
    owner = ask(database, "SELECT rolname FROM pg_roles WHERE rolname = current_user")
    assert {name for (name,) in rows} == {"atlas_national", "atlas_scoped"} | owner


def test_no_view_shows_a_role_what_its_owner_sees(database: Database) -> None:
    """A view reads with its owner's rights, past the policies, unless it says otherwise or reads no table."""
    callers = " OR ".join(f"has_any_column_privilege('{role}', c.oid, 'SELECT')" for role in READERS)
    reads = (
        "EXISTS (SELECT FROM pg_rewrite w JOIN pg_depend d ON d.objid = w.oid"
        " AND d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass"
        " AND d.refobjid <> c.oid JOIN pg_class t ON t.oid = d.refobjid AND t.relrowsecurity"
        " WHERE w.ev_class = c.oid)"
    )
    invoker = "coalesce('security_invoker=true' = ANY (c.reloptions), false)"
    found = ask(database, relations(f"c.relkind = 'v' AND ({callers}) AND {reads} AND NOT {invoker}"))
    assert found <= CLOSED_BOXES


@pytest.mark.parametrize("role", READERS)
def test_no_role_owns_or_bypasses(database: Database, role: str) -> None:
    with database.transaction() as connection:
        row = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles"
            " WHERE rolname = %s",
            [role],
        ).fetchone()
    assert row == (False,) * 5
    assert ask(database, relations(f"c.relowner = '{role}'::regrole")) == set()
    schemas = f"SELECT n.nspname FROM pg_namespace n WHERE has_schema_privilege('{role}', n.oid, 'CREATE')"
    assert ask(database, schemas) == set()
    writable = " OR ".join(
        f"has_any_column_privilege('{role}', c.oid, '{right}')"
        for right in ("INSERT", "UPDATE", "REFERENCES")
    )
    deletable = (
        f"has_table_privilege('{role}', c.oid, 'DELETE') OR has_table_privilege('{role}', c.oid, 'TRUNCATE')"
    )
    facts = (
        "c.relname IN ('site', 'event', 'headcount', 'claim', 'plan', 'centre', 'aid', 'audit', 'account',"
        " 'session', 'token', 'sign_in_attempt', 'site_region', 'site_state', 'region')"
    )
    assert (
        ask(database, relations(f"{facts} AND n.nspname = 'register' AND ({writable} OR {deletable})"))
        == set()
    )


def test_releases_are_added_by_national_roles_and_changed_by_none(database: Database) -> None:
    released = "n.nspname = 'published' AND c.relkind = 'r'"
    everything = ask(database, relations(released))
    assert "published.site" in everything
    for role in (*READERS, "atlas_visitor"):
        for right in ("UPDATE", "DELETE", "TRUNCATE"):
            allowed = f"{released} AND has_table_privilege('{role}', c.oid, '{right}')"
            assert ask(database, relations(allowed)) == set()
    adding = {
        role: ask(database, relations(f"{released} AND has_table_privilege('{role}', c.oid, 'INSERT')"))
        for role in (*READERS, "atlas_visitor")
    }
    assert adding == {role: everything if role == "atlas_national" else set() for role in adding}


def test_visitors_read_releases_and_nothing_else(database: Database) -> None:
    readable = (
        "has_any_column_privilege('atlas_visitor', c.oid, 'SELECT') AND c.relkind IN ('r', 'v', 'm', 'S')"
    )
    found = ask(database, relations(readable))
    assert found == ask(database, relations("n.nspname = 'published' AND c.relkind = 'r'"))
    in_register = "SELECT 'yes' WHERE has_schema_privilege('atlas_visitor', 'register', 'USAGE')"
    assert ask(database, in_register) == set()
    member = "SELECT rolname FROM pg_roles WHERE pg_has_role('atlas_visitor', oid, 'MEMBER')"
    assert ask(database, member) == {"atlas_visitor"}


def test_hashes_and_sessions_are_read_by_nobody_but_their_functions(database: Database) -> None:
    for role in READERS:
        with database.transaction() as connection:
            row = connection.execute(
                "SELECT has_column_privilege(%(role)s, 'register.account', 'password_hash', 'SELECT'),"
                " has_table_privilege(%(role)s, 'register.session', 'SELECT'),"
                " has_any_column_privilege(%(role)s, 'register.token', 'SELECT'),"
                " has_table_privilege(%(role)s, 'register.sign_in_attempt', 'SELECT')",
                {"role": role},
            ).fetchone()
        assert row == (False, False, False, False)


def test_what_tells_of_rows_by_their_statistics_is_closed(database: Database) -> None:
    telling = (
        "p.proname IN ('st_estimatedextent', '_postgis_index_extent', '_postgis_stats',"
        " '_postgis_selectivity', '_postgis_join_selectivity')"
    )
    anybody = " OR ".join(f"has_function_privilege('{role}', p.oid, 'EXECUTE')" for role in READERS)
    statement = f"SELECT p.oid::regprocedure::text FROM pg_proc p WHERE {telling} AND ({anybody})"
    assert ask(database, statement) == set()
