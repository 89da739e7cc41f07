-- Lokalisasi by status group at the end of every month, and on the day of the release, of the nation or a province.
-- Parameters: release_id, boundaries_id, published_on, regions_on, region (a province's code of that day; null: the nation).
-- Columns: on (date), total, active, planned, closed.
-- Order: on.
SELECT d.figure_on AS "on", coalesce(sum(f.active + f.planned + f.closed), 0)::bigint AS total,
       coalesce(sum(f.active), 0)::bigint AS active, coalesce(sum(f.planned), 0)::bigint AS planned,
       coalesce(sum(f.closed), 0)::bigint AS closed
FROM (SELECT DISTINCT f.figure_on FROM published.figure f WHERE f.release_id = %(release_id)s) d
LEFT JOIN (
    published.figure f
    LEFT JOIN published.part_places_at(%(boundaries_id)s, %(regions_on)s) p
           ON p.part_code = f.province_code AND p.regency_code IS NULL
) ON f.release_id = %(release_id)s AND f.figure_on = d.figure_on AND f.site_type = 'lokalisasi'
     AND (%(region)s::text IS NULL OR p.province_code = %(region)s)
WHERE d.figure_on = %(published_on)s OR extract(day FROM d.figure_on + 1) = 1
GROUP BY d.figure_on
ORDER BY d.figure_on
