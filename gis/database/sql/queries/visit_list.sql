-- Visits to closed sites: when each is due, and whether it was made.
-- Parameters: as_of, known_at (null: today's belief), regions_on, region (a code of that day, also of sites that lie in
--   it in part; null: all), site_id (null: all), years (integer[]), tolerance_days.
-- Columns: gis.database.plans.VISIT_COLUMNS in their order.
-- Order: sites with the longest overdue visit first, then those whose next visit comes soonest; site, year.
WITH asked AS MATERIALIZED (
    SELECT CASE
        WHEN %(site_id)s::bigint IS NOT NULL THEN ARRAY[%(site_id)s::bigint]
        WHEN %(region)s::text IS NOT NULL THEN (
            SELECT coalesce(array_agg(DISTINCT o.site_id), '{}') FROM register.site_region o
            WHERE o.region_code IN (
                SELECT p.regency_today FROM register.places_at(%(regions_on)s) p
                WHERE %(region)s IN (p.regency_code, p.province_code)
                UNION
                SELECT v.province_today FROM register.province_places_at(%(regions_on)s) v
                WHERE v.province_code = %(region)s)) END AS site_ids
), visit AS MATERIALIZED (
    SELECT v.*,
           max(v.days) FILTER (WHERE v.state = 'overdue') OVER w AS longest,
           min(v.due_on) FILTER (WHERE v.state IN ('due', 'coming')) OVER w AS next_on
    FROM register.visits_at((SELECT a.site_ids FROM asked a), %(as_of)s, %(known_at)s, %(years)s, %(tolerance_days)s) v
    WINDOW w AS (PARTITION BY v.site_id)
)
SELECT v.site_id, s.name, s.site_type, p.regency_code, p.regency_name, v.closed_on, v.year, v.due_on, v.state,
       v.done_on, v.days, s.synthetic
FROM visit v
JOIN register.site s ON s.id = v.site_id
LEFT JOIN register.places_at(%(regions_on)s) p ON p.regency_today = s.regency_code
ORDER BY v.longest DESC NULLS LAST, v.next_on NULLS LAST, v.site_id, v.year;
