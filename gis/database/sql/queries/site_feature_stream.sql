-- Sites as GeoJSON features (RFC 7946), one JSON text a row, made for COPY.
-- Exterior rings run counter-clockwise (3.1.6), at most 7 decimals (11.2); a site known by its region only has a
-- null geometry (3.2).
-- Parameters: as those of site_find, without row_limit.
-- Columns: feature (text).
-- Order: id.
SELECT '{"type":"Feature","id":' || f.id
       || ',"geometry":' || coalesce(ST_AsGeoJSON(ST_ForcePolygonCCW(f.geom), 7, 0), 'null')
       || ',"properties":' || row_to_json(p.*) || '}'
FROM register.find_sites(%(as_of)s, %(known_at)s, %(regions_on)s, %(region)s, %(with_shared)s, %(groups)s,
                         %(site_type)s, %(west)s, %(south)s, %(east)s, %(north)s) f
CROSS JOIN LATERAL (
    SELECT f.id, f.name, f.site_type, f.status, f.status_group, f.status_since, f.closed_on,
           f.province_code, f.province_name, f.regency_code, f.regency_name,
           f.province_join_method, f.regency_join_method, f.shared_with, f.location_accuracy,
           f.people, f.synthetic, f.source_url, f.updated_at
) p
ORDER BY f.id
