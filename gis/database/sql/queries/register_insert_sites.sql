-- Makes sites of what was staged, in the order of the file; one whose id is there already stays as it is.
-- Parameters: none.
INSERT INTO register.site (id, name, alternative_names, site_type, geom, location_accuracy, location_source,
                           declared_region_codes, synthetic, source_url)
SELECT s.id, s.name, s.alternative_names, s.site_type, ST_GeomFromText(s.wkt, 4326), s.location_accuracy,
       s.location_source, s.declared_region_codes, s.synthetic, s.source_url
FROM staged_site s
ORDER BY s.position
ON CONFLICT (id) DO NOTHING
