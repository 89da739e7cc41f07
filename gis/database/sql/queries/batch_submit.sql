-- Its author hands a batch in.
-- Parameters: id.
SELECT register.submit_batch(%(id)s)
