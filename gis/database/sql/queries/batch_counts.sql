-- How many drafts of batches have which outcome.
-- Parameters: ids.
-- Columns: batch_id, collection, outcome, n.
-- Order: batch_id, collection, outcome.
SELECT d.batch_id, d.collection, d.outcome, count(*)
FROM register.draft d
WHERE d.batch_id = ANY (%(ids)s)
GROUP BY d.batch_id, d.collection, d.outcome
ORDER BY d.batch_id, d.collection, d.outcome
