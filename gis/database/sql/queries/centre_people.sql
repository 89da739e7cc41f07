-- People to be served: residents, at the latest count of each, of every lokalisasi that is not closed, or closed
-- without aid on record since it was last active again. By region, of those that whoever asks sees wholly.
-- Parameters: as_of, known_at, regions_on, level (province, regency), region (null: all; else that one, or the
--   regencies of that province).
-- Columns: code, name, people.
-- Order: code.
WITH site AS MATERIALIZED (
    SELECT f.id, f.status_group, f.province_code, f.regency_code
    FROM register.find_sites(%(as_of)s, %(known_at)s, %(regions_on)s, %(region)s, true,
                             '{active,planned,closed,reactivated}', 'lokalisasi', NULL, NULL, NULL, NULL) f
), helped AS (
    SELECT e.site_id
    FROM register.effective_events(
        (SELECT coalesce(array_agg(s.id), '{}') FROM site s WHERE s.status_group = 'closed'), %(known_at)s) e
    WHERE e.effective_on <= %(as_of)s AND e.kind IN ('assisted', 'reactivated')
    GROUP BY e.site_id
    HAVING max(e.effective_on) FILTER (WHERE e.kind = 'assisted')
           >= coalesce(max(e.effective_on) FILTER (WHERE e.kind = 'reactivated'), '-infinity')
), served AS (
    SELECT s.* FROM site s
    WHERE s.status_group <> 'closed' OR NOT EXISTS (SELECT FROM helped h WHERE h.site_id = s.id)
), counted AS (
    SELECT CASE %(level)s WHEN 'province' THEN coalesce(place.province_code, s.province_code)
                ELSE coalesce(place.regency_code, s.regency_code) END AS code,
           sum(p.n) AS people
    FROM register.people_at(%(as_of)s, %(known_at)s) p
    JOIN served s ON s.id = p.site_id
    LEFT JOIN register.places_at(%(regions_on)s) place ON place.regency_today = p.region_code
    GROUP BY 1
)
SELECT r.code, r.name, coalesce(c.people, 0)
FROM register.region r
LEFT JOIN counted c ON c.code = r.code
WHERE r.level = %(level)s AND r.valid @> %(regions_on)s::date
  AND (%(region)s::text IS NULL OR %(region)s IN (r.code, r.parent_code))
  AND ((SELECT register.current_scope()) IS NULL OR register.is_visible_region(r.level, r.code, %(regions_on)s))
ORDER BY r.code
