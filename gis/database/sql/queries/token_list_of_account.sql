-- The tokens of an account; for the owner.
-- Parameters: account, its name.
-- Columns: id, name, created_at, expires_at, last_used_on.
-- Order: newest first.
SELECT t.id, t.name, t.created_at, t.expires_at, t.last_used_on
FROM register.token t JOIN register.account a ON a.id = t.account_id
WHERE a.name = %(account)s
ORDER BY t.created_at DESC, t.id
