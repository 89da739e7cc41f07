-- Sites as a collection of features.
-- Parameters: as those of site_find, without row_limit.
-- Columns: gis.domain.sites.SITE_PROPERTIES in their order, then geom.
SELECT f.id, f.name, f.site_type, f.status, f.status_group, f.status_since, f.closed_on,
       f.province_code, f.province_name, f.regency_code, f.regency_name,
       f.province_join_method, f.regency_join_method, f.shared_with, f.location_accuracy,
       f.people, f.synthetic, f.source_url, f.updated_at, f.geom
FROM register.find_sites(%(as_of)s, %(known_at)s, %(regions_on)s, %(region)s, %(with_shared)s, %(groups)s,
                         %(site_type)s, %(west)s, %(south)s, %(east)s, %(north)s) f
-- find_sites asks the boxes of the index, which are of single precision: up to a metre too much.
WHERE %(west)s::float8 IS NULL OR ST_Intersects(f.geom, ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4326))
