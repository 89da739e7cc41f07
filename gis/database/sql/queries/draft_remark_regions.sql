-- Remarks on sites whose place lies in another region than the one declared: as the preview, or the approval, found it.
-- What bears the remark already gets none again.
-- Parameters: batch_id.
UPDATE register.draft d
SET remarks = coalesce(d.remarks, '[]') || jsonb_build_array(jsonb_build_object(
        'code', 'other_region', 'field', 'declared_region_codes', 'found', array_to_string(f.codes, ', '),
        'details', jsonb_build_object('found', array_to_string(f.codes, ', '), 'declared', f.declared)))
FROM (
    SELECT e.id, e.content -> 'declared_region_codes' ->> 0 AS declared,
           coalesce(e.region_codes, (SELECT s.region_codes FROM register.site s WHERE s.id = e.fact_id)) AS codes
    FROM register.draft e
    WHERE e.batch_id = %(batch_id)s AND e.collection = 'sites' AND e.outcome IN ('new', 'changed')
      AND e.content ->> 'wkt' IS NOT NULL
      AND NOT coalesce(e.remarks, '[]') @> '[{"code": "other_region"}]'
) f
WHERE d.id = f.id AND f.declared IS NOT NULL AND NOT f.codes @> ARRAY[f.declared]
