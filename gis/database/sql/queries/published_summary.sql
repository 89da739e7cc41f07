-- The regional summary of a release: one row for every region of some levels, zeros included.
-- Parameters: release_id, levels (text[] of nation, province, regency), figure_on, regions_on, region (that one, and the
--   regencies of that province; null: all).
-- Columns: gis.domain.published_summary.PublishedSummary in its order.
-- Order: code; the nation last.
SELECT s.* FROM published.regional_summary(%(release_id)s, %(levels)s, %(figure_on)s, %(regions_on)s, %(region)s) s
ORDER BY s.code
