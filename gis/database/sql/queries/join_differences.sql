-- Stored joins that differ from what the rule finds with today's regions.
-- Parameters: limit.
-- Columns: site_id, level, region_code, stored_share, found_share, stored_primary, found_primary;
--   null for what is not stored or not found. A site's primary codes are compared by themselves too.
-- Order: site_id, level, region_code.
WITH stored AS (
    SELECT o.site_id, o.level, o.region_code, o.share,
           o.is_primary AND o.region_code IN (s.province_code, s.regency_code) AS is_primary
    FROM register.site_region o
    JOIN register.site s ON s.id = o.site_id
    UNION  -- a primary code on the site that its rows do not hold
    SELECT s.id, c.level, c.code, NULL, true
    FROM register.site s
    CROSS JOIN LATERAL (VALUES ('province', s.province_code), ('regency', s.regency_code)) AS c (level, code)
    WHERE c.code IS NOT NULL AND NOT EXISTS (
        SELECT FROM register.site_region o
        WHERE o.site_id = s.id AND o.level = c.level AND o.region_code = c.code AND o.is_primary)
)
SELECT site_id, level, region_code, stored.share, found.share, stored.is_primary, found.is_primary
FROM stored
FULL JOIN register.find_regions((SELECT array_agg(id) FROM register.site)) AS found
    USING (site_id, level, region_code)
WHERE abs(stored.share - found.share) > 1e-6 OR stored.share IS NULL OR found.share IS NULL
   OR stored.is_primary IS DISTINCT FROM found.is_primary
ORDER BY site_id, level, region_code
LIMIT %(limit)s
