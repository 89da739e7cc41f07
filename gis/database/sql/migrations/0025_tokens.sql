-- Personal tokens: what GIS programs send in place of a session, for reading alone. Their owner makes them on the page of
-- the account, sees each once, and revokes it; what is stored is the SHA-256 of 256 random bits.

CREATE TABLE register.token (
    id           bigint PRIMARY KEY DEFAULT register.random_id(),
    account_id   bigint NOT NULL REFERENCES register.account,
    name         text NOT NULL CHECK (length(name) BETWEEN 1 AND 60 AND name = btrim(name)),
    token_hash   bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL CHECK (expires_at - created_at <= interval '365 days'),
    last_used_on date,                   -- in Jakarta
    UNIQUE (account_id, name)
);
ALTER TABLE register.token ENABLE ROW LEVEL SECURITY;
ALTER TABLE register.token FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON register.token TO CURRENT_USER USING (true) WITH CHECK (true);

-- The account of a token, as it is now. The day of its last use is noted once a day, by whichever request comes first:
-- none waits for another, and where nothing can be written, nothing is noted.
CREATE FUNCTION register.token_find(given_token_hash bytea)
    RETURNS TABLE (account_id bigint, name text, role text, region_code text, region_name text, language text,
                   database_role name, expires_at timestamptz)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = register, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT a.id, a.name, a.role, a.region_code,
           (SELECT r.name FROM region r WHERE r.code = a.region_code AND upper_inf(r.valid)),
           a.language, a.database_role, t.expires_at
    FROM token t JOIN account a ON a.id = t.account_id
    WHERE t.token_hash = given_token_hash AND t.expires_at > clock_timestamp() AND a.disabled_at IS NULL;
    IF FOUND AND current_setting('transaction_read_only') = 'off' THEN
        UPDATE token SET last_used_on = register.today()
        WHERE id = (SELECT t.id FROM token t
                    WHERE t.token_hash = given_token_hash AND t.last_used_on IS DISTINCT FROM register.today()
                    FOR NO KEY UPDATE SKIP LOCKED);
    END IF;
END $$;

-- The account of an open session, held until the end of the transaction: whatever ends sessions and tokens of the
-- account comes before or after. Nothing if the session has ended.
CREATE FUNCTION register.session_hold(given_session_hash bytea) RETURNS bigint
    LANGUAGE plpgsql VOLATILE SET search_path = register, pg_temp AS $$
BEGIN
    PERFORM FROM account a
    WHERE a.id = (SELECT f.account_id FROM register.session_find(given_session_hash) f) FOR NO KEY UPDATE;
    RETURN (SELECT f.account_id FROM register.session_find(given_session_hash) f);
END $$;

-- Makes a token for the account of a session: its id; or why not: `full`, where there are ten, or `taken`, where one
-- bears the name. What had expired goes.
CREATE FUNCTION register.token_create(
    given_session_hash bytea, new_token_hash bytea, new_name text, lifetime_days integer,
    OUT token_id bigint, OUT refused text)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = register, pg_temp AS $$
DECLARE
    holder bigint := register.session_hold(given_session_hash);
    begins timestamptz := clock_timestamp();
BEGIN
    IF holder IS NULL THEN
        RAISE EXCEPTION 'the sign-in has ended' USING ERRCODE = 'insufficient_privilege';
    ELSIF lifetime_days IS NULL OR lifetime_days NOT IN (30, 90, 365) THEN
        RAISE EXCEPTION 'a token holds for 30, 90 or 365 days' USING ERRCODE = 'check_violation';
    END IF;
    DELETE FROM token t WHERE t.account_id = holder AND t.expires_at <= begins;
    IF EXISTS (SELECT FROM token t WHERE t.account_id = holder AND t.name = new_name) THEN
        refused := 'taken';
        RETURN;
    ELSIF (SELECT count(*) >= 10 FROM token t WHERE t.account_id = holder) THEN
        refused := 'full';
        RETURN;
    END IF;
    INSERT INTO token (account_id, name, token_hash, created_at, expires_at)
    VALUES (holder, new_name, new_token_hash, begins, begins + make_interval(hours => 24 * lifetime_days))
    RETURNING id INTO token_id;
    INSERT INTO audit (account_id, account_name, action, table_name, row_key, after)
    SELECT a.id, a.name, 'insert', 'token', t.id::text,
           jsonb_build_object('name', t.name, 'account', a.name, 'expires_at', t.expires_at)
    FROM token t JOIN account a ON a.id = t.account_id WHERE t.id = token_id;
END $$;

-- The tokens of a session's account; of an expired one that it was there, until another is made.
CREATE FUNCTION register.token_list(given_session_hash bytea)
    RETURNS TABLE (id bigint, name text, created_at timestamptz, expires_at timestamptz, last_used_on date)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = register, pg_temp
BEGIN ATOMIC
    SELECT t.id, t.name, t.created_at, t.expires_at, t.last_used_on
    FROM register.token t
    WHERE t.account_id = (SELECT f.account_id FROM register.session_find(given_session_hash) f);
END;

-- Ends the tokens of an account, or one of them, and says in the trail who did it: an account, or else the operator.
CREATE FUNCTION register.tokens_end(holder bigint, only_id bigint, acting_id bigint) RETURNS bigint
    LANGUAGE sql VOLATILE SET search_path = register, pg_temp
BEGIN ATOMIC
    WITH ended AS (
        DELETE FROM register.token t
        WHERE t.account_id = tokens_end.holder AND (tokens_end.only_id IS NULL OR t.id = tokens_end.only_id)
        RETURNING t.id, t.name, t.expires_at
    ), told AS (
        INSERT INTO register.audit (account_id, account_name, action, table_name, row_key, before, detail)
        SELECT tokens_end.acting_id,
               coalesce((SELECT a.name FROM register.account a WHERE a.id = tokens_end.acting_id), 'operator'),
               'delete', 'token', e.id::text, jsonb_build_object('expires_at', e.expires_at),
               jsonb_build_object('name', e.name, 'account',
                                  (SELECT a.name FROM register.account a WHERE a.id = tokens_end.holder))
        FROM ended e
    )
    SELECT count(*) FROM ended;
END;

-- Revokes a token of a session's account; whether it was there.
CREATE FUNCTION register.token_revoke(given_session_hash bytea, token_id bigint) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = register, pg_temp AS $$
DECLARE
    holder bigint := register.session_hold(given_session_hash);
BEGIN
    RETURN holder IS NOT NULL AND token_id IS NOT NULL AND register.tokens_end(holder, token_id, holder) > 0;
END $$;

-- What ends all sessions of an account, but for another role or region, ends its tokens as well. The account is held
-- first, so that no token is made in between.
CREATE OR REPLACE FUNCTION register.session_end(given_token_hash bytea, everywhere boolean) RETURNS bigint
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = register, pg_temp AS $$
DECLARE
    ending record;
    ended bigint;
BEGIN
    IF everywhere THEN
        PERFORM register.session_hold(given_token_hash);
    END IF;
    SELECT f.account_id, f.name INTO ending FROM register.session_find(given_token_hash) f;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    DELETE FROM session s
    WHERE s.account_id = ending.account_id AND (everywhere OR s.token_hash = given_token_hash);
    GET DIAGNOSTICS ended = ROW_COUNT;
    IF everywhere THEN
        PERFORM register.tokens_end(ending.account_id, NULL, ending.account_id);
    END IF;
    INSERT INTO audit (account_id, account_name, action, detail)
    VALUES (ending.account_id, ending.name, 'sign_out', jsonb_build_object('everywhere', everywhere));
    RETURN ended;
END $$;

CREATE OR REPLACE FUNCTION register.session_change_password(
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
    PERFORM register.tokens_end(changing, NULL, changing);
    INSERT INTO session (token_hash, account_id, expires_at)
    VALUES (new_token_hash, changing, clock_timestamp() + interval '12 hours');
    RETURN true;
END $$;

CREATE OR REPLACE FUNCTION register.account_set_password(given_name text, new_hash text) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = register, pg_temp AS $$
DECLARE
    changed account := register.account_to_change(given_name);
BEGIN
    UPDATE account a SET password_hash = new_hash, password_changed_at = clock_timestamp() WHERE a.id = changed.id;
    DELETE FROM session s WHERE s.account_id = changed.id;
    PERFORM register.tokens_end(changed.id, NULL, register.current_account_id());
END $$;

CREATE OR REPLACE FUNCTION register.account_set_disabled(given_name text, disabled boolean) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = register, pg_temp AS $$
DECLARE
    changed account := register.account_to_change(given_name);
BEGIN
    UPDATE account a SET disabled_at = CASE WHEN disabled THEN coalesce(a.disabled_at, clock_timestamp()) END
    WHERE a.id = changed.id;
    DELETE FROM session s WHERE s.account_id = changed.id;
    PERFORM register.tokens_end(changed.id, NULL, register.current_account_id());
    PERFORM register.direct_role_update(changed.id);
END $$;

REVOKE EXECUTE ON FUNCTION
    register.token_find, register.session_hold, register.token_create, register.token_list, register.tokens_end,
    register.token_revoke
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION register.token_find, register.token_create, register.token_list, register.token_revoke
    TO atlas_app;
