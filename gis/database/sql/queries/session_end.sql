-- Ends a session, or all sessions of its account.
-- Parameters: token_hash; everywhere.
-- Columns: how many ended.
SELECT register.session_end(%(token_hash)s, %(everywhere)s)
