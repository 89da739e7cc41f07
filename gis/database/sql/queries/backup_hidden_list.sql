-- Tables of which this role may not see every row: policies bind it, and none lets it see all.
-- Parameters: none.
-- Columns: table.
-- Order: table.
SELECT c.oid::regclass::text
FROM pg_class c
WHERE c.relkind = 'r' AND c.relnamespace IN (SELECT n.oid FROM pg_namespace n WHERE n.nspname IN ('register', 'layers', 'published'))
  AND (NOT has_table_privilege(c.oid, 'SELECT')
       OR (row_security_active(c.oid)
           AND (NOT EXISTS (SELECT FROM pg_policy p
                            WHERE p.polrelid = c.oid AND p.polpermissive AND p.polcmd IN ('r', '*')
                              AND pg_get_expr(p.polqual, p.polrelid) = 'true'
                              AND EXISTS (SELECT FROM unnest(p.polroles) AS named(role)
                                          WHERE named.role = 0 OR pg_has_role(named.role, 'USAGE')))
                OR EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND NOT p.polpermissive))))
ORDER BY 1
