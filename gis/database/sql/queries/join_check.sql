-- Stored joins that contradict what ST_Covers says of the regions of today.
-- A point is covered or tied exactly if a region of the level covers it, and by the lowest code; its regency is one
-- of its province (on a lake's shore, the lake's province decides). An area must touch the region that it is joined to. Each
-- code of a site is held by its primary row. Sites without a geometry have nothing to compare.
-- Parameters: limit (rows at most).
-- Columns: site id, level, stored code, stored method, the code that covers it (null: none).
-- Order: site id, level.
WITH covering AS (
    -- Regions on the outer side of the loop: PostGIS keeps them prepared from point to point.
    SELECT s.id, r.level, min(r.code) AS code
    FROM register.region r
    JOIN register.site s ON ST_Covers(r.geom, s.geom)
    WHERE (r.level = 'province' OR r.parent_code = s.province_code) AND upper_inf(r.valid) AND GeometryType(s.geom) = 'POINT'
    GROUP BY s.id, r.level
), stored AS (
    SELECT s.id, s.geom, GeometryType(s.geom) = 'POINT' AS is_point, l.level, l.code, l.method
    FROM register.site s
    CROSS JOIN LATERAL (VALUES ('province', s.province_code, s.province_join_method),
                               ('regency', s.regency_code, s.regency_join_method)) AS l(level, code, method)
    WHERE s.geom IS NOT NULL
)
SELECT d.id, d.level, d.code, d.method, c.code
FROM stored d
LEFT JOIN covering c ON c.id = d.id AND c.level = d.level
LEFT JOIN register.region r ON r.level = d.level AND r.code = d.code AND upper_inf(r.valid)
WHERE (d.code IS NOT NULL AND NOT EXISTS (
           SELECT FROM register.site_region o
           WHERE o.site_id = d.id AND o.level = d.level AND o.region_code = d.code AND o.is_primary))
   OR CASE WHEN NOT d.is_point THEN d.method = 'area' AND ST_Intersects(r.geom, d.geom) IS NOT TRUE
           WHEN d.method IN ('covers', 'tie') THEN c.code IS DISTINCT FROM d.code
           ELSE c.code IS NOT NULL END
ORDER BY d.id, d.level
LIMIT %(limit)s
