-- The audit trail as whoever acts may see it.
-- Parameters: account, action, table, key, region, batch_id (null: any), since, until (days in Jakarta, null: open), row_limit, row_offset.
-- Columns: as gis.database.audit.AuditRow, in its order.
-- Order: newest first.
SELECT a.uid, a.occurred_at, a.account_name, a.author_name, a.batch_id, a.action, a.table_name, a.row_key,
       a.region_codes, a.before, a.after, a.detail
FROM register.audit a
WHERE (%(account)s::text IS NULL OR %(account)s IN (a.account_name, a.author_name))
  AND (%(action)s::text IS NULL OR a.action = %(action)s)
  AND (%(table)s::text IS NULL OR a.table_name = %(table)s)
  AND (%(key)s::text IS NULL OR a.row_key = %(key)s OR a.after ->> 'site_id' = %(key)s)
  AND (%(region)s::text IS NULL OR a.region_codes @> ARRAY[%(region)s])
  AND (%(batch_id)s::bigint IS NULL OR a.batch_id = %(batch_id)s)
  AND (%(since)s::date IS NULL OR a.occurred_at >= %(since)s::date::timestamp AT TIME ZONE 'Asia/Jakarta')
  AND (%(until)s::date IS NULL OR a.occurred_at < (%(until)s::date + 1)::timestamp AT TIME ZONE 'Asia/Jakarta')
ORDER BY a.id DESC
LIMIT %(row_limit)s OFFSET %(row_offset)s
