-- What has become of the facts of approved batches that whoever acts may know of.
-- Parameters: batch_id, collection (null: any).
-- Columns: fact_id, and as gis.domain.undoing.FactEnd, in its order.
-- Order: none.
SELECT e.fact_id, e.end_id, e.stands, e.is_withdrawn, e.ended_by, e.corrects_withdrawal
FROM register.fact_ends(%(batch_id)s, %(collection)s) e
