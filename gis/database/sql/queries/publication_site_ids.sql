-- All sites.
-- Parameters: none.
-- Columns: id.
-- Order: id.
SELECT s.id FROM register.site s ORDER BY s.id
