-- Published sites as GeoJSON features (RFC 7946), one JSON text a row, made for COPY. Of all of them that is public, status
-- and status_group are closed; a site known by its region only has a null geometry (3.2).
-- Parameters: as those of published_site_find, without row_limit.
-- Columns: feature (text).
-- Order: id.
SELECT '{"type":"Feature","id":' || s.id || ',"geometry":' || coalesce(ST_AsGeoJSON(s.geom, 3, 0), 'null')
       || ',"properties":' || row_to_json(p.*) || '}'
FROM published.sites_at(%(release_id)s, %(as_of)s, %(regions_on)s) s
CROSS JOIN LATERAL (
    SELECT s.id, s.name, s.site_type, 'closed' AS status, 'closed' AS status_group, s.closed_on AS status_since, s.closed_on,
           s.province_code, s.province_name, s.regency_code, s.regency_name,
           s.province_join_method, s.regency_join_method, s.shared_with, s.location_accuracy, s.synthetic, s.source_url
) p
WHERE (%(region)s::text IS NULL OR %(region)s IN (s.province_code, s.regency_code)
       OR (%(with_shared)s AND %(region)s = ANY (s.shared_with)))
  AND (%(site_type)s::text IS NULL OR s.site_type = %(site_type)s)
  AND (%(west)s::float8 IS NULL OR s.geom && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4326))
ORDER BY s.id
