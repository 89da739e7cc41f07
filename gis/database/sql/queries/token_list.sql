-- The tokens of a session's account.
-- Parameters: session_hash.
-- Columns: id, name, created_at, expires_at, last_used_on.
-- Order: newest first.
SELECT t.id, t.name, t.created_at, t.expires_at, t.last_used_on
FROM register.token_list(%(session_hash)s) t
ORDER BY t.created_at DESC, t.id
