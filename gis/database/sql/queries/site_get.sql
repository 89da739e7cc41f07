-- One site at a moment; before its first event its status columns are null.
-- Parameters: site_id, as_of, known_at, regions_on.
-- Columns: gis.domain.sites.SITE_PROPERTIES in their order, then disputed, last_event_on, alternative_names,
--   location_source, declared_region_codes, geometry (GeoJSON).
-- Order: at most one row.
SELECT s.id, s.name, s.site_type, f.status, f.status_group, f.status_since, f.closed_on,
       p.province_code, p.province_name, r.regency_code, r.regency_name,
       s.province_join_method, s.regency_join_method, coalesce(f.shared_with, '{}'), s.location_accuracy,
       f.people, s.synthetic, s.source_url, coalesce(f.updated_at, s.updated_at),
       coalesce(f.disputed, false), f.last_event_on, s.alternative_names, s.location_source, s.declared_region_codes,
       ST_AsGeoJSON(ST_ForcePolygonCCW(s.geom), 7, 0)::json
FROM register.site s
LEFT JOIN register.site_features(%(as_of)s, %(known_at)s, %(regions_on)s) f ON f.id = s.id
LEFT JOIN register.places_at(%(regions_on)s) r ON r.regency_today = s.regency_code
LEFT JOIN register.province_places_at(%(regions_on)s) p ON p.province_today = s.province_code
WHERE s.id = %(site_id)s;
