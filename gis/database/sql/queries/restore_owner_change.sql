-- What was the owner's becomes that of whoever restores, and the planner learns what is there.
-- Parameters: the settings atlas.backup (the manifest as JSON) and atlas.made_roles. Columns: none.
SET row_security = on;
DO $$
DECLARE
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
        SELECT c.oid::regclass AS analysed FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND n.nspname IN ('register', 'published')
    LOOP
        EXECUTE format('ANALYZE %s', found.analysed);
    END LOOP;
END $$
