-- Makes a token for the account of a session.
-- Parameters: session_hash; token_hash; name; days, 30, 90 or 365.
-- Columns: token_id; or refused alone: full, taken.
SELECT c.token_id, c.refused
FROM register.token_create(%(session_hash)s, %(token_hash)s, %(name)s, %(days)s::integer) c
