-- Notes where the drafts of a batch would belong, as the join finds it, and refuses whole rows that lie outside of the
-- author's scope.
-- Parameters: batch_id.
-- Columns: row_number of each refused row.
WITH placed AS MATERIALIZED (
    SELECT * FROM register.preview_batch(%(batch_id)s)
), noted AS (
    SELECT d.id, d.row_number, p.region_codes, p.within_scope
    FROM register.draft d JOIN placed p ON p.draft_id = d.id
), outside AS (
    SELECT DISTINCT n.row_number FROM noted n WHERE NOT n.within_scope
), written AS (
    UPDATE register.draft d
    SET region_codes = n.region_codes,
        outcome = CASE WHEN o.row_number IS NULL THEN d.outcome ELSE 'refused' END,
        problems = CASE WHEN o.row_number IS NOT NULL THEN jsonb_build_array(jsonb_build_object(
            'field', 'region', 'code', 'outside_scope', 'found', array_to_string(n.region_codes, ', '),
            'details', '{}'::jsonb)) END
    FROM noted n LEFT JOIN outside o ON o.row_number = n.row_number
    WHERE d.id = n.id
)
SELECT o.row_number FROM outside o ORDER BY o.row_number
