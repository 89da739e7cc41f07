-- Every region that a site lies in, under its name and code of a day.
-- Parameters: site_id, regions_on.
-- Columns: level, code, name, share (of the geodesic area; 1 for a point), is_primary.
-- Order: province before regency, primary first, larger share first, code.
SELECT o.level, coalesce(r.regency_code, p.province_code), coalesce(r.regency_name, p.province_name),
       sum(o.share), bool_or(o.is_primary) AS is_primary
FROM register.site_region o
LEFT JOIN register.places_at(%(regions_on)s) r ON o.level = 'regency' AND r.regency_today = o.region_code
LEFT JOIN register.province_places_at(%(regions_on)s) p ON o.level = 'province' AND p.province_today = o.region_code
WHERE o.site_id = %(site_id)s
GROUP BY 1, 2, 3
ORDER BY o.level, is_primary DESC, sum(o.share) DESC, 2;
