-- Sites of a release on several days, for the nation and every province as it was on that day, zeros included.
-- Parameters: release_id, boundaries_id, days (date[]), regions_on (the day whose regions are meant; null: each day's own).
-- Columns: on (date), code ('' is the nation), site_type, total, closed.
-- Order: on, code, site_type.
WITH day AS (
    SELECT d.day, coalesce(%(regions_on)s::date, d.day) AS regions_on FROM unnest(%(days)s::date[]) AS d(day)
), counted AS (
    SELECT d.day, f.site_type, CASE GROUPING(p.province_code) WHEN 1 THEN '' ELSE p.province_code END AS code,
           sum(f.active + f.planned + f.closed) AS total, sum(f.closed) AS closed
    FROM day d
    JOIN published.figure f ON f.release_id = %(release_id)s AND f.figure_on = d.day
    LEFT JOIN published.place p
           ON p.boundaries_id = %(boundaries_id)s AND p.for_province AND p.province_today = f.province_code
              AND p.valid @> d.regions_on
    GROUP BY GROUPING SETS ((d.day, f.site_type), (d.day, f.site_type, p.province_code))
), named AS (
    SELECT d.day, '' AS code FROM day d
    UNION ALL
    SELECT d.day, r.code
    FROM day d
    JOIN published.region r
      ON r.boundaries_id = %(boundaries_id)s AND r.level = 'province' AND r.valid @> d.regions_on
)
SELECT n.day AS "on", n.code, t.site_type, coalesce(c.total, 0)::bigint, coalesce(c.closed, 0)::bigint
FROM named n
CROSS JOIN unnest('{lokalisasi,lokasi}'::text[]) AS t(site_type)
LEFT JOIN counted c ON c.day = n.day AND c.code = n.code AND c.site_type = t.site_type
ORDER BY n.day, n.code, t.site_type
