-- Makes claims of rows, approved now, in their order; one whose external id is there already stays as it is.
-- Parameters: rows (jsonb, an array of gis.domain.records.claims.ClaimContent).
-- Columns: none; the row count is how many came in.
INSERT INTO register.claim (external_id, report, region_code, definition, site_type, value, as_of, as_of_precision,
                            counted_from, speaker, source, source_url, note, uncertain, reported_on, corrects_id,
                            retracted, synthetic)
SELECT r.external_id, r.report, r.region_code, r.definition, r.site_type, r.value, r.as_of, r.as_of_precision,
       r.counted_from, r.speaker, r.source, r.source_url, r.note, r.uncertain, r.reported_on, r.corrects_id,
       r.retracted, r.synthetic
FROM jsonb_array_elements(%(rows)s::jsonb) WITH ORDINALITY AS e(content, position)
CROSS JOIN LATERAL jsonb_to_record(e.content) AS r(
    external_id text, report text, region_code text, definition text, site_type text, value integer, as_of date,
    as_of_precision text, counted_from date, speaker text, source text, source_url text, note text,
    uncertain boolean, reported_on date, corrects_id bigint, retracted boolean, synthetic boolean)
ORDER BY e.position
ON CONFLICT (external_id) DO NOTHING
