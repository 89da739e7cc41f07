-- An approver sends a batch back.
-- Parameters: id, reason.
SELECT register.return_batch(%(id)s, %(reason)s)
