-- Figures of a release where they change: provinces of today, on the figure day from which they hold.
-- Parameters: release_id.
-- Columns: on (date), province ('' in none), site_type, active, planned, closed.
-- Order: province, site_type, on.
WITH day AS (
    SELECT DISTINCT f.figure_on FROM published.figure f WHERE f.release_id = %(release_id)s
), kind AS (
    SELECT DISTINCT f.province_code, f.site_type FROM published.figure f WHERE f.release_id = %(release_id)s
), held AS (
    SELECT d.figure_on, k.province_code, k.site_type,
           ARRAY[coalesce(f.active, 0), coalesce(f.planned, 0), coalesce(f.closed, 0)] AS counts
    FROM day d CROSS JOIN kind k
    LEFT JOIN published.figure f
           ON f.release_id = %(release_id)s AND f.figure_on = d.figure_on AND f.province_code = k.province_code
              AND f.site_type = k.site_type
), followed AS (
    SELECT h.*, lag(h.counts, 1, '{0,0,0}') OVER (PARTITION BY h.province_code, h.site_type ORDER BY h.figure_on) AS before
    FROM held h
)
SELECT f.figure_on AS "on", f.province_code AS province, f.site_type, f.counts[1] AS active, f.counts[2] AS planned,
       f.counts[3] AS closed
FROM followed f
WHERE f.counts <> f.before
ORDER BY f.province_code, f.site_type, f.figure_on
