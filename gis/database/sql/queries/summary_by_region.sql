-- The regional summary: one row for every region of some levels, zeros included.
-- Parameters: levels (text[] of nation, province, regency), as_of, known_at (null: today's belief), regions_on (the
--   day whose regions are meant), region (that one, and the regencies of that province; null: all).
-- Columns: gis.domain.regional_summary.RegionSummary in its order.
-- Order: code; the nation last.
SELECT s.* FROM register.regional_summary(%(levels)s, %(as_of)s, %(known_at)s, %(regions_on)s, %(region)s) s
ORDER BY s.code;
