-- Centres of a release as a collection of features; no place is in here.
-- Parameters: release_id, boundaries_id, regions_on, region (a code of that day; null: all).
-- Columns: the properties of gis.domain.collections.PUBLIC["centres"] in their order, then geom (null).
SELECT c.id, c.name, p.province_code, p.province_name, p.regency_code, p.regency_name, c.services, c.operator, c.source,
       c.source_url, c.synthetic, NULL::geometry(Point, 4326) AS geom
FROM published.centre c
LEFT JOIN published.place p
       ON p.boundaries_id = %(boundaries_id)s AND p.regency_today = c.region_code AND p.valid @> %(regions_on)s::date
WHERE c.release_id = %(release_id)s AND (%(region)s::text IS NULL OR %(region)s IN (p.province_code, p.regency_code))
