-- By how much the latest counts of people change, day by day: a count holds from its day, and from no earlier day than
-- its site's first event, until the next one of the same definition and part of the site.
-- Parameters: as_of.
-- Columns: on (date), province_code (of today; empty in none), site_type, definition, change.
-- Order: on, province_code, site_type, definition.
WITH existing AS (
    SELECT st.site_id, min(lower(st.valid)) AS since FROM register.site_state st GROUP BY st.site_id
), counted AS (
    SELECT s.site_type, h.definition, coalesce(h.region_code, s.regency_code, s.province_code, '') AS part_code,
           greatest(h.counted_on, x.since) AS "on",
           h.n - coalesce(lag(h.n) OVER (PARTITION BY h.site_id, coalesce(h.region_code, s.regency_code, s.province_code),
                                                      h.definition
                                         ORDER BY h.counted_on, h.recorded_at, h.id), 0) AS change
    FROM register.headcount h
    JOIN register.site s ON s.id = h.site_id
    JOIN existing x ON x.site_id = s.id
    WHERE h.known_on IS NOT NULL AND NOT h.retracted AND h.counted_on <= %(as_of)s AND x.since <= %(as_of)s
      AND NOT EXISTS (SELECT FROM register.headcount c WHERE c.corrects_id = h.id AND c.known_on IS NOT NULL)
)
SELECT c."on", left(c.part_code, 2), c.site_type, c.definition, sum(c.change)::bigint
FROM counted c
GROUP BY 1, 2, 3, 4
ORDER BY 1, 2, 3, 4
