-- The latest count of each definition at each part of each site, on a day and as known at another.
-- Parameters: as_of, known_at, regions_on, region (null: all), definition (null: all), row_limit (null: all).
-- Columns: id (the random one), site_id, site_name, site_type, province_code, province_name, regency_code, regency_name (of
--   the day regions_on), definition, counted_on, n, source, source_url, synthetic.
-- Order: province, regency, site, definition, id.
SELECT h.uid, h.site_id, h.site_name, h.site_type, p.province_code, p.province_name, p.regency_code, p.regency_name,
       h.definition, h.counted_on, h.n, h.source, h.source_url, h.synthetic
FROM register.headcounts_at(%(as_of)s, %(known_at)s) h
LEFT JOIN register.part_places_at(%(regions_on)s) p ON p.part_code = h.part_code
WHERE (%(region)s::text IS NULL
       OR (h.site_id = ANY ((SELECT register.counted_sites(%(region)s, %(regions_on)s))::bigint[])
           AND %(region)s IN (p.province_code, p.regency_code)))
  AND (%(definition)s::text IS NULL OR h.definition = %(definition)s)
ORDER BY p.province_code, p.regency_code, h.site_name, h.site_id, h.definition, h.uid
LIMIT %(row_limit)s;
