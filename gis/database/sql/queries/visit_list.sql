-- Visits to closed sites: when each is due, and whether it was made.
-- Parameters: as_of, known_at (null: today's belief), regions_on, region (a code of that day; null: all), site_id
--   (null: all), years (integer[]), tolerance_days.
-- Columns: gis.database.plans.VISIT_COLUMNS in their order.
-- Order: sites with the longest overdue visit first, then those whose next visit comes soonest; site, year.
WITH visit AS (
    SELECT v.site_id, f.name, f.site_type, f.regency_code, f.regency_name, v.closed_on, v.year, v.due_on, v.state,
           v.done_on, v.days, f.synthetic,
           max(v.days) FILTER (WHERE v.state = 'overdue') OVER w AS longest,
           min(v.due_on) FILTER (WHERE v.state IN ('due', 'coming')) OVER w AS next_on
    FROM register.visits_at(%(as_of)s, %(known_at)s, %(years)s, %(tolerance_days)s) v
    JOIN register.find_sites(%(as_of)s, %(known_at)s, %(regions_on)s, %(region)s, true, '{closed}',
                             NULL, NULL, NULL, NULL, NULL) f ON f.id = v.site_id
    WHERE %(site_id)s::bigint IS NULL OR v.site_id = %(site_id)s
    WINDOW w AS (PARTITION BY v.site_id)
)
SELECT v.site_id, v.name, v.site_type, v.regency_code, v.regency_name, v.closed_on, v.year, v.due_on, v.state,
       v.done_on, v.days, v.synthetic
FROM visit v
ORDER BY v.longest DESC NULLS LAST, v.next_on NULLS LAST, v.site_id, v.year;
