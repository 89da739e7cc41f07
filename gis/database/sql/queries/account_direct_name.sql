-- What the login role of an account is called, or would be; its password's verifier is made for that name.
-- Parameters: name.
-- Columns: the role's name.
SELECT coalesce(a.database_role, ('direct_' || a.name)::name) FROM register.account a WHERE a.name = %(name)s
