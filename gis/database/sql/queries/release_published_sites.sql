-- The sites that were ever published, and the day of their closing there.
-- Parameters: none.
-- Columns: id, closed_on.
-- Order: id.
SELECT DISTINCT ON (s.id) s.id, s.closed_on
FROM published.site s JOIN published.release r ON r.id = s.release_id
ORDER BY s.id, r.number
