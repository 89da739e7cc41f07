-- Whether anybody can sign in at all.
-- Parameters: none.
SELECT register.has_accounts()
