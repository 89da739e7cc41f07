-- Makes plans of what was staged and is not there yet, approved now, in the order of the file: what is corrected or
-- replaced is stored, or stands further up.
-- Parameters: none.
WITH fresh AS MATERIALIZED (
    SELECT register.random_id() AS id, s.* FROM staged_plan s
    WHERE NOT EXISTS (SELECT FROM register.plan p WHERE p.external_id = s.external_id)
), named AS (
    SELECT p.external_id, p.id FROM register.plan p
    UNION ALL SELECT f.external_id, f.id FROM fresh f
)
INSERT INTO register.plan (id, external_id, kind, issuer, number, dated, dated_precision, text_reference, region_code,
                           site_id, planned_on, planned_precision, replaces_id, source, source_url, note,
                           reported_on, corrects_id, retracted, synthetic)
SELECT f.id, f.external_id, f.kind, f.issuer, f.number, f.dated, f.dated_precision, f.text_reference, f.region_code,
       f.site_id, f.planned_on, f.planned_precision, replaced.id, f.source, f.source_url, f.note, f.reported_on,
       corrected.id, f.retracted, f.synthetic
FROM fresh f
LEFT JOIN named replaced ON replaced.external_id = f.replaces_external_id
LEFT JOIN named corrected ON corrected.external_id = f.corrects_external_id
ORDER BY f.position
