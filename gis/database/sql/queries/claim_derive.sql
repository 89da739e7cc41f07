-- Sites by status on several days at once, for the nation and for regions as they were on each day: the same numbers
-- as register.regional_summary has for one day, from one pass over the states. Each state is put between the days
-- that it spans before anything is joined, so that the cost does not grow with the number of days.
-- Parameters: days (date[], sorted, each once), known_at (null: today's knowledge), regions_on (the day whose regions
--   are meant; null: each day's own), codes (wanted regions, '' for the nation: then all provinces come too).
-- Columns: position of the day (from 1), code, level, site_type, total, closed, reactivated, late (events up to that
--   day that became known after it). Zeros included; a scoped account gets the regions of which it sees all.
-- Order: position, code, site_type.
WITH day AS (
    SELECT d.day, d.position, coalesce(%(regions_on)s::date, d.day) AS regions_on
    FROM unnest(%(days)s::date[]) WITH ORDINALITY AS d(day, position)
), state AS (
    SELECT s.site_id, s.valid, s.status_group FROM register.site_state s WHERE %(known_at)s::date IS NULL
    UNION ALL
    SELECT d.site_id, d.valid, d.status_group
    FROM register.derive_states(NULL, %(known_at)s::date) d WHERE %(known_at)s::date IS NOT NULL
), wanted AS (
    SELECT s.id, s.site_type, s.province_code, s.regency_code
    FROM register.site s
    WHERE '' = ANY (%(codes)s) OR s.id IN (
        SELECT o.site_id FROM register.site_region o
        WHERE o.region_code IN (
            SELECT unnest(ARRAY[p.regency_today, p.province_today]) FROM register.place p
            WHERE p.province_code = ANY (%(codes)s) OR p.regency_code = ANY (%(codes)s)))
), span AS (
    SELECT w.site_type, w.province_code, w.regency_code, st.status_group,
           width_bucket(lower(st.valid) - 1, %(days)s::date[]) + 1 AS first_day,
           CASE WHEN upper_inf(st.valid) THEN cardinality(%(days)s::date[])
                ELSE width_bucket(upper(st.valid) - 1, %(days)s::date[]) END AS last_day,
           count(*) AS sites, 0 AS late
    FROM state st JOIN wanted w ON w.id = st.site_id
    GROUP BY 1, 2, 3, 4, 5, 6
    UNION ALL
    SELECT w.site_type, w.province_code, w.regency_code, NULL,
           width_bucket(e.counts_from - 1, %(days)s::date[]) + 1,
           width_bucket(e.known_on - 1, %(days)s::date[]), 0, count(*)
    FROM (
        SELECT e.site_id, e.known_on, CASE e.date_precision
                   WHEN 'day' THEN e.occurred_on
                   WHEN 'month' THEN (date_trunc('month', e.occurred_on::timestamp) + interval '1 month -1 day')::date
                   ELSE (date_trunc('year', e.occurred_on::timestamp) + interval '1 year -1 day')::date END AS counts_from
        FROM register.event e
        WHERE NOT e.planned AND e.known_on > e.occurred_on
          AND (%(known_at)s::date IS NULL OR e.known_on <= %(known_at)s)
    ) e
    JOIN wanted w ON w.id = e.site_id
    GROUP BY 1, 2, 3, 5, 6
), placed AS (
    SELECT d.position, s.site_type, s.status_group, s.sites, s.late, p.province_code, r.regency_code
    FROM span s
    JOIN day d ON d.position BETWEEN s.first_day AND s.last_day
    LEFT JOIN register.place r ON r.regency_today = s.regency_code AND r.valid @> d.regions_on
    LEFT JOIN register.place p ON p.for_province AND p.province_today = s.province_code AND p.valid @> d.regions_on
), counted AS (
    SELECT c.position, c.site_type,
           CASE GROUPING(c.province_code, c.regency_code)
               WHEN 3 THEN '' WHEN 1 THEN c.province_code ELSE c.regency_code END AS code,
           sum(c.sites) AS total, sum(c.sites) FILTER (WHERE c.status_group = 'closed') AS closed,
           sum(c.sites) FILTER (WHERE c.status_group = 'reactivated') AS reactivated, sum(c.late) AS late
    FROM placed c
    GROUP BY GROUPING SETS ((c.position, c.site_type), (c.position, c.site_type, c.province_code),
                            (c.position, c.site_type, c.regency_code))
), named AS (
    SELECT d.position, '' AS code, 'nation' AS level
    FROM day d WHERE '' = ANY (%(codes)s) AND (SELECT register.current_scope()) IS NULL
    UNION ALL
    SELECT d.position, r.code, r.level
    FROM day d
    JOIN register.region r ON r.valid @> d.regions_on
    WHERE (r.code = ANY (%(codes)s) OR (r.level = 'province' AND '' = ANY (%(codes)s)))
      AND ((SELECT register.current_scope()) IS NULL OR register.is_visible_region(r.level, r.code, d.regions_on))
)
SELECT n.position, n.code, n.level, t.site_type, coalesce(c.total, 0)::bigint, coalesce(c.closed, 0)::bigint,
       coalesce(c.reactivated, 0)::bigint, coalesce(c.late, 0)::bigint
FROM named n
CROSS JOIN unnest('{lokalisasi,lokasi}'::text[]) AS t(site_type)
LEFT JOIN counted c ON c.position = n.position AND c.code = n.code AND c.site_type = t.site_type
ORDER BY n.position, n.code, t.site_type
