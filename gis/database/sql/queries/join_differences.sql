-- Purpose: points whose stored join differs from ST_Covers, which is the rule wherever a region covers the point.
-- Parameters: limit (integer).
-- Columns: site_id, level, stored_code, covering_code (the lowest code of today that covers it; null: none does).
-- Order: site_id, level.
-- The whole polygon is the outer side, so that PostGIS keeps it prepared for the points inside its box.
WITH covering AS MATERIALIZED (
    SELECT site.id AS site_id, region.level, min(region.code_today) AS code
    FROM register.region
    JOIN register.site ON region.geom && site.geom AND ST_Covers(region.geom, site.geom)
    WHERE region.valid @> current_date AND GeometryType(site.geom) = 'POINT'
    GROUP BY site.id, region.level
),
stored AS (
    SELECT id AS site_id, 'province' AS level, province_code AS code, province_join_method AS method
    FROM register.site WHERE GeometryType(geom) = 'POINT'
    UNION ALL
    SELECT id, 'regency', regency_code, regency_join_method
    FROM register.site WHERE GeometryType(geom) = 'POINT'
)
SELECT stored.site_id, stored.level, stored.code, covering.code
FROM stored LEFT JOIN covering USING (site_id, level)
WHERE CASE WHEN covering.code IS NOT NULL OR stored.method IN ('covers', 'tie')
           THEN stored.code IS DISTINCT FROM covering.code END
ORDER BY stored.site_id, stored.level
LIMIT %(limit)s
