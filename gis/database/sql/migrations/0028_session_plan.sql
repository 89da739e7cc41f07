-- As in 0017, in a language whose plans are kept: who asks is asked for at each request. With the turn to the server it takes
-- 0.08 ms, and took 0.20 as SQL.
CREATE OR REPLACE FUNCTION register.session_find(given_token_hash bytea)
    RETURNS TABLE (account_id bigint, name text, role text, region_code text, region_name text, language text,
                   database_role name, expires_at timestamptz)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = register, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT a.id, a.name, a.role, a.region_code,
           (SELECT r.name FROM region r WHERE r.code = a.region_code AND upper_inf(r.valid)),
           a.language, a.database_role, s.expires_at
    FROM session s JOIN account a ON a.id = s.account_id
    WHERE s.token_hash = given_token_hash AND s.expires_at > clock_timestamp() AND a.disabled_at IS NULL;
END $$;
