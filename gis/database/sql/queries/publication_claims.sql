-- Claims on the nation and on provinces that stand.
-- Parameters: as_of.
-- Columns: id, report, region_code, definition, site_type, value, as_of, as_of_precision, holds_on, counted_from, speaker,
--   source, source_url, uncertain, synthetic.
-- Order: report, holds_on, region_code, definition, id.
SELECT c.id, c.report, c.region_code, c.definition, c.site_type, c.value, c.as_of, c.as_of_precision, c.holds_on,
       c.counted_from, c.speaker, c.source, c.source_url, c.uncertain, c.synthetic
FROM register.claim c
WHERE c.holds_on <= %(as_of)s AND NOT c.retracted AND c.known_on IS NOT NULL
  AND (c.region_code IS NULL OR length(c.region_code) = 2)
  AND c.id NOT IN (SELECT x.claim_id FROM register.corrected_claims(NULL) x)
ORDER BY c.report, c.holds_on, c.region_code NULLS FIRST, c.definition, c.id
