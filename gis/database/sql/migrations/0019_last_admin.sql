-- Two administrators who disable each other in the same moment do not both succeed, so that one is always left; and a
-- list of accounts does not read the whole trail of each.

-- An account that was disabled a moment ago administers nothing any more.
CREATE OR REPLACE FUNCTION register.require_admin() RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = register, pg_temp AS $$
DECLARE
    acting bigint := register.current_account_id();
BEGIN
    IF EXISTS (SELECT FROM account a WHERE a.id = acting AND a.role = 'admin' AND a.disabled_at IS NULL)
       OR (acting IS NULL AND nullif(current_setting('atlas.account_id', true), '') IS NULL
           AND pg_has_role(session_user, current_user, 'MEMBER')) THEN
        RETURN;
    END IF;
    RAISE EXCEPTION 'only an admin administers accounts' USING ERRCODE = 'insufficient_privilege';
END $$;

-- The account that an administrator means; nobody changes the own one. Whoever acts is asked for after the others who
-- may act have finished: an admin who is not disabled then is left, whatever becomes of the account that he means.
CREATE OR REPLACE FUNCTION register.account_to_change(given_name text) RETURNS register.account
    LANGUAGE plpgsql VOLATILE SET search_path = register, pg_temp AS $$
DECLARE
    target account;
BEGIN
    PERFORM register.require_admin();
    PERFORM FROM account a WHERE a.role = 'admin' OR a.name = given_name ORDER BY a.id FOR NO KEY UPDATE;
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

CREATE OR REPLACE FUNCTION register.account_list()
    RETURNS TABLE (id bigint, name text, role text, region_code text, region_name text, language text,
                   database_role name, created_at timestamptz, disabled_at timestamptz, last_sign_in timestamptz)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = register, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM register.require_admin();
    RETURN QUERY
    SELECT a.id, a.name, a.role, a.region_code, r.name, a.language, a.database_role, a.created_at, a.disabled_at,
           (SELECT u.occurred_at FROM audit u WHERE u.account_id = a.id AND u.action = 'sign_in'
            ORDER BY u.id DESC LIMIT 1)
    FROM account a
    LEFT JOIN region r ON r.code = a.region_code AND upper_inf(r.valid)
    ORDER BY a.name;
END $$;
