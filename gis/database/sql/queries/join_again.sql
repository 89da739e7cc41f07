-- Joins every site again.
-- Parameters: none.
-- Columns: how many sites changed; null without sites.
SELECT register.assign_regions(ids) FROM (SELECT array_agg(id ORDER BY id) AS ids FROM register.site) s
WHERE ids IS NOT NULL
