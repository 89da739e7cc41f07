-- One published site.
-- Parameters: release_id, as_of, regions_on, site_id.
-- Columns: those of published_site_find, then geometry (GeoJSON, the centre of its cell; null where it has none).
SELECT s.id, s.name, s.site_type, s.closed_on, s.province_code, s.province_name, s.regency_code, s.regency_name,
       s.province_join_method, s.regency_join_method, s.shared_with, s.location_accuracy, s.synthetic, s.source_url,
       ST_AsGeoJSON(s.geom, 3, 0)::json AS geometry
FROM published.sites_at(%(release_id)s, %(as_of)s, %(regions_on)s) s
WHERE s.id = %(site_id)s
