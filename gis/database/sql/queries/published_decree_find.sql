-- Decrees and by-laws of a release up to a day: of the nation, of regions, and of sites that are public on that day.
-- Parameters: release_id, boundaries_id, as_of, regions_on, region (a code of that day; null: all).
-- Columns: id, kind, issuer, number, dated, dated_precision, region_code and region_name (that it is for, or where its site
--   lies; null: the nation), site_id, site_name, source, source_url, synthetic.
-- Order: newest first, then id.
SELECT d.id, d.kind, d.issuer, d.number, d.dated, d.dated_precision,
       coalesce(p.regency_code, p.province_code, s.regency_code, s.province_code) AS region_code,
       coalesce(p.regency_name, p.province_name, s.regency_name, s.province_name) AS region_name,
       s.id AS site_id, s.name AS site_name, d.source, d.source_url, d.synthetic
FROM published.decree d
LEFT JOIN published.sites_at(%(release_id)s, %(as_of)s, %(regions_on)s) s ON s.id = d.site_id
LEFT JOIN published.part_places_at(%(boundaries_id)s, %(regions_on)s) p ON p.part_code = d.region_code
WHERE d.release_id = %(release_id)s AND d.dated <= %(as_of)s AND (d.site_id IS NULL OR s.id IS NOT NULL)
  AND (%(region)s::text IS NULL OR %(region)s = ANY (s.shared_with)
       OR %(region)s IN (p.province_code, p.regency_code, s.province_code, s.regency_code))
ORDER BY d.dated DESC, d.id
