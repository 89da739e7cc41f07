-- Is there no site at all?
-- Parameters: none. Columns: one truth value.
SELECT NOT EXISTS (SELECT FROM register.site)
