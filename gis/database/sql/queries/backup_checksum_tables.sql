-- A checksum of every table of the register and of what is published, over all columns of all rows. Rows are hashed
-- one by one and the hashes in their own order, which is total, and the same under every collation. Open sessions and
-- tokens are left out: a backup does not hold them.
-- Parameters: none; backup_settings_pin has run in the same transaction.
-- Columns: table (with its schema), rows, sha256 (hexadecimal).
-- Order: by table, in the order of bytes.
SELECT c.oid::regclass::text, x.rows, x.sha256
FROM pg_class c
-- query_to_xml runs a statement that is made for each table, and needs no function in the database.
CROSS JOIN LATERAL xmltable('//row' PASSING query_to_xml(
    'SELECT count(*) AS rows, encode(sha256(coalesce(string_agg(hashed.row_hash, '''' ORDER BY hashed.row_hash), '''')), ''hex'') AS sha256'
    || ' FROM (SELECT sha256(convert_to(whole_row_::text, ''UTF8'')) AS row_hash FROM ' || c.oid::regclass
    || ' AS whole_row_) AS hashed', false, false, '')
    COLUMNS rows bigint, sha256 text) x
WHERE c.relkind = 'r' AND c.relnamespace IN (SELECT n.oid FROM pg_namespace n WHERE n.nspname IN ('register', 'layers', 'published'))
  AND c.oid IS DISTINCT FROM to_regclass('register.session') AND c.oid IS DISTINCT FROM to_regclass('register.token')
ORDER BY c.oid::regclass::text COLLATE "C"
