-- Revokes a token of a session's account.
-- Parameters: session_hash; token_id.
-- Columns: whether it was there.
SELECT register.token_revoke(%(session_hash)s, %(token_id)s::bigint)
