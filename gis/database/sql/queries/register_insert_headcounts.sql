-- Makes headcounts of what was staged, approved now, in the order of the file; one that is there already stays.
-- Parameters: none.
INSERT INTO register.headcount (external_id, site_id, region_code, counted_on, n, definition, source, source_url,
                                reported_on, synthetic, approved_at)
SELECT s.external_id, s.site_id, s.region_code, s.counted_on, s.n, s.definition, s.source, s.source_url,
       s.reported_on, s.synthetic, now()
FROM staged_headcount s
ORDER BY s.position
ON CONFLICT (external_id) DO NOTHING
