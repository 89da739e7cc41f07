-- Sites as a collection of features, as they were made ready at the last write: for who sees all of them, of today or a
-- later day, as believed now, with the names of that day.
-- Parameters: as those of site_source; known_at and regions_on are not asked for.
-- Columns: those of site_source, and each feature as GeoJSON.
SELECT r.id, r.name, r.site_type, r.status, r.status_group, r.status_since, r.closed_on,
       r.province_code, r.province_name, r.regency_code, r.regency_name,
       r.province_join_method, r.regency_join_method, r.shared_with, r.location_accuracy,
       r.people, r.synthetic, r.source_url, r.updated_at, r.geom, r.feature
FROM register.ready_site r
WHERE r.first_day <= %(as_of)s AND r.end_day > %(as_of)s
  AND (%(region)s::text IS NULL OR r.province_code = %(region)s OR r.regency_code = %(region)s
       OR (%(with_shared)s AND r.shared_with <> '{}' AND r.shared_with @> ARRAY[%(region)s]))
  -- There are four groups; to ask for all of them is to ask for none.
  AND (cardinality(%(groups)s::text[]) = 4 OR r.status_group = ANY (%(groups)s::text[]))
  AND (%(site_type)s::text IS NULL OR r.site_type = %(site_type)s)
  AND (%(west)s::float8 IS NULL
       OR (r.geom && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4326)
           AND ST_Intersects(r.geom, ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4326))))
