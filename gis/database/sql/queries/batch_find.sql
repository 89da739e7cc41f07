-- Batches that whoever acts may know of.
-- Parameters: id, states, undoes_id, idempotency_key (null: any); own (true: only his own); row_limit, row_offset.
-- Columns: as gis.domain.batches.Batch, in its order.
-- Order: newest first, id.
SELECT b.id, b.collection, b.state, b.author_id, b.author_name, b.author_scope, b.sender, b.file_name, b.file_sha256,
       b.idempotency_key, b.detail, b.undoes_id,
       (SELECT u.id FROM register.batch u WHERE u.undoes_id = b.id AND u.state <> 'withdrawn'),
       b.created_at, b.submitted_at, b.decided_at, b.decided_by, b.reason, b.receipt
FROM register.batch b
WHERE (%(id)s::bigint IS NULL OR b.id = %(id)s)
  AND (%(states)s::text[] IS NULL OR b.state = ANY (%(states)s))
  AND (%(undoes_id)s::bigint IS NULL OR b.undoes_id = %(undoes_id)s)
  AND (%(idempotency_key)s::text IS NULL OR b.idempotency_key = %(idempotency_key)s)
  AND (NOT %(own)s OR b.author_id IS NOT DISTINCT FROM register.current_account_id())
ORDER BY b.created_at DESC, b.id
LIMIT %(row_limit)s OFFSET %(row_offset)s
