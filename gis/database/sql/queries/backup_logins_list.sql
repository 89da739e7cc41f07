-- The login roles of accounts for direct connections.
-- Parameters: none.
-- Columns: role.
-- Order: role.
SELECT a.database_role::text FROM register.account a WHERE a.database_role IS NOT NULL ORDER BY 1
