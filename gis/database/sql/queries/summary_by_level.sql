-- The regional summary: one row for every region of a level, zeros included.
-- Parameters: level, as_of, known_at (null: today's belief), regions_on (the day whose regions are meant), region
--   (that one, and the regencies of that province; null: all).
-- Columns: gis.domain.regional_summary.RegionSummary in its order.
-- Order: code.
SELECT s.* FROM register.regional_summary(%(level)s, %(as_of)s, %(known_at)s, %(regions_on)s, %(region)s) s
ORDER BY s.code;
