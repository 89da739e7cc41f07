-- The regions of today, for finding them by name.
-- Parameters: none.
-- Columns: code, level, name, parent_code.
-- Order: code.
SELECT r.code, r.level, r.name, r.parent_code FROM register.region r WHERE upper_inf(r.valid) ORDER BY r.code
