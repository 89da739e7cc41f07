-- The provinces that claims of a release speak of, up to a day.
-- Parameters: release_id, boundaries_id, as_of.
-- Columns: code and name of today.
-- Order: code.
SELECT r.code, r.name
FROM published.region r
WHERE r.boundaries_id = %(boundaries_id)s AND r.level = 'province' AND upper_inf(r.valid)
  AND r.code IN (SELECT c.region_code FROM published.claim c
                 WHERE c.release_id = %(release_id)s AND c.holds_on <= %(as_of)s)
ORDER BY r.code
