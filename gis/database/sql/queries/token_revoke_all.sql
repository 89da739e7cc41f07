-- Revokes all tokens of an account; for the owner.
-- Parameters: account, its name.
-- Columns: how many there were; no row where there is no such account.
SELECT register.tokens_end(a.id, NULL, NULL) FROM register.account a WHERE a.name = %(account)s
