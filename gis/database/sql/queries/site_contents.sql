-- Sites as their contents, for comparing them with what is entered.
-- Parameters: ids.
-- Columns: id, updated_at, content.
-- Order: id.
SELECT s.id, s.updated_at, jsonb_build_object(
    'site_id', s.id, 'name', s.name, 'alternative_names', s.alternative_names, 'site_type', s.site_type,
    'wkt', ST_AsText(s.geom, 15), 'location_accuracy', s.location_accuracy, 'location_source', s.location_source,
    'source_crs', s.source_crs, 'declared_region_codes', s.declared_region_codes, 'source_url', s.source_url,
    'synthetic', s.synthetic)
FROM register.site s
WHERE s.id = ANY (%(ids)s)
ORDER BY s.id
