-- Notes where the drafts of a batch would belong, as the join finds it, and refuses whole rows that lie outside of the
-- author's scope.
-- Parameters: batch_id.
-- Columns: row_number of each refused row.
WITH placed AS MATERIALIZED (
    SELECT * FROM register.preview_batch(%(batch_id)s)
), noted AS MATERIALIZED (
    SELECT d.id, d.row_number, p.region_codes,
           bool_and(p.within_scope) OVER (PARTITION BY d.row_number) AS within_scope
    FROM placed p JOIN register.draft d ON d.id = p.draft_id
), written AS (
    UPDATE register.draft d
    SET region_codes = n.region_codes,
        outcome = CASE WHEN n.within_scope THEN d.outcome ELSE 'refused' END,
        problems = CASE WHEN NOT n.within_scope THEN jsonb_build_array(jsonb_build_object(
            'field', 'region', 'code', 'outside_scope', 'found', array_to_string(n.region_codes, ', '),
            'details', '{}'::jsonb)) END
    FROM noted n
    WHERE d.id = n.id
)
SELECT DISTINCT n.row_number FROM noted n WHERE NOT n.within_scope ORDER BY n.row_number
