-- The tables of a register that hold something, other than the boundaries, which come from files, and what migrations fill.
-- Parameters: none; nobody else writes.
-- Columns: table.
-- Order: table.
SELECT c.oid::regclass::text
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL xmltable('//row' PASSING query_to_xml(
    'SELECT EXISTS (SELECT FROM ' || c.oid::regclass || ') AS filled', false, false, '') COLUMNS filled boolean) x
WHERE c.relkind = 'r' AND n.nspname IN ('register', 'layers', 'published') AND x.filled
  AND c.relname NOT IN ('region', 'neighbour', 'place', 'boundary_load', 'collection', 'revision_base', 'revision_step')
ORDER BY 1
