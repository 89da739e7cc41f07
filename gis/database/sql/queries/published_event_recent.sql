-- The newest events of published closings up to a day.
-- Parameters: release_id, as_of, regions_on, region (null: the nation), row_limit.
-- Columns: site_id, site_name, kind, occurred_on, date_precision, source, source_url, synthetic.
-- Order: newest first, then site and number.
SELECT s.id AS site_id, s.name AS site_name, e.kind, e.occurred_on, e.date_precision, e.source, e.source_url, e.synthetic
FROM published.sites_at(%(release_id)s, %(as_of)s, %(regions_on)s) s
JOIN published.event e ON e.release_id = %(release_id)s AND e.site_id = s.id
WHERE e.occurred_on <= %(as_of)s
  AND (%(region)s::text IS NULL OR %(region)s IN (s.province_code, s.regency_code) OR %(region)s = ANY (s.shared_with))
ORDER BY e.occurred_on DESC, s.name, s.id, e.number DESC
LIMIT %(row_limit)s
