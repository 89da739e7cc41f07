-- Lokalisasi by status group at the end of every month, and on the day of the release, of the nation or a province.
-- Parameters: release_id, boundaries_id, published_on, regions_on, region (a province's code of that day; null: the nation).
-- Columns: on (date), total, active, planned, closed.
-- Order: on.
WITH meant AS (  -- the provinces of today that lay in it
    SELECT ARRAY(SELECT p.part_code FROM published.part_places_at(%(boundaries_id)s, %(regions_on)s) p
                 WHERE p.regency_code IS NULL AND p.province_code = %(region)s) AS codes
), counted AS (
    SELECT f.figure_on,
           f.site_type = 'lokalisasi' AND (%(region)s::text IS NULL OR f.province_code = ANY (m.codes)) AS is_meant,
           f.active, f.planned, f.closed
    FROM published.figure f CROSS JOIN meant m
    WHERE f.release_id = %(release_id)s AND (f.figure_on = %(published_on)s OR extract(day FROM f.figure_on + 1) = 1)
)
SELECT c.figure_on AS "on",
       coalesce(sum(c.active + c.planned + c.closed) FILTER (WHERE c.is_meant), 0)::bigint AS total,
       coalesce(sum(c.active) FILTER (WHERE c.is_meant), 0)::bigint AS active,
       coalesce(sum(c.planned) FILTER (WHERE c.is_meant), 0)::bigint AS planned,
       coalesce(sum(c.closed) FILTER (WHERE c.is_meant), 0)::bigint AS closed
FROM counted c
GROUP BY c.figure_on
ORDER BY c.figure_on
