-- The provinces of a day.
-- Parameters: boundaries_id, regions_on.
-- Columns: code, name.
-- Order: code.
SELECT r.code, r.name FROM published.region r
WHERE r.boundaries_id = %(boundaries_id)s AND r.level = 'province' AND r.valid @> %(regions_on)s::date
ORDER BY r.code
