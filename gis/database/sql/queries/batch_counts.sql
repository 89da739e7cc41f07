-- How many rows of batches came to what.
-- Parameters: ids.
-- Columns: batch_id, outcome, n.
-- Order: batch_id, outcome.
SELECT b.id, r.outcome, count(*)
FROM register.batch b CROSS JOIN LATERAL register.row_outcomes(b.id) r
WHERE b.id = ANY (%(ids)s)
GROUP BY b.id, r.outcome
ORDER BY b.id, r.outcome
