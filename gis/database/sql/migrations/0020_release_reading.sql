-- How releases are read: the functions of schema register that pages ask have counterparts here, which know nothing but
-- one release. They run with the rights of who calls them; atlas_visitor can read no more than schema published.

-- Where a part of a region of today lay on a day: a regency with its province, or a province as a whole.
CREATE FUNCTION published.part_places_at(boundaries text, regions_on date)
    RETURNS TABLE (part_code text, province_code text, province_name text, regency_code text, regency_name text)
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT p.regency_today, p.province_code, p.province_name, p.regency_code, p.regency_name
    FROM published.place p WHERE p.boundaries_id = boundaries AND p.valid @> regions_on
    UNION ALL
    SELECT p.province_today, p.province_code, p.province_name, NULL, NULL
    FROM published.place p WHERE p.boundaries_id = boundaries AND p.for_province AND p.valid @> regions_on;
END;

-- Published sites whose closing is not after a day, with the regions of a day.
CREATE FUNCTION published.sites_at(release text, as_of date, regions_on date)
    RETURNS TABLE (id bigint, name text, site_type text, closed_on date, province_code text, province_name text,
                   regency_code text, regency_name text, province_join_method text, regency_join_method text,
                   shared_with text[], location_accuracy text, synthetic boolean, source_url text,
                   geom geometry(Point, 4326), region_codes text[])
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT s.id, s.name, s.site_type, s.closed_on, v.province_code, v.province_name, p.regency_code, p.regency_name,
           s.province_join_method, s.regency_join_method,
           ARRAY(SELECT DISTINCT coalesce(o.regency_code, o.province_code)
                 FROM published.part_places_at(r.boundaries_id, regions_on) o
                 WHERE o.part_code = ANY (s.region_codes)
                   AND coalesce(o.regency_code, o.province_code) NOT IN (coalesce(p.regency_code, ''), coalesce(v.province_code, ''))
                 ORDER BY 1),
           s.location_accuracy, s.synthetic, s.source_url, s.geom, s.region_codes
    FROM published.release r
    JOIN published.site s ON s.release_id = r.id
    LEFT JOIN published.place p
           ON p.boundaries_id = r.boundaries_id AND p.regency_today = s.regency_code AND p.valid @> regions_on
    LEFT JOIN published.place v
           ON v.boundaries_id = r.boundaries_id AND v.for_province AND v.province_today = s.province_code
              AND v.valid @> regions_on
    WHERE r.id = release AND s.closed_on <= as_of;
END;

-- The regional summary of a release on one of its figure days. What is not public of a level is null: of regencies all
-- but what is closed. people: null and withheld, or null where nobody counted.
CREATE FUNCTION published.regional_summary(release text, levels text[], figure_on date, regions_on date, region text)
    RETURNS TABLE (level text, code text, iso_code text, name text, kind text, parent_code text, parent_name text,
                   valid_from date, valid_to date, area_km2 double precision,
                   active bigint, planned bigint, closed bigint,
                   lokasi_active bigint, lokasi_planned bigint, lokasi_closed bigint,
                   people bigint, people_withheld boolean, lokasi_people bigint, lokasi_people_withheld boolean,
                   last_event_on date, closed_12_months bigint)
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH chosen AS (
        SELECT r.id, r.boundaries_id FROM published.release r WHERE r.id = release
    ), place AS MATERIALIZED (
        SELECT p.part_code, p.province_code, p.regency_code
        FROM chosen c CROSS JOIN LATERAL published.part_places_at(c.boundaries_id, regions_on) p
    ), figure AS (
        SELECT p.province_code AS code, f.site_type, f.active, f.planned, f.closed
        FROM published.figure f
        LEFT JOIN place p ON p.part_code = f.province_code AND p.regency_code IS NULL
        WHERE f.release_id = release AND f.figure_on = regional_summary.figure_on
    ), counted AS (
        SELECT CASE GROUPING(f.code) WHEN 1 THEN 'nation' ELSE 'province' END AS level, f.code,
               sum(f.active) FILTER (WHERE f.site_type = 'lokalisasi') AS active,
               sum(f.planned) FILTER (WHERE f.site_type = 'lokalisasi') AS planned,
               sum(f.active) FILTER (WHERE f.site_type = 'lokasi') AS lokasi_active,
               sum(f.planned) FILTER (WHERE f.site_type = 'lokasi') AS lokasi_planned
        FROM figure f GROUP BY GROUPING SETS ((), (f.code))
    ), site AS (
        SELECT s.site_type, s.closed_on, v.province_code, p.regency_code
        FROM published.site s
        LEFT JOIN place p ON p.part_code = s.regency_code
        LEFT JOIN place v ON v.part_code = s.province_code AND v.regency_code IS NULL
        WHERE s.release_id = release AND s.closed_on <= regional_summary.figure_on
    ), closing AS (
        SELECT c.level, c.code,
               count(*) FILTER (WHERE s.site_type = 'lokalisasi') AS closed,
               count(*) FILTER (WHERE s.site_type = 'lokasi') AS lokasi_closed,
               max(s.closed_on) AS last_event_on,
               count(*) FILTER (WHERE s.site_type = 'lokalisasi'
                                  AND s.closed_on > regional_summary.figure_on - interval '12 months') AS closed_12_months
        FROM site s
        CROSS JOIN LATERAL (VALUES ('nation', NULL), ('province', s.province_code), ('regency', s.regency_code))
                   AS c (level, code)
        GROUP BY c.level, c.code
    ), people AS (
        -- Provinces of another day are sums of what is published of today's, and so tell no more.
        SELECT 'province' AS level, p.province_code AS code, n.site_type,
               CASE WHEN bool_and(n.n IS NOT NULL) THEN sum(n.n) END AS n
        FROM published.people n
        JOIN place p ON p.part_code = n.province_code AND p.regency_code IS NULL
        WHERE n.release_id = release AND n.figure_on = regional_summary.figure_on AND n.definition = 'resident'
        GROUP BY p.province_code, n.site_type
        UNION ALL
        SELECT 'nation', NULL, n.site_type, n.n FROM published.people n
        WHERE n.release_id = release AND n.figure_on = regional_summary.figure_on AND n.definition = 'resident'
          AND n.province_code IS NULL
    ), named AS (
        SELECT r.level, r.code, r.iso_code, r.name, r.kind, r.parent_code, parent.name AS parent_name,
               lower(r.valid) AS valid_from, upper(r.valid) AS valid_to, r.area_km2
        FROM chosen c
        JOIN published.region r ON r.boundaries_id = c.boundaries_id AND r.valid @> regions_on
        LEFT JOIN published.region parent
               ON parent.boundaries_id = c.boundaries_id AND parent.level = 'province' AND parent.code = r.parent_code
                  AND parent.valid @> regions_on
        WHERE region IS NULL OR region IN (r.code, r.parent_code)
        UNION ALL
        SELECT 'nation', NULL, 'ID', 'Indonesia', NULL, NULL, NULL, NULL, NULL, NULL FROM chosen c WHERE region IS NULL
    )
    SELECT n.level, n.code, n.iso_code, n.name, n.kind, n.parent_code, n.parent_name, n.valid_from, n.valid_to, n.area_km2,
           CASE WHEN n.level <> 'regency' THEN coalesce(c.active, 0) END::bigint,
           CASE WHEN n.level <> 'regency' THEN coalesce(c.planned, 0) END::bigint,
           coalesce(s.closed, 0),
           CASE WHEN n.level <> 'regency' THEN coalesce(c.lokasi_active, 0) END::bigint,
           CASE WHEN n.level <> 'regency' THEN coalesce(c.lokasi_planned, 0) END::bigint,
           coalesce(s.lokasi_closed, 0),
           here.n::bigint, here.site_type IS NOT NULL AND here.n IS NULL,
           beside.n::bigint, beside.site_type IS NOT NULL AND beside.n IS NULL,
           s.last_event_on, coalesce(s.closed_12_months, 0)
    FROM named n
    LEFT JOIN counted c ON c.level = n.level AND c.code IS NOT DISTINCT FROM n.code
    LEFT JOIN closing s ON s.level = n.level AND s.code IS NOT DISTINCT FROM n.code
    LEFT JOIN people here ON here.level = n.level AND here.code IS NOT DISTINCT FROM n.code AND here.site_type = 'lokalisasi'
    LEFT JOIN people beside ON beside.level = n.level AND beside.code IS NOT DISTINCT FROM n.code AND beside.site_type = 'lokasi'
    WHERE n.level = ANY (levels);
END;
