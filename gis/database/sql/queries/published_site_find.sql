-- Published sites without their cells.
-- Parameters: release_id, as_of, regions_on; region (a code of that day), with_shared, site_type, west, south,
--   east, north (null: no such filter), row_limit.
-- Columns: id, name, site_type, closed_on, province_code, province_name, regency_code, regency_name,
--   province_join_method, regency_join_method, shared_with, location_accuracy, synthetic, source_url.
-- Order: name, id.
SELECT s.id, s.name, s.site_type, s.closed_on, s.province_code, s.province_name, s.regency_code, s.regency_name,
       s.province_join_method, s.regency_join_method, s.shared_with, s.location_accuracy, s.synthetic, s.source_url
FROM published.sites_at(%(release_id)s, %(as_of)s, %(regions_on)s) s
WHERE (%(region)s::text IS NULL OR %(region)s IN (s.province_code, s.regency_code)
       OR (%(with_shared)s AND %(region)s = ANY (s.shared_with)))
  AND (%(site_type)s::text IS NULL OR s.site_type = %(site_type)s)
  AND (%(west)s::float8 IS NULL OR ST_Intersects(s.geom, ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4326)))
ORDER BY s.name, s.id
LIMIT %(row_limit)s
