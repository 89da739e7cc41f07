-- Residents as a release has them, where their number changes: of the nation and of provinces of today, on the figure day
-- from which it holds.
-- Parameters: release_id.
-- Columns: on (date), province ('' in none; null: the nation), site_type, counted (whether anybody counted), n (null:
--   withheld, or not counted).
-- Order: province, the nation last, site_type, on.
WITH day AS (
    SELECT DISTINCT f.figure_on FROM published.figure f WHERE f.release_id = %(release_id)s
), told AS (
    SELECT p.* FROM published.people p WHERE p.release_id = %(release_id)s AND p.definition = 'resident'
), kind AS (
    SELECT DISTINCT t.province_code, t.site_type FROM told t
), held AS (
    SELECT d.figure_on, k.province_code, k.site_type, t.release_id IS NOT NULL AS counted, t.n
    FROM day d CROSS JOIN kind k
    LEFT JOIN told t ON t.figure_on = d.figure_on AND t.province_code IS NOT DISTINCT FROM k.province_code
                        AND t.site_type = k.site_type
), followed AS (
    SELECT h.*, lag(h.counted, 1, false) OVER known AS counted_before, lag(h.n) OVER known AS before
    FROM held h
    WINDOW known AS (PARTITION BY h.province_code, h.site_type ORDER BY h.figure_on)
)
SELECT f.figure_on AS "on", f.province_code AS province, f.site_type, f.counted, f.n
FROM followed f
WHERE (f.counted, f.n) IS DISTINCT FROM (f.counted_before, f.before)
ORDER BY f.province_code NULLS LAST, f.site_type, f.figure_on
