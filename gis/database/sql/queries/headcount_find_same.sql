-- Counts of people of some sites that still count.
-- Parameters: site_ids.
-- Columns: uid, site_id, region_code, counted_on, definition, n.
-- Order: newest entry first.
SELECT h.uid, h.site_id, h.region_code, h.counted_on, h.definition, h.n
FROM register.headcount h
WHERE h.site_id = ANY (%(site_ids)s)
ORDER BY h.id DESC
