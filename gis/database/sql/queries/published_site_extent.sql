-- How many published sites there are, and the box around their cells' centres.
-- Parameters: as those of published_site_find, without row_limit.
-- Columns: n, west, south, east, north (null where none has a cell), synthetic (whether any is).
SELECT count(*), ST_XMin(ST_Extent(s.geom)), ST_YMin(ST_Extent(s.geom)), ST_XMax(ST_Extent(s.geom)), ST_YMax(ST_Extent(s.geom)),
       coalesce(bool_or(s.synthetic), false)
FROM published.sites_at(%(release_id)s, %(as_of)s, %(regions_on)s) s
WHERE (%(region)s::text IS NULL OR %(region)s IN (s.province_code, s.regency_code)
       OR (%(with_shared)s AND %(region)s = ANY (s.shared_with)))
  AND (%(site_type)s::text IS NULL OR s.site_type = %(site_type)s)
  AND (%(west)s::float8 IS NULL OR s.geom && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4326))
