-- The regional summary: a row for every region of the levels that are asked for, zeros included
-- (gis/domain/regional_summary.py). Totals count lokalisasi, lokasi stand beside them; a site across a border
-- counts in its primary region. All levels come from one pass over the sites, so that a page that shows the
-- nation, its provinces and its regencies reads them once and they agree.
-- levels: of nation, province, regency; region: that one, and the regencies of that province; null: all.
CREATE FUNCTION register.regional_summary(
    levels text[], as_of date, known_at date, regions_on date, region text)
    RETURNS TABLE (
        region_level text, code text, iso_code text, name text, kind text, parent_code text, parent_name text,
        valid_from date, valid_to date, area_km2 double precision,
        sites_total bigint, active bigint, planned bigint, closed bigint, reactivated bigint,
        lokasi_total bigint, lokasi_active bigint, lokasi_planned bigint, lokasi_closed bigint,
        lokasi_reactivated bigint, shared bigint, disputed bigint, people bigint, lokasi_people bigint,
        last_event_on date, closed_12_months bigint)
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH named AS (
        SELECT r.level, r.code, r.iso_code, r.name, r.kind, r.parent_code, parent.name AS parent_name,
               lower(r.valid) AS valid_from, upper(r.valid) AS valid_to, r.area_km2
        FROM register.region r
        LEFT JOIN register.region parent
               ON parent.level = 'province' AND parent.code = r.parent_code AND parent.valid @> regions_on
        WHERE r.level = ANY (levels) AND r.valid @> regions_on
          AND (regional_summary.region IS NULL OR r.code = regional_summary.region
               OR r.parent_code = regional_summary.region)
        UNION ALL
        SELECT 'nation', NULL, 'ID', 'Indonesia', NULL, NULL, NULL, NULL, NULL,
               (SELECT sum(p.area_km2) FROM register.region p WHERE p.level = 'province' AND upper_inf(p.valid))
        WHERE 'nation' = ANY (levels)
    ), feature AS (
        -- Only what is counted: a CTE that is read three times keeps every column that it names.
        SELECT f.id, f.site_type, f.status_group, f.province_code, f.regency_code, f.shared_with, f.disputed,
               f.last_event_on, f.closed_12_months
        FROM register.site_features(as_of, known_at, regions_on) f
    ), counts AS (
        -- '' is the nation, so that rows meet by equality, which can be hashed.
        SELECT CASE GROUPING(f.province_code, f.regency_code)
                   WHEN 3 THEN '' WHEN 1 THEN f.province_code ELSE f.regency_code END AS code,
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
        FROM feature f GROUP BY GROUPING SETS ((), (f.province_code), (f.regency_code))
    ), shares AS (
        SELECT o.code, count(*) AS shared
        FROM feature f CROSS JOIN LATERAL unnest(f.shared_with) AS o(code)
        WHERE f.shared_with <> '{}' GROUP BY o.code
    ), people AS (
        SELECT CASE GROUPING(h.province_code, h.regency_code)
                   WHEN 3 THEN '' WHEN 1 THEN h.province_code ELSE h.regency_code END AS code,
               sum(h.n) FILTER (WHERE h.site_type = 'lokalisasi') AS people,
               sum(h.n) FILTER (WHERE h.site_type = 'lokasi') AS lokasi_people
        FROM (
            SELECT p.n, f.site_type, coalesce(place.province_code, f.province_code) AS province_code,
                   coalesce(place.regency_code, f.regency_code) AS regency_code
            FROM register.people_at(as_of, known_at) p
            JOIN feature f ON f.id = p.site_id
            LEFT JOIN register.places_at(regions_on) place ON place.regency_today = p.region_code
        ) h
        GROUP BY GROUPING SETS ((), (h.province_code), (h.regency_code))
    )
    SELECT r.level, r.code, r.iso_code, r.name, r.kind, r.parent_code, r.parent_name,
           r.valid_from, r.valid_to, r.area_km2,
           coalesce(c.sites_total, 0), coalesce(c.active, 0), coalesce(c.planned, 0), coalesce(c.closed, 0),
           coalesce(c.reactivated, 0),
           coalesce(c.lokasi_total, 0), coalesce(c.lokasi_active, 0), coalesce(c.lokasi_planned, 0),
           coalesce(c.lokasi_closed, 0), coalesce(c.lokasi_reactivated, 0),
           coalesce(s.shared, 0), coalesce(c.disputed, 0), p.people, p.lokasi_people, c.last_event_on,
           coalesce(c.closed_12_months, 0)
    FROM named r
    LEFT JOIN counts c ON c.code = coalesce(r.code, '')
    LEFT JOIN shares s ON s.code = r.code
    LEFT JOIN people p ON p.code = coalesce(r.code, '')
    ORDER BY r.code;
END;
