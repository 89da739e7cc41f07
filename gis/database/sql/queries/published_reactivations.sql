-- Lokalisasi reported active again, by year, in the nation.
-- Parameters: release_id, as_of.
-- Columns: year, sites.
-- Order: year.
SELECT r.year, r.sites FROM published.reactivation r
WHERE r.release_id = %(release_id)s AND r.year <= extract(year FROM %(as_of)s::date)
ORDER BY r.year
