-- Accounts and their sessions; and direct connections, of QGIS and other programs, as login roles of their own.

ALTER TABLE register.account ADD COLUMN password_changed_at timestamptz;
GRANT SELECT (password_changed_at) ON register.account TO atlas_app, atlas_national, atlas_scoped;

-- Attempts to sign in, so that nobody can try passwords at will; kept for a month.
CREATE TABLE register.sign_in_attempt (
    id           bigint PRIMARY KEY DEFAULT register.random_id(),
    name         text NOT NULL,          -- as it was given, whether an account bears it or not
    address      cidr NOT NULL,          -- of IPv6 the /64, which one caller has to himself
    account_id   bigint REFERENCES register.account,
    attempted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    succeeded    boolean NOT NULL DEFAULT false
);
CREATE INDEX sign_in_attempt_name_idx ON register.sign_in_attempt (name, attempted_at);
CREATE INDEX sign_in_attempt_address_idx ON register.sign_in_attempt (address, attempted_at);
ALTER TABLE register.sign_in_attempt ENABLE ROW LEVEL SECURITY;
ALTER TABLE register.sign_in_attempt FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON register.sign_in_attempt TO CURRENT_USER USING (true) WITH CHECK (true);

-- Begins an attempt: its number and the hash to verify, null where nobody may sign in by that name; or, where too
-- many have failed within 15 minutes, nothing but the seconds to wait. An attempt counts as failed until it is
-- finished, so that many at once are not more than the limit. Five for a name from an address; 30 for an address;
-- 60 for a name, but not from where its owner signed in within a month, who is thus never locked out by others.
CREATE FUNCTION register.sign_in_begin(given_name text, given_address cidr)
    RETURNS TABLE (attempt_id bigint, verified_hash text, retry_after_s integer)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = register, pg_temp AS $$
#variable_conflict use_column
DECLARE
    since timestamptz := clock_timestamp() - interval '15 minutes';
    last_good timestamptz;
    until timestamptz;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('sign-in from ' || given_address, 0));
    PERFORM pg_advisory_xact_lock(hashtextextended('sign-in by ' || given_name, 0));
    SELECT max(a.attempted_at) INTO last_good
    FROM sign_in_attempt a WHERE a.name = given_name AND a.address = given_address AND a.succeeded;

    SELECT max(w.attempted_at) INTO until FROM (
        (SELECT a.attempted_at FROM sign_in_attempt a
         WHERE a.name = given_name AND a.address = given_address AND NOT a.succeeded
           AND a.attempted_at > greatest(since, last_good)
         ORDER BY a.attempted_at DESC OFFSET 4 LIMIT 1)
        UNION ALL
        (SELECT a.attempted_at FROM sign_in_attempt a
         WHERE a.address = given_address AND NOT a.succeeded AND a.attempted_at > since
         ORDER BY a.attempted_at DESC OFFSET 29 LIMIT 1)
        UNION ALL
        (SELECT a.attempted_at FROM sign_in_attempt a
         WHERE a.name = given_name AND NOT a.succeeded AND a.attempted_at > since AND last_good IS NULL
         ORDER BY a.attempted_at DESC OFFSET 59 LIMIT 1)) w;
    IF until IS NOT NULL THEN
        RETURN QUERY SELECT NULL::bigint, NULL::text, ceil(extract(epoch FROM until - since))::integer;
        RETURN;
    END IF;

    RETURN QUERY
    WITH known AS (
        SELECT a.id, a.password_hash FROM account a WHERE a.name = given_name AND a.disabled_at IS NULL
    ), begun AS (
        INSERT INTO sign_in_attempt (name, address, account_id)
        VALUES (given_name, given_address, (SELECT k.id FROM known k)) RETURNING id
    )
    SELECT b.id, (SELECT k.password_hash FROM known k), NULL::integer FROM begun b;
END $$;

-- Notes that the password of an attempt was wrong, or that nobody may sign in by its name.
CREATE FUNCTION register.sign_in_refuse(attempt_id bigint) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = register, pg_temp AS $$
BEGIN
    INSERT INTO audit (account_id, account_name, action, detail)
    SELECT t.account_id, coalesce(a.name, 'unknown'), 'sign_in_refused', jsonb_build_object('address', t.address)
    FROM sign_in_attempt t LEFT JOIN account a ON a.id = t.account_id
    WHERE t.id = sign_in_refuse.attempt_id;
END $$;

-- Takes up an attempt whose password was right, once and within a minute: the account's id; null if it has been
-- taken up, or if the account was disabled or got another password in between.
CREATE FUNCTION register.sign_in_attempt_take(attempt_id bigint, verified_hash text) RETURNS bigint
    LANGUAGE sql VOLATILE SET search_path = register, pg_temp
BEGIN ATOMIC
    UPDATE register.sign_in_attempt t SET succeeded = true
    FROM register.account a
    WHERE t.id = sign_in_attempt_take.attempt_id AND NOT t.succeeded
      AND t.attempted_at > clock_timestamp() - interval '1 minute'
      AND a.id = t.account_id AND a.disabled_at IS NULL AND a.password_hash = verified_hash
    RETURNING a.id;
END;

-- Opens a session after a right password. What had expired goes, and so does the session that the browser had.
CREATE FUNCTION register.sign_in_finish(
    attempt_id bigint, verified_hash text, renewed_hash text, new_token_hash bytea, old_token_hash bytea)
    RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = register, pg_temp AS $$
DECLARE
    signed_in bigint := register.sign_in_attempt_take(attempt_id, verified_hash);
BEGIN
    IF signed_in IS NULL THEN
        RETURN false;
    END IF;
    IF renewed_hash IS NOT NULL THEN
        UPDATE account a SET password_hash = renewed_hash WHERE a.id = signed_in;  -- the same password
    END IF;
    DELETE FROM session s WHERE s.token_hash = old_token_hash OR s.expires_at <= clock_timestamp();
    DELETE FROM sign_in_attempt t WHERE t.attempted_at < clock_timestamp() - interval '30 days';
    INSERT INTO session (token_hash, account_id, expires_at)
    VALUES (new_token_hash, signed_in, clock_timestamp() + interval '12 hours');
    INSERT INTO audit (account_id, account_name, action, detail)
    SELECT t.account_id, a.name, 'sign_in', jsonb_build_object('address', t.address)
    FROM sign_in_attempt t JOIN account a ON a.id = t.account_id WHERE t.id = sign_in_finish.attempt_id;
    RETURN true;
END $$;

-- The account of an open session, with the name of its region.
CREATE FUNCTION register.session_find(given_token_hash bytea)
    RETURNS TABLE (account_id bigint, name text, role text, region_code text, region_name text, language text,
                   database_role name, expires_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = register, pg_temp
BEGIN ATOMIC
    SELECT a.id, a.name, a.role, a.region_code,
           (SELECT r.name FROM register.region r WHERE r.code = a.region_code AND upper_inf(r.valid)),
           a.language, a.database_role, s.expires_at
    FROM register.session s JOIN register.account a ON a.id = s.account_id
    WHERE s.token_hash = given_token_hash AND s.expires_at > clock_timestamp() AND a.disabled_at IS NULL;
END;

-- Ends a session, or all sessions of its account; the number that ended.
CREATE FUNCTION register.session_end(given_token_hash bytea, everywhere boolean) RETURNS bigint
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = register, pg_temp AS $$
DECLARE
    ending record;
    ended bigint;
BEGIN
    SELECT f.account_id, f.name INTO ending FROM register.session_find(given_token_hash) f;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    DELETE FROM session s
    WHERE s.account_id = ending.account_id AND (everywhere OR s.token_hash = given_token_hash);
    GET DIAGNOSTICS ended = ROW_COUNT;
    INSERT INTO audit (account_id, account_name, action, detail)
    VALUES (ending.account_id, ending.name, 'sign_out', jsonb_build_object('everywhere', everywhere));
    RETURN ended;
END $$;

-- Changes the password of a session's account after the old one was given again; all of its sessions end, and the
-- browser that asked gets a new one.
CREATE FUNCTION register.session_change_password(
    given_token_hash bytea, attempt_id bigint, verified_hash text, new_hash text, new_token_hash bytea)
    RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = register, pg_temp AS $$
DECLARE
    changing bigint;
BEGIN
    SELECT f.account_id INTO changing FROM register.session_find(given_token_hash) f;
    IF changing IS DISTINCT FROM register.sign_in_attempt_take(attempt_id, verified_hash) OR changing IS NULL THEN
        RETURN false;
    END IF;
    -- The trail names whoever did it, and a session is nobody yet for the trail.
    PERFORM set_config('atlas.account_id', changing::text, true);
    UPDATE account a SET password_hash = new_hash, password_changed_at = clock_timestamp() WHERE a.id = changing;
    DELETE FROM session s WHERE s.account_id = changing;
    INSERT INTO session (token_hash, account_id, expires_at)
    VALUES (new_token_hash, changing, clock_timestamp() + interval '12 hours');
    RETURN true;
END $$;

CREATE FUNCTION register.session_change_language(given_token_hash bytea, new_language text) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = register, pg_temp AS $$
DECLARE
    changing bigint;
BEGIN
    SELECT f.account_id INTO changing FROM register.session_find(given_token_hash) f;
    PERFORM set_config('atlas.account_id', changing::text, true);
    UPDATE account a SET language = new_language WHERE a.id = changing;
END $$;

-- Whether anybody can sign in at all, so that the page can say how to make the first account.
CREATE FUNCTION register.has_accounts() RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = register, pg_temp
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM register.account a WHERE a.password_hash IS NOT NULL AND a.disabled_at IS NULL);
END;

REVOKE EXECUTE ON FUNCTION
    register.sign_in_begin, register.sign_in_refuse, register.sign_in_attempt_take, register.sign_in_finish,
    register.session_find, register.session_end, register.session_change_password,
    register.session_change_language, register.has_accounts
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    register.sign_in_begin, register.sign_in_refuse, register.sign_in_finish, register.session_find,
    register.session_end, register.session_change_password, register.session_change_language, register.has_accounts
    TO atlas_app;

-- Administration: by an account that is an admin, or by the owner on the command line.
CREATE FUNCTION register.require_admin() RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = register, pg_temp AS $$
DECLARE
    acting bigint := register.current_account_id();
BEGIN
    IF EXISTS (SELECT FROM account a WHERE a.id = acting AND a.role = 'admin')
       OR (acting IS NULL AND nullif(current_setting('atlas.account_id', true), '') IS NULL
           AND pg_has_role(session_user, current_user, 'MEMBER')) THEN
        RETURN;
    END IF;
    RAISE EXCEPTION 'only an admin administers accounts' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION register.account_add(
    new_name text, new_role text, new_region_code text, new_language text, new_hash text) RETURNS bigint
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = register, pg_temp AS $$
DECLARE
    added bigint;
BEGIN
    PERFORM register.require_admin();
    PERFORM register.require_region_of_today(new_region_code);
    INSERT INTO account (name, role, region_code, language, password_hash, password_changed_at)
    VALUES (new_name, new_role, new_region_code, new_language, new_hash, clock_timestamp())
    RETURNING id INTO added;
    RETURN added;
END $$;

CREATE FUNCTION register.require_region_of_today(region_code text) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = register, pg_temp AS $$
BEGIN
    IF region_code IS NOT NULL
       AND NOT EXISTS (SELECT FROM region r WHERE r.code = region_code AND upper_inf(r.valid)) THEN
        RAISE EXCEPTION '% is no Kemendagri code of a province or regency of today', region_code
            USING ERRCODE = 'check_violation', TABLE = 'account', COLUMN = 'region_code',
                  CONSTRAINT = 'account_region_code_check';
    END IF;
END $$;

-- The account that an administrator means; nobody changes the own one, so that no administrator shuts himself out.
CREATE FUNCTION register.account_to_change(given_name text) RETURNS register.account
    LANGUAGE plpgsql STABLE SET search_path = register, pg_temp AS $$
DECLARE
    target account;
BEGIN
    PERFORM register.require_admin();
    SELECT a.* INTO target FROM account a WHERE a.name = given_name;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no account %', given_name USING ERRCODE = 'no_data_found';
    ELSIF target.id = register.current_account_id() THEN
        RAISE EXCEPTION 'nobody changes the own account here; ask another admin'
            USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    RETURN target;
END $$;

-- Whoever gets another role or region starts again: all sessions and direct connections end.
CREATE FUNCTION register.account_change(given_name text, new_role text, new_region_code text) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = register, pg_temp AS $$
DECLARE
    changed account := register.account_to_change(given_name);
BEGIN
    PERFORM register.require_region_of_today(new_region_code);
    UPDATE account a SET role = new_role, region_code = new_region_code WHERE a.id = changed.id;
    DELETE FROM session s WHERE s.account_id = changed.id;
    PERFORM register.direct_role_update(changed.id);
END $$;

CREATE FUNCTION register.account_set_password(given_name text, new_hash text) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = register, pg_temp AS $$
DECLARE
    changed account := register.account_to_change(given_name);
BEGIN
    UPDATE account a SET password_hash = new_hash, password_changed_at = clock_timestamp() WHERE a.id = changed.id;
    DELETE FROM session s WHERE s.account_id = changed.id;
END $$;

CREATE FUNCTION register.account_set_disabled(given_name text, disabled boolean) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = register, pg_temp AS $$
DECLARE
    changed account := register.account_to_change(given_name);
BEGIN
    UPDATE account a SET disabled_at = CASE WHEN disabled THEN coalesce(a.disabled_at, clock_timestamp()) END
    WHERE a.id = changed.id;
    DELETE FROM session s WHERE s.account_id = changed.id;
    PERFORM register.direct_role_update(changed.id);
END $$;

CREATE FUNCTION register.account_list()
    RETURNS TABLE (id bigint, name text, role text, region_code text, region_name text, language text,
                   database_role name, created_at timestamptz, disabled_at timestamptz, last_sign_in timestamptz)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = register, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM register.require_admin();
    RETURN QUERY
    SELECT a.id, a.name, a.role, a.region_code, r.name, a.language, a.database_role, a.created_at, a.disabled_at,
           (SELECT max(u.occurred_at) FROM audit u WHERE u.account_id = a.id AND u.action = 'sign_in')
    FROM account a
    LEFT JOIN region r ON r.code = a.region_code AND upper_inf(r.valid)
    ORDER BY a.name;
END $$;

-- Direct connections. A login role of PostgreSQL, with a password of its own, is bound to its account by
-- account.database_role; the policies find the scope from session_user, which nobody can change.
--
-- National roles read the tables of the register. A scoped one reads what the functions below give and none of the
-- tables: an EXPLAIN on a table tells, by the planner's estimates, how many rows of other provinces meet any
-- condition, policies or not. A function is a closed box to EXPLAIN.
DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['atlas_direct', 'atlas_layers'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION',
                               wanted);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL;  -- another database was a moment quicker
            END;
        END IF;
    END LOOP;
    IF NOT pg_has_role(current_user, 'atlas_layers', 'MEMBER') THEN
        EXECUTE format('GRANT atlas_layers TO %I', current_user);  -- to give it the functions
    END IF;
END $$;
GRANT atlas_scoped TO atlas_layers;

-- Login, memberships and open connections of an account's login role, as its role, region and state are now.
CREATE FUNCTION register.direct_role_update(account_id bigint) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    holder register.account;
BEGIN
    SELECT a.* INTO holder FROM register.account a WHERE a.id = direct_role_update.account_id;
    IF holder.database_role IS NULL THEN
        RETURN;
    END IF;
    EXECUTE format('ALTER ROLE %I %s', holder.database_role,
                   CASE WHEN holder.disabled_at IS NULL THEN 'LOGIN' ELSE 'NOLOGIN' END);
    EXECUTE format('GRANT atlas_direct TO %I', holder.database_role);
    IF holder.disabled_at IS NULL AND holder.role NOT IN ('province', 'regency') THEN
        EXECUTE format('GRANT atlas_national TO %I', holder.database_role);
    ELSE
        EXECUTE format('REVOKE atlas_national FROM %I', holder.database_role);
    END IF;
    PERFORM pg_terminate_backend(s.pid) FROM pg_stat_activity s WHERE s.usename = holder.database_role;
END $$;

CREATE SCHEMA layers;
COMMENT ON SCHEMA layers IS 'What a direct connection reads: rows within the scope of its account';
GRANT USAGE ON SCHEMA layers TO atlas_direct;
GRANT USAGE, CREATE ON SCHEMA layers TO atlas_layers;

-- Each as a function that runs with the rights of atlas_layers, and so under the policies for scoped roles.
CREATE FUNCTION layers.scoped_sites(as_of date, known_at date) RETURNS SETOF register.site_feature
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT f.* FROM register.site_features(as_of, known_at, register.today()) f;
END $$;

CREATE FUNCTION layers.scoped_events() RETURNS SETOF register.event
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT e.* FROM register.event e;
END $$;

CREATE FUNCTION layers.scoped_headcounts() RETURNS SETOF register.headcount
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT h.* FROM register.headcount h;
END $$;

CREATE FUNCTION layers.scoped_regions() RETURNS SETOF register.region
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT r.* FROM register.region r WHERE upper_inf(r.valid);
END $$;
ALTER FUNCTION layers.scoped_sites OWNER TO atlas_layers;
ALTER FUNCTION layers.scoped_events OWNER TO atlas_layers;
ALTER FUNCTION layers.scoped_headcounts OWNER TO atlas_layers;
ALTER FUNCTION layers.scoped_regions OWNER TO atlas_layers;
REVOKE CREATE ON SCHEMA layers FROM atlas_layers;

CREATE FUNCTION register.today() RETURNS date
    LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    RETURN (now() AT TIME ZONE 'Asia/Jakarta')::date;

-- What a layer shows to whoever asks: a national role reads the tables themselves, so that its filters reach their
-- indexes; a branch that is not taken is not checked for rights.
CREATE FUNCTION layers.sites_at(as_of date, known_at date DEFAULT NULL) RETURNS SETOF register.site_feature
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF pg_has_role(session_user, 'atlas_national', 'USAGE') THEN
        RETURN QUERY SELECT f.* FROM register.site_features(as_of, known_at, register.today()) f;
    ELSE
        RETURN QUERY SELECT f.* FROM layers.scoped_sites(as_of, known_at) f;
    END IF;
END $$;

CREATE FUNCTION layers.all_events() RETURNS SETOF register.event
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF pg_has_role(session_user, 'atlas_national', 'USAGE') THEN
        RETURN QUERY SELECT e.* FROM register.event e;
    ELSE
        RETURN QUERY SELECT e.* FROM layers.scoped_events() e;
    END IF;
END $$;

CREATE FUNCTION layers.all_headcounts() RETURNS SETOF register.headcount
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF pg_has_role(session_user, 'atlas_national', 'USAGE') THEN
        RETURN QUERY SELECT h.* FROM register.headcount h;
    ELSE
        RETURN QUERY SELECT h.* FROM layers.scoped_headcounts() h;
    END IF;
END $$;

-- What QGIS lists. No id of the log leaves, and the geometry's type and reference system are told.
CREATE VIEW layers.sites AS
    SELECT f.id, f.name, f.site_type, f.status, f.status_group, f.status_since, f.closed_on,
           f.province_code, f.province_name, f.regency_code, f.regency_name,
           f.province_join_method, f.regency_join_method, f.shared_with, f.location_accuracy, f.people,
           f.disputed, f.synthetic, f.source_url, f.updated_at, f.geom::geometry(Geometry, 4326) AS geom
    FROM layers.sites_at((now() AT TIME ZONE 'Asia/Jakarta')::date, NULL) f;
CREATE VIEW layers.events AS
    SELECT e.uid AS id, e.site_id, e.kind, e.occurred_on, e.date_precision, e.planned, e.legal_instrument,
           e.legal_number, e.source, e.source_url, e.note, e.synthetic, e.known_on
    FROM layers.all_events() e;
CREATE VIEW layers.headcounts AS
    SELECT h.uid AS id, h.site_id, h.region_code, h.counted_on, h.n, h.definition, h.source, h.source_url,
           h.synthetic, h.known_on
    FROM layers.all_headcounts() h;
CREATE VIEW layers.regions AS
    SELECT r.code, r.level, r.parent_code, r.name, r.kind, r.iso_code, r.bps_code, r.area_km2,
           r.geom_map::geometry(MultiPolygon, 4326) AS geom
    FROM layers.scoped_regions() r;
GRANT SELECT ON layers.sites, layers.events, layers.headcounts, layers.regions TO atlas_direct;

-- Makes the login role of an account's direct connections, or gives it another password (a SCRAM verifier).
-- For the owner only.
CREATE FUNCTION register.direct_role_make(given_name text, verifier text) RETURNS name
    LANGUAGE plpgsql VOLATILE SET search_path = register, pg_temp AS $$
DECLARE
    holder account;
    made name;
BEGIN
    SELECT a.* INTO holder FROM account a WHERE a.name = given_name;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no account %', given_name USING ERRCODE = 'no_data_found';
    END IF;
    made := coalesce(holder.database_role, ('direct_' || given_name)::name);
    IF holder.database_role IS NULL THEN
        EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION'
                       ' CONNECTION LIMIT 10', made);
        EXECUTE format('ALTER ROLE %I SET default_transaction_read_only = on', made);
        EXECUTE format('ALTER ROLE %I SET statement_timeout = %L', made, '60s');
        EXECUTE format('ALTER ROLE %I SET search_path = layers, public', made);
        IF NOT pg_has_role(current_user, made, 'MEMBER') THEN
            EXECUTE format('GRANT %I TO %I', made, current_user);  -- to end its connections
        END IF;
        UPDATE account a SET database_role = made WHERE a.id = holder.id;
    END IF;
    EXECUTE format('ALTER ROLE %I PASSWORD %L', made, verifier);
    PERFORM register.direct_role_update(holder.id);
    RETURN made;
END $$;

-- Takes the login role away, with its connections.
CREATE FUNCTION register.direct_role_drop(given_name text) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = register, pg_temp AS $$
DECLARE
    dropped name;
BEGIN
    SELECT a.database_role INTO dropped FROM account a WHERE a.name = given_name;
    IF dropped IS NULL THEN
        RAISE EXCEPTION 'there is no account % with a direct connection', given_name USING ERRCODE = 'no_data_found';
    END IF;
    UPDATE account a SET database_role = NULL WHERE a.name = given_name;
    EXECUTE format('ALTER ROLE %I NOLOGIN', dropped);
    PERFORM pg_terminate_backend(s.pid, 5000) FROM pg_stat_activity s WHERE s.usename = dropped;
    EXECUTE format('DROP OWNED BY %I', dropped);  -- what it may have made: large objects
    EXECUTE format('DROP ROLE %I', dropped);
END $$;

-- Functions are executable by everybody as they are made; what writes, decides or answers for a role is not.
REVOKE EXECUTE ON FUNCTION
    register.require_admin, register.require_region_of_today, register.account_to_change, register.account_add,
    register.account_change, register.account_set_password, register.account_set_disabled, register.account_list,
    register.direct_role_update, register.direct_role_make, register.direct_role_drop
    FROM PUBLIC;
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA layers FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA layers TO atlas_direct;
GRANT EXECUTE ON FUNCTION
    register.account_add, register.account_change, register.account_set_password, register.account_set_disabled,
    register.account_list
    TO atlas_national;

-- So it is for every function so far; tests/database/test_definer_functions.py asks it of those to come.
DO $$
DECLARE
    open_one regprocedure;
BEGIN
    FOR open_one IN
        SELECT p.oid::regprocedure FROM pg_proc p
        WHERE p.pronamespace = 'register'::regnamespace AND (p.prosecdef OR p.provolatile = 'v')
          AND p.proname NOT IN ('random_id', 'current_account_id', 'current_scope')  -- in defaults and policies
    LOOP
        EXECUTE format('REVOKE EXECUTE ON ROUTINE %s FROM PUBLIC', open_one);
    END LOOP;
END $$;
