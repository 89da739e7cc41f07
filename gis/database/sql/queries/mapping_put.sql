-- Remembers the columns of a sender's files.
-- Parameters: sender, collection, mapping.
INSERT INTO register.column_mapping (account_id, sender, collection, mapping)
SELECT register.current_account_id(), %(sender)s, %(collection)s, %(mapping)s
WHERE register.current_account_id() IS NOT NULL
ON CONFLICT (account_id, sender, collection) DO UPDATE SET mapping = excluded.mapping, updated_at = now()
