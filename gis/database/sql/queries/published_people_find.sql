-- Numbers of people of a release on several days, of the nation and of provinces as they were on each day, where anybody
-- was counted. A province of another day is the sum of today's, and withheld where one of them is.
-- Parameters: release_id, boundaries_id, days (date[]), regions_on (the day whose regions are meant; null: each day's own).
-- Columns: on (date), level (nation, province), code and name (null: in none), site_type, definition, n (null: withheld),
--   parts (of how many provinces of today it is the sum).
-- Order: on, level, code (those in none last), site_type, definition.
WITH day AS (
    SELECT d.day, coalesce(%(regions_on)s::date, d.day) AS regions_on FROM unnest(%(days)s::date[]) AS d(day)
)
SELECT d.day AS "on", CASE WHEN n.province_code IS NULL THEN 'nation' ELSE 'province' END AS level, p.province_code AS code,
       p.province_name AS name, n.site_type, n.definition,
       CASE WHEN bool_and(n.n IS NOT NULL) THEN sum(n.n) END::bigint AS n, count(*) AS parts
FROM day d
JOIN published.people n ON n.release_id = %(release_id)s AND n.figure_on = d.day
LEFT JOIN published.place p
       ON p.boundaries_id = %(boundaries_id)s AND p.for_province AND p.province_today = n.province_code
          AND p.valid @> d.regions_on
GROUP BY d.day, n.province_code IS NULL, p.province_code, p.province_name, n.site_type, n.definition
ORDER BY d.day, 2, p.province_code NULLS LAST, n.site_type, n.definition
