-- The days at whose end a release has figures.
-- Parameters: release_id.
-- Columns: the day.
-- Order: by day.
SELECT DISTINCT f.figure_on FROM published.figure f WHERE f.release_id = %(release_id)s ORDER BY 1
