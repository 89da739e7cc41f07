-- Makes room and lays the ground: an empty register goes, the extensions and the roles that are missing come.
-- Parameters: the setting atlas.backup, which holds the backup's manifest as JSON. Columns: none.
DROP SCHEMA IF EXISTS register, published CASCADE;
DROP TABLE IF EXISTS public.atlas_migration;
CREATE EXTENSION IF NOT EXISTS postgis WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public;
DO $$
DECLARE
    manifest jsonb := current_setting('atlas.backup');
    wanted record;
    made text[] := '{}';
BEGIN
    FOR wanted IN
        SELECT r.name, r.login, r.inherit FROM jsonb_to_recordset(manifest->'roles') AS r(name text, login boolean, inherit boolean)
        UNION ALL
        SELECT manifest->>'owner', false, false  -- named by policies, until they are made over
    LOOP
        CONTINUE WHEN EXISTS (SELECT FROM pg_roles WHERE rolname = wanted.name);
        -- Without a password, which no backup holds: nobody can sign in with one before it is set anew.
        EXECUTE format('CREATE ROLE %I NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION %s %s', wanted.name,
                       CASE WHEN wanted.login THEN 'LOGIN' ELSE 'NOLOGIN' END,
                       CASE WHEN wanted.inherit THEN 'INHERIT' ELSE 'NOINHERIT' END);
        made := made || wanted.name;
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
    PERFORM set_config('atlas.made_roles', array_to_json(made)::text, true);
EXCEPTION WHEN insufficient_privilege THEN
    RAISE EXCEPTION 'role % is missing, and % may not make it: an administrator of the server has to', wanted.name, current_user;
END $$
