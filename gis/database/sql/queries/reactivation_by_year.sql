-- Lokalisasi that became active again after a closing, by the year in which they did, and what they are now. A site
-- counts once a year, in its primary region.
-- Parameters: as_of, known_at (null: today's belief), regions_on, region (a code of that day; null: the nation).
-- Columns: year (null: all years, each site once), sites, sealed, closed (otherwise closed), open (all others).
-- Order: year, all years last.
WITH again AS (
    SELECT DISTINCT extract(year FROM r.reactivated_on)::integer AS year, r.site_id, r.status, r.status_group
    FROM register.reactivations_at(%(as_of)s, %(known_at)s) r
    JOIN register.site s ON s.id = r.site_id AND s.site_type = 'lokalisasi'
    LEFT JOIN register.places_at(%(regions_on)s) p ON p.regency_today = s.regency_code
    LEFT JOIN register.province_places_at(%(regions_on)s) v ON v.province_today = s.province_code
    WHERE %(region)s::text IS NULL OR %(region)s IN (p.regency_code, v.province_code)
)
SELECT a.year, count(DISTINCT a.site_id),
       count(DISTINCT a.site_id) FILTER (WHERE a.status = 'sealed'),
       count(DISTINCT a.site_id) FILTER (WHERE a.status_group = 'closed' AND a.status <> 'sealed'),
       count(DISTINCT a.site_id) FILTER (WHERE a.status_group <> 'closed')
FROM again a
GROUP BY GROUPING SETS ((a.year), ())
ORDER BY a.year;
