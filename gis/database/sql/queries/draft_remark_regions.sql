-- Remarks on sites whose place lies in another region than the one declared.
-- Parameters: batch_id.
UPDATE register.draft d
SET remarks = coalesce(d.remarks, '[]') || jsonb_build_array(jsonb_build_object(
        'code', 'other_region', 'field', 'declared_region_codes', 'found', array_to_string(d.region_codes, ', '),
        'details', jsonb_build_object('found', array_to_string(d.region_codes, ', '),
                                      'declared', d.content -> 'declared_region_codes' ->> 0)))
WHERE d.batch_id = %(batch_id)s AND d.collection = 'sites' AND d.outcome IN ('new', 'changed')
  AND d.content ->> 'wkt' IS NOT NULL
  AND NOT d.region_codes @> ARRAY[d.content -> 'declared_region_codes' ->> 0]
