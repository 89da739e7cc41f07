-- All accounts, with the name of their region and their last sign-in; for admins and the owner.
-- Parameters: none.
-- Columns: id, name, role, region_code, region_name, language, database_role, created_at, disabled_at, last_sign_in.
-- Order: by name.
SELECT a.id, a.name, a.role, a.region_code, a.region_name, a.language, a.database_role, a.created_at,
       a.disabled_at, a.last_sign_in
FROM register.account_list() a
ORDER BY a.name
