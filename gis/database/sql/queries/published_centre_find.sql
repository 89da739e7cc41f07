-- Rehabilitation centres of a release by their city; no place is in here.
-- Parameters: release_id, boundaries_id, regions_on, region (a code of that day; null: all).
-- Columns: id, name, regency_code, regency_name, province_code, province_name, services, operator, source, source_url,
--   synthetic.
-- Order: province, city, name, id.
SELECT c.id, c.name, p.regency_code, p.regency_name, p.province_code, p.province_name, c.services, c.operator, c.source,
       c.source_url, c.synthetic
FROM published.centre c
LEFT JOIN published.place p
       ON p.boundaries_id = %(boundaries_id)s AND p.regency_today = c.region_code AND p.valid @> %(regions_on)s::date
WHERE c.release_id = %(release_id)s AND (%(region)s::text IS NULL OR %(region)s IN (p.province_code, p.regency_code))
ORDER BY p.province_code, p.regency_name, c.name, c.id
