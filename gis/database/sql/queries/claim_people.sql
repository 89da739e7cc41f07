-- People of one definition on several days at once: at each site and part of it the latest count up to the day, as
-- register.people_at has them for one day and residents. Each count is put between the days for which it holds.
-- Parameters: definition; days, known_at, regions_on, codes as in claim_derive.
-- Columns: position of the day (from 1), code ('' is the nation), site_type, n, late (counts up to that day that
--   became known after it). Without rows for what was never counted; for a scoped account as in claim_derive.
-- Order: position, code, site_type.
WITH day AS (
    SELECT d.day, d.position, coalesce(%(regions_on)s::date, d.day) AS regions_on
    FROM unnest(%(days)s::date[]) WITH ORDINALITY AS d(day, position)
), wanted AS (
    SELECT s.id, s.site_type, s.province_code, s.regency_code
    FROM register.site s
    WHERE '' = ANY (%(codes)s) OR s.id IN (
        SELECT o.site_id FROM register.site_region o
        WHERE o.region_code IN (
            SELECT unnest(ARRAY[p.regency_today, p.province_today]) FROM register.place p
            WHERE p.province_code = ANY (%(codes)s) OR p.regency_code = ANY (%(codes)s)))
), begun AS (
    SELECT st.site_id, min(lower(st.valid)) AS on_day
    FROM (
        SELECT s.site_id, s.valid FROM register.site_state s WHERE %(known_at)s::date IS NULL
        UNION ALL
        SELECT d.site_id, d.valid
        FROM register.derive_states(NULL, %(known_at)s::date) d WHERE %(known_at)s::date IS NOT NULL
    ) st JOIN wanted w ON w.id = st.site_id
    GROUP BY st.site_id
), known AS (
    SELECT s.site_type, s.province_code, coalesce(h.region_code, s.regency_code) AS regency_code,
           greatest(h.counted_on, b.on_day) AS holds_from, h.known_on, h.n,
           lead(h.counted_on) OVER (PARTITION BY h.site_id, coalesce(h.region_code, s.regency_code)
                                    ORDER BY h.counted_on, h.recorded_at, h.id) AS next_on
    FROM register.headcount h
    JOIN wanted s ON s.id = h.site_id
    JOIN begun b ON b.site_id = h.site_id
    WHERE h.definition = %(definition)s AND NOT h.retracted
      AND h.known_on IS NOT NULL AND (%(known_at)s::date IS NULL OR h.known_on <= %(known_at)s)
      AND NOT EXISTS (SELECT FROM register.headcount c
                      WHERE c.corrects_id = h.id AND c.known_on IS NOT NULL
                        AND (%(known_at)s::date IS NULL OR c.known_on <= %(known_at)s))
), span AS (
    SELECT k.site_type, k.province_code, k.regency_code,
           width_bucket(k.holds_from - 1, %(days)s::date[]) + 1 AS first_day,
           CASE WHEN k.next_on IS NULL THEN cardinality(%(days)s::date[])
                ELSE width_bucket(k.next_on - 1, %(days)s::date[]) END AS last_day,
           sum(k.n) AS n, 0 AS late
    FROM known k GROUP BY 1, 2, 3, 4, 5
    UNION ALL
    SELECT k.site_type, k.province_code, k.regency_code,
           width_bucket(k.holds_from - 1, %(days)s::date[]) + 1,
           width_bucket(k.known_on - 1, %(days)s::date[]), NULL, count(*)
    FROM known k WHERE k.known_on > k.holds_from GROUP BY 1, 2, 3, 4, 5
), counted AS (
    SELECT d.position, d.regions_on, s.site_type,
           CASE GROUPING(coalesce(r.province_code, p.province_code), r.regency_code)
               WHEN 3 THEN '' WHEN 1 THEN coalesce(r.province_code, p.province_code) ELSE r.regency_code END AS code,
           CASE GROUPING(coalesce(r.province_code, p.province_code), r.regency_code)
               WHEN 3 THEN 'nation' WHEN 1 THEN 'province' ELSE 'regency' END AS level,
           sum(s.n) AS n, sum(s.late) AS late
    FROM span s
    JOIN day d ON d.position BETWEEN s.first_day AND s.last_day
    LEFT JOIN register.place r ON r.regency_today = s.regency_code AND r.valid @> d.regions_on
    LEFT JOIN register.place p ON p.for_province AND p.province_today = s.province_code AND p.valid @> d.regions_on
    GROUP BY GROUPING SETS ((d.position, d.regions_on, s.site_type),
                            (d.position, d.regions_on, s.site_type, coalesce(r.province_code, p.province_code)),
                            (d.position, d.regions_on, s.site_type, r.regency_code))
)
SELECT c.position, c.code, c.site_type, c.n::bigint, c.late::bigint
FROM counted c
WHERE c.code = ANY (%(codes)s)
  AND ((SELECT register.current_scope()) IS NULL
       OR (c.level <> 'nation' AND register.is_visible_region(c.level, c.code, c.regions_on)))
ORDER BY c.position, c.code, c.site_type
