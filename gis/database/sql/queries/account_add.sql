-- Adds an account; for admins and the owner.
-- Parameters: name; role; region_code, null for a national role; language; password_hash.
-- Columns: its id.
SELECT register.account_add(
    %(name)s, %(role)s, %(region_code)s::text, %(language)s, %(password_hash)s)
