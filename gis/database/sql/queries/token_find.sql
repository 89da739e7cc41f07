-- The account of a token that holds; notes the day of its use.
-- Parameters: token_hash.
-- Columns: account_id, name, role, region_code, region_name, language, database_role, expires_at.
SELECT f.account_id, f.name, f.role, f.region_code, f.region_name, f.language, f.database_role, f.expires_at
FROM register.token_find(%(token_hash)s) f
