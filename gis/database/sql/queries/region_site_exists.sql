-- Whether any site stands on the regions.
-- Parameters: none.
-- Columns: a boolean. One row.
SELECT EXISTS (SELECT FROM register.site)
