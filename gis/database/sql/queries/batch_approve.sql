-- An approver makes facts of a batch.
-- Parameters: id.
-- Columns: the receipt. One row.
SELECT register.approve_batch(%(id)s)
