-- The roles that the register's rights and policies name, that own a part of it, and the login roles of its accounts: a
-- backup does not hold roles, which are the whole server's, so it keeps this list beside.
-- Parameters: logins (the login roles of accounts).
-- Columns: name, login, inherit, connection_limit, settings ("name=value"), member_of (those of the list that it
--   belongs to).
-- Order: name.
WITH schema AS (
    SELECT n.oid, n.nspname, n.nspowner FROM pg_namespace n WHERE n.nspname IN ('register', 'layers', 'published')
), owner AS (
    SELECT s.nspowner AS oid FROM schema s WHERE s.nspname = 'register'
), named AS (
    SELECT d.refobjid AS oid
    FROM pg_shdepend d
    CROSS JOIN LATERAL pg_identify_object(d.classid, d.objid, d.objsubid) o
    LEFT JOIN pg_policy p ON d.classid = 'pg_policy'::regclass AND p.oid = d.objid
    LEFT JOIN pg_class c ON c.oid = p.polrelid
    WHERE d.dbid = (SELECT b.oid FROM pg_database b WHERE b.datname = current_database())
      AND d.refclassid = 'pg_authid'::regclass AND d.refobjid NOT IN (SELECT oid FROM owner)
      AND (o.schema IN (SELECT nspname FROM schema) OR c.relnamespace IN (SELECT oid FROM schema)
           OR (o.type = 'schema' AND o.name IN (SELECT quote_ident(nspname) FROM schema))
           OR o.identity = 'public.atlas_migration')
    UNION
    SELECT r.oid FROM pg_roles r WHERE r.rolname = ANY (%(logins)s) AND r.oid NOT IN (SELECT oid FROM owner)
)
SELECT r.rolname, r.rolcanlogin, r.rolinherit, r.rolconnlimit,
       coalesce((SELECT s.setconfig FROM pg_db_role_setting s WHERE s.setrole = r.oid AND s.setdatabase = 0), '{}'),
       ARRAY(SELECT g.rolname::text FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid
             WHERE m.member = r.oid AND m.roleid IN (SELECT oid FROM named)
             ORDER BY 1)
FROM pg_roles r
WHERE r.oid IN (SELECT oid FROM named) AND NOT r.rolsuper
ORDER BY r.rolname
