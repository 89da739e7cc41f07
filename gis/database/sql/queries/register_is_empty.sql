-- Purpose: whether the register holds no site yet.
-- Parameters: none.
-- Columns: is_empty (boolean).
-- Order: one row.
SELECT NOT EXISTS (SELECT FROM register.site)
