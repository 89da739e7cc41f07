-- Plans and other documents of a region or a site, with what became of each by the end of a day.
-- Parameters: as_of, known_at (null: today's belief), regions_on, region (a code of that day: what lies in it, and it
--   itself; null: all), site_id (null: all), states (text[], in the order in which they shall stand), row_limit.
-- Columns: gis.database.plans.PLAN_COLUMNS in their order; region_code and region_name are those of the day regions_on.
-- Order: state; longest overdue first, soonest due first, else newest first; then id.
WITH place AS (
    SELECT p.regency_today AS today, p.regency_code AS code, p.regency_name AS name, p.province_code
    FROM register.places_at(%(regions_on)s) p
    UNION ALL
    SELECT p.province_today, p.province_code, p.province_name, p.province_code
    FROM register.province_places_at(%(regions_on)s) p
), asked AS MATERIALIZED (
    -- Found before any is judged, which reads the history of every site that it is about.
    SELECT p.id, s.name AS site_name, s.site_type, about.code AS about_code, about.name AS about_name
    FROM register.promises_at(%(as_of)s, %(known_at)s) p
    LEFT JOIN register.site s ON s.id = p.site_id
    LEFT JOIN place about ON about.today = coalesce(p.region_code, s.regency_code, s.province_code)
    WHERE (%(site_id)s::bigint IS NULL OR p.site_id = %(site_id)s)
      AND (%(region)s::text IS NULL OR %(region)s IN (about.code, about.province_code)
           -- A site that lies in the region in part, where the document speaks of all of it.
           OR (p.region_code IS NULL AND EXISTS (
               SELECT FROM register.site_region o JOIN place touched ON touched.today = o.region_code
               WHERE o.site_id = p.site_id AND %(region)s IN (touched.code, touched.province_code))))
), plan AS (
    SELECT p.*, a.site_name, a.site_type, a.about_code, a.about_name
    FROM register.plans_at((SELECT coalesce(array_agg(a.id), '{}') FROM asked a), %(as_of)s, %(known_at)s) p
    JOIN asked a ON a.id = p.id
    WHERE p.state = ANY (%(states)s)
)
SELECT p.id, p.kind, p.issuer, p.number, p.dated, p.dated_precision, p.text_reference, p.site_id, p.site_name,
       p.site_type, p.about_code, p.about_name, p.planned_on, p.planned_precision, p.due_on, p.state, p.days,
       p.fulfilled_on, p.sites, p.open, p.replaced_by, p.source, p.source_url, p.note, p.synthetic, p.known_on,
       count(*) OVER (PARTITION BY p.state)
FROM plan p
ORDER BY array_position(%(states)s, p.state),
         CASE p.state WHEN 'overdue' THEN -p.days WHEN 'coming' THEN p.due_on - %(as_of)s::date
                      ELSE %(as_of)s::date - coalesce(p.due_on, p.said_on) END,
         p.id
LIMIT %(row_limit)s;
