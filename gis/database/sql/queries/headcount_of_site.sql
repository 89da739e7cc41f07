-- All headcounts of one site up to a day, as known at another.
-- Parameters: site_id, as_of, known_at, regions_on.
-- Columns: id (the random one), region_code, region_name (of the day regions_on), counted_on, n, definition, source,
--   source_url, synthetic, corrected (a known later one replaces it or takes it back), retracted (it takes one back).
-- Order: newest first, definition, region, id.
SELECT h.uid, p.regency_code, p.regency_name, h.counted_on, h.n, h.definition, h.source, h.source_url, h.synthetic,
       EXISTS (SELECT FROM register.headcount c
               WHERE c.corrects_id = h.id AND c.known_on IS NOT NULL
                 AND (%(known_at)s::date IS NULL OR c.known_on <= %(known_at)s)),
       h.retracted
FROM register.headcount h
JOIN register.site s ON s.id = h.site_id
LEFT JOIN register.places_at(%(regions_on)s) p ON p.regency_today = coalesce(h.region_code, s.regency_code)
WHERE h.site_id = %(site_id)s AND h.counted_on <= %(as_of)s
  AND h.known_on IS NOT NULL AND (%(known_at)s::date IS NULL OR h.known_on <= %(known_at)s)
ORDER BY h.counted_on DESC, h.definition, p.regency_code, h.id;
