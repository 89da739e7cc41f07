-- The operator makes facts of what he imported.
-- Parameters: id.
-- Columns: the receipt. One row.
SELECT register.apply_batch(%(id)s)
