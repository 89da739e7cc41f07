-- The file of a batch as it was sent.
-- Parameters: batch_id.
-- Columns: content. One row, or none.
SELECT f.content FROM register.batch_file f WHERE f.batch_id = %(batch_id)s
