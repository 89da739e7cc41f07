-- What was the owner's becomes that of whoever restores, what was others' becomes theirs again, and the planner learns
-- what is there.
-- Parameters: the settings atlas.backup (the manifest as JSON) and atlas.made_roles. Columns: none.
SET row_security = on;
DO $$
DECLARE
    may_create boolean;
    former text := current_setting('atlas.backup')::jsonb->>'owner';
    found record;
BEGIN
    IF former <> current_user THEN
        FOR found IN
            SELECT p.polname, p.polrelid::regclass AS guarded,
                   (SELECT string_agg(CASE WHEN r.rolname = former THEN quote_ident(current_user) ELSE quote_ident(r.rolname) END, ', ')
                    FROM unnest(p.polroles) AS named(role) JOIN pg_roles r ON r.oid = named.role) AS roles
            FROM pg_policy p
            WHERE EXISTS (SELECT FROM unnest(p.polroles) AS named(role) JOIN pg_roles r ON r.oid = named.role
                          WHERE r.rolname = former)
        LOOP
            EXECUTE format('ALTER POLICY %I ON %s TO %s', found.polname, found.guarded, found.roles);
        END LOOP;
        IF current_setting('atlas.made_roles')::jsonb ? former THEN
            EXECUTE format('DROP ROLE %I', former);
        END IF;
    END IF;
    FOR found IN
        SELECT o.kind, o.identity, o.schema_name, o.owner
        FROM jsonb_to_recordset(current_setting('atlas.backup')::jsonb->'owned')
             AS o(kind text, identity text, schema_name text, owner text)
    LOOP
        -- An owner needs the right to create in the schema at the moment in which he becomes it.
        may_create := has_schema_privilege(found.owner, found.schema_name, 'CREATE');
        IF NOT may_create THEN
            EXECUTE format('GRANT CREATE ON SCHEMA %I TO %I', found.schema_name, found.owner);
        END IF;
        EXECUTE format('ALTER %s %s OWNER TO %I', found.kind, found.identity, found.owner);
        IF NOT may_create THEN
            EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM %I', found.schema_name, found.owner);
        END IF;
    END LOOP;
    FOR found IN
        SELECT c.oid::regclass AS analysed FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND n.nspname IN ('register', 'layers', 'published')
    LOOP
        EXECUTE format('ANALYZE %s', found.analysed);
    END LOOP;
END $$
