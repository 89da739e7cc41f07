-- What else lives in this database and is none of ours: a managed server may keep other things beside the register.
-- Parameters: none.
-- Columns: kind (schema or table), pattern (as pg_dump takes it).
-- Order: kind, pattern.
SELECT 'schema', '"' || replace(n.nspname, '"', '""') || '"'
FROM pg_namespace n
WHERE n.nspname NOT IN ('register', 'layers', 'published', 'public', 'information_schema') AND n.nspname !~ '^pg_'
UNION ALL
SELECT 'table', 'public."' || replace(c.relname, '"', '""') || '"'
FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
  AND c.relname <> 'atlas_migration'
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY 1, 2
