-- The regional summary: one row for every region of a level, zeros included.
-- Parameters: level (nation, province, regency), as_of, known_at (null: today's belief), regions_on (the day whose
--   regions are meant), region (a code: that region and, of a regency level, a province's regencies; null: all).
-- Columns: as gis.domain.regional_summary.RegionSummary, in its order.
-- Order: code.
WITH region AS (
    SELECT r.code, r.iso_code, r.name, r.kind, r.parent_code, parent.name AS parent_name,
           lower(r.valid) AS valid_from, upper(r.valid) AS valid_to, r.area_km2
    FROM register.region r
    LEFT JOIN register.region parent
           ON parent.level = 'province' AND parent.code = r.parent_code AND parent.valid @> %(regions_on)s::date
    WHERE r.level = %(level)s AND r.valid @> %(regions_on)s::date
      AND (%(region)s::text IS NULL OR r.code = %(region)s OR r.parent_code = %(region)s)
    UNION ALL
    SELECT NULL, 'ID', 'Indonesia', NULL, NULL, NULL, NULL, NULL,
           (SELECT sum(area_km2) FROM register.region WHERE level = 'province' AND upper_inf(valid))
    WHERE %(level)s = 'nation'
), feature AS (
    SELECT f.*, CASE %(level)s WHEN 'province' THEN f.province_code WHEN 'regency' THEN f.regency_code END AS code
    FROM register.site_features(%(as_of)s::date, %(known_at)s::date, %(regions_on)s::date) f
), counts AS (
    SELECT f.code,
           count(*) FILTER (WHERE f.site_type = 'lokalisasi') AS sites_total,
           count(*) FILTER (WHERE f.site_type = 'lokalisasi' AND f.status_group = 'active') AS active,
           count(*) FILTER (WHERE f.site_type = 'lokalisasi' AND f.status_group = 'planned') AS planned,
           count(*) FILTER (WHERE f.site_type = 'lokalisasi' AND f.status_group = 'closed') AS closed,
           count(*) FILTER (WHERE f.site_type = 'lokalisasi' AND f.status_group = 'reactivated') AS reactivated,
           count(*) FILTER (WHERE f.site_type = 'lokasi') AS lokasi_total,
           count(*) FILTER (WHERE f.site_type = 'lokasi' AND f.status_group = 'active') AS lokasi_active,
           count(*) FILTER (WHERE f.site_type = 'lokasi' AND f.status_group = 'planned') AS lokasi_planned,
           count(*) FILTER (WHERE f.site_type = 'lokasi' AND f.status_group = 'closed') AS lokasi_closed,
           count(*) FILTER (WHERE f.site_type = 'lokasi' AND f.status_group = 'reactivated') AS lokasi_reactivated,
           count(*) FILTER (WHERE f.site_type = 'lokalisasi' AND f.disputed) AS disputed,
           max(f.last_event_on) AS last_event_on,
           count(*) FILTER (WHERE f.site_type = 'lokalisasi' AND f.closed_12_months) AS closed_12_months
    FROM feature f GROUP BY f.code
), shares AS (
    SELECT o.code, count(*) AS shared
    FROM feature f CROSS JOIN LATERAL unnest(f.shared_with) AS o(code)
    WHERE f.shared_with <> '{}' GROUP BY o.code
), people AS (
    SELECT CASE %(level)s WHEN 'province' THEN coalesce(place.province_code, f.province_code)
                          WHEN 'regency' THEN coalesce(place.regency_code, f.regency_code) END AS code,
           sum(p.n) FILTER (WHERE f.site_type = 'lokalisasi') AS people,
           sum(p.n) FILTER (WHERE f.site_type = 'lokasi') AS lokasi_people
    FROM register.people_at(%(as_of)s::date, %(known_at)s::date) p
    JOIN feature f ON f.id = p.site_id
    LEFT JOIN register.places_at(%(regions_on)s::date) place ON place.regency_today = p.region_code
    GROUP BY 1
)
SELECT %(level)s, r.code, r.iso_code, r.name, r.kind, r.parent_code, r.parent_name, r.valid_from, r.valid_to,
       r.area_km2,
       coalesce(c.sites_total, 0), coalesce(c.active, 0), coalesce(c.planned, 0), coalesce(c.closed, 0),
       coalesce(c.reactivated, 0),
       coalesce(c.lokasi_total, 0), coalesce(c.lokasi_active, 0), coalesce(c.lokasi_planned, 0),
       coalesce(c.lokasi_closed, 0), coalesce(c.lokasi_reactivated, 0),
       coalesce(s.shared, 0), coalesce(c.disputed, 0), p.people, p.lokasi_people, c.last_event_on,
       coalesce(c.closed_12_months, 0)
FROM region r
LEFT JOIN counts c ON c.code IS NOT DISTINCT FROM r.code
LEFT JOIN shares s ON s.code = r.code
LEFT JOIN people p ON p.code IS NOT DISTINCT FROM r.code
ORDER BY r.code;
