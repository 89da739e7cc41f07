-- Counts of people of some sites that stand.
-- Parameters: site_ids.
-- Columns: uid, site_id, region_code, the site's primary regency, counted_on, definition, n, source.
-- Order: newest entry first.
SELECT h.uid, h.site_id, h.region_code, s.regency_code, h.counted_on, h.definition, h.n, h.source
FROM register.headcount h
JOIN register.site s ON s.id = h.site_id
WHERE h.site_id = ANY (%(site_ids)s) AND NOT h.retracted
  AND NOT EXISTS (SELECT FROM register.headcount later WHERE later.corrects_id = h.id)
ORDER BY h.id DESC
