-- Published sites as a collection of features: closed, each with the centre of its cell.
-- Parameters: as those of published_site_find, without row_limit.
-- Columns: the properties of gis.domain.collections.PUBLIC["sites"] in their order, then geom.
SELECT s.id, s.name, s.site_type, 'closed' AS status, 'closed' AS status_group, s.closed_on AS status_since, s.closed_on,
       s.province_code, s.province_name, s.regency_code, s.regency_name,
       s.province_join_method, s.regency_join_method, s.shared_with, s.location_accuracy, s.synthetic, s.source_url, s.geom
FROM published.sites_at(%(release_id)s, %(as_of)s, %(regions_on)s) s
WHERE (%(region)s::text IS NULL OR %(region)s IN (s.province_code, s.regency_code)
       OR (%(with_shared)s AND %(region)s = ANY (s.shared_with)))
  AND (%(site_type)s::text IS NULL OR s.site_type = %(site_type)s)
  AND 'closed' = ANY (%(groups)s::text[])
  AND (%(west)s::float8 IS NULL OR ST_Intersects(s.geom, ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4326)))
