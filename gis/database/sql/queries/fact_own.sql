-- What of a collection came from approved entries of whoever acts, or of his region.
-- Parameters: collection.
-- Columns: fact_id, content as it was entered.
-- Order: none.
SELECT d.fact_id, d.content
FROM register.draft d
JOIN register.batch b ON b.id = d.batch_id
WHERE b.state = 'approved' AND d.collection = %(collection)s AND d.outcome IN ('new', 'changed')
