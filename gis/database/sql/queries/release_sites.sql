-- The sites of a release as their page tells them.
-- Parameters: release_id.
-- Columns: id, name, place (EWKT; null without one), regency_code.
-- Order: id.
SELECT s.id, s.name, ST_AsEWKT(s.geom), s.regency_code
FROM published.site s WHERE s.release_id = %(release_id)s
ORDER BY s.id
