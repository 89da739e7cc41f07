-- Makes room and lays the ground: an empty register goes, the extensions and the roles that are missing come.
-- Parameters: the setting atlas.backup, which holds the backup's manifest as JSON. Columns: none.
DROP SCHEMA IF EXISTS register, layers, published CASCADE;
DROP TABLE IF EXISTS public.atlas_migration;
CREATE EXTENSION IF NOT EXISTS postgis WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public;
DO $$
DECLARE
    manifest jsonb := current_setting('atlas.backup');
    wanted record;
    given record;
    usual text;
    made text[] := '{}';
BEGIN
    FOR wanted IN
        SELECT r.name, r.login, r.inherit, r.connection_limit, r.settings
        FROM jsonb_to_recordset(manifest->'roles')
             AS r(name text, login boolean, inherit boolean, connection_limit integer, settings jsonb)
        UNION ALL
        SELECT manifest->>'owner', false, false, -1, '[]'  -- named by policies, until they are made over
    LOOP
        CONTINUE WHEN EXISTS (SELECT FROM pg_roles WHERE rolname = wanted.name);
        -- Without a password, which no backup holds: nobody can sign in with one before it is set anew.
        EXECUTE format('CREATE ROLE %I NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION %s %s CONNECTION LIMIT %s',
                       wanted.name, CASE WHEN wanted.login THEN 'LOGIN' ELSE 'NOLOGIN' END,
                       CASE WHEN wanted.inherit THEN 'INHERIT' ELSE 'NOINHERIT' END, wanted.connection_limit);
        made := made || wanted.name;
        FOR given IN
            SELECT split_part(s.text, '=', 1) AS name, substr(s.text, strpos(s.text, '=') + 1) AS value
            FROM jsonb_array_elements_text(wanted.settings) AS s(text)
        LOOP
            IF given.name = 'search_path' THEN  -- a list, which is not written as a text
                usual := current_setting('search_path');
                PERFORM set_config('search_path', given.value, true);
                EXECUTE format('ALTER ROLE %I SET search_path FROM CURRENT', wanted.name);
                PERFORM set_config('search_path', usual, true);
            ELSE
                EXECUTE format('ALTER ROLE %I SET %I = %L', wanted.name, given.name, given.value);
            END IF;
        END LOOP;
    END LOOP;
    -- A role that was there keeps what it is: of that name there may be somebody else here.
    FOR wanted IN
        SELECT r.name, g.name AS belongs_to
        FROM jsonb_to_recordset(manifest->'roles') AS r(name text, member_of jsonb)
        CROSS JOIN LATERAL jsonb_array_elements_text(r.member_of) AS g(name)
        WHERE r.name = ANY (made)
    LOOP
        EXECUTE format('GRANT %I TO %I', wanted.belongs_to, wanted.name);
    END LOOP;
    -- Who is no superuser gives away a function, and ends connections, only of roles that he belongs to.
    FOR wanted IN
        SELECT o.owner AS name FROM jsonb_to_recordset(manifest->'owned') AS o(owner text)
        UNION
        SELECT r.name FROM jsonb_to_recordset(manifest->'roles') AS r(name text, login boolean)
        WHERE r.login AND r.name = ANY (made) AND r.name <> 'atlas_app'
    LOOP
        IF NOT pg_has_role(current_user, wanted.name, 'MEMBER') THEN
            EXECUTE format('GRANT %I TO %I', wanted.name, current_user);
        END IF;
    END LOOP;
    PERFORM set_config('atlas.made_roles', array_to_json(made)::text, true);
EXCEPTION WHEN insufficient_privilege THEN
    RAISE EXCEPTION 'role % is missing, and % may not make it: an administrator of the server has to', wanted.name, current_user;
END $$
