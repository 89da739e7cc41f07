-- A new batch of whoever acts, or the one that was opened with the same key.
-- Parameters: collection, sender, file_name, file_sha256, idempotency_key, detail, undoes_id (each null where there is none).
-- Columns: id. One row.
SELECT register.open_batch(%(collection)s, %(sender)s, %(file_name)s, %(file_sha256)s, %(idempotency_key)s,
                           %(detail)s, %(undoes_id)s)
